import { isAbsolute, resolve } from "node:path";
import { type ChartPlace, referenceText } from "@tiphys/estate";
import type { ChartReference } from "@tiphys/helm";
import { type Diagnostic, MemoryTree } from "@tiphys/source";
import type { Io } from "../command.ts";
import { ChartRepository, type FetchedIndex } from "./chart-repository.ts";
import { ContentCache, sha256 } from "./content-cache.ts";
import { ChartFetchError } from "./fetch-error.ts";
import { defaultCacheFolder, helmSettings, type HelmSettings } from "./helm-settings.ts";
import { HttpClient, type TlsFiles } from "./http-client.ts";
import { parseOciReference, registryHost } from "./oci-reference.ts";
import { pulledMessage, RegistryClient } from "./registry-client.ts";
import { registryCredential, RegistryCredentials } from "./registry-credentials.ts";
import {
  findRepositoryByUrl,
  readRepositoriesFile,
  repositoryEntry,
  type RepositoryEntry,
} from "./repositories-file.ts";
import { chooseVersion } from "./repository-index.ts";
import { displayUrl, parseHttpUrl } from "./urls.ts";

export interface FetchChartsOptions {
  readonly io: Io;
  /** Default: `tiphys` under XDG_CACHE_HOME or ~/.cache. */
  readonly cacheFolder?: string;
  /** Fetches nothing, also not from the cache: charts stay wanted. */
  readonly offline?: boolean;
  /** Repositories that the estate declares, asked before Helm's `repositories.yaml`. */
  readonly repositories?: readonly RepositoryEntry[];
  /** Logins, certificates and the like from the command line, for every chart of this call. */
  readonly access?: ChartAccess;
  /** Overrides of where Helm's files are. */
  readonly settings?: Partial<HelmSettings>;
  /** Gets Helm's lines about each chart that came from a registry. */
  readonly onPulled?: (message: string) => void;
  /** Tests shorten the timeouts. */
  readonly idleTimeout?: number;
}

/** Helm's flags `--username` and so on; absent ones are not given. */
export interface ChartAccess {
  readonly username?: string;
  readonly password?: string;
  readonly passCredentials?: boolean;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly insecureSkipTLSVerify?: boolean;
  readonly plainHttp?: boolean;
}

export interface FetchedCharts {
  /** Where the charts are now, by `referenceText`. */
  readonly fetched: ReadonlyMap<string, ChartPlace>;
  /** One for each chart that could not be fetched. */
  readonly diagnostics: readonly Diagnostic[];
}

/** So many downloads run at a time. */
const width = 6;

/**
 * Fetches charts from chart repositories and OCI registries; path references are left alone, equal ones are fetched once.
 * Never rejects for a chart: what went wrong with it is a diagnostic. Throws `UserError` for a `repositories.yaml` that is no YAML.
 */
export async function fetchCharts(
  wanted: readonly ChartReference[],
  options: FetchChartsOptions,
): Promise<FetchedCharts> {
  const references = new Map<string, RemoteReference>();
  for (const reference of wanted) if (reference.kind !== "path") references.set(referenceText(reference), reference);
  if (references.size === 0 || options.offline === true) return { fetched: new Map(), diagnostics: [] };
  const fetcher = new ChartFetcher([...references.values()], options);
  const progress = createProgress(options.io, references.size);
  const archives = new Map<string, { readonly path: string; readonly bytes: Uint8Array }>();
  const diagnostics = new Map<string, Diagnostic>();
  try {
    await inParallel([...references], async ([text, reference]) => {
      try {
        archives.set(text, await fetcher.fetch(reference));
      } catch (error) {
        if (!(error instanceof ChartFetchError)) throw error;
        diagnostics.set(text, diagnosticOf(reference, error));
      }
      progress.step(displayText(reference));
    });
  } finally {
    progress.end();
    fetcher.close();
  }
  const tree = new MemoryTree(
    [...archives.values()].map(({ path, bytes }) => [path, bytes] as const),
    "fetched charts",
  );
  const order = [...references.keys()];
  return {
    fetched: new Map(
      order.flatMap((text) =>
        archives.has(text) ? [[text, { tree, path: archives.get(text)!.path, isArchive: true }] as const] : [],
      ),
    ),
    diagnostics: order.flatMap((text) => diagnostics.get(text) ?? []),
  };
}

