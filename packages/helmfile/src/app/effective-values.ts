import { byteStringToBytes, formatGo, fromByteString, toByteString } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { HelmError, mergeUserValues } from "@tiphys/helm";
import type { SetFlag, ValuesLayer } from "@tiphys/helm";
import type { Origin } from "@tiphys/source";
import { dirOf } from "../files/filepath.ts";
import { environmentOrigins, placeOf, valueAt } from "../provenance/environment-sources.ts";
import type { EnvironmentOrigin, ValuePlace } from "../provenance/environment-sources.ts";
import { documentPlaces, environmentRoot } from "../provenance/file-source.ts";
import { templateFlags } from "../release/flags.ts";
import { setArguments } from "../release/set-flags.ts";
import type { SetArgument } from "../release/set-flags.ts";
import { releaseTemplateData } from "../release/template-data.ts";
import type { ValuesFile } from "../release/values-files.ts";
import { originsOf } from "../spec/release-origins.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { isMap } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { mergeFiles } from "./write-values.ts";
import { askRelease, filesOf } from "./read-helmfile.ts";
import type { HelmfileRelease, ReleaseAnswer, ReleaseSource } from "./read-helmfile.ts";

/** Keys (byte strings) and indexes down to a value. */
export type LeafPath = readonly (string | number)[];

/** One layer's say on a value. */
export interface ValueSource {
  /** Position among the layers, lowest first: values files, then `--set…`. */
  readonly layer: number;
  readonly kind: "file" | "inline" | "secret" | "set" | "set-string" | "set-file";
  /** Where it is written; in a `.gotmpl` file the place of the template that made it. */
  readonly origin: Origin;
  readonly value: GoValue;
  /** For values that a template made: the values that it read. */
  readonly reads: readonly ValueRead[];
}

/** A value that a template read, and who set it. */
export interface ValueRead {
  /** `.Values.domain`. */
  readonly path: string;
  /** Undefined when there is none. */
  readonly value: GoValue | undefined;
  /** All entries of environments, layers and the command line that say something of it; the winner last. */
  readonly origins: readonly EnvironmentOrigin[];
}

/** A value that is no map with something in it. */
export interface EffectiveLeaf {
  readonly path: LeafPath;
  readonly value: GoValue;
  readonly source: ValueSource;
  /** What lower layers said of the same path, or of a map that it stands in; lowest first. */
  readonly overridden: readonly ValueSource[];
}

export interface EffectiveValues {
  /** The values as Helm gets them, merged as Helm merges: what the chart's own defaults are laid under. */
  readonly values: ValueMap;
  /** Looked for when they are first asked for. */
  readonly leaves: readonly EffectiveLeaf[];
}

export interface WrittenValues extends EffectiveValues {
  /** As the file has them, a byte string. */
  readonly text: string;
}

/** One values file or flag with its own values and the way to their places. */
interface Layer {
  readonly kind: ValueSource["kind"];
  readonly values: ValueMap;
  readonly place: (path: LeafPath) => ValuePlace;
}

/** The values of a release of `readHelmfile` as Helm would see them, with the layer and place of every leaf. */
export function effectiveValues(release: HelmfileRelease): ReleaseAnswer<EffectiveValues> {
  return askRelease(release, (source) => {
    try {
      return readEffective(source, release.origin);
    } catch (error) {
      if (!(error instanceof HelmError)) throw error;
      throw new HelmfileError(error.message, {
        code: error.code,
        ...(error.place === undefined ? {} : { origin: error.place }),
      });
    }
  });
}

/** The values of a release of `readHelmfile` as `helmfile write-values` merges them, with the layer and place of every leaf. */
export function writtenValues(release: HelmfileRelease): ReleaseAnswer<WrittenValues> {
  return askRelease(release, (source) => {
    const { state, spec } = source;
    const files = filesOf(source);
    const layers = (): Layer[] => fileLayersOf(state, spec, { files, fallback: release.origin });
    const values = mergeFiles(state, files);
    const late = withLateLeaves(state, values, layers);
    return Object.assign(late, { text: state.session.yaml.marshal(values) });
  });
}

/** The arguments of the `helm template` that helmfile would call for a release of `readHelmfile`, chart preparation left out. Byte strings. */
export function helmArguments(release: HelmfileRelease): ReleaseAnswer<readonly string[]> {
  return askRelease(release, ({ state, spec }) => {
    const flags = templateFlags(state, spec, noOptions).flags;
    return ["template", spec.name, spec.chartPath !== "" ? spec.chartPath : spec.chart, ...flags];
  });
}

