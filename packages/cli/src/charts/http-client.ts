import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import * as tls from "node:tls";
import { version } from "../version.ts";
import { ChartFetchError } from "./fetch-error.ts";
import { openTunnel, proxyAuthorization, proxyFor } from "./http-proxy.ts";
import { displayUrl, isLoopbackHost, isSameOrigin, parseHttpUrl } from "./urls.ts";

/** How to reach a server over TLS. Paths are absolute; "" is none. */
export interface TlsFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly insecureSkipTLSVerify: boolean;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: "GET" | "HEAD" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `Authorization` for the URL's own origin; a redirect to another one loses it. */
  readonly authorization?: string | undefined;
  readonly tls?: TlsFiles | undefined;
  /** The user's own URL says `http://`, so plain http is what was asked for. */
  readonly allowPlainHttp?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** `404 Not Found`. */
  readonly statusLine: string;
  readonly headers: http.IncomingHttpHeaders;
  /** Where the answer came from after redirects. */
  readonly url: URL;
  readonly body: http.IncomingMessage;
}

export interface HttpClientOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds of silence after which a connection is given up; default 30 s. */
  readonly idleTimeout?: number;
  /** Milliseconds for one answer with all of its body; default 120 s, as Helm's. */
  readonly totalTimeout?: number;
}

interface TlsOptions {
  readonly secureContext: tls.SecureContext;
  readonly rejectUnauthorized?: boolean;
}

const mostRedirects = 10;

/** Gets things over http and https: redirects, proxies, timeouts, and credentials that never go to another origin. */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #plainAgent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  readonly #tlsAgents = new Map<string, https.Agent>();
  readonly #tlsOptions = new Map<string, TlsOptions>();

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /** Sends a request and follows redirects. Resolves whatever the status is; rejects with `ChartFetchError` when no answer comes. */
  async send(request: HttpRequest): Promise<HttpResponse> {
    let url = parseHttpUrl(request.url);
    let authorization = request.authorization ?? userInfo(url);
    for (let redirects = 0; ; redirects++) {
      const body = await this.#exchange(withoutUserInfo(url), { ...request, authorization });
      const status = body.statusCode ?? 0;
      const { location } = body.headers;
      if (
        ![301, 302, 303, 307, 308].includes(status) ||
        location === undefined ||
        (request.method ?? "GET") === "POST"
      ) {
        return { status, statusLine: statusLine(body), headers: body.headers, url, body };
      }
      body.resume();
      body.destroy();
      if (redirects >= mostRedirects) {
        throw new ChartFetchError(
          "chart-download-failed",
          `${displayUrl(request.url)}: stopped after ${mostRedirects} redirects`,
        );
      }
      const next = parseHttpUrl(new URL(location, url).href);
      if (!isSameOrigin(url, next)) authorization = userInfo(next);
      url = next;
    }
  }

  /** Closes idle connections, so that the process can end. */
  close(): void {
    this.#plainAgent.destroy();
    for (const agent of this.#tlsAgents.values()) agent.destroy();
  }

  async #exchange(url: URL, request: HttpRequest): Promise<http.IncomingMessage> {
    if (url.protocol === "http:" && request.allowPlainHttp !== true && !isLoopbackHost(url.hostname)) {
      throw new ChartFetchError(
        "chart-url-insecure",
        `refused: ${displayUrl(url)} is plain http, which the repository's own URL does not ask for`,
        "ask the owner of the repository to serve https, or write the repository's URL with http://",
      );
    }
    const method = request.method ?? "GET";
    const idle = this.#options.idleTimeout ?? 30_000;
    const options: https.RequestOptions = { method, timeout: idle, headers: headersOf(url, request) };
    const proxy = proxyFor(url, this.#options.environment);
    if (proxy !== undefined) await this.#throughProxy(url, { proxy, options, tls: request.tls, idle });
    else options.agent = url.protocol === "http:" ? this.#plainAgent : this.#tlsAgent(request.tls);
    return new Promise((resolve, reject) => {
      const target = proxy !== undefined && url.protocol === "http:" ? options : { ...options, ...targetOf(url) };
      const outgoing = (url.protocol === "http:" ? http : https).request(target);
      const total = this.#options.totalTimeout ?? 120_000;
      const deadline = setTimeout(
        () => outgoing.destroy(new Error(`no complete answer within ${total / 1000} s`)),
        total,
      );
      deadline.unref();
      outgoing.once("timeout", () => outgoing.destroy(new Error(`timed out after ${idle / 1000} s of silence`)));
      outgoing.once("close", () => clearTimeout(deadline));
      outgoing.once("error", (error) => reject(connectionError(method, url, error)));
      outgoing.once("response", resolve);
      outgoing.end(request.body);
    });
  }

  async #throughProxy(
    url: URL,
    how: { proxy: URL; options: https.RequestOptions; tls: TlsFiles | undefined; idle: number },
  ): Promise<void> {
    const { proxy, options } = how;
    if (url.protocol === "http:") {
      options.agent = false;
      Object.assign(options, { host: proxy.hostname, port: proxy.port || 80, path: url.href });
      Object.assign(options.headers!, { host: url.host, ...proxyAuthorization(proxy) });
      return;
    }
    const socket = await openTunnel(proxy, url, how.idle);
    const secure = this.#tlsOptionsFor(how.tls);
    // Node calls this only when no agent is given, not even `false`.
    options.createConnection = () => tls.connect({ ...secure, socket, servername: url.hostname });
  }

  #tlsAgent(files: TlsFiles | undefined): https.Agent {
    return kept(this.#tlsAgents, files, () => {
      return new https.Agent({ keepAlive: true, maxSockets: 8, ...this.#tlsOptionsFor(files) });
    });
  }

  /** One context for all connections: to parse a system's authorities takes longer than to connect. */
  #tlsOptionsFor(files: TlsFiles | undefined): TlsOptions {
    return kept(this.#tlsOptions, files, () => ({
      secureContext: tls.createSecureContext(this.#contextOptions(files)),
      ...(files?.insecureSkipTLSVerify ? { rejectUnauthorized: false } : {}),
    }));
  }

  /** Own authorities come on top of the built-in ones: `caFile` and, as Go reads it, SSL_CERT_FILE. */
  #contextOptions(files: TlsFiles | undefined): tls.SecureContextOptions {
    const authorities = [files?.caFile, this.#options.environment["SSL_CERT_FILE"]].filter(
      (path) => path !== undefined && path !== "",
    );
    return {
      ...(authorities.length > 0
        ? { ca: [...tls.rootCertificates, ...authorities.map((path) => readTlsFile(path!))] }
        : {}),
      ...(files && files.certFile !== "" && files.keyFile !== ""
        ? { cert: readTlsFile(files.certFile), key: readTlsFile(files.keyFile) }
        : {}),
    };
  }
}

