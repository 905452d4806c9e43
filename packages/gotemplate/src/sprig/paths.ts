import { define } from "../function.ts";
import type { GoFunction } from "../value.ts";

/** `path.Clean`: the shortest equal path, by words alone. */
export function cleanPath(path: string): string {
  if (path === "") return ".";
  const rooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!rooted) kept.push("..");
  }
  const joined = kept.join("/");
  return rooted ? `/${joined}` : joined || ".";
}

/** `path.Base`: the last element without trailing slashes. */
export function basePath(path: string): string {
  if (path === "") return ".";
  const stripped = path.replace(/\/+$/, "");
  return stripped === "" ? "/" : stripped.slice(stripped.lastIndexOf("/") + 1);
}

/** `path.Dir`: all but the last element, cleaned. */
export function directoryOf(path: string): string {
  return cleanPath(path.slice(0, path.lastIndexOf("/") + 1));
}

/** `path.Ext`: the file extension with its point, or empty. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const point = name.lastIndexOf(".");
  return point === -1 ? "" : name.slice(point);
}

function definePath(name: string, implementation: (path: string) => string): GoFunction {
  return define(name, "func(string) string", (_, path: string) => implementation(path));
}

/** Sprig's functions on slash-separated paths and, the same on Linux, on file paths. */
export const pathFunctions: readonly GoFunction[] = [
  definePath("base", basePath),
  definePath("dir", directoryOf),
  definePath("clean", cleanPath),
  definePath("ext", extensionOf),
  define("isAbs", "func(string) bool", (_, path: string) => path.startsWith("/")),
  definePath("osBase", basePath),
  definePath("osDir", directoryOf),
  definePath("osClean", cleanPath),
  definePath("osExt", extensionOf),
  define("osIsAbs", "func(string) bool", (_, path: string) => path.startsWith("/")),
];
