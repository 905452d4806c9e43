import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fromByteString } from "@tiphys/gotemplate";
import { HelmError, loadChart, loadChartArchive, type Chart, type Profile } from "@tiphys/helm";
import { FileTreeError } from "@tiphys/source";
import { UserError } from "../../command.ts";
import { TemplateArgumentError } from "../argument-error.ts";
import { ChartFolder } from "../chart-folder.ts";
import { nodeGunzip } from "../node-gunzip.ts";
import { assertArchive } from "../open-chart.ts";

/**
 * `loader.Load` and `loader.LoadDir` of pkg/chart/v2 (Helm 4.2.4): a folder or an archive on disk. Throws `UserError` with Helm's text;
 * `path` is shown as it is given. Nothing is found in a file where a folder must be.
 */
export function loadChartAt(cwd: string, path: string, profile: Profile, isFolder = false): Chart {
  const absolute = resolve(cwd, path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) throw new UserError(`Error: stat ${path}: no such file or directory`, 1);
  const options = { gunzip: nodeGunzip, profile, displayPath: path, isDependencyCommand: true };
  try {
    if (stats.isDirectory()) return loadChart(new ChartFolder(absolute, cwd), "", options);
    if (isFolder) throw new HelmError("chart-missing", "Chart.yaml file is missing");
    const content = readFileSync(absolute);
    assertArchive(content, path);
    return loadChartArchive(content, options);
  } catch (error) {
    if (error instanceof HelmError || error instanceof FileTreeError || error instanceof TemplateArgumentError)
      throw new UserError(`Error: ${fromByteString(error.message)}`, 1);
    throw error;
  }
}
