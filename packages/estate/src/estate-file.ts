import { fromByteString, bytesToByteString } from "@tiphys/gotemplate";
import type { Diagnostic, FileTree, Plain, YamlDocument } from "@tiphys/source";
import { readYaml, toPlain, YamlError } from "@tiphys/source";
import { checkSchema } from "./schema/check.ts";
import { estateFileSchema } from "./schema/estate-file-schema.ts";

/** `tiphys.yaml` with every default filled in. */
export interface EstateFile {
  /** True when the workspace has the file. */
  readonly present: boolean;
  /** Root helmfile; undefined: to be found by convention. */
  readonly helmfile: string | undefined;
  readonly gitops: { readonly root: string; readonly repoURL: string; readonly targetRevision: string };
  /** In the order in which they are written; empty: those of the root helmfile. */
  readonly environments: readonly EnvironmentSettings[];
  readonly tiers: ReadonlyMap<string, TierSettings>;
  readonly layers: ReadonlyMap<string, LayerSettings>;
  readonly releases: ReadonlyMap<string, ReleaseSettings>;
  /** Chart reference → folder or `.tgz`, as written. */
  readonly chartOverrides: ReadonlyMap<string, string>;
  readonly kubernetes: { readonly version: string | undefined; readonly apiVersions: readonly string[] };
  readonly argocd: { readonly version: string; readonly namespace: string; readonly newGitFileGlobbing: boolean };
  readonly appsets: {
    /** How a chart that lies in the GitOps repository finds its value files: in its one source, or through a second source. */
    readonly valuesSource: "ref" | "inRepo";
    readonly layout: "per-tier" | "single";
    readonly maxUpdate: string | number;
  };
}

export interface EnvironmentSettings {
  readonly name: string;
  /** Value layers, lowest first: `_shared`, then the environment. */
  readonly valuesLayers: readonly string[];
  readonly helmfileEnvironment: string;
  /** Destination of the Applications: a cluster name, or an https URL. */
  readonly cluster: string;
  readonly env: ReadonlyMap<string, string>;
}

export interface TierSettings {
  readonly name: string;
  readonly project: string;
  readonly source: "rendered" | "helm";
  /** First and last wave. */
  readonly waves: readonly [number, number];
  readonly group: string | undefined;
}

export interface LayerSettings {
  readonly tier: string | undefined;
  readonly waves: readonly [number, number] | undefined;
}

export interface ReleaseSettings {
  readonly tier: string | undefined;
  readonly component: string | undefined;
  readonly source: "rendered" | "helm" | "stay" | undefined;
  readonly wave: string | undefined;
  readonly accept: readonly string[];
  /** What becomes of Helm tests; undefined: decided by what the release is. */
  readonly smoke: "gate" | "postsync" | "ignore" | undefined;
  /** `component`: the chart's `crds/` become a component of their own. */
  readonly crds: "component" | "with-release";
}

/** The file's name at the root of a workspace. */
export const estateFileName = "tiphys.yaml";

type Section = Readonly<Record<string, Plain>>;

/** The tiers of a workspace that names none, with the bands that product and reference estate use. */
const defaultTiers: readonly TierSettings[] = [
  { name: "foundation", project: "platform", source: "rendered", waves: [0, 19], group: undefined },
  { name: "data", project: "data-services", source: "helm", waves: [20, 29], group: undefined },
  { name: "platform", project: "platform", source: "helm", waves: [30, 49], group: undefined },
  { name: "apps", project: "apps", source: "helm", waves: [50, 99], group: undefined },
];

/**
 * Reads `tiphys.yaml` of `tree`. Without the file every default holds. Faults come back as diagnostics, each with a place;
 * the settings are then those of the parts that could be read.
 */
export function readEstateFile(tree: FileTree): { estateFile: EstateFile; diagnostics: Diagnostic[] } {
  const bytes = tree.read(estateFileName);
  if (bytes === undefined) return { estateFile: settingsOf({}, false), diagnostics: [] };
  let document: YamlDocument;
  try {
    document = readYaml(bytesToByteString(bytes), { strict: true });
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return {
      estateFile: settingsOf({}, true),
      diagnostics: [yamlDiagnostic(estateFileName, error, "estate-file-not-yaml")],
    };
  }
  const value = toPlain(document.value) ?? {};
  const diagnostics = checkSchema(estateFileSchema, { file: estateFileName, document, value, code: "estate-file" });
  return { estateFile: settingsOf(diagnostics.length === 0 ? (value as Section) : {}, true), diagnostics };
}

