import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DiskMemory } from "./rendering-memory.ts";

const root = mkdtempSync(join(tmpdir(), "tiphys-memory-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const summary = { documents: ["Service"], crdFiles: 0, hooks: [], drewRandomness: false, askedForTheTime: false };

test("what is set is there in the next run of the same build, and of no other", () => {
  const folder = join(root, "builds");
  const memory = new DiskMemory(folder, "one");
  memory.set("a", summary);
  memory.save();
  expect(new DiskMemory(folder, "one").get("a")).toEqual(summary);
  expect(new DiskMemory(folder, "two").get("a")).toBeUndefined();
});

test("names differ where parts do, also where they are only divided otherwise", () => {
  const memory = new DiskMemory(join(root, "names"), "one");
  const names = [["ab", "c"], ["a", "bc"], ["abc"], ["ab", "c", ""], ["ab", new Uint8Array([99])]].map((parts) =>
    memory.nameOf(parts),
  );
  expect(new Set(names).size).toBe(names.length);
  expect(memory.nameOf(["ab", "c"])).toBe(names[0]);
});

test("a file stays bounded: what the last run used stays, what it did not goes first", () => {
  const folder = join(root, "bounded");
  const large = { ...summary, documents: Array.from({ length: 1000 }, () => "CustomResourceDefinition") };
  const first = new DiskMemory(folder, "one");
  for (let i = 0; i < 400; i++) first.set(`old ${i}`, large);
  first.save();
  const second = new DiskMemory(folder, "one");
  expect(second.get("old 20")).toEqual(large);
  second.set("new", summary);
  second.save();
  expect(statSync(join(folder, "one.json")).size).toBeLessThanOrEqual(4 * 1024 * 1024);
  const third = new DiskMemory(folder, "one");
  expect(third.get("new")).toEqual(summary);
  expect(third.get("old 20")).toEqual(large);
  expect(third.get("old 399")).toBeUndefined();
});

test("files of a few builds are kept, and nothing else is left behind", () => {
  const folder = join(root, "many");
  for (let i = 0; i < 8; i++) {
    const memory = new DiskMemory(folder, `build ${i}`);
    memory.set("a", summary);
    memory.save();
  }
  const left = readdirSync(folder);
  expect(left).toHaveLength(4);
  expect(left).toContain("build 7.json");
});

test("where nothing can be written nothing is said", () => {
  const file = join(root, "file");
  writeFileSync(file, "not a folder");
  const memory = new DiskMemory(join(file, "below"), "one");
  memory.set("a", summary);
  memory.save();
  expect(memory.get("a")).toEqual(summary);
  expect(readFileSync(file, "utf8")).toBe("not a folder");
});
