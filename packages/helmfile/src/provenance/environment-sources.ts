import type { GoValue } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import type { EntryOrigin } from "../spec/release-origins.ts";
import { readsOf } from "./reads.ts";
import { isMap } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";

/** Keys (byte strings) and indexes down to a value. */
export type ValueSteps = readonly (string | number)[];

/** A place, and for what a template made the values that it read, as `.Values.domain`. */
export interface ValuePlace {
  readonly origin: Origin;
  readonly reads: readonly string[];
}

/** One entry of a `values:` list above or in an environment, of a `helmfiles:` entry, or of the command line. */
export interface EnvironmentSource {
  readonly kind: "file" | "inline" | "hcl" | "secret" | "command-line";
  /** `values:` at the top of a file is below what environments say, whatever comes first. */
  readonly level: "defaults" | "environment" | "command-line";
  readonly values: ValueMap;
  readonly place: (path: ValueSteps) => ValuePlace;
}

/** Who set a value that templates see below `.Values`. */
export interface EnvironmentOrigin extends ValuePlace {
  readonly kind: EnvironmentSource["kind"];
  readonly value: GoValue;
}

const levels = ["defaults", "environment", "command-line"] as const;
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
    level: "environment",
    values: map,
    place: (path) => {
      const entry = entries.get(map)?.();
      return placeOf(entry?.at(path) ?? entry?.origin ?? { file });
    },
  };
}

/** A place with what a template read for it. */
export function placeOf(origin: Origin): ValuePlace {
  return { origin, reads: readsOf(origin) };
}

/** All that say something of the value at `path`, the one that won last: the last of those that say what the templates saw. */
export function environmentOrigins(
  sources: readonly EnvironmentSource[],
  path: ValueSteps,
  seen: GoValue,
): EnvironmentOrigin[] {
  const said = levels
    .flatMap((level) => sources.filter((source) => source.level === level))
    .flatMap((source): EnvironmentOrigin[] => {
      const value = valueAt(source.values, path);
      return value === undefined ? [] : [{ kind: source.kind, value, ...source.place(path) }];
    });
  const winner = said.findLastIndex(
    (each) =>
      each.value === seen ||
      (typeof seen === "object" && seen !== null && typeof each.value === "object" && each.value !== null),
  );
  return winner < 0 ? said : [...said.slice(0, winner), ...said.slice(winner + 1), said[winner]!];
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
