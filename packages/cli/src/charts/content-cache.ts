import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  createReadStream,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { ReadStream } from "node:fs";
import { dirname, join } from "node:path";

/** What is known of a downloaded `index.yaml`, so that the server can say "not modified". */
export interface CachedIndex {
  readonly etag: string;
  readonly lastModified: string;
  /** SHA-256 of the index, hexadecimal. */
  readonly digest: string;
}

/**
 * A folder of downloaded bytes by their SHA-256, and of what indexes they belong to. Every read checks the digest again, every
 * write is a rename, so several processes may share it and a damaged file is only a miss. Where the folder cannot be
 * written everything works without it.
 */
export class ContentCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The bytes with this digest (hexadecimal); undefined when they are not here, or damaged. */
  get(digest: string): Buffer | undefined {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.#contentPath(digest));
    } catch {
      return undefined;
    }
    return sha256(bytes) === digest ? bytes : undefined;
  }

  /** Keeps bytes; returns their digest. */
  put(bytes: Uint8Array): string {
    const digest = sha256(bytes);
    const writer = this.write();
    writer.add(bytes);
    writer.finish();
    return digest;
  }

  /** Takes bytes in parts, for what is too large for memory. */
  write(): CacheWriter {
    return new CacheWriter(join(this.#folder, "tmp"), (digest) => this.#contentPath(digest));
  }

  /** The bytes in parts; the caller has checked them by `check`. */
  read(digest: string): ReadStream {
    return createReadStream(this.#contentPath(digest), { highWaterMark: 256 * 1024 });
  }

  /** Whether the bytes are here and whole, without holding them. */
  async check(digest: string): Promise<boolean> {
    const hash = createHash("sha256");
    try {
      for await (const part of this.read(digest)) hash.update(part as Buffer);
    } catch {
      return false;
    }
    return hash.digest("hex") === digest;
  }

  /** What was noted under a name. */
  note(name: string): CachedIndex | undefined {
    try {
      const note = JSON.parse(readFileSync(this.#notePath(name), "utf8")) as Partial<CachedIndex>;
      if (typeof note.digest !== "string" || !/^[0-9a-f]{64}$/.test(note.digest)) return undefined;
      return { etag: String(note.etag ?? ""), lastModified: String(note.lastModified ?? ""), digest: note.digest };
    } catch {
      return undefined;
    }
  }

  /** Notes what belongs to a name. */
  setNote(name: string, note: CachedIndex): void {
    const path = this.#notePath(name);
    const temporary = join(this.#folder, "tmp", randomBytes(12).toString("hex"));
    try {
      mkdirSync(dirname(path), { recursive: true });
      mkdirSync(dirname(temporary), { recursive: true });
      writeFileSync(temporary, JSON.stringify(note), { mode: 0o600 });
      renameSync(temporary, path);
    } catch {
      removeIfPossible(temporary);
    }
  }

  #contentPath(digest: string): string {
    return join(this.#folder, "sha256", digest.slice(0, 2), digest);
  }

  #notePath(name: string): string {
    return join(this.#folder, "notes", sha256(Buffer.from(name)));
  }
}

/** Takes bytes in parts into the cache. */
export class CacheWriter {
  readonly #hash = createHash("sha256");
  readonly #pathOf: (digest: string) => string;
  readonly #temporary: string;
  #file: number | undefined;

  constructor(folder: string, pathOf: (digest: string) => string) {
    this.#pathOf = pathOf;
    this.#temporary = join(folder, randomBytes(12).toString("hex"));
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#file = openSync(this.#temporary, "wx", 0o600);
    } catch {
      this.#file = undefined;
    }
  }

  add(part: Uint8Array): void {
    this.#hash.update(part);
    if (this.#file === undefined) return;
    try {
      for (let at = 0; at < part.length;) at += writeSync(this.#file, part, at);
    } catch {
      this.discard();
    }
  }

  /** Closes and keeps what was added. `isKept` is false when the folder cannot be written. */
  finish(): { readonly digest: string; readonly isKept: boolean } {
    const digest = this.#hash.digest("hex");
    if (this.#file === undefined) return { digest, isKept: false };
    const path = this.#pathOf(digest);
    try {
      closeSync(this.#file);
      this.#file = undefined;
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      renameSync(this.#temporary, path);
      return { digest, isKept: true };
    } catch {
      this.discard();
      return { digest, isKept: false };
    }
  }

  /** Drops what was added. */
  discard(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    removeIfPossible(this.#temporary);
  }
}

/** Removes what could not be finished; where even its folder is none, there is nothing. */
export function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Not there, or not ours to remove.
  }
}

/** SHA-256 in hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
