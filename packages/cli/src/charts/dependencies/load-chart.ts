import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fromByteString } from "@tiphys/gotemplate";
import { HelmError, loadChart, loadChartArchive, type Chart } from "@tiphys/helm";
import { FileTreeError } from "@tiphys/source";
import { UserError } from "../../command.ts";
import { ChartFolder } from "../chart-folder.ts";
import { nodeGunzip } from "../node-gunzip.ts";

/** `loader.Load`: a folder or an archive on disk. Throws `UserError` with Helm's text; `path` is shown as it is given. */
export function loadChartAt(cwd: string, path: string): Chart {
  const absolute = resolve(cwd, path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) throw new UserError(`Error: stat ${path}: no such file or directory`, 1);
  try {
    if (!stats.isDirectory()) return loadChartArchive(readFileSync(absolute), { gunzip: nodeGunzip });
    return loadChart(new ChartFolder(absolute, cwd), "", { gunzip: nodeGunzip, displayPath: path });
  } catch (error) {
    if (error instanceof HelmError || error instanceof FileTreeError)
      throw new UserError(`Error: ${fromByteString(error.message)}`, 1);
    throw error;
  }
}
