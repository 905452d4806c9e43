// Writes what the code itself knows into docs/ and the README: `node scripts/docs.mjs`, or `--check` to compare only. A test compares, too.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, install, root } from "./install.mjs";
import { pages, undescribedCodes } from "./pages.mjs";

install();
await build();
const built = (path) => import(pathToFileURL(join(root, "packages", path)).href);
const { reasons } = await built("pivot/dist/index.js");
const { pivotRules, estateFileSchema, componentSchema } = await built("estate/dist/index.js");
const { readYaml, toPlain } = await built("source/dist/index.js");
const { toByteString } = await built("gotemplate/dist/index.js");
const { main } = await built("cli/dist/main.js");
const { commands } = await built("cli/dist/commands.js");
const readPlainYaml = (text) => toPlain(readYaml(toByteString(text)).value);
const product = { main, commands, reasons, pivotRules, estateFileSchema, componentSchema, readPlainYaml };

const isCheck = process.argv.includes("--check");
const { missing, stale } = undescribedCodes(root, product);
if (missing.length > 0) console.error(`docs/diagnostics.yaml lacks ${missing.join(", ")}`);
if (stale.length > 0) console.error(`docs/diagnostics.yaml describes codes that no source makes: ${stale.join(", ")}`);
const outdated = [];
for (const [path, text] of Object.entries(await pages(root, product))) {
  const file = join(root, path);
  if (current(file) === text) continue;
  outdated.push(path);
  if (isCheck) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
if (isCheck && outdated.length > 0) console.error(`out of date: ${outdated.join(", ")}; run node scripts/docs.mjs`);
if (missing.length + stale.length > 0 || (isCheck && outdated.length > 0)) process.exitCode = 1;

function current(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