/** Fetches one chart. Rejects with `ChartFetchError`, and with `UserError` for a `repositories.yaml` that is no YAML. */
export async function fetchChart(reference: RemoteReference, options: FetchChartsOptions): Promise<Uint8Array> {
  const fetcher = new ChartFetcher([reference], options);
  try {
    return (await fetcher.fetch(reference)).bytes;
  } finally {
    fetcher.close();
  }
}

/** A chart that is not simply a path. */
export type RemoteReference = Exclude<ChartReference, { kind: "path" }>;

class ChartFetcher {
  readonly #options: FetchChartsOptions;
  readonly #http: HttpClient;
  readonly #cache: ContentCache;
  readonly #registry: RegistryClient;
  readonly #entries: readonly RepositoryEntry[];
  readonly #repositories = new Map<string, { repository: ChartRepository; index: Promise<FetchedIndex> }>();
  /** Names wanted of each repository, so that its index is read once for all. */
  readonly #names = new Map<string, Set<string>>();
  /** Registries that the user named; only these get a login from the command line. */
  readonly #namedRegistries = new Set<string>();

  constructor(references: readonly RemoteReference[], options: FetchChartsOptions) {
    this.#options = options;
    const { io } = options;
    const settings = { ...helmSettings(io), ...options.settings };
    this.#http = new HttpClient({
      environment: io.environment,
      ...(options.idleTimeout === undefined ? {} : { idleTimeout: options.idleTimeout }),
    });
    this.#cache = new ContentCache(options.cacheFolder ?? defaultCacheFolder(io));
    this.#entries = [...(options.repositories ?? []), ...readRepositoriesFile(settings.repositoryConfig)];
    this.#registry = this.#createRegistry(settings);
    for (const reference of references) {
      const url = addressOf(reference);
      if (url.startsWith("oci://"))
        this.#namedRegistries.add(registryHost(url.slice("oci://".length).split("/", 1)[0]!));
      if (reference.kind !== "repository") continue;
      const names = this.#names.get(reference.repoURL) ?? new Set();
      this.#names.set(reference.repoURL, names.add(reference.chart));
    }
  }

  async fetch(reference: RemoteReference): Promise<{ path: string; bytes: Uint8Array }> {
    if (reference.kind === "oci") return this.#fetchOci(reference.reference, reference.version);
    if (reference.kind === "url") return this.#fetchUrl(reference.url);
    if (!reference.repoURL.startsWith("oci://")) return this.#fetchFromRepository(reference);
    return this.#fetchOci(`${reference.repoURL.replace(/\/+$/, "")}/${reference.chart}`, reference.version);
  }

  close(): void {
    this.#http.close();
  }

  #createRegistry(settings: HelmSettings): RegistryClient {
    const { io, access = {} } = this.#options;
    const credentials = new RegistryCredentials([settings.registryConfig, settings.dockerConfig], io.environment);
    const given =
      access.username && access.password
        ? registryCredential({ username: access.username, password: access.password })
        : undefined;
    return new RegistryClient({
      http: this.#http,
      cache: this.#cache,
      tls: this.#tlsFiles(),
      plainHttp: access.plainHttp ?? false,
      credentialOf: async (host) =>
        (this.#namedRegistries.has(host) ? given : undefined) ??
        this.#declaredLogin(host) ??
        (await credentials.find(host)),
    });
  }

  /** Helmfiles declare registries as repositories without a scheme: `url: host/path`, `oci: true`. */
  #declaredLogin(host: string): ReturnType<typeof registryCredential> | undefined {
    for (const { url, username, password } of this.#options.repositories ?? []) {
      if (username === "" || password === "" || /^https?:/i.test(url)) continue;
      if (url.replace(/^oci:\/\//, "").split("/", 1)[0] === host) return registryCredential({ username, password });
    }
    return undefined;
  }

  async #fetchOci(text: string, version: string): Promise<{ path: string; bytes: Uint8Array }> {
    const reference = parseOciReference(text);
    if (reference.version !== "" && version !== "" && reference.version !== version) {
      throw new ChartFetchError(
        "chart-reference-invalid",
        `chart reference and version mismatch: ${version} is not ${reference.version}`,
      );
    }
    const name = reference.repository.slice(reference.repository.lastIndexOf("/") + 1);
    const wanted = version === "" ? reference.version : version;
    if (reference.digest !== "") {
      const pulled = await this.#registry.pull(reference, { digest: reference.digest });
      this.#options.onPulled?.(pulledMessage(reference, { digest: reference.digest }, pulled));
      return { path: archivePath(name, wanted, pulled.bytes), bytes: pulled.bytes };
    }
    const chosen = await this.#registry.resolve(reference, wanted);
    const pulled = await this.#registry.pull(reference, { version: chosen });
    this.#options.onPulled?.(pulledMessage(reference, { version: chosen }, pulled));
    return { path: archivePath(name, chosen, pulled.bytes), bytes: pulled.bytes };
  }

  async #fetchFromRepository(
    reference: RemoteReference & { kind: "repository" },
  ): Promise<{ path: string; bytes: Uint8Array }> {
    const { repository, index } = this.#repository(reference.repoURL);
    const versions = (await index).entries.get(reference.chart) ?? [];
    const chosen = chooseVersion(versions, reference.version);
    const name = `chart "${reference.chart}"${reference.version === "" ? "" : ` version "${reference.version}"`}`;
    if (chosen === undefined) {
      throw new ChartFetchError(
        "chart-version-missing",
        `${name} not found in ${displayUrl(reference.repoURL)} repository`,
        otherVersions(versions),
      );
    }
    const url = chosen.urls[0];
    if (url === undefined) throw new ChartFetchError("chart-url-missing", `${name} has no downloadable URLs`);
    // Some repositories list charts that lie in a registry; the digest is then the registry's to give.
    if (url.startsWith("oci://")) return this.#fetchOci(url, "");
    const bytes = await repository.archive(url, chosen.digest);
    return { path: archivePath(reference.chart, chosen.version, bytes), bytes };
  }

  /** An archive by its own address. Helm looks for a repository that lists it; here the one whose URL it is under lends its login. */
  async #fetchUrl(url: string): Promise<{ path: string; bytes: Uint8Array }> {
    if (url.startsWith("oci://")) return this.#fetchOci(url, "");
    const owner = this.#entries.find(
      (entry) => entry.url !== "" && url.startsWith(`${entry.url.replace(/\/+$/, "")}/`),
    );
    const repository = new ChartRepository(this.#entry(owner?.url ?? url), { http: this.#http, cache: this.#cache });
    const bytes = await repository.archive(url, "");
    const file = parseHttpUrl(url).pathname.split("/").at(-1)!;
    return { path: archivePath(file.replace(/\.tgz$/, ""), "", bytes), bytes };
  }

  #repository(url: string): { repository: ChartRepository; index: Promise<FetchedIndex> } {
    let found = this.#repositories.get(url);
    if (found === undefined) {
      const repository = new ChartRepository(this.#entry(url), { http: this.#http, cache: this.#cache });
      found = { repository, index: indexOf(repository, url, this.#names.get(url) ?? new Set()) };
      this.#repositories.set(url, found);
    }
    return found;
  }

  /** What is known of a repository, under what the command line says. */
  #entry(url: string): RepositoryEntry {
    const { access = {} } = this.#options;
    const known = findRepositoryByUrl(this.#entries, url) ?? repositoryEntry({ url });
    const tls = this.#tlsFiles();
    return {
      ...known,
      url,
      ...(access.username === undefined ? {} : { username: access.username }),
      ...(access.password === undefined ? {} : { password: access.password }),
      ...(access.passCredentials ? { passCredentialsAll: true } : {}),
      caFile: tls.caFile || known.caFile,
      certFile: tls.certFile || known.certFile,
      keyFile: tls.keyFile || known.keyFile,
      insecureSkipTLSVerify: tls.insecureSkipTLSVerify || known.insecureSkipTLSVerify,
    };
  }

  #tlsFiles(): TlsFiles {
    const { io, access = {} } = this.#options;
    const path = (file: string | undefined): string => (!file ? "" : isAbsolute(file) ? file : resolve(io.cwd, file));
    return {
      caFile: path(access.caFile),
      certFile: path(access.certFile),
      keyFile: path(access.keyFile),
      insecureSkipTLSVerify: access.insecureSkipTLSVerify ?? false,
    };
  }
}

