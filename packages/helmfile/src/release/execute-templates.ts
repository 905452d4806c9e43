import { formatGo } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { cloneStruct } from "../spec/clone.ts";
import { documentPlaces } from "../provenance/file-source.ts";
import { readsOf, rememberReads } from "../provenance/reads.ts";
import { lateOrigins, originsOf, setOrigins } from "../spec/release-origins.ts";
import type { EntryOrigin, ListField } from "../spec/release-origins.ts";
import { releaseSpecSchema } from "../spec/release-spec.ts";
import type { ReleaseSpec, SetValue } from "../spec/release-spec.ts";
import type { Pointer, Struct } from "../spec/schema.ts";
import { HelmfileError, isUserFault } from "../state/error.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";
import { castKeys, formatGeneral } from "../values/cast-keys.ts";
import { isMap } from "../values/mergo.ts";
import { structsEqual } from "../spec/equal.ts";
import { CyclicInheritanceError, withDefaultInherit, withInheritedTemplates } from "./inherit.ts";
import type { TracedText } from "../template/renderer.ts";
import { releaseTemplateData } from "./template-data.ts";

/* pkg/state/state_exec_tmpl.go and pkg/state/release.go of helmfile 1.8.0. */

const maxRounds = 6;

/** Resolves `inherit`, common settings and the release's own templates, in place. Throws `HelmfileError`. */
export function executeReleaseTemplates(state: HelmState): void {
  const releases = releasesOf(state);
  releases.forEach((release, index) => {
    const merged = mergedRelease(state, release);
    releases[index] = settle(state, merged);
    if (releases[index].chart === "") {
      throw new HelmfileError(`encountered empty chart while reading release "${releases[index].name}"`, {
        code: "chart-empty",
        origin: { file: state.session.workspace.displayPath(state.filePath) },
      });
    }
  });
}

function mergedRelease(state: HelmState, release: ReleaseSpec): ReleaseSpec {
  let merged: ReleaseSpec;
  try {
    merged = withInheritedTemplates(state, { ...release, inherit: withDefaultInherit(state, release.inherit) });
  } catch (error) {
    if (!(error instanceof CyclicInheritanceError)) throw error;
    throw new HelmfileError(`unable to load release "${release.name}" with template: ${error.message}`, error);
  }
  const { spec } = state;
  if (merged.kubeContext === "") merged.kubeContext = spec.helmDefaults.kubeContext;
  merged.labels = new Map([...(merged.labels ?? []), ...(spec.commonLabels ?? [])]);
  if ((merged.apiVersions ?? []).length === 0) merged.apiVersions = spec.apiVersions;
  if (merged.kubeVersion === "") merged.kubeVersion = spec.kubeVersion;
  return merged;
}

/** Renders until nothing changes: a label may use the name, the namespace the label. */
function settle(state: HelmState, release: ReleaseSpec): ReleaseSpec {
  const failed = (reason: string, details?: HelmfileError): HelmfileError =>
    new HelmfileError(
      `failed executing templates in release "${state.filePath}"."${release.name}": ${reason}`,
      details ?? { code: "release-template", origin: { file: state.session.workspace.displayPath(state.filePath) } },
    );
  const copy = cloneStruct(releaseSpecSchema, release as Struct) as ReleaseSpec;
  let previous = release;
  for (let round = 0; round < maxRounds; round++) {
    let rendered: ReleaseSpec;
    let hasTemplates: boolean;
    try {
      ({ rendered, hasTemplates } = renderRelease(state, copy, previous));
    } catch (error) {
      if (error instanceof HelmfileError) throw failed(error.message, error);
      throw error;
    }
    // The first round always differs for Go: it compares with what was not cloned yet. Without templates the second would not.
    if (!hasTemplates || (round > 0 && structsEqual(releaseSpecSchema, previous as Struct, rendered as Struct))) {
      try {
        applyTemplatedFlags(state, rendered);
      } catch (error) {
        if (error instanceof HelmfileError) throw failed(error.message, error);
        throw error;
      }
      return rendered;
    }
    previous = rendered;
  }
  throw failed("recursive references can't be resolved");
}

/**
 * ReleaseSpec.ExecuteTemplateExpressions: a copy of `release` with its templates rendered, seen from `previous`. What has no templates is
 * shared with `release`, which must be nobody else's.
 */
