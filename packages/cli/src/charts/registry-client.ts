import { FunctionError, toByteString } from "@tiphys/gotemplate";
import { parseStrictVersion, type Version } from "@tiphys/gotemplate/sprig";
import { sha256, type ContentCache } from "./content-cache.ts";
import { ChartFetchError } from "./fetch-error.ts";
import { discardBody, type HttpClient, type HttpResponse, readBody, type TlsFiles } from "./http-client.ts";
import { registryHost, tagOfVersion } from "./oci-reference.ts";
import { answerChallenge, loginHint, parseChallenge } from "./registry-authorization.ts";
import type { RegistryCredential } from "./registry-credentials.ts";
import { readConstraint, readVersion } from "./repository-index.ts";
import { displayUrl, isLoopbackHost, isSameOrigin } from "./urls.ts";

/* pkg/registry/client.go of Helm 4.2.4 over oras-go 2.6.2. */

const configMediaType = "application/vnd.cncf.helm.config.v1+json";
const chartMediaType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const legacyChartMediaType = "application/tar+gzip";
const manifestMediaType = "application/vnd.oci.image.manifest.v1+json";
const indexMediaType = "application/vnd.oci.image.index.v1+json";
const dockerManifestMediaType = "application/vnd.docker.distribution.manifest.v2+json";
const dockerListMediaType = "application/vnd.docker.distribution.manifest.list.v2+json";

const largestMetadata = 4 * 1024 * 1024;
const largestArchive = 100 * 1024 * 1024;
const mostPages = 1000;
const mostTags = 1_000_000;
const mostManifests = 32;

export interface RegistryClientOptions {
  readonly http: HttpClient;
  readonly cache: ContentCache;
  readonly credentialOf: (host: string) => Promise<RegistryCredential | undefined>;
  readonly tls?: TlsFiles | undefined;
  /** `--plain-http`. Registries on this machine are tried with it anyway, after https. */
  readonly plainHttp?: boolean;
}

/** A repository of a registry, as `parseOciReference` reads it. */
export interface RegistryRepository {
  readonly registry: string;
  readonly repository: string;
}

/** A chart that was pulled. */
export interface PulledChart {
  readonly bytes: Buffer;
  /** `sha256:…` of the manifest. */
  readonly manifestDigest: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Reads charts from OCI registries: tags, manifests and layers, each layer checked against its digest and size. */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  /** `Authorization` by host and repository. */
  readonly #authorizations = new Map<string, string>();
  /** `http` or `https` by host. */
  readonly #schemes = new Map<string, Promise<"http" | "https">>();

  constructor(options: RegistryClientOptions) {
    this.#options = options;
  }

  /** All tags that are semantic versions, `_` read as `+`, highest first. Rejects with `ChartFetchError`. */
  async versions(repository: RegistryRepository): Promise<string[]> {
    const found: Version[] = [];
    let next: string | undefined = `/v2/${repository.repository}/tags/list`;
    for (let page = 0; next !== undefined; page++) {
      if (page >= mostPages)
        throw new ChartFetchError("registry-answer-invalid", `tag listing exceeded ${mostPages} pages`);
      const response = await this.#get(repository, next, "application/json");
      if (response.status !== 200) throw await statusError(response);
      const body = parseJson(await readBody(response, largestMetadata, "the list of tags"), response);
      for (const tag of Array.isArray(body["tags"]) ? (body["tags"] as unknown[]) : []) {
        const version = typeof tag === "string" ? strictVersion(tag.replaceAll("_", "+")) : undefined;
        if (version !== undefined) found.push(version);
      }
      if (found.length > mostTags) throw new ChartFetchError("registry-answer-invalid", `more than ${mostTags} tags`);
      next = nextPage(response);
    }
    return found.sort((a, b) => b.compare(a)).map((version) => version.goString());
  }

  /**
   * `GetTagMatchingVersionOrConstraint`: the version itself when it is one, else the highest that meets the range.
   * Rejects with `ChartFetchError`.
   */
  async resolve(repository: RegistryRepository, wanted: string): Promise<string> {
    if (readVersion(wanted) !== undefined) return wanted;
    const versions = await this.versions(repository);
    if (versions.length === 0) {
      const name = `oci://${repository.registry}/${repository.repository}`;
      throw new ChartFetchError("chart-version-missing", `unable to locate any tags in provided repository: ${name}`);
    }
    if (wanted !== "" && versions.includes(wanted)) return wanted;
    const constraint = readConstraint(wanted === "" ? "*" : wanted);
    const chosen = versions.find((version) => constraint.allows(version));
    if (chosen !== undefined) return chosen;
    throw new ChartFetchError(
      "chart-version-missing",
      `could not locate a version matching provided version string ${wanted}`,
    );
  }

