import { byteStringToBytes, bytesToByteString, type GoValue } from "@tiphys/gotemplate";
import type { ChartReference, HelmSource, SetFlag, ValuesLayer } from "@tiphys/helm";
import type { Origin } from "@tiphys/source";
import { atSourceField, NotKnownOffline, wrapError } from "../fault.ts";
import { isMap, nested, nestedSlice, nestedString } from "../unstructured.ts";
import type { ApplicationSource } from "./application.ts";
import { commandLine } from "./command-line.ts";
import { envsubst } from "./environment.ts";
import { parseKubeVersion } from "./kube-version.ts";
import { cleanInside, joinShown, temporaryFolder, treePath } from "./source-root.ts";
import {
  GlobNoMatch,
  resolveEntry,
  resolveValueFiles,
  type ResolvedFile,
  type ValueFileContext,
} from "./value-files.ts";

/** What the cluster and the Application give to a source. */
export interface HelmContext extends ValueFileContext {
  readonly applicationName: string;
  readonly destinationNamespace: string;
  readonly clusterVersion: string;
  readonly clusterApiVersions: readonly string[];
  readonly chart: ChartReference;
  /** Where the source is declared. */
  readonly origin: Origin;
}

/** One `helm template` call. Mirrors Argo CD v3.6.1 helmTemplate and util/helm/cmd.go. */
export interface HelmCall {
  readonly source: HelmSource;
  readonly namespace: string;
  /** The command with paths as messages show them. */
  readonly args: readonly string[];
  /** The command as Argo CD reports it: paths shortened. */
  readonly command: string;
  /** `helm.version`, which nothing but a check looks at. */
  readonly version: string;
  /** What Helm would say about its arguments after `Error: `; nothing can then be rendered. */
  readonly failure?: MissingFile;
}

interface MissingFile {
  readonly text: string;
  /** The entry of the source that names the file. */
  readonly field: readonly (string | number)[];
}

const extraValuesPlaceholder = "<temp file with values from source.helm.values/valuesObject>";

/** Everything that one call needs. Throws `ArgoError`; `NotKnownOffline` for value files behind URLs. */
export function helmCall(source: ApplicationSource, context: HelmContext): HelmCall {
  const helm = source.get("helm") ?? null;
  const kubeVersion = parseKubeVersion(
    nestedString(helm, "kubeVersion") || nestedString(source, "kustomize", "kubeVersion") || context.clusterVersion,
  );
  const files = valueFiles(helm, context);
  const extra = extraValues(helm, context.origin);
  const parameters = setParameters(helm, context);
  const fileParameters = setFiles(helm, context);
  const releaseName = nestedString(helm, "releaseName") || context.applicationName;
  const namespace =
    nestedString(helm, "namespace") || nestedString(source, "kustomize", "namespace") || context.destinationNamespace;
  const own = strings(nestedSlice(helm, "apiVersions"));
  const apiVersions = own.length > 0 ? own : [...context.clusterApiVersions].sort();
  const flags = {
    includeCrds: nested(helm, "skipCrds") !== true,
    skipSchemaValidation: nested(helm, "skipSchemaValidation") === true,
    skipTests: nested(helm, "skipTests") === true,
  };
  const layers = files.flatMap((file) => atCommas(file, context)).map((file) => fileLayer(file));
  // Helm reads one after the other, up to the first that is not there.
  const readable = untilFailure(layers);
  const hasAllLayers = readable.length === layers.length;
  const missing = [...layers, ...fileParameters].find((item) => "failure" in item) as
    | { readonly failure: MissingFile }
    | undefined;
  const args = (shorten: boolean): string[] => [
    "helm", "template", ".", "--name-template", releaseName,
    ...(namespace === "" ? [] : ["--namespace", namespace]),
    ...(kubeVersion === "" ? [] : ["--kube-version", kubeVersion]),
    ...parameters.flatMap(({ kind, expression }) => [`--${kind}`, expression]),
    ...fileParameters.flatMap(({ name, file }) => ["--set-file", `${name}=${escapeCommas(shownPath(file, shorten))}`]),
    ...files.flatMap((file) => ["--values", shownPath(file, shorten)]),
    ...(extra === undefined ? [] : ["--values", shorten ? extraValuesPlaceholder : temporaryFolder]),
    ...apiVersions.flatMap((version) => ["--api-versions", version]),
    ...(flags.includeCrds ? ["--include-crds"] : []),
    ...(flags.skipSchemaValidation ? ["--skip-schema-validation"] : []),
    ...(flags.skipTests ? ["--skip-tests"] : []),
  ]; // prettier-ignore
  return {
    source: {
      kind: "helm",
      chart: context.chart,
      releaseName,
      valuesLayers: [...readable, ...(hasAllLayers && extra !== undefined ? [extra] : [])],
      sets: hasAllLayers ? [...parameters, ...untilFailure(fileParameters).map(({ flag }) => flag)] : [],
      ...flags,
      noHooks: false,
      apiVersions,
      ...(kubeVersion !== "" && { kubeVersion }),
    },
    namespace,
    version: nestedString(helm, "version"),
    args: args(false),
    command: shortCommand(args(true)),
    ...(missing !== undefined && { failure: missing.failure }),
  };
}

