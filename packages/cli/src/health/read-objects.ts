import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { GoValue } from "@tiphys/gotemplate";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import { readYamlDocuments, YamlError } from "@tiphys/source";
import type { Io } from "../command.ts";
import { UserError } from "../command.ts";

/** One object of a manifest file. */
export interface ReadObject {
  readonly value: Map<string, GoValue>;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly origin: Origin;
}

/** The objects of a file, of all YAML and JSON files below a folder, or of standard input (`-`). Lists are opened up. Throws `UserError`. */
export function readObjectFiles(io: Io, path: string): ReadObject[] {
  if (path === "-") return objectsOf(io.stdin(), "<stdin>");
  const absolute = resolve(io.cwd, path);
  let isFolder: boolean;
  try {
    isFolder = statSync(absolute).isDirectory();
  } catch {
    throw new UserError(`error: ${path}: no such file or folder`);
  }
  if (!isFolder) return objectsOf(readFileSync(absolute), path);
  return manifestFiles(absolute).flatMap((file) =>
    objectsOf(readFileSync(file), join(path, file.slice(absolute.length + 1))),
  );
}

function manifestFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return manifestFiles(path);
      return entry.isFile() && /\.(ya?ml|json)$/.test(entry.name) ? [path] : [];
    });
}

function objectsOf(bytes: Uint8Array, file: string): ReadObject[] {
  try {
    return readYamlDocuments(bytesToByteString(bytes)).flatMap((document) => {
      const place = document.originOf([]);
      return open(document.value).map((value) =>
        describe(value, place === undefined ? { file } : { file, line: place.line, column: place.column }),
      );
    });
  } catch (error) {
    if (error instanceof YamlError) throw new UserError(`error: ${file}: ${fromByteString(error.message)}`);
    throw error;
  }
}

function open(value: GoValue): Map<string, GoValue>[] {
  if (!(value instanceof Map)) return [];
  const items = value.get("items");
  return Array.isArray(items) && String(value.get("kind")).endsWith("List") ? items.flatMap(open) : [value];
}

function describe(value: Map<string, GoValue>, origin: Origin): ReadObject {
  const metadata = value.get("metadata");
  const text = (key: string): string => {
    const field = metadata instanceof Map ? metadata.get(key) : undefined;
    return typeof field === "string" ? fromByteString(field) : "";
  };
  return {
    value,
    kind: fromByteString(String(value.get("kind") ?? "")),
    namespace: text("namespace"),
    name: text("name"),
    origin,
  };
}
