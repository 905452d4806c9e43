import { GoMap, type GoValue } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import { NotKnownOffline } from "../fault.ts";

/** One set of parameters and where it was written: a file of the repository, an element of a list, a cluster Secret. */
export interface ParamSet {
  readonly params: Map<string, GoValue>;
  /** One place for each generator that took part, the first child's first. */
  readonly origins: readonly Origin[];
}

/** Sets of parameters that one ApplicationSet may have. Upstream has no limit; its controller would not bear many more. */
const mostParamSets = 100_000;

/** Throws `NotKnownOffline` when `count` sets are more than one ApplicationSet may have. */
export function assertParamSets(count: number): void {
  if (count <= mostParamSets) return;
  throw new NotKnownOffline(`unsupported: ${count} sets of parameters, more than ${mostParamSets}`);
}

/** A `map[string]string` with sorted keys. */
export function stringMap(entries: Iterable<readonly [string, string]>): GoMap {
  return new GoMap(
    "map[string]string",
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Both sides' places, without repeats. */
export function joinOrigins(first: readonly Origin[], second: readonly Origin[]): readonly Origin[] {
  return [...first, ...second.filter((one) => !first.some((other) => samePlace(one, other)))];
}

function samePlace(a: Origin, b: Origin): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column && a.path === b.path;
}
