import { quoteGo, sprint, type GoValue } from "@tiphys/gotemplate";
import type { ChartNode } from "../chart/chart-node.ts";
import type { Profile } from "../profile.ts";
import { copyTable, isTable, type Table } from "./values.ts";

/*
 * pkg/chart/common/util/coalesce.go (Helm 4.2.4). `merge` keeps nulls for a later pass; without it they delete.
 * Where Go ranges a map in random order, ours is the order of the files; only the order of warnings depends on it.
 */

/** What one pass needs besides the values. */
export interface CoalesceContext {
  readonly profile: Profile;
  /** Gets each warning as Helm words it, without its "level=…". */
  readonly warn: (message: string) => void;
}

/** A value that stands where a subchart's table must be. `message` is Helm's. */
export class CoalesceError extends Error {
  override readonly name = "CoalesceError";
}

/** `CoalesceValues`: the chart's and its subcharts' defaults under `values`; nulls delete. A new tree. Throws `CoalesceError`. */
export function coalesceValues(context: CoalesceContext, chart: ChartNode, values: Table): Table {
  return coalesce(context, chart, copyTable(values), { prefix: "", merge: false });
}

/** `MergeValues`: as `coalesceValues`, but nulls stay. Throws `CoalesceError`. */
export function mergeValues(context: CoalesceContext, chart: ChartNode, values: Table): Table {
  return coalesce(context, chart, copyTable(values), { prefix: "", merge: true });
}

interface Pass {
  readonly prefix: string;
  readonly merge: boolean;
}

function coalesce(context: CoalesceContext, chart: ChartNode, destination: Table, pass: Pass): Table {
  coalesceChartValues(context, chart, destination, pass);
  return coalesceDependencies(context, chart, destination, pass);
}

function coalesceDependencies(context: CoalesceContext, chart: ChartNode, destination: Table, pass: Pass): Table {
  for (const subchart of chart.dependencies) {
    let table = destination.get(subchart.name);
    if (table === undefined) {
      table = new Map<string, GoValue>();
      destination.set(subchart.name, table);
    } else if (!isTable(table)) {
      throw new CoalesceError(`type mismatch on ${subchart.name}: ${formatBool(table)}`);
    }
    const prefix = concatPrefix(pass.prefix, chart.name);
    coalesceGlobals(context, table, destination, prefix);
    destination.set(subchart.name, coalesce(context, subchart, table, { prefix, merge: pass.merge }));
  }
  return destination;
}

/** `%t` of something that is rarely a bool. */
function formatBool(value: GoValue): string {
  if (typeof value === "boolean") return String(value);
  if (value === null) return "%!t(<nil>)";
  if (Array.isArray(value)) return `[${value.map(formatBool).join(" ")}]`;
  const type = typeof value === "string" ? "string" : typeof value === "number" ? "float64" : "int64";
  return `%!t(${type}=${sprint([value])})`;
}

/** Copies the globals of `source` (the parent) into `destination`, parent first. */
function coalesceGlobals(context: CoalesceContext, destination: Table, source: Table, prefix: string): void {
  const destinationGlobals =
    destination.get("global") ?? (destination.has("global") ? null : new Map<string, GoValue>());
  if (!isTable(destinationGlobals)) {
    context.warn("warning: skipping globals because destination global is not a table.");
    return;
  }
  const sourceGlobals = source.get("global") ?? (source.has("global") ? null : new Map<string, GoValue>());
  if (!isTable(sourceGlobals)) {
    context.warn("warning: skipping globals because source global is not a table.");
    return;
  }
  for (const [key, value] of sourceGlobals) {
    const existing = destinationGlobals.get(key);
    if (isTable(value)) {
      const copy = new Map(value);
      if (existing === undefined) {
        destinationGlobals.set(key, copy);
      } else if (!isTable(existing)) {
        context.warn(`Conflict: cannot merge map onto non-map for ${quoteGo(key)}. Skipping.`);
      } else {
        // Nulls stay here whatever the pass: the child's own coalescing removes them.
        coalesceTables(context, copy, existing, { prefix: concatPrefix(prefix, key), merge: true });
        destinationGlobals.set(key, copy);
      }
    } else if (isTable(existing)) {
      context.warn(`key ${key} is table. Skipping`);
    } else {
      destinationGlobals.set(key, value);
    }
  }
  destination.set("global", destinationGlobals);
}

/** The chart's own defaults under `values`. */
function coalesceChartValues(context: CoalesceContext, chart: ChartNode, values: Table, pass: Pass): void {
  const prefix = concatPrefix(pass.prefix, chart.name);
  const defaults = chart.values ? copyTable(chart.values) : new Map<string, GoValue>();
  const clean = !pass.merge && context.profile.cleansNullDefaults;
  for (const [key, value] of defaults) {
    const given = values.get(key);
    if (given === undefined) {
      if (clean && value === null) continue;
      if (clean && isTable(value)) deleteNulls(value);
      values.set(key, value);
    } else if (given === null && !pass.merge) {
      values.delete(key);
    } else if (isTable(given)) {
      if (isTable(value)) {
        // Under the name of a subchart nulls stay, so that they delete the subchart's defaults.
        const merge = pass.merge || chart.dependencies.some((subchart) => subchart.name === key);
        if (!merge && context.profile.cleansNullDefaults) deleteNulls(value);
        coalesceTables(context, given, value, { prefix: concatPrefix(prefix, key), merge });
      } else if (value !== null) {
        context.warn(`warning: skipped value for ${prefix}.${key}: Not a table.`);
      }
    }
  }
}

/** `CoalesceTables` / `MergeTables` with a context: merges `source` into `destination`, which wins. Changes both. */
export function coalesceTables(context: CoalesceContext, destination: Table, source: Table, pass: Pass): Table {
  const sourceNonNull = new Set<string>();
  for (const [key, value] of source) if (value !== null) sourceNonNull.add(key);
  if (context.profile.cleansNullDefaults) {
    for (const [key, value] of destination) if (value === null) source.set(key, null);
  }
  for (const [key, value] of source) {
    const existing = destination.get(key);
    if (existing === null && !pass.merge && (sourceNonNull.has(key) || !context.profile.cleansNullDefaults)) {
      destination.delete(key);
    } else if (existing === undefined) {
      destination.set(key, value);
    } else if (isTable(value)) {
      const fullKey = concatPrefix(pass.prefix, key);
      if (isTable(existing)) coalesceTables(context, existing, value, { prefix: fullKey, merge: pass.merge });
      else context.warn(`warning: cannot overwrite table with non table for ${fullKey} (${sprint([value])})`);
    } else if (isTable(existing) && value !== null) {
      const fullKey = concatPrefix(pass.prefix, key);
      context.warn(`warning: destination for ${fullKey} is a table. Ignoring non-table value (${sprint([value])})`);
    }
  }
  return destination;
}

function deleteNulls(table: Table): void {
  for (const [key, value] of table) {
    if (value === null) table.delete(key);
    else if (isTable(value)) deleteNulls(value);
  }
}

function concatPrefix(prefix: string, key: string): string {
  return prefix === "" ? key : `${prefix}.${key}`;
}