/** `FindChartInRepoURL` (pkg/repo/v1/chartrepo.go): the index, or why it is none. */
async function indexOf(repository: ChartRepository, url: string, names: ReadonlySet<string>): Promise<FetchedIndex> {
  try {
    return await repository.index(names);
  } catch (error) {
    if (!(error instanceof ChartFetchError) || error.message.startsWith("looks like ")) throw error;
    const message = `looks like "${displayUrl(url)}" is not a valid chart repository or cannot be reached: ${error.message}`;
    throw new ChartFetchError(error.code, message, error.fix);
  }
}

/** The reference of `repo/name` by Helm's `repositories.yaml`; undefined when no repository has that name. */
export function repositoryReference(
  { repositoryConfig }: Pick<HelmSettings, "repositoryConfig">,
  alias: string,
  version: string,
): RemoteReference | undefined {
  const slash = alias.indexOf("/");
  if (slash <= 0) return undefined;
  const entries = readRepositoriesFile(repositoryConfig);
  const entry = entries.find(({ name }) => name === alias.slice(0, slash));
  return entry && { kind: "repository", repoURL: entry.url, chart: alias.slice(slash + 1), version };
}

function otherVersions(versions: readonly { readonly version: string }[]): string | undefined {
  if (versions.length === 0) return undefined;
  const some = versions.slice(0, 3).map(({ version }) => version);
  return `the repository has ${some.join(", ")}${versions.length > 3 ? ` and ${versions.length - 3} older ones` : ""}`;
}

