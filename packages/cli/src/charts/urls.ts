import { posix } from "node:path";
import { ChartFetchError } from "./fetch-error.ts";

/** The URL; throws `ChartFetchError` when it is none, or none that is served here. */
export function parseHttpUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ChartFetchError("chart-url-invalid", `not a URL: ${withoutSecrets(text)}`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new ChartFetchError(
      "chart-url-unsupported",
      `unsupported: charts by ${url.protocol}// (only https, http and oci are served)`,
    );
  }
  return url;
}

/** A URL as messages may show it: no user, no password, no query (where tokens of signed links stand). */
export function displayUrl(url: URL | string): string {
  if (typeof url === "string") return withoutSecrets(url);
  const query = url.search === "" ? "" : "?…";
  return `${url.protocol}//${url.host}${url.pathname}${query}`;
}

function withoutSecrets(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1").replace(/\?.*$/s, "?…");
}

/** `repo.ResolveReferenceURL` (pkg/repo/v1/chartrepo.go): `reference` under `base`, which keeps its query. */
export function resolveReferenceUrl(base: string, reference: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return reference;
  const folder = parseHttpUrl(base);
  const { search } = folder;
  folder.search = "";
  folder.hash = "";
  folder.pathname = `${folder.pathname.replace(/\/$/, "")}/`;
  let resolved: URL;
  try {
    resolved = new URL(reference, folder);
  } catch {
    throw new ChartFetchError("chart-url-invalid", `failed to parse ${withoutSecrets(reference)} as URL`);
  }
  resolved.search = search;
  return resolved.href;
}

/** `urlutil.Equal` (internal/urlutil): the same but for slashes at the end and dots in the path. */
export function equalUrls(a: string, b: string): boolean {
  return normalizedUrl(a) === normalizedUrl(b);
}

function normalizedUrl(text: string): string {
  try {
    const url = new URL(text);
    url.pathname = posix.normalize(url.pathname === "" ? "/" : url.pathname).replace(/(.)\/$/, "$1");
    return url.href.replace(/\/$/, "");
  } catch {
    return posix.normalize(text).replace(/(.)\/$/, "$1");
  }
}

/** Whether both have one scheme, host and port, so that credentials of one may go to the other. */
export function isSameOrigin(a: URL, b: URL): boolean {
  return a.protocol === b.protocol && a.host === b.host;
}

/** Whether a host name is this machine: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    /^127(\.\d{1,3}){3}$/.test(hostname) ||
    hostname === "[::1]" ||
    hostname === "::1"
  );
}
