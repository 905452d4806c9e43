import type { GoValue, ValuePath } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import type { EntryOrigin } from "../spec/release-origins.ts";
import type { Environment } from "../state/environment.ts";
import { mergeMaps } from "../values/merge-maps.ts";
import { copyMap, isMap, mergeValues } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { readsOf } from "./reads.ts";

/** Keys (byte strings) and indexes down to a value. */
export type ValueSteps = readonly (string | number)[];

/** What a template saw when it was rendered: its `.Values`, and the environment that they came from. */
export interface SeenEnvironment {
  readonly values: ValueMap;
  readonly environment: Environment;
}

/** The values that a template read, and what it saw then. */
export interface Reads {
  readonly paths: readonly ValuePath[];
  /** What `if`, `with` and `range` around it read. */
  readonly conditions: readonly ValuePath[];
  readonly seen: SeenEnvironment;
}

/** A place, and for what a template made what it read. */
export interface ValuePlace {
  readonly origin: Origin;
  readonly reads: readonly Reads[];
}

/** One entry of a `values:` list above or in an environment, of a `helmfiles:` entry, or of the command line. */
export interface EnvironmentSource {
  readonly kind: "file" | "inline" | "hcl" | "secret" | "command-line";
  readonly values: ValueMap;
  readonly place: (path: ValueSteps) => ValuePlace;
}

/** The sources of a map, merged as the map was merged; undefined for an empty one. */
export type SourceTree = EnvironmentSource | MergedSources | undefined;

interface MergedSources {
  readonly kind: "merged";
  readonly lower: SourceTree;
  readonly higher: SourceTree;
  /** `mergo`: mergo's merge; `maps` and `items`: helmfile's own, lists item by item in the latter. */
  readonly merge: "mergo" | "maps" | "items";
}

/** What the levels of an environment were made of. */
export interface EnvironmentSources {
  readonly defaults: SourceTree;
  readonly values: SourceTree;
  readonly cliOverrides: SourceTree;
}

export const noSources: EnvironmentSources = { defaults: undefined, values: undefined, cliOverrides: undefined };

/** The sources of two maps that were merged into one. */
export function mergedSources(merge: MergedSources["merge"], lower: SourceTree, higher: SourceTree): SourceTree {
  if (lower === undefined || lower === higher) return higher;
  return higher === undefined ? lower : { kind: "merged", lower, higher, merge };
}

/** Who set a value that templates see below `.Values`. */
export interface SourceOrigin extends ValuePlace {
  readonly kind: EnvironmentSource["kind"];
  readonly value: GoValue;
}

const entries = new WeakMap<ValueMap, () => EntryOrigin | undefined>();

/** Remembers where a map of a `values:` list is written; the place is looked for when somebody asks. */
export function setEntryOrigin(map: ValueMap, find: () => EntryOrigin | undefined): void {
  entries.set(map, find);
}

/** Lets a copy of a map stand where the map is written. */
export function copyEntryOrigin(map: ValueMap, copy: ValueMap): void {
  const find = entries.get(map);
  if (find !== undefined) entries.set(copy, find);
}

/** A map that stands in a `values:` list itself. */
export function inlineSource(map: ValueMap, file: string): EnvironmentSource {
  return {
    kind: "inline",
    values: map,
    place: (path) => {
      const entry = entries.get(map)?.();
      return placeOf(entry?.at(path) ?? entry?.origin ?? { file });
    },
  };
}

/** What `--state-values-set` and its kin set. */
export function commandLineSource(values: ValueMap): EnvironmentSource {
  const place = { origin: { file: "--state-values-set" }, reads: [] };
  return { kind: "command-line", values, place: () => place };
}

/** A place with what a template read for it. */
export function placeOf(origin: Origin): ValuePlace {
  return { origin, reads: readsOf(origin) };
}

/** All that say something of the value at `path` below `.Values`, or below `.Environment.Values` of the environment; what won comes last. */
export function sourceOrigins(
  { sources }: Environment,
  root: "Values" | "Environment.Values",
  path: ValueSteps,
): SourceOrigin[] {
  const levels = root === "Values" ? mergedSources("maps", sources.defaults, sources.values) : sources.values;
  const said = saidOf(mergedSources("items", levels, sources.cliOverrides), path);
  // A parent's values are merged into every part of a file.
  const last = said.filter(({ source }, index) => said.findLastIndex((each) => each.source === source) === index);
  return last.map(({ source, value }) => ({ kind: source.kind, value, ...source.place(path) }));
}

interface Said {
  readonly source: EnvironmentSource;
  readonly value: GoValue;
}

/** What the sources say of the value at `path`, the winner last. */
function saidOf(tree: SourceTree, path: ValueSteps): Said[] {
  if (tree === undefined) return [];
  if (tree.kind !== "merged") {
    const value = valueAt(tree.values, path);
    return value === undefined ? [] : [{ source: tree, value }];
  }
  const lower = saidOf(tree.lower, path);
  const higher = saidOf(tree.higher, path);
  const won = valueAt(mergedValuesOf(tree.higher), path);
  const isOverridden = won === undefined || (won === null && tree.merge !== "mergo" && lower.length > 0);
  return isOverridden ? [...higher, ...lower] : [...lower, ...higher];
}

const mergedMaps = new WeakMap<MergedSources, ValueMap>();

function mergedValuesOf(tree: SourceTree): ValueMap {
  if (tree === undefined) return new Map();
  if (tree.kind !== "merged") return tree.values;
  let merged = mergedMaps.get(tree);
  if (merged === undefined) {
    const [lower, higher] = [mergedValuesOf(tree.lower), mergedValuesOf(tree.higher)];
    if (tree.merge === "mergo") mergeValues((merged = copyMap(lower)), higher);
    else merged = mergeMaps(lower, higher, tree.merge === "items" ? "merge" : "sparse");
    mergedMaps.set(tree, merged);
  }
  return merged;
}

/** The value below a path of maps and lists; undefined when there is none. */
export function valueAt(values: GoValue, path: ValueSteps): GoValue | undefined {
  let at: GoValue | undefined = values;
  for (const step of path) {
    if (isMap(at) && typeof step === "string") at = at.get(step);
    else if (Array.isArray(at) && typeof step === "number") at = at[step];
    else return undefined;
  }
  return at;
}