/** Readable in messages, unique by content. Names come from outside: nothing of them makes a path. */
function archivePath(name: string, version: string, bytes: Uint8Array): string {
  const readable = (version === "" ? name : `${name}-${version}`).replaceAll(/[^\w.+-]/g, "_").replace(/^\.+/, "_");
  return `${sha256(bytes).slice(0, 12)}/${readable}.tgz`;
}

/** The address that the user wrote, with `oci://` where it is a registry's. */
function addressOf(reference: RemoteReference): string {
  if (reference.kind === "oci") return `oci://${reference.reference.replace(/^oci:\/\//, "")}`;
  return reference.kind === "url" ? reference.url : reference.repoURL;
}

function displayText(reference: RemoteReference): string {
  if (reference.kind === "url") return displayUrl(reference.url);
  if (reference.kind === "oci") return referenceText(reference);
  return referenceText({ ...reference, repoURL: displayUrl(reference.repoURL) });
}

function diagnosticOf(reference: RemoteReference, error: ChartFetchError): Diagnostic {
  const message = `chart ${displayText(reference)} could not be fetched: ${error.message}`;
  return { code: error.code, severity: "error", message, ...(error.fix === undefined ? {} : { fix: error.fix }) };
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}

/** One line on a terminal that is overwritten; nothing elsewhere. */
function createProgress(io: Io, total: number): { step(name: string): void; end(): void } {
  if (!io.stderr.isTTY) return { step: () => undefined, end: () => undefined };
  let done = 0;
  const show = (text: string): void => io.stderr.write(`\r\u001b[K${text}`);
  show(`fetching ${total} charts`);
  return {
    step(name) {
      done++;
      show(`fetching charts: ${done}/${total} ${name.slice(0, 60)}`);
    },
    end: () => show(""),
  };
}
