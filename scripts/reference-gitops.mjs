// Writes examples/reference-gitops/: what `tiphys migrate --write` makes of the reference estate's GitOps folder, in all environments.
// Run it after a change of what migrate writes; tests/pivot-walk.test.ts compares byte for byte.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, install, root } from "./install.mjs";

install();
await build();
const estate = mkdtempSync(join(tmpdir(), "tiphys-reference-"));
try {
  cpSync(join(root, "examples/reference-estate"), estate, { recursive: true });
  const run = spawnSync(
    process.execPath,
    [join(root, "packages/cli/bin/tiphys.js"), "migrate", "--path", estate, "--write", "--offline"],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  if (run.status !== 0) process.exit(run.status ?? 2);
  const target = join(root, "examples/reference-gitops");
  rmSync(target, { recursive: true, force: true });
  cpSync(join(estate, "gitops/platform"), target, { recursive: true });
  console.log(`wrote ${target}`);
} finally {
  rmSync(estate, { recursive: true, force: true });
}
