import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, posix, resolve } from "node:path";
import { fromByteString } from "@tiphys/gotemplate";
import { HelmError, loadChartArchive, type Profile } from "@tiphys/helm";
import { UserError, type Io } from "../../command.ts";
import { ChartRepository, type ChartRepositoryOptions } from "../chart-repository.ts";
import { ChartFetchError } from "../fetch-error.ts";
import { nodeGunzip } from "../node-gunzip.ts";
import { parseOciReference } from "../oci-reference.ts";
import { pulledMessage, type RegistryClient } from "../registry-client.ts";
import { repositoryEntry, type RepositoryEntry } from "../repositories-file.ts";
import { chooseVersion, readVersion, type ChartVersion } from "../repository-index.ts";
import { equalUrls, displayUrl, resolveReferenceUrl } from "../urls.ts";
import { loadChartAt } from "./load-chart.ts";
import type { WantedDependency } from "./lock-file.ts";
import type { RepositoryCache } from "./repository-cache.ts";
import { dependencyConstraint, localPath } from "./resolver.ts";
import { packChart } from "./save-chart.ts";

/* downloadAll and safeMoveDeps of pkg/downloader/manager.go (Helm 4.2.4). Charts are held in memory until all are here. */

export interface DownloadContext {
  readonly io: Io;
  readonly chartPath: string;
  readonly isDebug: boolean;
  /** What is downloaded would have to be verified. */
  readonly isVerified: boolean;
  readonly profile: Profile;
  readonly entries: readonly RepositoryEntry[];
  readonly repositories: RepositoryCache;
  readonly repositoryOptions: Omit<ChartRepositoryOptions, "onIndexPart">;
  readonly registry: RegistryClient;
}

/** Gets the locked dependencies into charts/ and drops the others; resolves to them with the versions that were found. */
export async function downloadAll(
  locked: readonly WantedDependency[],
  context: DownloadContext,
): Promise<WantedDependency[]> {
  const { io, entries, repositories } = context;
  for (const entry of entries) {
    if (repositories.has(entry.name)) continue;
    throw new UserError(`Error: open ${repositories.path(entry.name)}: no such file or directory`, 1);
  }
  const folder = resolve(io.cwd, context.chartPath, "charts");
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new UserError(`Error: "${join(context.chartPath, "charts")}" is not a directory`, 1);
  }
  mkdirSync(folder, { recursive: true });
  io.stdout.write(`Saving ${locked.length} charts\n`);
  const archives = new Map<string, Buffer>();
  const saved: WantedDependency[] = [];
  try {
    const download = new Download(context, archives);
    for (const each of locked) saved.push(await download.get(each));
  } catch (error) {
    if (!(error instanceof SaveError) && !(error instanceof ChartFetchError)) throw error;
    io.stdout.write(`Save error occurred:  ${error.message}\n`);
    throw new UserError(`Error: ${error.message}`, 1);
  }
  replaceArchives(folder, archives, { locked, context });
  return saved;
}

/** What Helm calls a save error: it is said twice. */
class SaveError extends Error {
  override readonly name = "SaveError";
}

class Download {
  readonly #context: DownloadContext;
  readonly #archives: Map<string, Buffer>;
  readonly #done = new Set<string>();

  constructor(context: DownloadContext, archives: Map<string, Buffer>) {
    this.#context = context;
    this.#archives = archives;
  }

