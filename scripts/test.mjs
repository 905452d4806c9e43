// `npm test`: installs and builds what is missing, runs every test, ends with one plain line of counts.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary, build, install, root } from "./install.mjs";

install();
await build();
const folder = mkdtempSync(join(tmpdir(), "tiphys-test-"));
const report = join(folder, "report.json");
const result = spawnSync(
  binary("vitest"),
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit" },
);
let counts;
try {
  counts = JSON.parse(readFileSync(report, "utf8"));
} catch {
  counts = undefined;
}
rmSync(folder, { recursive: true, force: true });
if (counts) {
  const skipped = counts.numPendingTests + counts.numTodoTests;
  console.log(`${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${skipped} skipped`);
}
process.exit(result.status ?? 2);
