import type { Origin } from "@tiphys/source";
import { mergeStructs } from "../spec/merge.ts";
import { appendOrigins, originsOf, setOrigins } from "../spec/release-origins.ts";
import { releaseSpecSchema } from "../spec/release-spec.ts";
import type { Inherit, ReleaseSpec } from "../spec/release-spec.ts";
import { zeroStruct } from "../spec/schema.ts";
import type { Struct } from "../spec/schema.ts";
import { HelmfileError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";

/* pkg/state/state_exec_tmpl.go of helmfile 1.8.0. */

/** Two templates that inherit from each other. */
export class CyclicInheritanceError extends HelmfileError {
  override readonly name = "HelmfileError";
}

const mergeOptions = { override: true, appendSlice: true };

/** Templates that inherit from two others each come to any number of merges. */
const mostInherited = 100_000;
const deepestInheritance = 500;
const inheritedIn = new WeakMap<HelmState, number>();

function countInherited(state: HelmState, depth: number, origin: Origin): void {
  const count = (inheritedIn.get(state) ?? 0) + 1;
  inheritedIn.set(state, count);
  const most =
    count > mostInherited
      ? `${mostInherited} templates, each counted as often as it is inherited`
      : depth > deepestInheritance
        ? `${deepestInheritance} templates that inherit from each other`
        : undefined;
  if (most !== undefined)
    throw new HelmfileError(`unsupported: more than ${most}`, { code: "helmfile-too-large", origin });
}

/** A new release: its templates in order, then the release itself. Throws `HelmfileError`. */
export function withInheritedTemplates(
  state: HelmState,
  release: ReleaseSpec,
  path: readonly string[] = [],
): ReleaseSpec {
  const merged = zeroStruct(releaseSpecSchema) as ReleaseSpec;
  for (const inherit of release.inherit ?? []) {
    if (inherit.template === "") return release;
    const source = inheritedTemplate(state, release, inherit, path);
    mergeStructs(releaseSpecSchema, merged as Struct, source as Struct, mergeOptions);
    setOrigins(merged, appendOrigins(originsOf(merged), originsOf(source), new Set(inherit.except)));
  }
  mergeStructs(releaseSpecSchema, merged as Struct, release as Struct, mergeOptions);
  setOrigins(merged, appendOrigins(originsOf(merged), originsOf(release)));
  merged.inherit = undefined;
  return merged;
}

function inheritedTemplate(
  state: HelmState,
  release: ReleaseSpec,
  inherit: Inherit,
  path: readonly string[],
): ReleaseSpec {
  const name = inherit.template;
  const deeper = [...path, name];
  const origin = originsOf(release)?.origin ?? { file: state.session.workspace.displayPath(state.filePath) };
  countInherited(state, deeper.length, origin);
  if (path.includes(name)) {
    throw new CyclicInheritanceError(`cyclic inheritance detected: ${deeper.join("->")}`, {
      code: "inherit-cycle",
      origin,
    });
  }
  const template = state.spec.templates?.get(name);
  if (template === undefined) {
    throw new HelmfileError(`release "${release.name}" tried to inherit inexistent release template "${name}"`, {
      code: "inherit-undefined",
      origin,
    });
  }
  let source: ReleaseSpec;
  try {
    source = withInheritedTemplates(state, template as ReleaseSpec, deeper);
  } catch (error) {
    if (error instanceof CyclicInheritanceError) throw error;
    if (error instanceof HelmfileError && error.code === "helmfile-too-large") throw error;
    if (error instanceof HelmfileError)
      throw new HelmfileError(`unable to load release template "${name}": ${error.message}`, error);
    throw error;
  }
  for (const except of inherit.except ?? []) drop(source, except);
  return source;
}

function drop(source: ReleaseSpec, except: string): void {
  switch (except) {
    case "labels":
      source.labels = new Map();
      break;
    case "values":
    case "valuesTemplate":
    case "setTemplate":
    case "set":
    case "setString":
    case "secrets":
      source[except] = undefined;
      break;
    default:
      throw new HelmfileError(
        `"${except}" is not allowed under \`inherit\`. Allowed values are "set", "setTemplate", "values", "valuesTemplate", "secrets", and "labels"`,
        { code: "inherit-except-invalid" },
      );
  }
}

/** The release's own list after the names of `defaultInherit` that it lacks. */
export function withDefaultInherit(state: HelmState, own: readonly Inherit[] | undefined): Inherit[] | undefined {
  const defaults = state.spec.defaultInherit ?? [];
  if (defaults.length === 0) return own === undefined ? undefined : [...own];
  const filtered = (own ?? []).filter((inherit) => inherit.template.trim() !== "");
  const known = new Set(filtered.map((inherit) => inherit.template.trim()));
  const added: Inherit[] = [];
  for (const name of defaults.map((each) => each.trim())) {
    if (name === "" || known.has(name)) continue;
    known.add(name);
    added.push({ template: name, except: undefined });
  }
  return [...added, ...filtered];
}