function renderRelease(
  state: HelmState,
  release: ReleaseSpec,
  previous: ReleaseSpec,
): { readonly rendered: ReleaseSpec; readonly hasTemplates: boolean } {
  const renderer = state.session.renderer(state.basePath);
  const result: ReleaseSpec = { ...release };
  let data: GoValue | undefined;
  const file = state.session.workspace.displayPath(state.filePath);
  const render = (field: string, text: string, shown = text): string => {
    if (!text.includes("{{")) return text;
    data ??= releaseTemplateData(state, previous);
    try {
      return renderer.render(text, data, { file, line: 1, path: `release "${release.name}".${field}` });
    } catch (error) {
      if (!(error instanceof HelmfileError)) throw error;
      throw new HelmfileError(
        `failed executing template expressions in release "${release.name}".${field} = "${shown}": ${error.message}`,
        {
          code: error.code,
          origin: { file, path: field },
        },
      );
    }
  };
  for (const field of ["name", "chart", "namespace", "version"] as const)
    result[field] = render(field, result[field]).trim();
  for (const field of ["waitTemplate", "installedTemplate", "conditionTemplate", "verifyTemplate"] as const) {
    const template = result[field];
    if (template !== undefined) result[field] = { value: render(field, template.value) };
  }
  result.labels = new Map([...(result.labels ?? [])].map(([key, text]) => [key, render(`labels[${key}]`, text)]));
  result.postRendererArgs = (result.postRendererArgs ?? []).map((text) => render("postRendererArgs", text));
  const withReads: ReadsOfEntry = (entry, text) => {
    if (entry === undefined || !text.includes("{{")) return entry;
    const seenBy = data ?? releaseTemplateData(state, previous);
    return renderedEntry(entry, text, (template) => {
      const seen = { values: state.renderedValues, environment: state.env };
      return renderer.retrace(template, seenBy, { file, line: 1 }, seen);
    });
  };
  renderValues(state, result, { render, withReads });
  result.secrets = result.secrets?.map((secret, index) =>
    typeof secret === "string" ? render(`secrets[${index}]`, secret) : secret,
  );
  if ((result.setTemplate ?? []).length > 0) {
    const templates = result.setTemplate!;
    const set = templates.map((value, index) => renderSetValue(value, index, render));
    result.setTemplate = set;
    result.set = [...set, ...(result.set ?? [])];
    prependOrigins(result, ["setTemplate", "set"], (entry, index) => {
      const { value, file: path, values } = templates[index]!;
      const template = new Map<string, GoValue>([
        ["value", value],
        ["file", path],
        ["values", values ?? []],
      ]);
      return withReads(entry, state.session.yaml.marshal(template));
    });
  }
  result.needs = result.needs?.map((need, index) => render(`needs[${index}]`, need));
  return { rendered: result, hasTemplates: data !== undefined };
}

/** The place of an entry that a template of the release made, with what that template read. */
type ReadsOfEntry = (entry: EntryOrigin | undefined, template: string) => EntryOrigin | undefined;

function prependOrigins(
  result: ReleaseSpec,
  [from, to]: readonly [ListField, ListField],
  withReads: (entry: EntryOrigin | undefined, index: number) => EntryOrigin | undefined,
): void {
  const origins = originsOf(result);
  if (origins === undefined) return;
  const late = lateOrigins(origins.file, () => {
    const lists = new Map(origins.lists);
    const made = (lists.get(from) ?? []).map((entry, index) => withReads(entry, index) ?? entry);
    return { origin: origins.origin, lists: lists.set(to, [...made, ...(lists.get(to) ?? [])]) };
  });
  setOrigins(result, late);
}

/** An entry with the places that it is written at, and what its template read for each; `retrace` renders it once more. */
function renderedEntry(
  entry: EntryOrigin,
  template: string,
  retrace: (template: string) => TracedText | undefined,
): EntryOrigin {
  let traced: { readonly text: TracedText | undefined; readonly places: ReturnType<typeof documentPlaces> } | undefined;
  return {
    origin: entry.origin,
    at: (path) => {
      const written = entry.at(path);
      if (written === undefined) return undefined;
      if (traced === undefined) {
        const text = retrace(template);
        const rendered = { text: text?.text ?? "", name: written.file, dialect: "v3" as const };
        traced = { text, places: documentPlaces(rendered, text?.locate) };
      }
      const { reads } = traced.places(path);
      return reads.length === 0 ? written : rememberReads({ ...written }, [...readsOf(written), ...reads]);
    },
  };
}

