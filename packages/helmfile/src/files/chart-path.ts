import { isAbsolute, joinPaths } from "./filepath.ts";

/* pkg/state/util.go of helmfile 1.8.0. */

/** Whether a chart is a path: `./x`, `../x`, absolute, or not exactly two or three path parts. */
export function isLocalChart(chart: string): boolean {
  if (chart.startsWith("./") || chart.startsWith("../")) return true;
  if (chart.includes("://")) return false;
  const parts = chart.split("/").length;
  return chart === "" || isAbsolute(chart) || (parts !== 2 && parts !== 3);
}

export function normalizeChart(basePath: string, chart: string): string {
  return !isLocalChart(chart) || isAbsolute(chart) ? chart : joinPaths(basePath, chart);
}
