import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import type { Chart, Profile } from "@tiphys/helm";
import { UserError, type Io } from "../../command.ts";
import { ContentCache } from "../content-cache.ts";
import { ChartFetchError } from "../fetch-error.ts";
import type { ChartAccess } from "../fetch-charts.ts";
import { defaultCacheFolder, type HelmSettings } from "../helm-settings.ts";
import { HttpClient } from "../http-client.ts";
import { registryHost } from "../oci-reference.ts";
import { RegistryClient } from "../registry-client.ts";
import { registryCredential, RegistryCredentials } from "../registry-credentials.ts";
import { readRepositoriesFile, repositoryEntry, type RepositoryEntry } from "../repositories-file.ts";
import { equalUrls } from "../urls.ts";
import { downloadAll, type DownloadContext } from "./download.ts";
import { loadChartAt } from "./load-chart.ts";
import {
  helm2LockDigest,
  lockDigest,
  readLock,
  wantedDependency,
  writeLock,
  type WantedDependency,
} from "./lock-file.ts";
import { RepositoryCache } from "./repository-cache.ts";
import { localPath, resolveDependencies } from "./resolver.ts";

/* pkg/downloader/manager.go (Helm 4.2.4). */

export interface ManagerOptions {
  readonly io: Io;
  /** Folder of the chart as the user wrote it. */
  readonly chartPath: string;
  readonly settings: HelmSettings;
  /** Logins and certificates for registries. */
  readonly access: ChartAccess;
  readonly skipRefresh: boolean;
  readonly isDebug: boolean;
  /** `--verify`. */
  readonly isVerified: boolean;
  readonly profile: Profile;
}

/** Brings the charts/ folder of a chart in line with its Chart.yaml or Chart.lock, as `helm dependency` does. Call `close` in the end. */
export class DependencyManager {
  readonly #options: ManagerOptions;
  readonly #http: HttpClient;
  readonly #entries: readonly RepositoryEntry[];
  readonly #context: DownloadContext;
  /** Registries that the chart names; only these get a login from the command line, not those of an index. */
  readonly #namedRegistries = new Set<string>();

