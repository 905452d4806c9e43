// `npm run check`: types, lint with the import map and cycles, format, unused code. All run even when one fails.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { binary, install, root } from "./install.mjs";

install();
const steps = [
  ["types", process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-b"]],
  [
    "types of the tests",
    process.execPath,
    [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.test.json"],
  ],
  ["lint, import map, cycles", binary("oxlint"), ["--deny-warnings"]],
  ["format", binary("oxfmt"), ["--check"]],
  ["unused code", binary("knip"), []],
];
let failed = 0;
for (const [name, command, args] of steps) {
  const started = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