  async get(each: WantedDependency): Promise<WantedDependency> {
    const { io, isDebug } = this.#context;
    if (each.repository === "") {
      io.stdout.write(
        `Dependency ${each.name} did not declare a repository. Assuming it exists in the charts directory\n`,
      );
      this.#checkUnpacked(each);
      return each;
    }
    if (each.repository.startsWith("file://")) {
      if (isDebug) io.stdout.write(`Archiving ${each.name} from repo ${each.repository}\n`);
      return { ...each, version: this.#packLocal(each) };
    }
    if (this.#context.isVerified)
      throw new SaveError("unsupported: --verify: provenance files of downloaded charts are not checked");
    if (each.repository.startsWith("oci://")) await this.#pull(each);
    else await this.#fetch(each);
    return each;
  }

  #checkUnpacked(each: WantedDependency): void {
    const { io, chartPath, profile } = this.#context;
    const path = join(chartPath, "charts", each.name);
    let version: string;
    try {
      version = fromByteString(loadChartAt(io.cwd, path, profile).metadata.version);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`Error: unable to load chart '${path}': ${error.message.replace(/^Error: /, "")}`, 1);
    }
    if (dependencyConstraint(each).allows(version)) return;
    throw new SaveError(
      `dependency ${each.name} at version ${version} does not satisfy the constraint ${each.version}`,
    );
  }

  #packLocal(each: WantedDependency): string {
    const { io, chartPath, profile } = this.#context;
    const folder = localPath(each.repository, { cwd: io.cwd, chartPath });
    const chart = loadChartAt(io.cwd, folder, profile, true);
    const version = fromByteString(chart.metadata.version);
    if (!dependencyConstraint(each).allows(version))
      throw new SaveError(`can't get a valid version for dependency ${each.name}`);
    const modifiedAt = (path: string): number =>
      statSync(resolve(io.cwd, folder, fromByteString(path)), { throwIfNoEntry: false })?.mtimeMs ?? io.now();
    this.#archives.set(`${fromByteString(chart.metadata.name)}-${version}.tgz`, packChart(chart, modifiedAt));
    return version;
  }

  #isNew(each: WantedDependency, address: string): boolean {
    const isNew = !this.#done.has(address);
    const word = isNew ? "Downloading" : "Already downloaded";
    this.#context.io.stdout.write(`${word} ${each.name} from repo ${displayUrl(each.repository)}\n`);
    this.#done.add(address);
    return isNew;
  }

  async #pull(each: WantedDependency): Promise<void> {
    const address = `${each.repository}/${each.name}`;
    if (!this.#isNew(each, `${address}:${each.version}`)) return;
    const { io, registry } = this.#context;
    try {
      const reference = parseOciReference(address);
      const version = await registry.resolve(reference, each.version);
      const pulled = await registry.pull(reference, { version });
      io.stdout.write(pulledMessage(reference, { version }, pulled));
      this.#archives.set(`${posix.basename(reference.repository)}-${version}.tgz`, pulled.bytes);
    } catch (error) {
      throw notDownloaded(address, error);
    }
  }

  async #fetch(each: WantedDependency): Promise<void> {
    const { entries, repositories, repositoryOptions } = this.#context;
    const known = entries.find((entry) => equalUrls(each.repository, entry.url));
    const repository = new ChartRepository(known ?? repositoryEntry({ url: each.repository }), repositoryOptions);
    let chosen: ChartVersion;
    let url: string;
    try {
      chosen =
        known === undefined
          ? await this.#find(each, repository)
          : findEntry(each, (await repositories.entries(known.name, new Set([each.name]))).get(each.name));
      url = resolveReferenceUrl(each.repository, chosen.urls[0]!);
    } catch (error) {
      if (!(error instanceof ChartFetchError)) throw error;
      throw new SaveError(`could not find : ${error.message}`);
    }
    if (!this.#isNew(each, url)) return;
    try {
      this.#archives.set(fileName(url), await this.#archive(repository, url, chosen));
    } catch (error) {
      throw notDownloaded(displayUrl(url), error);
    }
  }

  /** Repositories may list charts that lie in a registry. */
  async #archive(repository: ChartRepository, url: string, chosen: ChartVersion): Promise<Buffer> {
    if (!url.startsWith("oci://")) return repository.archive(url, chosen.digest);
    const reference = parseOciReference(url);
    const version = reference.version === "" ? chosen.version : reference.version;
    return (
      await this.#context.registry.pull(reference, reference.digest === "" ? { version } : { digest: reference.digest })
    ).bytes;
  }

  /** `repo.FindChartInRepoURL`: in a repository that `repositories.yaml` does not have. */
  async #find(each: WantedDependency, repository: ChartRepository): Promise<ChartVersion> {
    const where = displayUrl(each.repository);
    const fail = (why: string): ChartFetchError =>
      new ChartFetchError("chart-missing", `chart ${each.name} not found in ${where}: ${why}`);
    const { entries } = await repository.index(new Set([each.name])).catch((error: unknown) => {
      if (!(error instanceof ChartFetchError)) throw error;
      throw fail(`looks like "${where}" is not a valid chart repository or cannot be reached: ${error.message}`);
    });
    const name = `chart "${each.name}"${each.version === "" ? "" : ` version "${each.version}"`}`;
    const chosen = chooseVersion(entries.get(each.name) ?? [], each.version);
    if (chosen === undefined) throw fail(`${name} not found in ${where} repository`);
    if (chosen.urls.length === 0) throw fail(`${name} has no downloadable URLs`);
    return chosen;
  }
}

