import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

/** One request as a test server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly authorization: string | undefined;
  readonly headers: IncomingMessage["headers"];
}

/** A server on 127.0.0.1 for tests. */
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** The certificate of TLS servers here, which clients must be told to trust. */
export const certificateFile = fileURLToPath(new URL("cert.pem", import.meta.url));

/** Starts a server on a free port of 127.0.0.1. */
export async function startServer(
  listener: RequestListener,
  options: { readonly tls?: boolean } = {},
): Promise<LoopbackServer> {
  const seen: SeenRequest[] = [];
  const observe: RequestListener = (request, response) => {
    seen.push({
      method: request.method ?? "",
      path: request.url ?? "",
      host: request.headers.host ?? "",
      authorization: request.headers.authorization,
      headers: request.headers,
    });
    listener(request, response);
  };
  const server: Server = options.tls
    ? createTlsServer(
        { cert: readFileSync(certificateFile), key: readFileSync(new URL("key.pem", import.meta.url)) },
        observe,
      )
    : createServer(observe);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `${options.tls ? "https" : "http"}://${host}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Serves files by path, with an ETag each; with a login only to who has it. */
export function serveFiles(files: ReadonlyMap<string, string | Uint8Array>, login?: string): RequestListener {
  return (request, response) => {
    if (login !== undefined && request.headers.authorization !== `Basic ${Buffer.from(login).toString("base64")}`) {
      response.writeHead(401).end();
      return;
    }
    const content = files.get(new URL(request.url ?? "/", "http://loopback").pathname);
    if (content === undefined) {
      response.writeHead(404).end("not found");
      return;
    }
    const etag = `"${Buffer.from(content).length}-${Buffer.from(content).subarray(-40).toString("hex")}"`;
    if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag }).end(content);
  };
}