type Render = (field: string, text: string, shown?: string) => string;

function renderValues(
  state: HelmState,
  result: ReleaseSpec,
  { render, withReads }: { readonly render: Render; readonly withReads: ReadsOfEntry },
): void {
  const templates = result.valuesTemplate ?? [];
  if (templates.length > 0) {
    const templated = templates.map((entry, index) =>
      isMap(entry) ? renderValuesMap(state, entry, `values[${index}]`, render) : entry,
    );
    result.valuesTemplate = templated;
    result.values = [...templated, ...(result.values ?? [])];
    prependOrigins(result, ["valuesTemplate", "values"], (origin, index) => {
      const entry = templates[index]!;
      return isMap(entry) ? withReads(origin, state.session.yaml.marshal(entry)) : origin;
    });
  }
  result.values = result.values?.map((entry, index) => {
    if (typeof entry === "string") return render(`values[${index}]`, entry);
    // What `valuesTemplate` gave has its keys already, and stays shared with it.
    if (!isMap(entry) || result.valuesTemplate?.includes(entry) === true) return entry;
    if (entry.constructor === Map && !state.session.yaml.hasGeneralMaps) return entry;
    return castValues(state, entry, { field: `release "${result.name}".values[${index}]`, shown: "%s" });
  });
}

/** An inline map with texts as keys. Throws `HelmfileError` that shows the map in Go's format. */
function castValues(
  state: HelmState,
  entry: GoValue,
  { field, shown }: { readonly field: string; readonly shown: "%s" | "%v" },
): GoValue {
  try {
    return castKeys(entry);
  } catch (error) {
    if (!isUserFault(error)) throw error;
    throw new HelmfileError(
      `failed executing template expressions in ${field} = "${formatGeneral(entry, shown)}": ${error.message}`,
      { code: "yaml-invalid", origin: { file: state.session.workspace.displayPath(state.filePath), path: field } },
    );
  }
}

function renderValuesMap(state: HelmState, entry: GoValue, field: string, render: Render): GoValue {
  const serialized = state.session.yaml.marshal(entry);
  const rendered = render(field, serialized);
  try {
    return castKeys(state.session.yaml.unmarshalMap(rendered));
  } catch (error) {
    if (!isUserFault(error)) throw error;
    throw new HelmfileError(
      `failed executing template expressions in release.${field} = "${formatGo("%v", [entry])}": ${error.message}`,
      {
        code: "yaml-invalid",
        origin: { file: state.session.workspace.displayPath(state.filePath), path: field },
      },
    );
  }
}

function renderSetValue(value: SetValue, index: number, render: Render): SetValue {
  return {
    name: render(`set[${index}].name`, value.name),
    value: render(`set[${index}].value`, value.value),
    file: render(`set[${index}].file`, value.file),
    values: value.values?.map((item, position) =>
      typeof item === "string" ? render(`set[${index}].values[${position}]`, item) : item,
    ),
  };
}

/** `installedTemplate` and its kin become what they rendered to; each must be a boolean. */
function applyTemplatedFlags(state: HelmState, release: ReleaseSpec): void {
  const flag = (
    field: "installedTemplate" | "conditionTemplate" | "waitTemplate" | "verifyTemplate",
  ): Pointer<boolean> | undefined => {
    const text = release[field]?.value;
    if (text === undefined) return undefined;
    release[field] = undefined;
    try {
      return { value: state.session.yaml.unmarshalAs(text, { kind: "bool" }) as boolean };
    } catch (error) {
      if (!isUserFault(error)) throw error;
      throw new HelmfileError(`${field}: failed deserialising string ${text}: ${error.message}`, {
        code: "release-template",
        origin: { file: state.session.workspace.displayPath(state.filePath), path: field },
      });
    }
  };
  release.installed = flag("installedTemplate") ?? release.installed;
  const condition = flag("conditionTemplate");
  if (condition !== undefined) release.condition = String(condition.value);
  release.wait = flag("waitTemplate") ?? release.wait;
  release.verify = flag("verifyTemplate") ?? release.verify;
}
