import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { stageCase } from "./cases/helmfile/stage.ts";
import { recordRealHelmfile } from "./fuzz/helmfile-recorder.ts";

/*
 * node tools/dist/record-helmfile.js [CASE...]
 * Records what the `helmfile` on PATH (with its `helm`) does with each case of packages/helmfile/cases, into its `expected` folder.
 */

const folder = resolve("packages/helmfile/cases");
const named = process.argv.slice(2);
const names =
  named.length > 0 ? named : readdirSync(folder).filter((name) => existsSync(join(folder, name, "about.txt")));
for (const name of names) {
  const stage = stageCase(join(folder, name));
  try {
    const expected = join(folder, name, "expected");
    const files = recordRealHelmfile(stage);
    rmSync(expected, { recursive: true, force: true });
    for (const [path, text] of files) {
      mkdirSync(dirname(join(expected, path)), { recursive: true });
      writeFileSync(join(expected, path), text);
    }
    console.log(name);
  } finally {
    stage.remove();
  }
}
