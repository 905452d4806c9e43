import { isAbsolute } from "./filepath.ts";

/* pkg/remote/remote.go of helmfile 1.8.0: which paths are fetched from elsewhere. */

const plainProtocols = new Set(["s3", "http", "https"]);

/** Whether helmfile fetches `path` with go-getter or HTTP instead of reading it here. */
export function isRemote(path: string): boolean {
  if (isAbsolute(path)) return false;
  const forced = path.split("::");
  if (forced.length === 2) return hasScheme(forced[1]!);
  const parts = path.split("://");
  if (parts.length === 2) return plainProtocols.has(parts[0]!.toLowerCase());
  return hasScheme(path);
}

/** Whether net/url finds a scheme. */
export function hasScheme(url: string): boolean {
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(url);
}