const noOptions = {
  values: [],
  set: [],
  args: "",
  outputDir: "",
  outputDirTemplate: "",
  validate: false,
  includeCrds: false,
  noHooks: false,
  skipTests: false,
  postRenderer: "",
  postRendererArgs: [],
  kubeVersion: "",
  showOnly: [],
  skipSchemaValidation: false,
  templateArgs: "",
} as const;

function readEffective(source: ReleaseSource, fallback: Origin): EffectiveValues {
  const { state, spec: release } = source;
  const files = filesOf(source);
  const sets = ["--set", "--set-string", "--set-file"].flatMap((flag) =>
    setArguments(state, release).filter((set) => set.flag === flag),
  );
  const setLayers = sets.map((set) => helmSet(state, set, fallback));
  const values = mergeUserValues(
    files.map((file) => helmLayer(state, file)),
    setLayers,
  );
  return withLateLeaves(state, values, () => [
    ...fileLayersOf(state, release, { files, fallback }),
    ...sets.map((set, index) => setLayer(release, { set, flag: setLayers[index]!, fallback })),
  ]);
}

/** Values with their leaves, which are explained by the layers where helmfile is now. */
function withLateLeaves(state: HelmState, values: ValueMap, layers: () => Layer[]): EffectiveValues {
  const { workspace } = state.session;
  const directory = workspace.workingDirectory;
  const find = (): EffectiveLeaf[] => {
    const own = layers();
    const found: EffectiveLeaf[] = [];
    collectLeaves(values, [], (path, value) => found.push(explain(state, own, { path, value })));
    return found;
  };
  let leaves: EffectiveLeaf[] | undefined;
  return {
    values,
    get leaves() {
      return (leaves ??= workspace.within(directory, find));
    },
  };
}

function fileLayersOf(
  state: HelmState,
  release: ReleaseSpec,
  { files, fallback }: { readonly files: readonly ValuesFile[]; readonly fallback: Origin },
): Layer[] {
  return files.map((file) => fileLayer(state, release, { file, layer: helmLayer(state, file), fallback }));
}

function helmLayer(state: HelmState, file: ValuesFile): ValuesLayer {
  const name = fromByteString(file.source === "" ? `values[${file.index}]` : file.source);
  return {
    kind: "file",
    name,
    origin: { file: state.session.workspace.displayPath(file.source) },
    content: byteStringToBytes(file.content),
  };
}

function helmSet(state: HelmState, set: SetArgument, origin: Origin): SetFlag {
  const kind = set.flag === "--set" ? "set" : set.flag === "--set-string" ? "set-string" : "set-file";
  if (kind !== "set-file") return { kind, expression: set.expression, origin };
  const equals = set.expression.indexOf("=");
  const content = state.session.workspace.read(set.expression.slice(equals + 1));
  if (content === undefined)
    throw new HelmfileError(`open ${set.expression.slice(equals + 1)}: no such file or directory`, {
      code: "set-file-missing",
      origin,
    });
  return { kind, expression: `${set.expression.slice(0, equals)}=${content}`, origin };
}

function fileLayer(
  state: HelmState,
  release: ReleaseSpec,
  { file, layer, fallback }: { readonly file: ValuesFile; readonly layer: ValuesLayer; readonly fallback: Origin },
): Layer {
  const values = mergeUserValues([layer], []);
  if (file.source === "") {
    const entry = originsOf(release)?.lists.get(file.kind === "secret" ? "secrets" : "values")?.[file.index];
    return { kind: file.kind, values, place: (path) => placeOf(entry?.at(path) ?? entry?.origin ?? fallback) };
  }
  let places: Layer["place"] | undefined;
  return { kind: file.kind, values, place: (path) => (places ??= placesOf(state, release, file))(path) };
}

/** The places in a values file; in a `.gotmpl` those of the template. */
function placesOf(state: HelmState, release: ReleaseSpec, file: ValuesFile): Layer["place"] {
  const { workspace } = state.session;
  const name = workspace.displayPath(file.source);
  const nowhere = { origin: { file: name }, reads: [] };
  // An encrypted file has its keys where its decrypted text has them, but not its lines.
  if (file.kind === "secret") return () => nowhere;
  const original = workspace.read(file.source) ?? file.content;
  const isTemplate = /(^|\.)gotmpl$/.test(file.source);
  const data = releaseTemplateData(state, release);
  const roots = new Map<string, object>([
    [".Values", state.renderedValues],
    [".Environment.Values", state.env.values],
    ...environmentRoot(data),
  ]);
  const traced = isTemplate
    ? state.session.renderer(dirOf(file.source)).renderTraced(original, data, { file: name, line: 1 }, roots)
    : undefined;
  return documentPlaces(traced?.text ?? original, name, (line, column) =>
    placeOf(traced?.locate(line, column) ?? { file: name, ...(traced === undefined ? { line, column } : {}) }),
  );
}

