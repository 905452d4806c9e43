import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { componentSchema, estateFileSchema, pivotRules } from "@tiphys/estate";
import { toByteString } from "@tiphys/gotemplate";
import { reasons } from "@tiphys/pivot";
import { readYaml, toPlain } from "@tiphys/source";
import { expect, test } from "vitest";
import { commands } from "../packages/cli/src/commands.ts";
import { main } from "../packages/cli/src/main.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** What `scripts/docs.mjs` gives to the pages, here from the sources. */
const product = {
  main,
  commands,
  reasons,
  pivotRules,
  estateFileSchema,
  componentSchema,
  readPlainYaml: (text: string) => toPlain(readYaml(toByteString(text)).value),
};

interface Pages {
  readonly pages: (root: string, from: typeof product) => Promise<Readonly<Record<string, string>>>;
  readonly undescribedCodes: (root: string, from: typeof product) => { missing: string[]; stale: string[] };
}
const { pages, undescribedCodes } = (await import(new URL("../scripts/pages.mjs", import.meta.url).href)) as Pages;

const documents = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

test("pages that the code writes are current: else run `node scripts/docs.mjs`", async () => {
  for (const [path, text] of Object.entries(await pages(root, product))) expect(read(path), path).toBe(text);
});

test("every diagnostic code is described in docs/diagnostics.yaml, and no other", () => {
  expect(undescribedCodes(root, product)).toEqual({ missing: [], stale: [] });
});

test("links between the documents lead to files", () => {
  for (const document of documents) {
    for (const [, target = ""] of read(document).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
      const path = join(root, dirname(document), target);
      expect(existsSync(path), `${document} links to ${relative(root, path)}`).toBe(true);
    }
  }
});

test("the README has exactly two set-up commands", () => {
  const setUp = /## Set-up\n[^]*?```\n([^]*?)```/.exec(read("README.md"))?.[1];
  expect(setUp).toBe("npm run demo\nnpm test\n");
});

const examples = [...read("docs/library.md").matchAll(/## (.+)\n[^#]*?```js\n([^]*?)```\n\n```text\n([^]*?)```/g)];
const isBuilt = existsSync(join(root, "packages/pivot/dist/index.js"));
if (!isBuilt) console.warn("skipped: the examples of docs/library.md run on what is built; npm test builds first");

test("docs/library.md has examples", () => expect(examples.length).toBeGreaterThanOrEqual(4));

test.skipIf(!isBuilt).each(examples.map(([, title, code, output]) => ({ title, code: code!, output })))(
  "docs/library.md: $title",
  ({ code, output }) => {
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      cwd: root,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(stdout).toBe(output);
  },
);
