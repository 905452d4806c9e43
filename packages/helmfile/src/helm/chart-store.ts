import { fromByteString } from "@tiphys/gotemplate";
import { HelmError, loadChart, loadChartArchive } from "@tiphys/helm";
import type { Chart, Profile } from "@tiphys/helm";
import type { FileTree } from "@tiphys/source";
import type { Workspace } from "../files/workspace.ts";

/** A chart's files: a folder in some tree. */
export interface ChartFolder {
  readonly tree: FileTree;
  readonly path: string;
}

/** The charts of one run: folders and archives of the workspace, and those that were made on the way. */
export class ChartStore {
  readonly #workspace: Workspace;
  readonly #profile: Profile;
  /** Made by chart preparation, by absolute path. */
  readonly #made = new Map<string, ChartFolder>();
  readonly #loaded = new Map<string, Chart | HelmError>();

  readonly #findChart: (chart: string, version: string) => ChartFolder | undefined;

  constructor(
    workspace: Workspace,
    options: {
      readonly profile: Profile;
      readonly findChart?: (chart: string, version: string) => ChartFolder | undefined;
    },
  ) {
    this.#workspace = workspace;
    this.#profile = options.profile;
    this.#findChart = options.findChart ?? (() => undefined);
  }

  add(path: string, folder: ChartFolder): void {
    const absolute = this.#workspace.absolute(path);
    this.#made.set(absolute, folder);
    this.#loaded.delete(absolute);
  }

  /** The chart's folder; undefined when there is none. */
  folder(path: string): ChartFolder | undefined {
    const absolute = this.#workspace.absolute(path);
    const made = this.#made.get(absolute);
    if (made !== undefined) return made;
    const inside = this.#workspace.treePath(absolute);
    return inside !== undefined && this.#workspace.isDirectory(absolute)
      ? { tree: this.#workspace.tree, path: inside }
      : undefined;
  }

  /** Where a chart that lies elsewhere and is at hand was put; undefined when it is not. */
  fetched(chart: string, version: string): string | undefined {
    const folder = this.#findChart(chart, version);
    if (folder === undefined) return undefined;
    const path = this.#workspace.absolute(`/fetched/${chart.replaceAll("://", "/")}`);
    this.add(path, folder);
    return path;
  }

  /** Where Helm's LocateChart finds nothing, its message. */
  locate(path: string, version: string): string | undefined {
    if (this.folder(path) !== undefined || this.#workspace.isFile(path)) return undefined;
    if (path.startsWith("/") || path.startsWith(".")) return `path "${path}" not found`;
    const remote = this.#findChart(path, version);
    if (remote !== undefined) {
      this.add(path, remote);
      return undefined;
    }
    const slash = path.indexOf("/");
    if (slash < 0) return `non-absolute URLs should be in form of repo_name/path_to_chart, got: ${path}`;
    return `repo ${path.slice(0, slash)} not found`;
  }

  /** Throws `HelmError` with Helm's text. */
  load(path: string): Chart {
    const absolute = this.#workspace.absolute(path);
    let loaded = this.#loaded.get(absolute);
    if (loaded === undefined) this.#loaded.set(absolute, (loaded = this.#read(absolute, path)));
    if (loaded instanceof HelmError) throw loaded;
    return loaded;
  }

  #read(absolute: string, path: string): Chart | HelmError {
    try {
      const folder = this.folder(absolute);
      const options = { profile: this.#profile, displayPath: fromByteString(path) };
      if (folder !== undefined) return loadChart(folder.tree, folder.path, options);
      return loadChartArchive(this.#workspace.readBytes(absolute) ?? new Uint8Array(), options);
    } catch (error) {
      if (error instanceof HelmError) return error;
      throw error;
    }
  }
}
