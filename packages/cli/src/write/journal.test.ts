import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recover, writeFiles } from "./journal.ts";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "tiphys-journal-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("files are added, replaced and removed, and no trace of the journal stays", () => {
  mkdirSync(join(root, "a"));
  writeFileSync(join(root, "a", "old.yaml"), "old");
  writeFileSync(join(root, "kept.yaml"), "before");
  writeFiles(root, [
    { path: "a/old.yaml", content: undefined },
    { path: "kept.yaml", content: bytes("after") },
    { path: "b/c/new.sh", content: bytes("new"), executable: true },
  ]);
  expect(readdirSync(root).toSorted()).toEqual(["b", "kept.yaml"]);
  expect(readFileSync(join(root, "kept.yaml"), "utf8")).toBe("after");
  expect(statSync(join(root, "b/c/new.sh")).mode & 0o111).not.toBe(0);
});

test("a path or a link that leaves the workspace is refused before anything is written", () => {
  const outside = mkdtempSync(join(tmpdir(), "tiphys-outside-"));
  symlinkSync(outside, join(root, "link"));
  const fine = { path: "fine.yaml", content: bytes("x") };
  expect(() => writeFiles(root, [fine, { path: "../x", content: bytes("x") }])).toThrow("outside the workspace");
  expect(() => writeFiles(root, [fine, { path: "link/x", content: bytes("x") }])).toThrow("leaves the workspace");
  expect(existsSync(join(root, "fine.yaml"))).toBe(false);
  expect(readdirSync(outside)).toEqual([]);
  rmSync(outside, { recursive: true });
});

test("a run killed before the journal is complete is undone, one killed after it is finished", () => {
  mkdirSync(join(root, ".tiphys/journal"), { recursive: true });
  writeFileSync(join(root, ".tiphys/journal/0"), "half");
  expect(recover(root)).toBe("undone");
  expect(readdirSync(root)).toEqual([]);

  mkdirSync(join(root, ".tiphys/journal"), { recursive: true });
  writeFileSync(join(root, ".tiphys/journal/1"), "second");
  writeFileSync(join(root, "first.yaml"), "first");
  const entry = { mode: 0o644 };
  const entries = [
    { path: "first.yaml", staged: "0", ...entry },
    { path: "x/second.yaml", staged: "1", ...entry },
  ];
  writeFileSync(join(root, ".tiphys/journal/journal.json"), JSON.stringify({ entries }));
  expect(recover(root)).toBe("finished");
  expect(readFileSync(join(root, "x/second.yaml"), "utf8")).toBe("second");
  expect(readdirSync(root).toSorted()).toEqual(["first.yaml", "x"]);
});

test("killed at any moment, the tree is as before or as after once recovered", async () => {
  const count = 60;
  const script = `
    import { writeFiles } from ${JSON.stringify(new URL("../../dist/write/journal.js", import.meta.url).href)};
    const changes = Array.from({ length: ${count} }, (_, i) => ({ path: "f" + (i % 7) + "/" + i + ".yaml", content: Buffer.from("new " + i) }));
    process.stdout.write("go");
    writeFiles(${JSON.stringify("ROOT")}, changes);
  `;
  if (!existsSync(new URL("../../dist/write/journal.js", import.meta.url))) {
    console.warn("skipped: the packages are not built");
    return;
  }
  for (let round = 0; round < 12; round++) {
    const folder = join(root, `round-${round}`);
    for (let index = 0; index < count; index++) {
      mkdirSync(join(folder, `f${index % 7}`), { recursive: true });
      writeFileSync(join(folder, `f${index % 7}/${index}.yaml`), `old ${index}`);
    }
    const child = spawn(process.execPath, [
      "--input-type=module",
      "-e",
      script.replace('"ROOT"', JSON.stringify(folder)),
    ]);
    const exit = once(child, "exit");
    await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, round * 3));
    child.kill("SIGKILL");
    await exit;
    recover(folder);
    const contents = new Set(
      Array.from(
        { length: count },
        (_, index) => readFileSync(join(folder, `f${index % 7}/${index}.yaml`), "utf8").split(" ")[0],
      ),
    );
    expect([...contents], `round ${round}`).toHaveLength(1);
    expect(existsSync(join(folder, ".tiphys"))).toBe(false);
  }
});
