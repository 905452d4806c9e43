// `npm run demo [-- FOLDER]`: the walk from Helmfile to Argo CD on a copy of the reference estate. Installs and builds what is missing first.
import { cpSync, existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, install, root } from "./install.mjs";
import { Unexpected, walk } from "./walk.mjs";

install();
await build();
const { main } = await import(pathToFileURL(join(root, "packages", "cli", "dist", "main.js")).href);
const started = performance.now();
const write = (text) => process.stdout.write(text);
try {
  const folder = copyEstate(process.argv[2]);
  write(`The reference estate was copied to ${folder}. Every command below ran there, without a network.\n`);
  await walk({ main, folder, write, isColoured: process.stdout.isTTY === true && !process.env.NO_COLOR });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  write(`
Look around in ${folder} (this took ${seconds} s). Three commands to try:

  npx tiphys migrate --plan -o markdown --path ${folder}
  npx tiphys values gateway -e dev --origins --path ${folder}
  npx tiphys render platform-gateway -e production --path ${folder}
`);
} catch (error) {
  if (!(error instanceof Unexpected)) throw error;
  process.stderr.write(`\nThe demo went wrong: ${error.message}\n`);
  process.exitCode = 1;
}

/** A copy of the reference estate in the folder that was asked for, else in a new temporary one. */
function copyEstate(asked) {
  const folder =
    asked === undefined
      ? mkdtempSync(join(tmpdir(), "tiphys-demo-"))
      : resolve(process.env.INIT_CWD ?? process.cwd(), asked);
  if (asked !== undefined && existsSync(folder) && readdirSync(folder).length > 0)
    throw new Unexpected(`${folder} is not empty`);
  cpSync(join(root, "examples", "reference-estate"), folder, { recursive: true });
  return folder;
}
