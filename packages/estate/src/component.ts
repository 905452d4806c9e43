import { bytesToByteString } from "@tiphys/gotemplate";
import type { Diagnostic, FileTree, Plain, YamlDocument } from "@tiphys/source";
import { readYaml, toPlain, YamlError } from "@tiphys/source";
import { yamlDiagnostic } from "./estate-file.ts";
import { checkSchema } from "./schema/check.ts";
import { componentSchema } from "./schema/component-schema.ts";

/** One `component.yaml`, normalised. */
export interface Component {
  /** Path of the file in the workspace. */
  readonly file: string;
  readonly environment: string;
  readonly name: string;
  readonly tier: string;
  readonly project: string;
  readonly namespace: string;
  /** Digits; "" when the component has no wave. */
  readonly wave: string;
  /** Undefined: rendered. */
  readonly chart: ComponentChart | undefined;
  /** `component.disabled.yaml`: no ApplicationSet sees it. */
  readonly parked: boolean;
  readonly syncOptions: readonly string[];
  readonly ignoreDifferences: readonly Plain[];
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
}

export interface ComponentChart {
  /** Chart repository or OCI registry path; undefined for a chart in Git. */
  readonly repoURL: string | undefined;
  readonly chart: string | undefined;
  readonly version: string | undefined;
  /** Chart folder in the GitOps repository. */
  readonly path: string | undefined;
  readonly releaseName: string;
  /** From the GitOps repository's root, lowest first; undefined: the default layers. */
  readonly valueFiles: readonly string[] | undefined;
  readonly ignoreMissingValueFiles: boolean;
  readonly skipCrds: boolean;
  readonly skipTests: boolean;
  readonly skipSchemaValidation: boolean;
}

export const componentFileName = "component.yaml";
export const parkedComponentFileName = "component.disabled.yaml";

/** Where components are looked for, and below which folder the path names tier and group. */
export interface ComponentFolder {
  readonly tree: FileTree;
  readonly environment: string;
  /** `<gitops root>/environments/<env>/components`. */
  readonly folder: string;
}

/** Every component of an environment in order of path, parked ones too. A broken file is a diagnostic and no component. */
export function readComponents(at: ComponentFolder): { components: Component[]; diagnostics: Diagnostic[] } {
  const components: Component[] = [];
  const diagnostics: Diagnostic[] = [];
  const seen = new Map<string, string>();
  for (const file of componentFiles(at.tree, at.folder)) {
    const result = readComponent(at, file);
    diagnostics.push(...result.diagnostics);
    if (result.component === undefined) continue;
    const first = seen.get(result.component.name);
    if (first !== undefined) {
      diagnostics.push({
        code: "component-duplicate-name",
        severity: "error",
        message: `two components of ${at.environment} are named "${result.component.name}"`,
        origin: { file, path: "name" },
        related: [{ origin: { file: first }, message: "the other one" }],
        fix: "an Application's name is unique; rename one",
      });
    }
    seen.set(result.component.name, file);
    components.push(result.component);
  }
  return { components, diagnostics };
}

function componentFiles(tree: FileTree, folder: string): string[] {
  const files: string[] = [];
  for (const entry of tree.list(folder) ?? []) {
    const path = `${folder}/${entry.name}`;
    if (entry.kind === "directory") files.push(...componentFiles(tree, path));
    else if (entry.name === componentFileName || entry.name === parkedComponentFileName) files.push(path);
  }
  return files;
}

function readComponent(at: ComponentFolder, file: string): { component?: Component; diagnostics: Diagnostic[] } {
  let document: YamlDocument;
  try {
    document = readYaml(bytesToByteString(at.tree.read(file) ?? new Uint8Array()), { strict: true });
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return { diagnostics: [yamlDiagnostic(file, error, "component-not-yaml")] };
  }
  const value = toPlain(document.value);
  const diagnostics = checkSchema(componentSchema, { file, document, value, code: "component" });
  if (diagnostics.length > 0) return { diagnostics };
  const fields = value as Readonly<Record<string, Plain>>;
  const component = normalise({ at, file, fields, document, diagnostics });
  return { component, diagnostics };
}

