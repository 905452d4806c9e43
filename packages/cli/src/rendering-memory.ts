import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RenderingMemory, RenderingSummary } from "@tiphys/pivot";
import { removeIfPossible } from "./charts/content-cache.ts";
import { defaultCacheFolder } from "./charts/helm-settings.ts";
import type { Io } from "./command.ts";

/** Bytes that the file of one build may have; what was asked for least recently goes first. */
const largestFile = 4 * 1024 * 1024;
/** Builds whose files are kept. */
const mostFiles = 4;

/**
 * What renderings said, in a file in the cache folder for each build of this program: another build may say something else. It holds digests and
 * kinds of objects, no value and no name. A file that cannot be read or is something else is as good as none, and where nothing can be
 * written everything is rendered again.
 */
export class DiskMemory implements RenderingMemory {
  readonly #folder: string;
  readonly #file: string;
  readonly #known: Map<string, unknown>;
  /** What this run asked for or learned, which stays longest. */
  readonly #used = new Map<string, unknown>();
  #isChanged = false;

  constructor(folder: string, build: string) {
    this.#folder = folder;
    this.#file = `${build}.json`;
    this.#known = readEntries(join(folder, this.#file));
  }

  nameOf(parts: readonly (string | Uint8Array)[]): string {
    const hash = createHash("sha256");
    for (const part of parts) {
      hash.update(`${typeof part === "string" ? "s" : "b"}${part.length}:`);
      if (typeof part === "string") hash.update(part, "latin1");
      else hash.update(part);
    }
    return hash.digest("base64url");
  }

  get(name: string): unknown {
    const found = this.#known.get(name);
    if (found !== undefined) this.#used.set(name, found);
    return found;
  }

  set(name: string, summary: RenderingSummary): void {
    this.#known.set(name, summary);
    this.#used.set(name, summary);
    this.#isChanged = true;
  }

  /** Writes what was learned. Two runs that end together may forget what one of them learned. */
  save(): void {
    if (!this.#isChanged) return;
    const temporary = join(this.#folder, `.${this.#file}-${process.pid}`);
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(temporary, this.#text(), { mode: 0o600 });
      renameSync(temporary, join(this.#folder, this.#file));
      this.#removeOld();
    } catch {
      removeIfPossible(temporary);
    }
  }

  #text(): string {
    const lines: string[] = [];
    let size = 0;
    const entries = [...this.#used, ...[...this.#known].filter(([name]) => !this.#used.has(name))];
    for (const [name, summary] of entries) {
      const line = `${JSON.stringify(name)}:${JSON.stringify(summary)}`;
      size += line.length + 2;
      if (size > largestFile) break;
      lines.push(line);
    }
    return `{${lines.join(",\n")}}\n`;
  }

  #removeOld(): void {
    const files = readdirSync(this.#folder)
      .map((name) => ({ name, time: statSync(join(this.#folder, name)).mtimeMs }))
      .sort((a, b) => b.time - a.time);
    for (const { name } of files.slice(mostFiles)) rmSync(join(this.#folder, name), { force: true });
  }
}

/** The memory of this user and program; undefined where the program does not know which build it is. */
export function renderingMemory(io: Io): DiskMemory | undefined {
  return io.build === undefined ? undefined : new DiskMemory(join(defaultCacheFolder(io), "renderings"), io.build);
}

function readEntries(file: string): Map<string, unknown> {
  try {
    if (statSync(file).size > largestFile) return new Map();
    const found: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof found === "object" && found !== null ? new Map(Object.entries(found)) : new Map();
  } catch {
    return new Map();
  }
}
