import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { main } from "../packages/cli/src/main.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const { walk } = (await import(new URL("../scripts/walk.mjs", import.meta.url).href)) as {
  walk: (options: {
    main: typeof main;
    folder: string;
    write: (text: string) => void;
    isColoured: boolean;
  }) => Promise<void>;
};

test("the demo's walk goes as expected, and the README quotes it", { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "tiphys-demo-test-"));
  let shown = "";
  try {
    cpSync(join(root, "examples/reference-estate"), folder, { recursive: true });
    await walk({ main, folder, write: (text) => void (shown += text), isColoured: false });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect(shown).not.toContain("\u001b");
  expect(shown).toMatch(/^ {2}\d of 9 done$/m);

  /** Counts may move with the estate; the words may not. */
  const blanks = (text: string): string => text.replace(/ +/g, " ").replace(/\d+/g, "0").trim();
  const lines = new Set(shown.split("\n").map((line) => blanks(line.replaceAll(folder, "FOLDER"))));
  const transcript = /## What it looks like\n([^]*?)\n## /.exec(readFileSync(join(root, "README.md"), "utf8"))![1]!;
  const quotes = [...transcript.matchAll(/```\n([^]*?)```/g)]
    .flatMap(([, block = ""]) => block.split("\n"))
    .map((line) => blanks(line.replace(/\/tmp\/tiphys-demo-\w+/, "FOLDER")));
  expect(
    quotes.filter((quote) => quote !== "…" && !lines.has(quote)),
    "what the README quotes and the demo does not print",
  ).toEqual([]);
});