  /** The chart under a version, or under a manifest's digest. Rejects with `ChartFetchError`. */
  async pull(
    repository: RegistryRepository,
    reference: { version: string } | { digest: string },
  ): Promise<PulledChart> {
    const name = "digest" in reference ? reference.digest : tagOfVersion(reference.version);
    const { manifest, digest } = await this.#chartManifest(repository, name);
    const layers = descriptors(manifest["layers"]);
    const layer = layers.findLast(
      ({ mediaType }) => mediaType === chartMediaType || mediaType === legacyChartMediaType,
    );
    if (layer === undefined) {
      throw new ChartFetchError(
        "registry-not-a-chart",
        `manifest does not contain a layer with mediatype ${chartMediaType}`,
      );
    }
    return { bytes: await this.#blob(repository, layer), manifestDigest: digest };
  }

  /** A manifest with Helm's config; of an index, the first such. */
  async #chartManifest(repository: RegistryRepository, name: string): Promise<{ manifest: Json; digest: string }> {
    const top = await this.#manifest(repository, name).catch((error: unknown) => {
      if (!(error instanceof ChartFetchError) || !error.message.startsWith("Get ")) throw error;
      // oras.Copy names the step in which no answer came.
      const message = `failed to perform "FetchReference" on source: ${error.message}`;
      throw new ChartFetchError(error.code, message, error.fix);
    });
    if (!Array.isArray(top.manifest["manifests"])) return checkConfig(top);
    for (const { digest } of descriptors(top.manifest["manifests"]).slice(0, mostManifests)) {
      const inner = await this.#manifest(repository, digest);
      if (configType(inner.manifest) === configMediaType) return inner;
    }
    return checkConfig(top);
  }

  async #manifest(repository: RegistryRepository, name: string): Promise<{ manifest: Json; digest: string }> {
    const accept = [manifestMediaType, indexMediaType, dockerManifestMediaType, dockerListMediaType].join(", ");
    const response = await this.#get(repository, `/v2/${repository.repository}/manifests/${name}`, accept);
    if (response.status !== 200) throw await statusError(response);
    const body = await readBody(response, largestMetadata, "the manifest");
    const digest = `sha256:${sha256(body)}`;
    const promised = name.startsWith("sha256:") ? name : response.headers["docker-content-digest"];
    if (typeof promised === "string" && promised.startsWith("sha256:") && promised !== digest) {
      throw digestMismatch(response.url, promised, digest);
    }
    return { manifest: parseJson(body, response), digest };
  }

  async #blob(repository: RegistryRepository, layer: Descriptor): Promise<Buffer> {
    if (!/^sha256:[0-9a-f]{64}$/.test(layer.digest)) {
      throw new ChartFetchError(
        "registry-answer-invalid",
        `unsupported: layer with digest ${layer.digest.slice(0, 80)}`,
      );
    }
    if (layer.size > largestArchive) {
      throw new ChartFetchError("chart-download-too-large", `the chart's layer is larger than ${largestArchive} bytes`);
    }
    const known = this.#options.cache.get(layer.digest.slice("sha256:".length));
    if (known !== undefined && known.length === layer.size) return known;
    const path = `/v2/${repository.repository}/blobs/${layer.digest}`;
    const response = await this.#get(repository, path, "application/octet-stream, */*");
    if (response.status !== 200) throw await statusError(response);
    const bytes = await readBody(response, layer.size, "the chart's layer");
    const digest = `sha256:${sha256(bytes)}`;
    if (digest !== layer.digest || bytes.length !== layer.size)
      throw digestMismatch(response.url, layer.digest, digest);
    this.#options.cache.put(bytes);
    return bytes;
  }

  /** GET with the authorization that the registry asks for. */
  async #get(repository: RegistryRepository, path: string, accept: string): Promise<HttpResponse> {
    const host = registryHost(repository.registry);
    const scheme = await this.#scheme(host);
    const url = new URL(path, `${scheme}://${host}`);
    const key = `${host}\0${repository.repository}`;
    const send = (): Promise<HttpResponse> =>
      this.#options.http.send({
        url: url.href,
        headers: { accept },
        authorization: this.#authorizations.get(key),
        tls: this.#options.tls,
        allowPlainHttp: scheme === "http",
      });
    const response = await send();
    // A challenge that comes from where a redirect led is none of the registry's.
    if (response.status !== 401 || !isSameOrigin(url, response.url)) return response;
    const authorization = await answerChallenge(this.#options.http, {
      challenge: parseChallenge(response.headers["www-authenticate"] ?? ""),
      registryUrl: url,
      scope: `repository:${repository.repository}:pull`,
      credential: await this.#options.credentialOf(host),
      tls: this.#options.tls,
    });
    if (authorization === undefined) return response;
    discardBody(response);
    this.#authorizations.set(key, authorization);
    return send();
  }

  #scheme(host: string): Promise<"http" | "https"> {
    let scheme = this.#schemes.get(host);
    if (scheme === undefined) this.#schemes.set(host, (scheme = this.#findScheme(host)));
    return scheme;
  }

  /** Registries on this machine often speak plain http: what answers TLS with something else does. */
  async #findScheme(host: string): Promise<"http" | "https"> {
    if (this.#options.plainHttp === true) return "http";
    if (!isLoopbackHost(new URL(`https://${host}`).hostname)) return "https";
    try {
      discardBody(await this.#options.http.send({ url: `https://${host}/v2/`, tls: this.#options.tls }));
      return "https";
    } catch (error) {
      const cause = (error as Error).cause;
      const isPlain = cause === "EPROTO" || cause === "ECONNRESET" || cause === "ERR_SSL_WRONG_VERSION_NUMBER";
      if (error instanceof ChartFetchError) return isPlain ? "http" : "https";
      throw error;
    }
  }
}

