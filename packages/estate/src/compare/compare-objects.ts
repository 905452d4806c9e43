import type { Origin, Plain } from "@tiphys/source";
import type { RenderedObject } from "../objects.ts";
import type { FieldChange } from "./compare-values.ts";
import { compareValues } from "./compare-values.ts";
import type { AcceptedDifference, ComparedPair, Rule } from "./rules.ts";

/** One object that differs between two renderings, after the accepted differences were taken out. */
export type ObjectDifference =
  | { readonly kind: "missing"; readonly key: string; readonly left: Origin }
  | { readonly kind: "extra"; readonly key: string; readonly right: Origin }
  | {
      readonly kind: "changed";
      readonly key: string;
      readonly left: Origin;
      readonly right: Origin;
      readonly changes: readonly FieldChange[];
    };

export interface Comparison {
  /** Objects on the left and on the right. */
  readonly leftObjects: number;
  readonly rightObjects: number;
  /** Objects that are the same on both sides, accepted differences apart. */
  readonly equal: number;
  readonly differences: readonly ObjectDifference[];
  /** Each use of a rule. */
  readonly accepted: readonly AcceptedDifference[];
}

/**
 * Pairs two sets of objects by group, kind, namespace and name and compares them field by field. A difference that one of `rules`
 * names is listed as accepted; every other one is unexplained. Objects with one key more than once pair in their order.
 */
export function compareObjects(
  left: readonly RenderedObject[],
  right: readonly RenderedObject[],
  rules: readonly Rule[],
): Comparison {
  const differences: ObjectDifference[] = [];
  const accepted: AcceptedDifference[] = [];
  let equal = 0;
  const rightByKey = groupByKey(right);
  for (const object of left) {
    const partner = rightByKey.get(object.key)?.shift();
    if (partner === undefined) {
      const rule = rules.find((candidate) => candidate.missing?.(object));
      if (rule) accepted.push({ rule: rule.name, key: object.key, origin: object.origin });
      else differences.push({ kind: "missing", key: object.key, left: object.origin });
      continue;
    }
    const changes = unexplainedChanges({ left: object, right: partner }, rules, accepted);
    if (changes.length === 0) equal++;
    else differences.push({ kind: "changed", key: object.key, left: object.origin, right: partner.origin, changes });
  }
  for (const rest of rightByKey.values()) {
    for (const object of rest) {
      const rule = rules.find((candidate) => candidate.extra?.(object));
      if (rule) accepted.push({ rule: rule.name, key: object.key, origin: object.origin });
      else differences.push({ kind: "extra", key: object.key, right: object.origin });
    }
  }
  return { leftObjects: left.length, rightObjects: right.length, equal, differences, accepted };
}

function groupByKey(objects: readonly RenderedObject[]): Map<string, RenderedObject[]> {
  const groups = new Map<string, RenderedObject[]>();
  for (const object of objects) {
    const group = groups.get(object.key);
    if (group) group.push(object);
    else groups.set(object.key, [object]);
  }
  return groups;
}

function unexplainedChanges(pair: ComparedPair, rules: readonly Rule[], accepted: AcceptedDifference[]): FieldChange[] {
  const unexplained: FieldChange[] = [];
  for (const change of compareValues(pair.left.value, pair.right.value).flatMap(splitMaps)) {
    const rule = rules.find((candidate) => candidate.changed?.(change, pair));
    if (rule) accepted.push({ rule: rule.name, key: pair.left.key, path: change.path, origin: pair.right.origin });
    else unexplained.push(change);
  }
  return unexplained;
}

/** Labels or annotations that appear or go whole count key by key, so that a rule for one cannot excuse its neighbours. */
function splitMaps(change: FieldChange): FieldChange[] {
  if (change.kind === "changed" && isMetadataMap(change.path)) {
    // A written null is no annotations to Kubernetes.
    if (change.left === null) return compareValues({}, change.right, change.path);
    if (change.right === null) return compareValues(change.left, {}, change.path);
  }
  if (change.kind !== "added" && change.kind !== "removed") return [change];
  if (!isMetadataMap(change.path) && !/(?:^|\.)metadata$/.test(change.path)) return [change];
  const value: Plain = change.kind === "added" ? change.right : change.left;
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [change];
  const inner = change.kind === "added" ? compareValues({}, value, change.path) : compareValues(value, {}, change.path);
  return inner.length === 0 ? [change] : inner.flatMap(splitMaps);
}

function isMetadataMap(path: string): boolean {
  return /(?:^|\.)metadata\.(?:annotations|labels)$/.test(path);
}
