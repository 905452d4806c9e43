import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isOnPath } from "./cold-process.ts";

/** Builds `bench/peers/NAME` outside the tree and gives its path; says why and gives undefined where it cannot be built. */
export function buildGoPeer(name: string): string | undefined {
  if (!isOnPath("go", "version")) {
    console.log(`skipped: ${name}'s own packages in process: go is not on PATH`);
    return undefined;
  }
  const folder = join(process.env["XDG_CACHE_HOME"] ?? tmpdir(), "tiphys-bench");
  mkdirSync(folder, { recursive: true });
  const program = join(folder, `${name}-peer`);
  const built = spawnSync("go", ["build", "-o", program, "."], {
    cwd: fileURLToPath(new URL(`../../../bench/peers/${name}/`, import.meta.url)),
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (built.status === 0) return program;
  console.log(`skipped: ${name}'s own packages in process: they do not build`);
  return undefined;
}