function untilFailure<Item extends object>(items: readonly Item[]): Exclude<Item, { readonly failure: MissingFile }>[] {
  const failed = items.findIndex((item) => "failure" in item);
  return (failed < 0 ? items : items.slice(0, failed)) as Exclude<Item, { readonly failure: MissingFile }>[];
}

/** Placeholders hold spaces but stand for paths without any. */
function shortCommand(args: readonly string[]): string {
  return args
    .map((arg) => (arg === extraValuesPlaceholder || arg.startsWith(temporaryFolder) ? arg : commandLine([arg])))
    .join(" ");
}

function strings(list: readonly GoValue[]): readonly string[] {
  return list.filter((item): item is string => typeof item === "string");
}

function valueFiles(helm: GoValue, context: HelmContext): readonly ResolvedFile[] {
  const prefix = "error resolving helm value files";
  try {
    return resolveValueFiles(strings(nestedSlice(helm, "valueFiles")), context);
  } catch (error) {
    if (error instanceof GlobNoMatch) throw error.withPrefix(prefix);
    throw wrapError(prefix, error);
  }
}

/** Helm takes a comma in `--values` for the end of a file; what follows it is a path from the chart. */
function atCommas(file: ResolvedFile, { root, chartFolder }: HelmContext): readonly ResolvedFile[] {
  if (file.kind === "remote" || !file.path.includes(",")) return [file];
  const [first = "", ...rest] = file.path.split(",");
  const parts = rest.map((written): ResolvedFile => {
    const path = cleanInside(chartFolder, written) ?? written;
    return { kind: "file", root, path, shown: written, ...(file.field === undefined ? {} : { field: file.field }) };
  });
  return [{ ...file, path: first }, ...parts];
}

function shownPath(file: ResolvedFile, shorten: boolean): string {
  if (file.kind === "remote") return file.url;
  if (file.shown !== undefined) return file.shown;
  return joinShown(shorten ? file.root.inCommands : file.root.shown, file.path);
}

/** The content of a file, or what Helm says when it cannot be read. */
function readResolved(file: ResolvedFile): Uint8Array | { readonly failure: MissingFile } {
  const field = file.field ?? ["helm"];
  if (file.kind === "remote")
    return atSourceField(field, () => {
      throw new NotKnownOffline(`wanted: value file ${file.url}`);
    });
  const path = treePath(file.root, file.path);
  const bytes = file.root.tree.read(path);
  if (bytes !== undefined) return bytes;
  const shown = shownPath(file, false);
  const text =
    file.root.tree.kind(path) === "directory"
      ? `read ${shown}: is a directory`
      : `open ${shown}: no such file or directory`;
  return { failure: { text, field } };
}

