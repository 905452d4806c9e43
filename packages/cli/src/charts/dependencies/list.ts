import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fromByteString } from "@tiphys/gotemplate";
import { parseStrictVersion } from "@tiphys/gotemplate/sprig";
import type { Chart, Profile } from "@tiphys/helm";
import { compareBytewise, GlobError, pathMatch } from "@tiphys/source";
import { UserError, type Io } from "../../command.ts";
import { ChartFetchError } from "../fetch-error.ts";
import { readConstraint, readVersion } from "../repository-index.ts";
import { loadChartAt } from "./load-chart.ts";
import { wantedDependency, type WantedDependency } from "./lock-file.ts";

/* pkg/action/dependency.go (Helm 4.2.4). */

/** `helm dependency list`: the table, and warnings about charts that nothing declares. Throws `UserError`. */
export function listDependencies(
  io: Io,
  chartPath: string,
  { maxColumnWidth, profile }: { readonly maxColumnWidth: number; readonly profile: Profile },
): void {
  const chart = loadChartAt(io.cwd, chartPath, profile);
  const { dependencies } = chart.metadata;
  if (dependencies === undefined) {
    io.stdout.write(`WARNING: no dependencies at ${join(chartPath, "charts")}\n`);
    return;
  }
  const wanted = dependencies.map(wantedDependency);
  const rows = wanted.map((each) => [
    each.name,
    each.version,
    each.repository,
    dependencyStatus(io.cwd, chartPath, { wanted: each, chart, profile }),
  ]);
  io.stdout.write(`${table([["NAME", "VERSION", "REPOSITORY", "STATUS"], ...rows], maxColumnWidth)}\n\n`);
  for (const name of chartsFolder(io.cwd, chartPath)) {
    const path = join(chartPath, "charts", name);
    if (!statSync(resolve(io.cwd, path), { throwIfNoEntry: false })?.isDirectory() && !name.endsWith(".tgz")) continue;
    const found = tryLoad(io.cwd, path, profile);
    if (found === undefined) io.stdout.write(`WARNING: "${path}" is not a chart.\n`);
    else if (!wanted.some((each) => each.name === chartName(found)))
      io.stdout.write(`WARNING: "${path}" is not in Chart.yaml.\n`);
  }
}

function dependencyStatus(
  cwd: string,
  chartPath: string,
  of: { wanted: WantedDependency; chart: Chart; profile: Profile },
): string {
  const { wanted, chart, profile } = of;
  let archives: string[];
  try {
    archives = chartsFolder(cwd, chartPath).filter((name) => pathMatch(`${wanted.name}-*.tgz`, name));
  } catch (error) {
    if (error instanceof GlobError) return "bad pattern";
    throw error;
  }
  if (archives.length > 1) {
    archives = archives.filter((name) => isStrictVersion(name.slice(wanted.name.length + 1, -".tgz".length)));
    if (archives.length > 1) return "too many matches";
  }
  if (archives.length === 1)
    return archiveStatus(tryLoad(cwd, join(chartPath, "charts", archives[0]!), profile), wanted);
  const unpacked = chart.dependencies.findLast((each) => chartName(each) === wanted.name);
  return unpacked === undefined ? "missing" : (versionStatus(unpacked, wanted) ?? "unpacked");
}

function archiveStatus(chart: Chart | undefined, wanted: WantedDependency): string {
  if (chart === undefined) return "corrupt";
  if (chartName(chart) !== wanted.name) return "misnamed";
  return versionStatus(chart, wanted) ?? "ok";
}

function versionStatus(chart: Chart, wanted: WantedDependency): string | undefined {
  const version = fromByteString(chart.metadata.version);
  if (version === wanted.version) return undefined;
  try {
    const constraint = readConstraint(wanted.version);
    if (readVersion(version) === undefined) return "invalid version";
    return constraint.allows(version) ? undefined : "wrong version";
  } catch (error) {
    if (error instanceof ChartFetchError) return "invalid version";
    throw error;
  }
}

function chartName(chart: Chart): string {
  return fromByteString(chart.metadata.name);
}

function chartsFolder(cwd: string, chartPath: string): string[] {
  const folder = resolve(cwd, chartPath, "charts");
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder).sort(compareBytewise) : [];
}

function tryLoad(cwd: string, path: string, profile: Profile): Chart | undefined {
  try {
    return loadChartAt(cwd, path, profile);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function isStrictVersion(text: string): boolean {
  try {
    parseStrictVersion(text);
    return true;
  } catch {
    return false;
  }
}

/** gosuri/uitable 0.0.4: cells padded to their column, also in the last, and a tab between; longer ones end in "...". */
function table(rows: readonly (readonly string[])[], maxColumnWidth: number): string {
  const widths = rows[0]!.map((_, column) => {
    const widest = Math.max(...rows.map((row) => [...row[column]!].length));
    return maxColumnWidth === 0 ? widest : Math.min(widest, maxColumnWidth);
  });
  return rows.map((row) => row.map((cell, column) => resized(cell, widths[column]!)).join("\t")).join("\n");
}

function resized(cell: string, width: number): string {
  const letters = [...cell];
  if (letters.length <= width) return cell + " ".repeat(width - letters.length);
  // The loop of strutil.Resize writes one letter before it looks.
  return `${letters.slice(0, Math.max(1, width - 3)).join("")}...`;
}
