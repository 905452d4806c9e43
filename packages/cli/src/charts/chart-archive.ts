import { crc32, deflateRawSync } from "node:zlib";

/* archive/tar and compress/gzip as pkg/chart/v2/util/save.go uses them. */

/** A file of an archive. */
export interface ArchiveFile {
  /** Path with `/`, UTF-8 bytes as a byte string. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

const block = 512;

/** A `.tgz` as Helm packs charts: files only, mode 0644, PAX headers where a name does not fit, Helm's mark in gzip's header. */
export function writeChartArchive(files: readonly ArchiveFile[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const file of files) {
    const name = Buffer.from(file.name, "latin1");
    const split = splitName(file.name);
    if (split === undefined) parts.push(...paxHeader(file, name));
    parts.push(
      header({ ...(split ?? { prefix: "", name: file.name.slice(0, 100) }), size: file.bytes.length, type: "0", file }),
    );
    parts.push(...padded(file.bytes));
  }
  parts.push(Buffer.alloc(2 * block));
  return gzip(Buffer.concat(parts));
}

/** ustar's name and prefix; undefined when the path does not fit or is not ASCII. */
function splitName(path: string): { prefix: string; name: string } | undefined {
  if (/[^\x01-\x7f]/.test(path)) return undefined;
  if (path.length <= 100) return { prefix: "", name: path };
  const slash = path.slice(0, 156).lastIndexOf("/");
  if (slash <= 0 || path.length - slash - 1 > 100 || path.length - slash - 1 === 0) return undefined;
  return { prefix: path.slice(0, slash), name: path.slice(slash + 1) };
}

function paxHeader(file: ArchiveFile, name: Buffer): Uint8Array[] {
  const record = Buffer.concat([Buffer.from(" path="), name, Buffer.from("\n")]);
  let length = record.length;
  while (String(length).length + record.length !== length) length = String(length).length + record.length;
  const body = Buffer.concat([Buffer.from(String(length)), record]);
  const base = file.name.slice(file.name.lastIndexOf("/") + 1);
  const shown = `PaxHeaders.0/${base.replaceAll(/[^\x20-\x7e]/g, "")}`.slice(0, 100);
  return [
    header({ prefix: "", name: shown, size: body.length, type: "x", file: { ...file, modified: 0 } }),
    ...padded(body),
  ];
}

interface Header {
  readonly prefix: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly file: ArchiveFile;
}

function header({ prefix, name, size, type, file }: Header): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number): void => {
    bytes.write(value.toString(8).padStart(length - 1, "0"), at, "latin1");
  };
  bytes.write(name, 0, "latin1");
  octal(type === "x" ? 0 : 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(Math.max(0, Math.round(file.modified / 1000)), 136, 12);
  bytes.write(type, 156, "latin1");
  bytes.write("ustar\x0000", 257, "latin1");
  octal(0, 329, 8);
  octal(0, 337, 8);
  bytes.write(prefix, 345, "latin1");
  bytes.fill(" ", 148, 156);
  let sum = 0;
  for (const byte of bytes) sum += byte;
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes;
}

function padded(bytes: Uint8Array): Uint8Array[] {
  const rest = bytes.length % block;
  return rest === 0 ? [bytes] : [bytes, Buffer.alloc(block - rest)];
}

/** Go's gzip header: no time, the extra field and comment by which Helm marks its archives, unknown system. */
function gzip(content: Buffer): Buffer {
  const extra = Buffer.from("rr\x28\0aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo=", "latin1");
  const head = Buffer.from([0x1f, 0x8b, 8, 0x04 | 0x10, 0, 0, 0, 0, 0, 0xff]);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(extra.length);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(content), 0);
  tail.writeUInt32LE(content.length % 2 ** 32, 4);
  return Buffer.concat([head, length, extra, Buffer.from("Helm\0"), deflateRawSync(content), tail]);
}
