import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type * as NodeFs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { recover, writeFiles } from "./journal.ts";

/** How many changes to the disk are still made; the one after them throws, as a process that is gone makes none. */
const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));

class Stopped extends Error {}

vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof NodeFs>();
  const step = (): void => {
    if (disk.left <= 0) throw new Stopped();
    disk.left--;
  };
  const counted = <Arguments extends unknown[], Result>(change: (...given: Arguments) => Result) => {
    return (...given: Arguments): Result => {
      step();
      return change(...given);
    };
  };
  const { dirname: parentOf, join: joined } = await import("node:path");
  /** One folder after the other, as the system makes them. */
  const mkdirSync = (path: string): void => {
    if (fs.existsSync(path)) return;
    mkdirSync(parentOf(path));
    step();
    fs.mkdirSync(path);
  };
  /** One entry after the other, as the system removes them. */
  const remove = (path: string): void => {
    const isFolder = fs.existsSync(path) && fs.statSync(path).isDirectory();
    if (isFolder) for (const name of fs.readdirSync(path)) remove(joined(path, name));
    if (!fs.existsSync(path)) return;
    step();
    if (isFolder) fs.rmdirSync(path);
    else fs.unlinkSync(path);
  };
  const { chmodSync, renameSync, rmdirSync, unlinkSync } = fs;
  return {
    ...fs,
    mkdirSync,
    rmSync: remove,
    chmodSync: counted(chmodSync),
    renameSync: counted(renameSync),
    rmdirSync: counted(rmdirSync),
    unlinkSync: counted(unlinkSync),
    fsyncSync: () => undefined,
    openSync: counted(fs.openSync),
    writeFileSync: counted(fs.writeFileSync),
  };
});

const roots: string[] = [];
afterEach(() => {
  disk.left = Number.POSITIVE_INFINITY;
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const before = { "a/old.yaml": "old", "a/b/gone.yaml": "gone", "kept.yaml": "before" };
const after = { "a/old.yaml": "new", "c/d/added.yaml": "added", "kept.yaml": "after" };

function freshRoot(): string {
  const root = mkdtempSync(join(tmpdir(), "tiphys-stopped-"));
  roots.push(root);
  writeFiles(
    root,
    Object.entries(before).map(([path, text]) => ({ path, content: bytes(text) })),
  );
  return root;
}

function change(root: string): void {
  writeFiles(root, [
    { path: "a/old.yaml", content: bytes("new") },
    { path: "a/b/gone.yaml", content: undefined },
    { path: "c/d/added.yaml", content: bytes("added") },
    { path: "kept.yaml", content: bytes("after") },
  ]);
}

/** Everything below the root, empty folders too. */
function contents(root: string, folder = ""): Record<string, string> {
  const found: Record<string, string> = {};
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(found, contents(root, path));
    else found[path] = readFileSync(join(root, path), "utf8");
  }
  if (entries.length === 0 && folder !== "") found[`${folder}/`] = "";
  return found;
}

/** Runs until `steps` changes were made to the disk; tells whether it came to its end. */
function until(steps: number, action: () => void): boolean {
  disk.left = steps;
  try {
    action();
    return true;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return false;
  } finally {
    disk.left = Number.POSITIVE_INFINITY;
  }
}

test("stopped before any change to the disk, the next run leaves the tree as before or as after", () => {
  const seen = new Set<string>();
  for (let steps = 0; ; steps++) {
    const root = freshRoot();
    if (until(steps, () => change(root))) break;
    const outcome = recover(root);
    seen.add(outcome);
    expect(contents(root), `stopped after ${steps} changes`).toEqual(outcome === "finished" ? after : untouched(root));
  }
  expect([...seen].toSorted()).toEqual(["finished", "nothing", "undone"]);
});

/** As before, or as after where all was done but the last sweep. */
function untouched(root: string): Record<string, string> {
  return readFileSync(join(root, "kept.yaml"), "utf8") === "after" ? after : before;
}

test("a recovery that is stopped itself is taken up by the next one", () => {
  for (let steps = 0; ; steps += 2) {
    let ended = false;
    for (let again = 0; ; again++) {
      const root = freshRoot();
      ended = until(steps, () => change(root));
      if (ended || until(again, () => void recover(root))) break;
      recover(root);
      expect(contents(root), `stopped after ${steps} and ${again} changes`).toEqual(untouched(root));
    }
    if (ended) break;
  }
});