function kept<T>(known: Map<string, T>, files: TlsFiles | undefined, make: () => T): T {
  const key = JSON.stringify([files?.caFile, files?.certFile, files?.keyFile, files?.insecureSkipTLSVerify]);
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}

/** All of a body, at most `limit` bytes. Rejects with `ChartFetchError` for a longer or broken one. */
export async function readBody(response: HttpResponse, limit: number, what: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  await consumeBody(response, { limit, what, take: (part) => void parts.push(part) });
  return Buffer.concat(parts);
}

export interface Consumption {
  /** Bytes. */
  readonly limit: number;
  /** What is read, for messages. */
  readonly what: string;
  /** Called with each part in order; may wait. */
  readonly take: (part: Buffer) => void | Promise<void>;
}

/** Hands a body over in parts, at most `limit` bytes of it. */
export async function consumeBody(response: HttpResponse, { limit, what, take }: Consumption): Promise<void> {
  const tooLarge = (): ChartFetchError =>
    new ChartFetchError(
      "chart-download-too-large",
      `${what} at ${displayUrl(response.url)} is larger than ${limit} bytes`,
    );
  if (Number(response.headers["content-length"] ?? 0) > limit) {
    response.body.destroy();
    throw tooLarge();
  }
  let size = 0;
  try {
    for await (const part of response.body) {
      size += (part as Buffer).length;
      if (size > limit) throw tooLarge();
      await take(part as Buffer);
    }
  } catch (error) {
    if (error instanceof ChartFetchError) throw error;
    throw connectionError("GET", response.url, error as Error);
  } finally {
    response.body.destroy();
  }
}

/** Gives up a body that nobody wants to read. */
export function discardBody(response: HttpResponse): void {
  response.body.resume();
  response.body.destroy();
}

function headersOf(url: URL, request: HttpRequest): Record<string, string> {
  const headers: Record<string, string> = {
    "user-agent": `tiphys/${version}`,
    "accept-encoding": "identity",
    host: url.host,
  };
  Object.assign(headers, request.headers);
  if (request.authorization !== undefined) headers["authorization"] = request.authorization;
  if (request.body !== undefined) headers["content-length"] = String(Buffer.byteLength(request.body));
  return headers;
}

function targetOf(url: URL): https.RequestOptions {
  return {
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port || undefined,
    path: `${url.pathname}${url.search}`,
  };
}

/** `Basic …` of a user and password; undefined when either is missing, as in Helm. */
export function basicAuthorization(username: string, password: string): string | undefined {
  if (username === "" || password === "") return undefined;
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function userInfo(url: URL): string | undefined {
  if (url.username === "" && url.password === "") return undefined;
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

function withoutUserInfo(url: URL): URL {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare;
}

function statusLine(body: http.IncomingMessage): string {
  return `${body.statusCode ?? 0} ${http.STATUS_CODES[body.statusCode ?? 0] ?? body.statusMessage ?? ""}`.trim();
}

function readTlsFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ChartFetchError("chart-tls-file", `can't create TLS config for client: ${(error as Error).message}`);
  }
}

/** What Go's net/http says of the commonest failures; Node's own words for the others. */
function connectionError(method: string, url: URL, error: Error): ChartFetchError {
  if (error instanceof ChartFetchError) return error;
  const failure = error as NodeJS.ErrnoException & { address?: string; port?: number };
  let reason = failure.message;
  if (failure.code === "ECONNREFUSED")
    reason = `dial tcp ${failure.address}:${failure.port}: connect: connection refused`;
  else if (failure.code === "ENOTFOUND") reason = `dial tcp: lookup ${url.hostname}: no such host`;
  const shown = `${method.charAt(0)}${method.slice(1).toLowerCase()}`;
  const fault = new ChartFetchError("chart-download-failed", `${shown} "${displayUrl(url)}": ${reason}`);
  fault.cause = failure.code;
  return fault;
}