/** A YAML error of a file as a diagnostic at its line. */
export function yamlDiagnostic(file: string, error: YamlError, code: string): Diagnostic {
  const line = /line (\d+)/.exec(error.message)?.[1];
  return {
    code,
    severity: "error",
    message: fromByteString(error.message),
    origin: line === undefined ? { file } : { file, line: Number(line) },
  };
}

function settingsOf(file: Section, present: boolean): EstateFile {
  const gitops = section(file["gitops"]);
  const kubernetes = section(file["kubernetes"]);
  const argocd = section(file["argocd"]);
  const appsets = section(file["appsets"]);
  return {
    present,
    helmfile: text(file["helmfile"]),
    gitops: {
      root: text(gitops["root"]) ?? ".",
      repoURL: text(gitops["repoURL"]) ?? "",
      targetRevision: text(gitops["targetRevision"]) ?? "HEAD",
    },
    environments: entries(file["environments"]).map(([name, settings]) => environmentSettings(name, section(settings))),
    tiers: new Map(tierSettings(file["tiers"]).map((tier) => [tier.name, tier])),
    layers: new Map(entries(file["layers"]).map(([name, value]) => [name, layerSettings(section(value))])),
    releases: new Map(entries(file["releases"]).map(([name, value]) => [name, releaseSettings(section(value))])),
    chartOverrides: new Map(entries(section(file["charts"])["overrides"]).map(([from, to]) => [from, String(to)])),
    kubernetes: { version: text(kubernetes["version"]), apiVersions: list(kubernetes["apiVersions"]) },
    argocd: {
      version: text(argocd["version"]) ?? "3.6",
      namespace: text(argocd["namespace"]) ?? "argocd",
      newGitFileGlobbing: argocd["newGitFileGlobbing"] === true,
    },
    appsets: {
      valuesSource: appsets["valuesSource"] === "ref" ? "ref" : "inRepo",
      layout: appsets["layout"] === "single" ? "single" : "per-tier",
      maxUpdate: (appsets["maxUpdate"] as string | number | undefined) ?? "100%",
    },
  };
}

/** The settings of an environment that `tiphys.yaml` does not name. */
export function environmentSettings(name: string, settings: Section = {}): EnvironmentSettings {
  const layers = list(settings["values"]);
  return {
    name,
    valuesLayers: layers.length === 0 ? ["_shared", name] : layers,
    helmfileEnvironment: text(settings["helmfile"]) ?? name,
    cluster: text(settings["cluster"]) ?? "https://kubernetes.default.svc",
    env: new Map(entries(settings["env"]).map(([key, value]) => [key, String(value)])),
  };
}

function tierSettings(value: Plain | undefined): readonly TierSettings[] {
  const named = entries(value);
  if (named.length === 0) return defaultTiers;
  let next = 0;
  return named.map(([name, raw]) => {
    const settings = section(raw);
    const waves = settings["waves"] as readonly [number, number] | undefined;
    const band = waves ?? ([next, next + 9] as const);
    next = band[1] + 1;
    return {
      name,
      project: text(settings["project"]) ?? name,
      source: settings["source"] === "rendered" ? "rendered" : "helm",
      waves: [band[0], band[1]],
      group: text(settings["group"]),
    };
  });
}

function layerSettings(settings: Section): LayerSettings {
  return { tier: text(settings["tier"]), waves: settings["waves"] as readonly [number, number] | undefined };
}

function releaseSettings(settings: Section): ReleaseSettings {
  return {
    tier: text(settings["tier"]),
    component: text(settings["component"]),
    source: settings["source"] as ReleaseSettings["source"],
    wave: text(settings["wave"]),
    accept: list(settings["accept"]),
    smoke: settings["smoke"] as ReleaseSettings["smoke"],
    crds: settings["crds"] === "component" ? "component" : "with-release",
  };
}

function section(value: Plain | undefined): Section {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Section) : {};
}

function entries(value: Plain | undefined): [string, Plain][] {
  return Object.entries(section(value));
}

function list(value: Plain | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function text(value: Plain | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
