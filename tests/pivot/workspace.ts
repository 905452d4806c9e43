import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { type CommandOutcome, runCommandLine } from "../../packages/cli/src/testing/run-command-line.ts";

/** The clone's root. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

export const referenceEstate = join(root, "examples/reference-estate");
export const shared = join(root, "../shared");

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.length = 0;
}, 120_000);

/** A temporary copy of a folder, gone after the tests of the file. */
export function copyOf(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), "tiphys-pivot-"));
  folders.push(copy);
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.endsWith("/.git") });
  return copy;
}

/** A temporary folder with these files. */
export function workspaceOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "tiphys-pivot-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Whether an estate of `../shared` is there; says so when it is not. */
export function sharedEstate(path: string): string | undefined {
  const folder = join(shared, "estates", path);
  if (existsSync(folder)) return folder;
  console.warn(`skipped: ${path} is not in ../shared/estates`);
  return undefined;
}

/** Runs one command line in this process, without a network. */
export function tiphys(folder: string, ...words: string[]): Promise<CommandOutcome> {
  return runCommandLine([words[0]!, "--path", folder, "--offline", ...words.slice(1)], {
    cwd: folder,
    environment: { ...process.env, NO_COLOR: "1" },
    now: Date.UTC(2026, 0, 1),
  });
}

/** Every file below a folder with its content, by path. */
export function filesOf(folder: string, below = ""): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true }).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) for (const [name, content] of filesOf(folder, path)) files.set(name, content);
    else files.set(path, readFileSync(join(folder, path), "latin1"));
  }
  return files;
}

/** A random number generator that always gives the same numbers for a seed (mulberry32); 0 <= n < 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}

/** How much of a long test to run: all of it with TIPHYS_FULL=1. */
export const isFull = process.env["TIPHYS_FULL"] === "1";