interface Reading {
  readonly at: ComponentFolder;
  readonly file: string;
  readonly fields: Readonly<Record<string, Plain>>;
  readonly document: YamlDocument;
  readonly diagnostics: Diagnostic[];
}

function normalise(reading: Reading): Component {
  const { at, file, fields } = reading;
  const name = String(fields["name"]);
  const tier =
    fields["tier"] === undefined ? (file.slice(at.folder.length + 1).split("/")[0] ?? "") : String(fields["tier"]);
  return {
    file,
    environment: at.environment,
    name,
    tier,
    project: String(fields["project"] ?? tier),
    namespace: String(fields["namespace"] ?? ""),
    wave: readWave(reading),
    chart: fields["chart"] === undefined ? undefined : readChart(reading, name),
    parked: file.endsWith(`/${parkedComponentFileName}`),
    syncOptions: (fields["syncOptions"] as readonly string[] | undefined) ?? [],
    ignoreDifferences: (fields["ignoreDifferences"] as readonly Plain[] | undefined) ?? [],
    labels: new Map(Object.entries((fields["labels"] ?? {}) as Record<string, string>)),
    annotations: new Map(Object.entries((fields["annotations"] ?? {}) as Record<string, string>)),
  };
}

function readWave(reading: Reading): string {
  const { fields } = reading;
  const key = fields["wave"] !== undefined ? "wave" : "rolloutPhase";
  const wave = fields[key];
  if (wave === undefined) return "";
  if (key === "rolloutPhase") {
    note(reading, {
      key,
      code: "component-rollout-phase",
      message: "rolloutPhase is read as wave",
      fix: `write wave: "${String(wave)}"`,
    });
  }
  if (typeof wave === "number") {
    note(reading, {
      key,
      code: "component-wave-unquoted",
      message: `${key} ${String(wave)} is not quoted: ApplicationSets read numbers as floats, 1000000 becomes 1e+06`,
      fix: `write ${key}: "${String(wave)}"`,
    });
  }
  return String(wave);
}

function readChart(reading: Reading, name: string): ComponentChart {
  const chart = reading.fields["chart"] as Readonly<Record<string, Plain>>;
  const text = (key: string): string | undefined => (chart[key] === undefined ? undefined : String(chart[key]));
  return {
    ...normaliseReference(reading, text("repoURL"), text("chart")),
    version: text("version"),
    path: text("path")?.replace(/^\/+|\/+$/g, ""),
    releaseName: text("releaseName") ?? name,
    valueFiles: (chart["valueFiles"] as readonly string[] | undefined)?.map((file) =>
      file.replace(/^\$values\/|^\.?\//, ""),
    ),
    ignoreMissingValueFiles: chart["ignoreMissingValueFiles"] !== false,
    skipCrds: chart["skipCrds"] === true,
    skipTests: chart["skipTests"] === true,
    skipSchemaValidation: chart["skipSchemaValidation"] === true,
  };
}

/** `oci://host/group/name` + another or no chart name means the chart `name` of `oci://host/group`. */
function normaliseReference(reading: Reading, repoURL: string | undefined, chart: string | undefined) {
  const oci = repoURL !== undefined && /^oci:\/\/(.+)\/([^/]+)$/.exec(repoURL);
  if (!oci) return { repoURL, chart };
  const [, folder, last] = oci;
  if (chart !== undefined && (chart === last || !last!.includes(chart))) {
    if (chart !== last) return { repoURL, chart };
  } else if (chart === undefined || last!.includes(chart)) {
    note(reading, {
      key: "chart",
      code: "component-chart-reference",
      message: `repoURL ${repoURL} already names the chart "${last}"`,
      fix: `write repoURL: oci://${folder} and chart: ${last}`,
    });
  }
  return { repoURL: `oci://${folder}`, chart: last };
}

function note(reading: Reading, fault: { key: string; code: string; message: string; fix: string }): void {
  const place = reading.document.originOf([fault.key]);
  reading.diagnostics.push({
    code: fault.code,
    severity: "warning",
    message: fault.message,
    origin: { file: reading.file, line: place?.line, column: place?.column, path: fault.key },
    fix: fault.fix,
  });
}