  constructor(options: ManagerOptions) {
    const { io, settings } = options;
    this.#options = options;
    this.#http = new HttpClient({ environment: io.environment });
    this.#entries = readRepositoriesFile(settings.repositoryConfig);
    const cache = new ContentCache(defaultCacheFolder(io));
    const repositoryOptions = { http: this.#http, cache };
    this.#context = {
      io,
      chartPath: options.chartPath,
      isDebug: options.isDebug,
      isVerified: options.isVerified,
      profile: options.profile,
      entries: this.#entries,
      repositories: new RepositoryCache(settings.repositoryCache, repositoryOptions),
      repositoryOptions,
      registry: createRegistry(options, { http: this.#http, cache, named: this.#namedRegistries }),
    };
  }

  /** Frees the connections. */
  close(): void {
    this.#http.close();
  }

  /** Charts as Chart.lock says; without a lock, as `update`. Rejects with `UserError`. */
  async build(): Promise<void> {
    const chart = this.#loadFolder();
    const lock = readLock(chart);
    if (lock === undefined) return this.#update(chart);
    const isV1 = chart.metadata.apiVersion === "v1";
    const asWritten = (chart.metadata.dependencies ?? []).map(wantedDependency);
    const { wanted } = this.#resolveNames(asWritten);
    if (lockDigest(wanted, lock.dependencies) !== lock.digest) {
      const stale = isV1
        ? "the lock file (requirements.lock) is out of sync with the dependencies file (requirements.yaml). Please update the dependencies"
        : "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the dependencies with 'helm dependency update'";
      if (isV1)
        this.#options.io.stderr.write(
          "warning: a valid Helm v3 hash was not found. Checking against Helm v2 hash...\n",
        );
      if (!isV1 || helm2LockDigest(asWritten) !== lock.digest) throw new UserError(`Error: ${stale}`, 1);
    }
    this.#checkRepositories(lock.dependencies);
    if (!this.#options.skipRefresh) await this.#updateRepositories();
    await downloadAll(lock.dependencies, this.#context);
  }

  /** Charts as Chart.yaml says, and a new lock when it changed. Rejects with `UserError`. */
  async update(): Promise<void> {
    await this.#update(this.#loadFolder());
  }

  async #update(chart: Chart): Promise<void> {
    const { io, chartPath, skipRefresh } = this.#options;
    if (chart.metadata.dependencies === undefined) return;
    const { wanted, names } = this.#resolveNames(chart.metadata.dependencies.map(wantedDependency));
    await this.#addUnmanaged(wanted, names);
    if (!skipRefresh) await this.#updateRepositories();
    const { repositories, registry } = this.#context;
    const locked = await resolveDependencies(wanted, names, {
      cwd: io.cwd,
      chartPath,
      repositories,
      registry,
      profile: this.#options.profile,
    });
    const dependencies = await downloadAll(locked, this.#context);
    const digest = lockDigest(wanted, dependencies);
    if (readLock(chart)?.digest === digest) return;
    const generated = new Date(io.now()).toISOString().replace(/\.?0+Z$/, "Z");
    writeLock(resolve(io.cwd, chartPath), { generated, digest, dependencies }, chart.metadata.apiVersion === "v1");
  }

  #loadFolder(): Chart {
    const { io, chartPath } = this.#options;
    const stats = statSync(resolve(io.cwd, chartPath), { throwIfNoEntry: false });
    if (stats === undefined)
      throw new UserError(`Error: could not find ${chartPath}: stat ${chartPath}: no such file or directory`, 1);
    if (!stats.isDirectory()) throw new UserError("Error: only unpacked charts can be updated", 1);
    return loadChartAt(io.cwd, chartPath, this.#options.profile);
  }

  /** `resolveRepoNames`: dependencies with the URLs of aliases in place, and the name of each one's repository. */
  #resolveNames(dependencies: readonly WantedDependency[]): { wanted: WantedDependency[]; names: Map<string, string> } {
    const { io, chartPath, isDebug } = this.#options;
    const names = new Map<string, string>();
    const missing: string[] = [];
    const wanted = dependencies.map((each) => {
      const { repository } = each;
      if (repository === "") return each;
      if (repository.startsWith("file://")) {
        localPath(repository, { cwd: io.cwd, chartPath });
        if (isDebug) io.stdout.write(`Repository from local path: ${repository}\n`);
        names.set(each.name, repository);
        return each;
      }
      if (repository.startsWith("oci://")) {
        this.#namedRegistries.add(registryHost(repository.slice("oci://".length).split("/", 1)[0]!));
        names.set(each.name, repository);
        return each;
      }
      const alias = /^(?:@|alias:)(.*)$/s.exec(repository)?.[1];
      const entry = this.#entries.find(({ name, url }) =>
        alias === undefined ? equalUrls(url, repository) : name === alias,
      );
      if (entry !== undefined) {
        names.set(each.name, entry.name);
        return alias === undefined ? each : { ...each, repository: entry.url };
      }
      if (!isRequestUri(repository)) missing.push(repository);
      return each;
    });
    if (missing.length > 0) throw noDefinition(missing);
    return { wanted, names };
  }

  /** `ensureMissingRepos`: indexes of repositories that `repositories.yaml` does not have, under names of their own. */
  async #addUnmanaged(wanted: readonly WantedDependency[], names: Map<string, string>): Promise<void> {
    const unmanaged: RepositoryEntry[] = [];
    for (const { name, repository } of wanted) {
      if (repository === "" || names.has(name)) continue;
      const entry = repositoryEntry({
        name: `helm-manager-${createHash("sha256").update(repository).digest("hex")}`,
        url: repository,
      });
      names.set(name, entry.name);
      unmanaged.push(entry);
    }
    if (this.#options.skipRefresh || unmanaged.length === 0) return;
    this.#options.io.stdout.write("Getting updates for unmanaged Helm repositories...\n");
    await this.#refresh(unmanaged, ({ url }) => `${JSON.stringify(url)} chart repository`);
  }

  async #updateRepositories(): Promise<void> {
    if (this.#entries.length === 0) return;
    const { io } = this.#options;
    io.stdout.write("Hang tight while we grab the latest from your chart repositories...\n");
    await this.#refresh(this.#entries, undefined);
    io.stdout.write("Update Complete. ⎈Happy Helming!⎈\n");
  }

  /** All at a time, told in their order. What fails is told and left as it was. */
  async #refresh(
    entries: readonly RepositoryEntry[],
    unmanaged: ((entry: RepositoryEntry) => string) | undefined,
  ): Promise<void> {
    const byUrl = new Map(entries.map((entry) => [entry.url.replace(/\/$/, ""), entry]));
    for (const { url } of byUrl.values()) {
      const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? "";
      if (!["http", "https", "oci"].includes(scheme))
        throw new UserError(`Error: could not find protocol handler for: ${scheme}`, 1);
    }
    const results = [...byUrl.values()].map(async (entry) => {
      const quoted = JSON.stringify(entry.name);
      const ours = unmanaged?.(entry);
      try {
        await this.#context.repositories.update(entry);
        return `...Successfully got an update from the ${ours ?? `${quoted} chart repository`}\n`;
      } catch (error) {
        if (!(error instanceof ChartFetchError)) throw error;
        return `...Unable to get an update from the ${ours ?? `${quoted} chart repository (${entry.url})`}:\n\t${error.message}\n`;
      }
    });
    for (const line of await Promise.all(results)) this.#options.io.stdout.write(line);
  }

