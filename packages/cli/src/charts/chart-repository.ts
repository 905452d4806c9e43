import { toByteString } from "@tiphys/gotemplate";
import type { ContentCache } from "./content-cache.ts";
import { ChartFetchError } from "./fetch-error.ts";
import { basicAuthorization, consumeBody, discardBody, type HttpClient, type HttpResponse } from "./http-client.ts";
import { IndexScanner, type IndexScan } from "./index-scanner.ts";
import type { RepositoryEntry } from "./repositories-file.ts";
import { type IndexEntries, readScannedEntries, readWholeIndex } from "./repository-index.ts";
import { displayUrl, isSameOrigin, parseHttpUrl, resolveReferenceUrl } from "./urls.ts";

/** No index in the world is that large; Helm has no limit. */
const largestIndex = 512 * 1024 * 1024;
/** Indexes that are not in Helm's layout must fit into memory as a whole. */
const largestWholeIndex = 64 * 1024 * 1024;
/** Helm refuses charts that are larger when unpacked. */
export const largestArchive = 100 * 1024 * 1024;

/** The wanted part of an index, and the names of all its charts. */
export interface FetchedIndex {
  readonly entries: IndexEntries;
  readonly names: readonly string[];
}

export interface ChartRepositoryOptions {
  readonly http: HttpClient;
  readonly cache: ContentCache;
  /** Gets every part of the index as it came, for who keeps it elsewhere. */
  readonly onIndexPart?: (part: Buffer) => void;
}

/** A chart repository over https (pkg/repo/v1/chartrepo.go, pkg/getter/httpgetter.go). */
export class ChartRepository {
  readonly entry: RepositoryEntry;
  readonly #http: HttpClient;
  readonly #cache: ContentCache;
  readonly #onIndexPart: ((part: Buffer) => void) | undefined;
  readonly #allowPlainHttp: boolean;

  constructor(entry: RepositoryEntry, options: ChartRepositoryOptions) {
    this.entry = entry;
    this.#http = options.http;
    this.#cache = options.cache;
    this.#onIndexPart = options.onIndexPart;
    this.#allowPlainHttp = /^http:/i.test(entry.url);
  }

  /** The entries of some charts. The index streams by and is asked for only when it changed. Rejects with `ChartFetchError`. */
  async index(wanted: ReadonlySet<string>): Promise<FetchedIndex> {
    const url = resolveReferenceUrl(this.entry.url, "index.yaml");
    const scanner = new IndexScanner(new Set([...wanted].map(toByteString)));
    const digest = await this.#download(url, { accept: undefined, limit: largestIndex, what: "the index" }, (part) => {
      scanner.add(part);
      this.#onIndexPart?.(part);
    });
    const scan = scanner.finish();
    const where = displayUrl(this.entry.url);
    if (!scan.isUnusual) return fromScan(scan, where);
    const whole: Buffer[] = [];
    let size = 0;
    const take = (part: Buffer): void => {
      size += part.length;
      if (size <= largestWholeIndex) whole.push(part);
    };
    if (digest.isKept) for await (const part of this.#cache.read(digest.digest)) take(part as Buffer);
    else await this.#download(url, { accept: undefined, limit: largestWholeIndex, what: "the index" }, take);
    if (size > largestWholeIndex) {
      throw new ChartFetchError(
        "chart-index-invalid",
        `unsupported: the index of ${where} is larger than ${largestWholeIndex} bytes and not in Helm's own layout`,
      );
    }
    return readWholeIndex(Buffer.concat(whole).toString("latin1"), wanted, where);
  }

  /** The archive at a URL of the index. `digest` "" means unknown. Rejects with `ChartFetchError`, also when the digest differs. */
  async archive(reference: string, digest: string): Promise<Buffer> {
    const known = digest === "" ? undefined : this.#cache.get(digest);
    if (known !== undefined) return known;
    const url = resolveReferenceUrl(this.entry.url, reference);
    const parts: Buffer[] = [];
    const what = { accept: "application/gzip,application/octet-stream", limit: largestArchive, what: "the chart" };
    const kept = await this.#download(url, what, (part) => void parts.push(part));
    const bytes = Buffer.concat(parts);
    if (digest !== "" && kept.digest !== digest) {
      throw new ChartFetchError(
        "chart-digest-mismatch",
        `the chart at ${displayUrl(url)} has digest ${kept.digest}, but the repository's index says ${digest}`,
        "tell the owner of the repository; its index and its archives do not belong together",
      );
    }
    return bytes;
  }

  /** GET with the validators of the last answer; hands the body over and returns its digest. */
  async #download(
    url: string,
    how: { readonly accept: string | undefined; readonly limit: number; readonly what: string },
    take: (part: Buffer) => void,
  ): Promise<{ readonly digest: string; readonly isKept: boolean }> {
    const name = `${url}\0${this.entry.username}`;
    const note = this.#cache.note(name);
    const known = note !== undefined && (await this.#cache.check(note.digest)) ? note : undefined;
    const headers: Record<string, string> = how.accept === undefined ? {} : { accept: how.accept };
    if (known !== undefined && known.etag !== "") headers["if-none-match"] = known.etag;
    else if (known !== undefined && known.lastModified !== "") headers["if-modified-since"] = known.lastModified;
    const response = await this.#http.send({
      url,
      headers,
      authorization: this.#authorizationFor(url),
      tls: this.entry,
      allowPlainHttp: this.#allowPlainHttp,
    });
    if (response.status === 304 && known !== undefined) {
      discardBody(response);
      for await (const part of this.#cache.read(known.digest)) take(part as Buffer);
      return { digest: known.digest, isKept: true };
    }
    if (response.status !== 200) throw statusError(url, response);
    const writer = this.#cache.write();
    try {
      await consumeBody(response, {
        limit: how.limit,
        what: how.what,
        take: (part) => {
          writer.add(part);
          take(part);
        },
      });
    } catch (error) {
      writer.discard();
      throw error;
    }
    const kept = writer.finish();
    const [etag, lastModified] = [response.headers.etag ?? "", response.headers["last-modified"] ?? ""];
    if (kept.isKept && (etag !== "" || lastModified !== ""))
      this.#cache.setNote(name, { etag, lastModified, digest: kept.digest });
    return kept;
  }

  /** Credentials go to the repository's own origin, elsewhere only with `pass_credentials_all`. */
  #authorizationFor(url: string): string | undefined {
    const { username, password, passCredentialsAll } = this.entry;
    const base = parseHttpUrl(this.entry.url);
    if (!passCredentialsAll && !isSameOrigin(base, parseHttpUrl(url))) return undefined;
    const own = basicAuthorization(username, password);
    if (own !== undefined || base.username === "") return own;
    return basicAuthorization(decodeURIComponent(base.username), decodeURIComponent(base.password));
  }
}

function fromScan(scan: IndexScan, where: string): FetchedIndex {
  return { entries: readScannedEntries(scan, where), names: scan.names };
}

function statusError(url: string, response: HttpResponse): ChartFetchError {
  discardBody(response);
  const fix =
    response.status === 401 || response.status === 403
      ? "give the repository's user and password (helm repo add NAME URL --username … --password …)"
      : undefined;
  return new ChartFetchError(
    "chart-download-failed",
    `failed to fetch ${displayUrl(url)} : ${response.statusLine}`,
    fix,
  );
}
