import { helmSpecSchema } from "../spec/helm-state.ts";
import type { HelmSpec, HelmStateSpec, RepositorySpec } from "../spec/helm-state.ts";
import { mergeStructs } from "../spec/merge.ts";
import { cloneStruct } from "../spec/clone.ts";
import { releaseSpecSchema } from "../spec/release-spec.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import type { Struct } from "../spec/schema.ts";
import { copyEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";
import type { HelmState } from "./helm-state.ts";

/* pkg/state/inherited.go of helmfile 1.8.0: `inherits:` of a `helmfiles:` entry. */

/** What a layer takes from its parent; only what was asked for is there. */
export interface InheritedConfig {
  readonly repositories?: readonly RepositorySpec[];
  readonly helmDefaults?: HelmSpec;
  readonly commonLabels?: ReadonlyMap<string, string>;
  readonly apiVersions?: readonly string[];
  readonly kubeVersion?: string;
  readonly templates?: ReadonlyMap<string, ReleaseSpec>;
  readonly environment?: Environment;
}

/** A copy of the parent's configuration, as far as it is `wanted`. */
export function buildInheritedConfig(parent: HelmState, wanted: readonly string[]): InheritedConfig {
  const { spec } = parent;
  const wants = (word: string): boolean => wanted.includes(word);
  const isFilled = (size: number | undefined): boolean => (size ?? 0) > 0;
  return {
    ...(wants("repositories") && isFilled(spec.repositories?.length)
      ? { repositories: spec.repositories!.map((each) => ({ ...each })) }
      : {}),
    ...(wants("helmDefaults")
      ? { helmDefaults: cloneStruct(helmSpecSchema, spec.helmDefaults as Struct) as HelmSpec }
      : {}),
    ...(wants("commonLabels") && isFilled(spec.commonLabels?.size) ? { commonLabels: new Map(spec.commonLabels) } : {}),
    ...(wants("apiVersions") && isFilled(spec.apiVersions?.length) ? { apiVersions: [...spec.apiVersions!] } : {}),
    ...(wants("kubeVersion") ? { kubeVersion: spec.kubeVersion } : {}),
    ...(wants("templates") && isFilled(spec.templates?.size) ? { templates: cloneTemplates(spec.templates!) } : {}),
    ...(wants("environments") ? { environment: copyEnvironment(parent.env) } : {}),
  };
}

function cloneTemplates(templates: ReadonlyMap<string, ReleaseSpec>): Map<string, ReleaseSpec> {
  return new Map(
    [...templates].map(([name, template]) => [name, cloneStruct(releaseSpecSchema, template as Struct) as ReleaseSpec]),
  );
}

/** The child's own wins, the parent fills gaps. The environment is not done here: it counts before the child is parsed. */
export function mergeInherited(spec: HelmStateSpec, inherited: InheritedConfig): void {
  if (inherited.repositories !== undefined)
    spec.repositories = lastByName([...inherited.repositories, ...(spec.repositories ?? [])]);
  if (inherited.helmDefaults !== undefined) {
    mergeStructs(helmSpecSchema, spec.helmDefaults as Struct, inherited.helmDefaults as Struct, {
      override: false,
      appendSlice: false,
    });
  }
  if (inherited.commonLabels !== undefined) spec.commonLabels = fillMap(spec.commonLabels, inherited.commonLabels);
  if (inherited.templates !== undefined) spec.templates = fillMap(spec.templates, inherited.templates);
  if (inherited.apiVersions !== undefined)
    spec.apiVersions = [...new Set([...inherited.apiVersions, ...(spec.apiVersions ?? [])])];
  if (inherited.kubeVersion !== undefined && inherited.kubeVersion !== "" && spec.kubeVersion === "")
    spec.kubeVersion = inherited.kubeVersion;
}

function fillMap<T>(own: Map<string, T> | undefined, parent: ReadonlyMap<string, T>): Map<string, T> {
  const out = new Map(own);
  for (const [key, value] of parent) if (!out.has(key)) out.set(key, value);
  return out;
}

function lastByName(repositories: RepositorySpec[]): RepositorySpec[] {
  const last = new Map(repositories.map((each, index) => [each.name, index]));
  return repositories.filter((each, index) => last.get(each.name) === index);
}

/** Warns of a release whose repository only the parent knows. */
export function warnUninheritedRepositories(state: HelmState, parentRepositories: readonly string[]): void {
  const parent = new Set(parentRepositories);
  const own = new Set((state.spec.repositories ?? []).map((each) => each.name));
  const warned = new Set<string>();
  for (const release of state.spec.releases ?? []) {
    const slash = release.chart.indexOf("/");
    if (slash <= 0) continue;
    const repository = release.chart.slice(0, slash);
    if (repository.includes(":") || repository === "." || repository === "..") continue;
    if (!parent.has(repository) || own.has(repository) || warned.has(repository)) continue;
    warned.add(repository);
    state.session.say(
      "warn",
      `release "${release.name}" references repository "${repository}" which is available in the parent helmfile but not inherited. ` +
        'Add "inherits: [repositories]" to this sub-helmfile entry, or declare the repository here.',
    );
  }
}
