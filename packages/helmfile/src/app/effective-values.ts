import type { GoValue } from "@tiphys/gotemplate";
import { HelmError, mergeUserValues } from "@tiphys/helm";
import type { Origin } from "@tiphys/source";
import type { ValueSteps } from "../provenance/environment-sources.ts";
import { explainReads } from "../provenance/value-reads.ts";
import type { ValueRead } from "../provenance/value-reads.ts";
import { templateFlags } from "../release/flags.ts";
import { setArguments } from "../release/set-flags.ts";
import { HelmfileError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { isMap } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { mergeFiles } from "./write-values.ts";
import { askRelease, filesOf } from "./read-helmfile.ts";
import type { HelmfileRelease, ReleaseAnswer, ReleaseSource } from "./read-helmfile.ts";
import { fileLayer, helmfileReading, helmLayer, helmReading, helmSet, layerValueAt, setLayer } from "./value-layers.ts";
import type { Layer } from "./value-layers.ts";

/** Keys (byte strings) and indexes down to a value. */
export type LeafPath = ValueSteps;

/** One layer's say on a value. */
export interface ValueSource {
  /** Position among the layers, lowest first: values files, then `--set…`. */
  readonly layer: number;
  readonly kind: Layer["kind"];
  /** Where it is written; in a `.gotmpl` file the place of the template that made it. */
  readonly origin: Origin;
  readonly value: GoValue;
  /** For values that a template made: the values that it read. */
  readonly reads: readonly ValueRead[];
  /** What decided that a template wrote it: the values that the `if`, `with` and `range` around it read. */
  readonly conditions: readonly ValueRead[];
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
    const at = { state, release: spec, fallback: release.origin };
    const layers = (): Layer[] => files.map((file) => fileLayer(at, file, helmfileReading(state)));
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
  const at = { state, release, fallback };
  return withLateLeaves(state, values, () => [
    ...files.map((file) => fileLayer(at, file, helmReading(state))),
    ...sets.map((set, index) => setLayer(at, set, setLayers[index]!)),
  ]);
}

/** Values with their leaves, which are explained by the layers where helmfile is now. */
function withLateLeaves(state: HelmState, values: ValueMap, layers: () => Layer[]): EffectiveValues {
  const { workspace } = state.session;
  const directory = workspace.workingDirectory;
  const find = (): EffectiveLeaf[] => {
    const own = layers();
    const found: EffectiveLeaf[] = [];
    collectLeaves(values, [], (path, value) => found.push(explain(own, path, value)));
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

function collectLeaves(value: GoValue, path: LeafPath, found: (path: LeafPath, value: GoValue) => void): void {
  if (isMap(value) && value.size > 0) for (const [key, item] of value) collectLeaves(item, [...path, key], found);
  else if (Array.isArray(value) && value.length > 0)
    value.forEach((item, index) => collectLeaves(item, [...path, index], found));
  else if (path.length > 0) found(path, value);
}

function explain(layers: readonly Layer[], path: LeafPath, value: GoValue): EffectiveLeaf {
  const said = saidOf(layers, path, false);
  if (said.length === 0) said.push(...saidOf(layers, path, true));
  const nobody = { layer: -1, kind: "inline" as const, value, origin: { file: "" }, reads: [], conditions: [] };
  const source = said.pop() ?? nobody;
  return { path, value, source, overridden: said };
}

/** What the layers say of a value. Nulls in lists of `--set` only count when nobody else says something: it fills up with them. */
function saidOf(layers: readonly Layer[], path: LeafPath, takesFillers: boolean): ValueSource[] {
  const said: ValueSource[] = [];
  layers.forEach((layer, index) => {
    const own = layerValueAt(layer, path, takesFillers);
    if (own === undefined) return;
    const { origin, reads } = layer.place(own.path);
    said.push({
      layer: index,
      kind: layer.kind,
      value: own.value,
      origin,
      ...explainReads(reads, { path: own.path, value: own.value }),
    });
  });
  return said;
}