const underscoreMessage = `
OCI artifact references (e.g. tags) do not support the plus sign (+). To support
storing semantic versions, Helm adopts the convention of changing plus (+) to
an underscore (_) in chart version tags when pushing to a registry and back to
a plus (+) when pulling from a registry.`;

/** What Helm prints about a chart that it pulled. */
export function pulledMessage(
  repository: RegistryRepository,
  of: { version: string } | { digest: string },
  pulled: PulledChart,
): string {
  const tag = "digest" in of ? `@${of.digest}` : `:${of.version.replaceAll("+", "_")}`;
  const reference = `${repository.registry}/${repository.repository}${tag}`;
  const note = reference.includes("_") ? `${reference} contains an underscore.\n${underscoreMessage}\n` : "";
  return `Pulled: ${reference}\nDigest: ${pulled.manifestDigest}\n${note}`;
}

type Json = Readonly<Record<string, unknown>>;

function configType(manifest: Json): string {
  return descriptors([manifest["config"]])[0]?.mediaType ?? "";
}

function checkConfig(found: { manifest: Json; digest: string }): { manifest: Json; digest: string } {
  if (configType(found.manifest) === configMediaType) return found;
  throw new ChartFetchError("registry-not-a-chart", `could not load config with mediatype ${configMediaType}`);
}

function descriptors(list: unknown): Descriptor[] {
  if (!Array.isArray(list)) return [];
  const isDescriptor = (item: unknown): item is Descriptor => {
    if (typeof item !== "object" || item === null) return false;
    const { mediaType, digest, size } = item as Partial<Record<keyof Descriptor, unknown>>;
    return (
      typeof mediaType === "string" && typeof digest === "string" && Number.isSafeInteger(size) && (size as number) >= 0
    );
  };
  return (list as unknown[]).filter(isDescriptor);
}

function strictVersion(text: string): Version | undefined {
  try {
    return parseStrictVersion(toByteString(text));
  } catch (error) {
    if (error instanceof FunctionError) return undefined;
    throw error;
  }
}

function parseJson(body: Buffer, response: HttpResponse): Json {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  } catch {
    // Said below.
  }
  throw new ChartFetchError(
    "registry-answer-invalid",
    `GET "${displayUrl(response.url)}": failed to decode response: no JSON object`,
  );
}

/** `Link: </v2/…?n=…&last=…>; rel="next"`; only on the registry itself. */
function nextPage(response: HttpResponse): string | undefined {
  const { link } = response.headers;
  const header = Array.isArray(link) ? link[0] : link;
  if (header === undefined || header === "") return undefined;
  const target = /^<([^>]*)>/.exec(header)?.[1];
  const isUrl = target !== undefined && URL.canParse(target, response.url.href);
  const url = isUrl ? new URL(target, response.url) : undefined;
  if (url === undefined || !isSameOrigin(url, response.url)) {
    throw new ChartFetchError("registry-answer-invalid", `GET "${displayUrl(response.url)}": invalid next link`);
  }
  return `${url.pathname}${url.search}`;
}

function digestMismatch(url: URL, wanted: string, got: string): ChartFetchError {
  return new ChartFetchError(
    "chart-digest-mismatch",
    `GET "${displayUrl(url)}": digest ${got} does not match ${wanted}`,
  );
}

/** oras-go's text: method, URL, status, and the registry's own words. */
async function statusError(response: HttpResponse): Promise<ChartFetchError> {
  const url = displayUrl(response.url);
  let words = response.statusLine.replace(/^\d+ /, "");
  try {
    const body = JSON.parse((await readBody(response, 64 * 1024, "the error")).toString("utf8")) as {
      errors?: unknown;
    };
    const errors = Array.isArray(body.errors) ? (body.errors as Json[]) : [];
    if (errors.length > 0) words = errors.map(errorWords).join("; ");
  } catch {
    discardBody(response);
  }
  const isRefused = response.status === 401 || response.status === 403;
  return new ChartFetchError(
    response.status === 404 ? "chart-missing" : isRefused ? "registry-unauthorized" : "chart-download-failed",
    `GET "${url}": response status code ${response.status}: ${words}`,
    isRefused ? loginHint(response.url.host) : undefined,
  );
}

function errorWords(error: Json): string {
  const code = String(error["code"] ?? "")
    .replaceAll("_", " ")
    .toLowerCase();
  const message = typeof error["message"] === "string" ? error["message"] : "";
  return (message === "" ? code : `${code}: ${message}`).slice(0, 500);
}
