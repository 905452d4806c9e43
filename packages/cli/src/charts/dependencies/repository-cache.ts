import {
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { toByteString } from "@tiphys/gotemplate";
import { ChartRepository, type ChartRepositoryOptions } from "../chart-repository.ts";
import { ChartFetchError } from "../fetch-error.ts";
import { IndexScanner } from "../index-scanner.ts";
import type { RepositoryEntry } from "../repositories-file.ts";
import { readScannedEntries, readWholeIndex, type IndexEntries } from "../repository-index.ts";

const largestWholeIndex = 64 * 1024 * 1024;

/** Helm's folder of `NAME-index.yaml` and `NAME-charts.txt` (pkg/helmpath, pkg/repo/v1), shared with helm itself. */
export class RepositoryCache {
  readonly #folder: string;
  readonly #options: Omit<ChartRepositoryOptions, "onIndexPart">;

  constructor(folder: string, options: Omit<ChartRepositoryOptions, "onIndexPart">) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Downloads an index into the folder, whole or not at all. Rejects with `ChartFetchError`. */
  async update(entry: RepositoryEntry): Promise<void> {
    checkName(entry.name);
    mkdirSync(this.#folder, { recursive: true });
    const temporary = join(this.#folder, `.${randomBytes(8).toString("hex")}.tmp`);
    const file = openSync(temporary, "wx", 0o644);
    try {
      const onIndexPart = (part: Buffer): void => {
        for (let at = 0; at < part.length;) at += writeSync(file, part, at);
      };
      const { names } = await new ChartRepository(entry, { ...this.#options, onIndexPart }).index(new Set());
      writeFileSync(
        join(this.#folder, `${entry.name}-charts.txt`),
        names.map((name) => `${name}\n`).join(""),
        "latin1",
      );
      renameSync(temporary, this.path(entry.name));
    } finally {
      closeSync(file);
      rmSync(temporary, { force: true });
    }
  }

  /** Where the index of a repository lies. */
  path(name: string): string {
    checkName(name);
    return join(this.#folder, name === "" ? "index.yaml" : `${name}-index.yaml`);
  }

  /** Whether there is an index of that name. */
  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** The entries of some charts of an index in the folder. Rejects with `ChartFetchError` when there is none. */
  async entries(name: string, wanted: ReadonlySet<string>): Promise<IndexEntries> {
    const path = this.path(name);
    if (!existsSync(path)) throw new ChartFetchError("chart-index-missing", `open ${path}: no such file or directory`);
    const scanner = new IndexScanner(new Set([...wanted].map(toByteString)));
    for await (const part of createReadStream(path, { highWaterMark: 256 * 1024 })) scanner.add(part as Buffer);
    const scan = scanner.finish();
    if (!scan.isUnusual) return readScannedEntries(scan, path);
    if (statSync(path).size > largestWholeIndex)
      throw new ChartFetchError("chart-index-invalid", `unsupported: ${path} is too large`);
    const parts: Buffer[] = [];
    for await (const part of createReadStream(path)) parts.push(part as Buffer);
    return readWholeIndex(Buffer.concat(parts).toString("latin1"), wanted, path).entries;
  }
}

/** Names come from repositories.yaml; they must not lead out of the folder. */
function checkName(name: string): void {
  if (/[/\\\0]/.test(name))
    throw new ChartFetchError("repository-name-invalid", `repository name (${name}) contains '/'`);
}
