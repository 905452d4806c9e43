import {
  byteStringToBytes,
  bytesToByteString,
  define,
  FunctionError,
  GoMap,
  typedSlice,
  type GoFunction,
  type GoValue,
} from "@tiphys/gotemplate";
import { compileGobwas } from "@tiphys/source";
import type { ChartFile } from "../chart/chart.ts";
import type { Profile } from "../profile.ts";
import { toYaml } from "./to-yaml.ts";

/**
 * `.Files` (pkg/engine/files.go): a map from name to []byte with methods. The bytes become Go values only when a template
 * asks for an entry; most charts only call methods.
 */
export class Files extends GoMap {
  readonly #files: ReadonlyMap<string, ChartFile>;
  readonly #profile: Profile;
  #bytes = new Map<string, GoValue>();

  constructor(files: ReadonlyMap<string, ChartFile>, profile: Profile) {
    super("engine.files");
    this.#files = files;
    this.#profile = profile;
  }

  static of(files: readonly ChartFile[], profile: Profile): Files {
    return new Files(new Map(files.map((file) => [file.name, file])), profile);
  }

  override get goElementType(): string {
    return "[]uint8";
  }
  override get size(): number {
    return this.#files.size;
  }
  override get(name: string): GoValue | undefined {
    const known = this.#bytes.get(name);
    if (known !== undefined) return known;
    const file = this.#files.get(name);
    if (!file) return undefined;
    const bytes = toBytes(file.text);
    this.#bytes.set(name, bytes);
    return bytes;
  }
  override has(name: string): boolean {
    return this.#files.has(name);
  }
  override keys(): MapIterator<string> {
    return this.#files.keys() as MapIterator<string>;
  }
  override values(): MapIterator<GoValue> {
    return new Map(this.entries()).values();
  }
  override *entries(): MapIterator<[string, GoValue]> {
    for (const name of this.#files.keys()) yield [name, this.get(name)!];
  }
  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    return this.entries();
  }
  override forEach(callback: (value: GoValue, key: string, map: Map<string, GoValue>) => void): void {
    for (const [name, value] of this.entries()) callback(value, name, this);
  }

  override goMethod(name: string): GoFunction | undefined {
    switch (name) {
      case "Get":
        return define(name, "func(string) string", (_context, path: string) => this.#files.get(path)?.text ?? "");
      case "GetBytes":
        return define(name, "func(string) []uint8", (_context, path: string) => this.get(path) ?? toBytes(""));
      case "Glob":
        return define(name, "func(string) engine.files", (_context, pattern: string) => this.#glob(pattern));
      case "AsConfig":
        return define(name, "func() string", () => this.#asYaml((text) => text));
      case "AsSecrets":
        return define(name, "func() string", () => this.#asYaml(encodeBase64));
      case "Lines":
        return define(name, "func(string) []string", (_context, path: string) => this.#lines(path));
      default:
        return undefined;
    }
  }

  #glob(pattern: string): Files {
    let matches: (name: string) => boolean;
    try {
      matches = compileGobwas(pattern, ["/"]);
    } catch {
      // Go ignores the error and takes `**` without separators: every file.
      matches = () => true;
    }
    return new Files(new Map([...this.#files].filter(([name]) => matches(name))), this.#profile);
  }

  #asYaml(convert: (text: string) => string): string {
    // Of two files with one base name Go keeps a random one; ours keeps the last by name.
    const byBaseName = new Map<string, GoValue>();
    const names = [...this.#files.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    for (const name of names) byBaseName.set(baseName(name), convert(this.#files.get(name)!.text));
    return toYaml(new GoMap("map[string]string", byBaseName));
  }

  #lines(path: string): GoValue {
    const file = this.#files.get(path);
    if (!file || (file.text === "" && !this.#profile.linesFailsOnEmptyFile)) return typedSlice("[]string", []);
    if (file.text === "") throw new FunctionError("runtime error: index out of range [-1]");
    const text = file.text.endsWith("\n") ? file.text.slice(0, -1) : file.text;
    return typedSlice("[]string", text.split("\n"));
  }
}

/** Go's path.Base for a name that is not empty. */
export function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  return trimmed === "" ? "/" : trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

const byteValues = Array.from({ length: 256 }, (_, byte) => BigInt(byte));

function toBytes(text: string): GoValue {
  const bytes = Array<GoValue>(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = byteValues[text.charCodeAt(at)]!;
  return typedSlice("[]uint8", bytes);
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function encodeBase64(text: string): string {
  const bytes = byteStringToBytes(text);
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let to = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = Math.min(4, bytes.length - i + 1);
    for (let digit = 0; digit < 4; digit++) {
      out[to++] = digit < digits ? base64Digits.charCodeAt((group >> (18 - 6 * digit)) & 63) : 61;
    }
  }
  return bytesToByteString(out);
}