  /** `hasAllRepos`: a lock is built only from repositories that `repositories.yaml` has. */
  #checkRepositories(locked: readonly WantedDependency[]): void {
    const missing = locked
      .map(({ repository }) => repository)
      .filter((url) => url !== "" && !/^(?:file|oci):\/\//.test(url))
      .filter((url) => !this.#entries.some((entry) => equalUrls(entry.url, url.replace(/\/$/, ""))));
    if (missing.length === 0) return;
    throw new UserError(
      `Error: no repository definition for ${missing.join(", ")}. Please add the missing repos via 'helm repo add'`,
      1,
    );
  }
}

function createRegistry(
  options: ManagerOptions,
  parts: { http: HttpClient; cache: ContentCache; named: ReadonlySet<string> },
): RegistryClient {
  const { io, settings, access } = options;
  const credentials = new RegistryCredentials([settings.registryConfig, settings.dockerConfig], io.environment);
  const given =
    access.username && access.password
      ? registryCredential({ username: access.username, password: access.password })
      : undefined;
  const path = (file: string | undefined): string => (!file ? "" : isAbsolute(file) ? file : resolve(io.cwd, file));
  return new RegistryClient({
    http: parts.http,
    cache: parts.cache,
    credentialOf: async (host) => (parts.named.has(host) ? given : undefined) ?? (await credentials.find(host)),
    plainHttp: access.plainHttp ?? false,
    tls: {
      caFile: path(access.caFile),
      certFile: path(access.certFile),
      keyFile: path(access.keyFile),
      insecureSkipTLSVerify: access.insecureSkipTLSVerify ?? false,
    },
  });
}

/** Go's `url.ParseRequestURI` takes it: absolute, or a path from the root. */
function isRequestUri(text: string): boolean {
  return text.startsWith("/") || (URL.canParse(text) && /^[a-z][a-z0-9+.-]*:/i.test(text));
}

function noDefinition(missing: readonly string[]): UserError {
  let message = `Error: no repository definition for ${missing.join(", ")}. Please add them via 'helm repo add'`;
  if (missing.some((name) => !name.includes("//") && !name.startsWith("@") && !name.startsWith("alias:"))) {
    message +=
      '\nNote that repositories must be URLs or aliases. For example, to refer to the "example"\nrepository, use "https://charts.example.com/" or "@example" instead of\n"example". Don\'t forget to add the repo, too (\'helm repo add\').';
  }
  return new UserError(message, 1);
}
