import { Gunzip } from "fflate";
import { bytesToByteString, quoteGo } from "@tiphys/gotemplate";
import { HelmError } from "../error.ts";
import type { Profile } from "../profile.ts";
import { ChartFile } from "./chart.ts";

/* pkg/chart/loader/archive/archive.go (Helm 4.2.4 and 4.3.1). */

/** The sum of all files of a chart. */
export const maxChartSize = 100 * 1024 * 1024;

/** Decompresses gzip; throws when the output would be longer than `limit` bytes. The face may pass a faster one. */
export type GunzipFunction = (bytes: Uint8Array, limit: number) => Uint8Array;

/** Thrown by a `GunzipFunction` whose output would pass the limit. */
export class GunzipLimitError extends Error {
  override readonly name = "GunzipLimitError";
}

/** The files of a chart archive, without the first part of their paths. Throws `HelmError` with Helm's text. */
export function readArchive(bytes: Uint8Array, profile: Profile, gunzip: GunzipFunction = gunzipPure): ChartFile[] {
  const files: ChartFile[] = [];
  let remaining = maxChartSize;
  for (const entry of tarEntries(decompress(bytes, gunzip))) {
    if (entry.type === "5" || entry.name.endsWith("/")) continue;
    // Headers of extensions; everything else (links too) is an empty or ordinary file to Helm.
    if (entry.type === "g" || entry.type === "x") continue;
    const name = chartPath(entry.name);
    const size = entry.content.length;
    if (size > remaining) throw fail(`decompressed chart is larger than the maximum size ${maxChartSize}`);
    if (profile.maxFileSize !== undefined && size > profile.maxFileSize) {
      throw fail(
        `decompressed chart file ${quoteGo(entry.name)} is larger than the maximum file size ${profile.maxFileSize}`,
      );
    }
    remaining -= size;
    if (remaining <= 0) throw fail(`decompressed chart is larger than the maximum size ${maxChartSize}`);
    files.push(new ChartFile(name, withoutBom(entry.content)));
  }
  if (files.length === 0) throw fail("no files in chart archive");
  return files;
}

/** The content without a UTF-8 byte order mark. */
export function withoutBom(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function fail(message: string): HelmError {
  return new HelmError("chart-archive", message);
}

/** `a/b/c` → `b/c`, with all that Helm refuses. */
function chartPath(entryName: string): string {
  const delimiter = entryName.includes("\\") ? "\\" : "/";
  const parts = entryName.split(delimiter);
  const rest = parts.slice(1).join("/");
  if (rest.startsWith("/")) throw fail("chart illegally contains absolute paths");
  const name = cleanPath(rest);
  if (name === ".") throw fail(`chart illegally contains content outside the base directory: ${quoteGo(entryName)}`);
  if (name.startsWith("..")) throw fail("chart illegally references parent directory");
  if (/^[a-zA-Z]:\//.test(name)) throw fail("chart contains illegally named files");
  if (parts[0] === "Chart.yaml") throw fail("chart yaml not in base directory");
  return name;
}

/** Go's path.Clean for a relative path. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.length === 0 ? "." : parts.join("/");
}

function decompress(bytes: Uint8Array, gunzip: GunzipFunction): Uint8Array {
  if (bytes.length === 0) throw fail("EOF");
  if (bytes.length < 10) throw new HelmError("chart-archive", "unexpected EOF");
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new HelmError("chart-archive", "gzip: invalid header");
  // Headers and padding of tar need room besides the files.
  const limit = maxChartSize + 16 * 1024 * 1024;
  try {
    return gunzip(bytes, limit);
  } catch (error) {
    if (error instanceof GunzipLimitError)
      throw fail(`decompressed chart is larger than the maximum size ${maxChartSize}`);
    throw new HelmError("chart-archive", "unexpected EOF", { cause: error });
  }
}

/** Decompression without help of the platform. Stops as soon as the limit is passed. */
function gunzipPure(bytes: Uint8Array, limit: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const stream = new Gunzip((chunk) => {
    total += chunk.length;
    if (total > limit) throw new GunzipLimitError("limit passed");
    chunks.push(chunk);
  });
  // Small steps keep a bomb's first chunk small.
  const step = 64 * 1024;
  for (let at = 0; at < bytes.length; at += step) {
    stream.push(bytes.subarray(at, at + step), at + step >= bytes.length);
  }
  const out = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

interface TarEntry {
  readonly name: string;
  /** Type flag: `0` file, `1`/`2` links, `5` folder, `x`/`g` extended headers. */
  readonly type: string;
  readonly content: Uint8Array;
}

/** Reads ustar, pax and GNU long names (archive/tar). Stops at the end marker or the end of the bytes. */
function* tarEntries(archive: Uint8Array): Generator<TarEntry> {
  let at = 0;
  let pax = new Map<string, string>();
  let longName: string | undefined;
  while (at + 512 <= archive.length) {
    const header = archive.subarray(at, at + 512);
    if (header.every((byte) => byte === 0)) return;
    checkHeader(header);
    const size = Number(pax.get("size") ?? octal(header, 124, 12));
    if (!Number.isSafeInteger(size) || size < 0) throw fail("archive/tar: invalid tar header");
    at += 512;
    if (at + size > archive.length) throw fail("unexpected EOF");
    const content = archive.subarray(at, at + size);
    at += Math.ceil(size / 512) * 512;
    const type = header[156] === 0 ? "0" : String.fromCharCode(header[156]!);
    if (type === "x") {
      pax = paxRecords(content);
      continue;
    }
    if (type === "L") {
      longName = cString(content, 0, content.length);
      continue;
    }
    if (type === "K") continue;
    const isLink = type === "1" || type === "2";
    yield {
      name: pax.get("path") ?? longName ?? headerName(header),
      type,
      content: isLink ? content.subarray(0, 0) : content,
    };
    if (type !== "g") {
      pax = new Map();
      longName = undefined;
    }
  }
}

function checkHeader(header: Uint8Array): void {
  let sum = 0;
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 32 : header[i]!;
  if (octal(header, 148, 8) !== sum) throw fail("archive/tar: invalid tar header");
}

function headerName(header: Uint8Array): string {
  const name = cString(header, 0, 100);
  const isUstar = cString(header, 257, 6) === "ustar";
  const prefix = isUstar ? cString(header, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function cString(bytes: Uint8Array, start: number, length: number): string {
  let end = start;
  while (end < start + length && bytes[end] !== 0) end++;
  return bytesToByteString(bytes.subarray(start, end));
}

function octal(bytes: Uint8Array, start: number, length: number): number {
  if ((bytes[start]! & 0x80) !== 0) {
    let value = bytes[start]! & 0x7f;
    for (let i = start + 1; i < start + length; i++) value = value * 256 + bytes[i]!;
    return value;
  }
  const text = cString(bytes, start, length).trim();
  return text === "" ? 0 : Number.parseInt(text, 8);
}

function paxRecords(content: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  let text = bytesToByteString(content);
  while (text !== "") {
    const match = /^(\d+) /.exec(text);
    const length = match ? Number(match[1]) : 0;
    if (!match || length <= match[0].length || length > text.length) throw fail("archive/tar: invalid tar header");
    const record = text.slice(match[0].length, length - 1);
    const equals = record.indexOf("=");
    if (equals < 0) throw fail("archive/tar: invalid tar header");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    text = text.slice(length);
  }
  return records;
}