function fileLayer(file: ResolvedFile): ValuesLayer | { readonly failure: MissingFile } {
  const content = readResolved(file);
  if (!(content instanceof Uint8Array)) return content;
  const path = file.kind === "file" ? treePath(file.root, file.path) : file.url;
  return { kind: "file", name: shownPath(file, false), origin: { file: path }, content };
}

/** `valuesObject`, else `values`; undefined when both are empty. */
function extraValues(helm: GoValue, origin: Origin): ValuesLayer | undefined {
  const object = nested(helm, "valuesObject");
  if (isMap(object)) {
    return {
      kind: "inline",
      name: temporaryFolder,
      origin: { ...origin, path: `${origin.path ?? ""}.helm.valuesObject` },
      values: object,
    };
  }
  const text = nestedString(helm, "values");
  if (text === "") return undefined;
  const place = { ...origin, path: `${origin.path ?? ""}.helm.values` };
  return { kind: "file", name: temporaryFolder, origin: place, content: byteStringToBytes(text) };
}

/** `--set` and `--set-string`: of equal names the last one counts; in order of their texts, which upstream takes from a Go map. */
function setParameters(helm: GoValue, { environment, origin }: HelmContext): readonly SetFlag[] {
  const byKind = { set: new Map<string, SetFlag>(), "set-string": new Map<string, SetFlag>() };
  nestedSlice(helm, "parameters").forEach((parameter, index) => {
    const kind = nested(parameter, "forceString") === true ? "set-string" : "set";
    const name = nestedString(parameter, "name");
    const value = escapeCommas(envsubst(nestedString(parameter, "value"), environment));
    const place = { ...origin, path: `${origin.path ?? ""}.helm.parameters[${index}]` };
    byKind[kind].set(name, { kind, expression: `${name}=${value}`, origin: place });
  });
  return [...sorted(byKind.set.values()), ...sorted(byKind["set-string"].values())];
}

function sorted(flags: Iterable<SetFlag>): SetFlag[] {
  return [...flags].sort((a, b) => (a.expression < b.expression ? -1 : 1));
}

type FileParameter = { readonly name: string; readonly file: ResolvedFile } & (
  | { readonly flag: SetFlag }
  | { readonly failure: MissingFile }
);

function setFiles(helm: GoValue, context: HelmContext): readonly FileParameter[] {
  const parameters = new Map<string, FileParameter>();
  nestedSlice(helm, "fileParameters").forEach((parameter, index) => {
    const name = nestedString(parameter, "name");
    const path = nestedString(parameter, "path");
    const isRef = path.startsWith("$") && context.refs.has(path.split("/")[0] as string);
    const field = ["helm", "fileParameters", index, "path"];
    const resolve = (): ResolvedFile => {
      try {
        return { ...resolveEntry(path, context), field };
      } catch (error) {
        throw wrapError(isRef ? "error resolving set-file path" : "error resolving helm value file path", error);
      }
    };
    const file = atSourceField(field, resolve);
    const content = readResolved(file);
    const place = { ...context.origin, path: `${context.origin.path ?? ""}.helm.fileParameters[${index}]` };
    parameters.set(
      name,
      content instanceof Uint8Array
        ? { name, file, flag: { kind: "set-file", expression: `${name}=${bytesToByteString(content)}`, origin: place } }
        : { name, file, failure: { field, text: `failed parsing --set-file data: ${content.failure.text}` } },
    );
  });
  return [...parameters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Commas that are not escaped yet are, unless the value is a `{list}`. Upstream: cleanSetParameters. */
function escapeCommas(value: string): string {
  if (value.startsWith("{") && value.endsWith("}")) return value;
  return value.replace(/(?<!\\),/g, "\\,");
}
