import { createHash } from "node:crypto";
import type { RequestListener, ServerResponse } from "node:http";
import { startServer, type LoopbackServer } from "./loopback-server.ts";

/** How the test registry behaves. */
export interface RegistryBehaviour {
  readonly tls?: boolean;
  /** `user:password`, asked for by Basic or by the token flow; anonymous tokens are given out with `anonymous`. */
  readonly login?: string;
  readonly flow?: "basic" | "bearer";
  readonly anonymous?: boolean;
  /** Accepted in exchange at the token endpoint. */
  readonly refreshToken?: string;
  /** Tags per page. */
  readonly pageSize?: number;
  /** Blobs are answered by a redirect to this origin. */
  readonly blobOrigin?: string;
  /** The realm instead of the registry's own `/token`. */
  readonly realm?: string;
}

/** The pull side of the OCI distribution protocol, in memory. */
export interface LoopbackRegistry extends LoopbackServer {
  /** Puts a chart; returns the digest of its manifest. */
  push(repository: string, tag: string, archive: Uint8Array, options?: PushOptions): string;
  /** Content by digest, for tests that damage it. */
  readonly blobs: Map<string, Uint8Array>;
}

export interface PushOptions {
  readonly configType?: string;
  readonly layerType?: string;
  /** Puts the manifest under an image index too, which the tag then names. */
  readonly asIndex?: boolean;
}

const token = "token-of-the-registry";

/** Starts a registry on a free port of 127.0.0.1. */
export async function startRegistry(behaviour: RegistryBehaviour = {}): Promise<LoopbackRegistry> {
  const blobs = new Map<string, Uint8Array>();
  const manifests = new Map<string, { digest: string; mediaType: string; bytes: Uint8Array }>();
  const tags = new Map<string, string[]>();
  const put = (bytes: Uint8Array): string => {
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return digest;
  };
  const listener: RequestListener = (request, response) => {
    const url = new URL(request.url ?? "/", "http://loopback");
    if (url.pathname === "/token") {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () =>
        giveToken(response, behaviour, {
          authorization: request.headers.authorization,
          form: new URLSearchParams(body),
        }),
      );
      return;
    }
    if (!isAllowed(behaviour, request.headers.authorization)) {
      const realm = behaviour.realm ?? `${behaviour.tls ? "https" : "http"}://${request.headers.host}/token`;
      const scope = /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(url.pathname)?.[1];
      const bearer = `Bearer realm="${realm}",service="loopback registry",scope="repository:${scope}:pull"`;
      response.writeHead(401, { "www-authenticate": behaviour.flow === "bearer" ? bearer : 'Basic realm="loopback"' });
      response.end(JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] }));
      return;
    }
    const match = /^\/v2\/(.+)\/(manifests|blobs|tags)\/(.+)$/.exec(url.pathname);
    if (match?.[2] === "tags")
      listTags(response, { list: tags.get(match[1]!), url, pageSize: behaviour.pageSize ?? 1000 });
    else if (match?.[2] === "manifests") {
      const found = manifests.get(`${match[1]} ${match[3]}`);
      if (found === undefined) notFound(response, "MANIFEST_UNKNOWN", "manifest unknown");
      else
        response
          .writeHead(200, {
            "content-type": found.mediaType,
            "docker-content-digest": found.digest,
            "content-length": found.bytes.length,
          })
          .end(found.bytes);
    } else if (match !== null) {
      const bytes = blobs.get(match[3]!);
      if (bytes === undefined) notFound(response, "BLOB_UNKNOWN", "blob unknown to registry");
      else if (behaviour.blobOrigin !== undefined)
        response.writeHead(307, { location: `${behaviour.blobOrigin}/${match[3]}?signature=secret` }).end();
      else response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    } else response.writeHead(url.pathname === "/v2/" ? 200 : 404).end();
  };
  const server = await startServer(listener, behaviour.tls === undefined ? {} : { tls: behaviour.tls });
  return {
    ...server,
    blobs,
    push(repository, tag, archive, options = {}) {
      const config = Buffer.from('{"name":"chart"}');
      const descriptor = (mediaType: string, bytes: Uint8Array): object => ({
        mediaType,
        digest: put(bytes),
        size: bytes.length,
      });
      const mediaType = "application/vnd.oci.image.manifest.v1+json";
      const manifest = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType,
          config: descriptor(options.configType ?? "application/vnd.cncf.helm.config.v1+json", config),
          layers: [descriptor(options.layerType ?? "application/vnd.cncf.helm.chart.content.v1.tar+gzip", archive)],
        }),
      );
      const digest = digestOf(manifest);
      const entry = { digest, mediaType, bytes: manifest };
      manifests.set(`${repository} ${digest}`, entry);
      manifests.set(`${repository} ${tag}`, entry);
      if (options.asIndex) {
        const indexType = "application/vnd.oci.image.index.v1+json";
        const index = Buffer.from(
          JSON.stringify({
            schemaVersion: 2,
            mediaType: indexType,
            manifests: [{ mediaType, digest, size: manifest.length }],
          }),
        );
        manifests.set(`${repository} ${tag}`, { digest: digestOf(index), mediaType: indexType, bytes: index });
      }
      tags.set(repository, [...(tags.get(repository) ?? []), tag].sort());
      return digest;
    },
  };
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function isAllowed(behaviour: RegistryBehaviour, authorization: string | undefined): boolean {
  if (behaviour.flow === "bearer") return authorization === `Bearer ${token}`;
  return behaviour.login === undefined || authorization === `Basic ${Buffer.from(behaviour.login).toString("base64")}`;
}

function giveToken(
  response: ServerResponse,
  behaviour: RegistryBehaviour,
  asked: { authorization: string | undefined; form: URLSearchParams },
): void {
  const login = behaviour.login === undefined ? undefined : `Basic ${Buffer.from(behaviour.login).toString("base64")}`;
  const isExchange = behaviour.refreshToken !== undefined && asked.form.get("refresh_token") === behaviour.refreshToken;
  const isKnown =
    (asked.authorization === undefined && behaviour.anonymous === true) ||
    (login !== undefined && asked.authorization === login);
  if (isKnown || isExchange)
    response.writeHead(200).end(JSON.stringify(isExchange ? { access_token: token } : { token }));
  else response.writeHead(401).end("{}");
}

function listTags(response: ServerResponse, of: { list: string[] | undefined; url: URL; pageSize: number }): void {
  if (of.list === undefined) {
    notFound(response, "NAME_UNKNOWN", "repository name not known to registry");
    return;
  }
  const last = of.url.searchParams.get("last");
  const start = last === null ? 0 : of.list.indexOf(last) + 1;
  const page = of.list.slice(start, start + of.pageSize);
  const hasMore = start + page.length < of.list.length;
  const link = hasMore ? { link: `<${of.url.pathname}?n=${of.pageSize}&last=${page.at(-1)}>; rel="next"` } : {};
  response.writeHead(200, link).end(JSON.stringify({ name: "chart", tags: page }));
}

function notFound(response: ServerResponse, code: string, message: string): void {
  response.writeHead(404).end(JSON.stringify({ errors: [{ code, message }] }));
}