/** `findVersionedEntry`: the very version that is locked. */
function findEntry(each: WantedDependency, versions: readonly ChartVersion[] | undefined): ChartVersion {
  if (versions === undefined) throw new ChartFetchError("chart-missing", "entry not found");
  const locked = readVersion(each.version);
  const isWanted = ({ version }: ChartVersion): boolean =>
    each.version === "" ||
    (locked === undefined ? version === each.version : readVersion(version)?.compare(locked) === 0);
  const found = versions.find((version) => version.urls.length > 0 && isWanted(version));
  if (found === undefined) throw new ChartFetchError("chart-version-missing", "no matching version");
  return found;
}

function notDownloaded(address: string, error: unknown): unknown {
  return error instanceof ChartFetchError ? new SaveError(`could not download ${address}: ${error.message}`) : error;
}

/** The last part of a URL's path. It comes from outside, so it must be nothing but a file's name. */
function fileName(url: string): string {
  const { pathname, protocol } = new URL(url);
  const last = pathname.slice(pathname.lastIndexOf("/") + 1);
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // Kept as written.
  }
  if (protocol === "oci:") name = `${name.replace(":", "-")}.tgz`;
  if (name === "" || name.startsWith(".") || /[/\\\0]/.test(name)) {
    throw new ChartFetchError("chart-url-invalid", `the address names no file: ${displayUrl(url)}`);
  }
  return name;
}

/** `safeMoveDeps`: new archives in, each whole or not at all; archives that nothing wants any more out. */
function replaceArchives(
  folder: string,
  archives: ReadonlyMap<string, Buffer>,
  { locked, context }: { locked: readonly WantedDependency[]; context: DownloadContext },
): void {
  const { io, chartPath } = context;
  const before = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
  for (const [name, bytes] of archives) {
    const why = loadFault(bytes);
    if (why !== undefined) {
      io.stdout.write(`Could not verify ${join(chartPath, "charts", name)} for moving: ${why} (Skipping)`);
      continue;
    }
    const temporary = join(folder, `.${basename(name)}.${process.pid}.tmp`);
    writeFileSync(temporary, bytes, { mode: 0o644 });
    renameSync(temporary, join(folder, name));
  }
  io.stdout.write("Deleting outdated charts\n");
  const unpacked = new Set(locked.filter(({ repository }) => repository === "").map(({ name }) => name));
  for (const { name } of before.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (archives.has(name)) continue;
    const path = join(folder, name);
    const bytes = readFileSync(path);
    const why = loadFault(bytes);
    if (why !== undefined)
      io.stdout.write(`Could not verify ${join(chartPath, "charts", name)} for deletion: ${why} (Skipping)\n`);
    else if (!unpacked.has(fromByteString(loadChartArchive(bytes, { gunzip: nodeGunzip }).metadata.name))) rmSync(path);
  }
}

function loadFault(bytes: Buffer): string | undefined {
  try {
    loadChartArchive(bytes, { gunzip: nodeGunzip });
    return undefined;
  } catch (error) {
    if (error instanceof HelmError) return fromByteString(error.message);
    throw error;
  }
}
