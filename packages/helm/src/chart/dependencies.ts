import { GoMap, quoteGo, sprint, type GoValue } from "@tiphys/gotemplate";
import { coalesceTables, coalesceValues, mergeValues, type CoalesceContext } from "../values/coalesce.ts";
import { HelmError } from "../error.ts";
import { copyTable, findPathValue, findTable, isTable, missingTable, type Table } from "../values/values.ts";
import { ChartNode } from "./chart-node.ts";
import type { ChartWarning } from "./chart.ts";
import { copyMetadata, type Dependency } from "./metadata.ts";
import { isCompatibleRange } from "./version.ts";

/** What processing needs besides the chart. */
export interface DependencyContext extends CoalesceContext {
  /** Lines for stderr that are not coalescing's. */
  readonly log: (warning: ChartWarning) => void;
}

/**
 * `ProcessDependencies` (pkg/chart/v2/util/dependencies.go, Helm 4.2.4): aliases copied, disabled subcharts dropped, values
 * imported. Changes `chart`. Throws `CoalesceError`, and `HelmError` for thousands of subcharts.
 */
export function processDependencies(context: DependencyContext, chart: ChartNode, values: Table): void {
  processEnabled({ ...context, budget: { charts: mostCharts } }, chart, values, "");
  processImportsBottomUp(context, chart);
}

/** Charts within charts, aliases counted: a few that each stand for ten others would be millions. */
const mostCharts = 5000;

interface BoundedContext extends DependencyContext {
  readonly budget: { charts: number };
}

function processEnabled(context: BoundedContext, chart: ChartNode, values: Table, path: string): void {
  if (--context.budget.charts < 0) {
    const message = `unsupported: Chart.yaml: more than ${mostCharts} subcharts`;
    throw new HelmError("chart-invalid", message, { place: { file: "Chart.yaml" } });
  }
  const requirements = chart.metadata.dependencies;
  if (requirements === undefined) return;
  const kept = chart.dependencies.filter(
    (existing) =>
      !requirements.some(
        (requirement) =>
          existing.name === requirement.name && isCompatibleRange(requirement.version, existing.metadata.version),
      ),
  );
  for (const requirement of requirements) {
    const aliased = aliasDependency(chart.dependencies, requirement);
    if (aliased) kept.push(aliased);
    if (requirement.alias !== "") requirement.name = requirement.alias;
  }
  chart.setDependencies(kept);
  for (const requirement of requirements) requirement.enabled = true;
  const coalesced = coalesceValues(context, chart, values);
  processTags(context, requirements, coalesced);
  processConditions(context, requirements, { values: coalesced, path });
  const removed = new Set(
    requirements.filter((requirement) => !requirement.enabled).map((requirement) => requirement.name),
  );
  const enabled = chart.dependencies.filter((node) => !removed.has(node.name));
  const enabledRequirements = requirements.filter((requirement) => !removed.has(requirement.name));
  for (const node of enabled) processEnabled(context, node, coalesced, `${path}${node.name}.`);
  // Go appends to a nil slice: none left means no list at all.
  chart.metadata.dependencies = enabledRequirements.length > 0 ? enabledRequirements : undefined;
  chart.setDependencies(enabled);
}

/** `getAliasDependency`: a copy of the subchart that the entry asks for, under its alias. */
function aliasDependency(charts: readonly ChartNode[], requirement: Dependency): ChartNode | undefined {
  for (const chart of charts) {
    if (chart.name !== requirement.name) continue;
    if (!isCompatibleRange(requirement.version, chart.metadata.version)) continue;
    const copy = chart.shallowCopy();
    copy.metadata = copyMetadata(chart.metadata);
    copy.setDependencies(chart.dependencies.map((dependency) => dependency.shallowCopy()));
    if (requirement.alias !== "") copy.metadata.name = requirement.alias;
    return copy;
  }
  return undefined;
}

function processTags(context: DependencyContext, requirements: readonly Dependency[], values: Table): void {
  const tags = findTable(values, "tags");
  if (!tags) return;
  for (const requirement of requirements) {
    let hasTrue = false;
    let hasFalse = false;
    for (const tag of requirement.tags) {
      const value = tags.get(tag);
      if (value === undefined) continue;
      if (value === true) hasTrue = true;
      else if (value === false) hasFalse = true;
      else {
        context.log({
          level: "WARN",
          message: "returned non-bool value",
          attributes: [
            ["tag", tag],
            ["chart", requirement.name],
          ],
        });
      }
    }
    requirement.enabled = hasTrue || !hasFalse;
  }
}

function processConditions(
  context: DependencyContext,
  requirements: readonly Dependency[],
  scope: { readonly values: Table; readonly path: string },
): void {
  for (const requirement of requirements) {
    for (const condition of requirement.condition.trim().split(",")) {
      if (condition === "") continue;
      const value = findPathValue(scope.values, scope.path + condition);
      if (typeof value === "boolean") {
        requirement.enabled = value;
        break;
      }
      if (value !== undefined) {
        context.log({
          level: "WARN",
          message: "returned non-bool value",
          attributes: [
            ["path", condition],
            ["chart", requirement.name],
          ],
        });
      }
    }
  }
}

function processImportsBottomUp(context: DependencyContext, chart: ChartNode): void {
  for (const subchart of chart.dependencies) processImportsBottomUp(context, subchart);
  processImports(context, chart);
}

/** `processImportValues` with merge: the chart's values become the merged tree (nulls kept) under which imports lie. */
function processImports(context: DependencyContext, chart: ChartNode): void {
  const requirements = chart.metadata.dependencies;
  if (requirements === undefined) return;
  const values = mergeValues(context, chart, new Map());
  const imported: Table = new Map();
  for (const requirement of requirements) {
    const resolved: GoValue[] = [];
    for (const entry of requirement.importValues) {
      const names = importNames(entry);
      if (!names) continue;
      resolved.push(
        new GoMap("map[string]string", [
          ["child", names.child],
          ["parent", names.parent],
        ]),
      );
      const path = `${requirement.name}.${names.child}`;
      const table = findTable(values, path);
      if (!table) {
        context.log(missingTableWarning(entry, requirement.name, missingTable(values, path)));
        continue;
      }
      coalesceTables(context, imported, pathToTable(names.parent, table), { prefix: "", merge: true });
    }
    requirement.importValues = resolved;
  }
  // The merged tree is new: only tables that imports share with it have to be copied.
  chart.values =
    imported.size === 0 ? values : coalesceTables(context, copyTable(values), imported, { prefix: "", merge: true });
}

function importNames(entry: GoValue): { child: string; parent: string } | undefined {
  if (typeof entry === "string") return { child: `exports.${entry}`, parent: "." };
  if (!isTable(entry)) return undefined;
  return { child: sprint([entry.get("child") ?? null]), parent: sprint([entry.get("parent") ?? null]) };
}

function missingTableWarning(entry: GoValue, chart: string, key: string): ChartWarning {
  const error: [string, string] = ["error", `${quoteGo(key)} is not a table`];
  if (typeof entry === "string") return { level: "WARN", message: "ImportValues missing table", attributes: [error] };
  return { level: "WARN", message: "ImportValues missing table from chart", attributes: [["chart", chart], error] };
}

/** `a.b` and T become `{a: {b: T}}`; `.` gives T itself. */
function pathToTable(path: string, table: Table): Table {
  if (path === ".") return table;
  let current = table;
  for (const name of path.split(".").reverse()) current = new Map<string, GoValue>([[name, current]]);
  return current;
}