function setLayer(
  release: ReleaseSpec,
  { set, flag, fallback }: { readonly set: SetArgument; readonly flag: SetFlag; readonly fallback: Origin },
): Layer {
  const origin = originsOf(release)?.lists.get(set.field)?.[set.index]?.origin ?? fallback;
  return { kind: flag.kind as Layer["kind"], values: mergeUserValues([], [flag]), place: () => placeOf(origin) };
}

function collectLeaves(value: GoValue, path: LeafPath, found: (path: LeafPath, value: GoValue) => void): void {
  if (isMap(value) && value.size > 0) for (const [key, item] of value) collectLeaves(item, [...path, key], found);
  else if (Array.isArray(value) && value.length > 0)
    value.forEach((item, index) => collectLeaves(item, [...path, index], found));
  else if (path.length > 0) found(path, value);
}

function explain(
  state: HelmState,
  layers: readonly Layer[],
  { path, value }: { readonly path: LeafPath; readonly value: GoValue },
): EffectiveLeaf {
  const said: ValueSource[] = [];
  layers.forEach((layer, index) => {
    const own = layerValueAt(layer, path);
    if (own === undefined) return;
    const { origin, reads } = layer.place(own.path);
    said.push({
      layer: index,
      kind: layer.kind,
      value: own.value,
      origin,
      reads: reads.map((read) => explainRead(state, read, { path: own.path, value: own.value })),
    });
  });
  const source = said.pop() ?? { layer: -1, kind: "inline" as const, value, origin: { file: "" }, reads: [] };
  return { path, value, source, overridden: said };
}

function explainRead(
  state: HelmState,
  path: string,
  leaf: { readonly path: LeafPath; readonly value: GoValue },
): ValueRead {
  const steps = readSteps(toByteString(path));
  if (steps === undefined) return { path, value: environmentFields.get(path)?.(state.env), origins: [] };
  const value = valueAt(state.renderedValues, steps);
  if (isMap(value) && value.size > 0) return explainPart(state, { path, value, steps }, leaf);
  return { path, value, origins: value === undefined ? [] : environmentOrigins(state.env.sources, steps, value) };
}

/** Of a map that a template put out as a whole: the value in it that became the leaf, found by the end of the leaf's path. A map itself has many origins. */
function explainPart(
  state: HelmState,
  read: { readonly path: string; readonly value: ValueMap; readonly steps: LeafPath },
  leaf: { readonly path: LeafPath; readonly value: GoValue },
): ValueRead {
  for (let start = 0; start < leaf.path.length; start++) {
    const below = leaf.path.slice(start);
    const value = valueAt(read.value, below);
    if (value === undefined || isMap(value) || formatGo("%v", [value]) !== formatGo("%v", [leaf.value])) continue;
    const path =
      read.path + below.map((step) => (typeof step === "number" ? `[${step}]` : `.${fromByteString(step)}`)).join("");
    return { path, value, origins: environmentOrigins(state.env.sources, [...read.steps, ...below], value) };
  }
  return { path: read.path, value: read.value, origins: [] };
}

/** What templates read of the environment besides its values. */
const environmentFields: ReadonlyMap<string, (environment: HelmState["env"]) => GoValue> = new Map([
  [".Environment.Name", ({ name }) => name],
  [".Environment.KubeContext", ({ kubeContext }) => kubeContext],
]);

/** The steps below `.Values` or the like; undefined for what is read elsewhere. */
function readSteps(path: string): LeafPath | undefined {
  const below = /^\.(?:Environment\.Values|StateValues|Values)(?=[.[]|$)(.*)$/s.exec(path)?.[1];
  return below === undefined
    ? undefined
    : [...below.matchAll(/\[(\d+)\]|\.([^.[]*)/g)].map(([, index, key]) =>
        index === undefined ? key! : Number(index),
      );
}

/** What a layer has under the path, or the scalar or list that it has in place of a map above it; undefined when it has nothing there. */
function layerValueAt(layer: Layer, path: LeafPath): { readonly path: LeafPath; readonly value: GoValue } | undefined {
  const isSet = layer.kind.startsWith("set");
  let at: GoValue = layer.values;
  for (let depth = 0; depth < path.length; depth++) {
    const step = path[depth]!;
    let next: GoValue | undefined;
    if (isMap(at) && typeof step === "string") next = at.get(step);
    else if (Array.isArray(at) && typeof step === "number") next = at[step];
    else return isMap(at) ? undefined : { path: path.slice(0, depth), value: at };
    if (next === undefined) return Array.isArray(at) && !isSet ? { path: path.slice(0, depth), value: at } : undefined;
    // `--set list[2]=x` says nothing of the items before.
    if (next === null && isSet && typeof step === "number") return undefined;
    at = next;
  }
  return { path, value: at };
}
