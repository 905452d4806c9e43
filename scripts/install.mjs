// What the two README commands share: install and build what is missing, and nothing else.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a program with the terminal's own streams; exits this process with its code when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) {
    console.error(`${command}: ${result.error.message}`);
    process.exit(2);
  }
  if (result.status !== 0) process.exit(result.status ?? 2);
}

/** Installs the locked packages when they are missing or older than the lock file. */
export function install() {
  const marker = join(root, "node_modules", ".package-lock.json");
  const lock = join(root, "package-lock.json");
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs) return;
  run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { shell: process.platform === "win32" });
}

/** Compiles the packages whose sources are newer than what was built, and bundles the command line when one was. */
export async function build() {
  run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-b"]);
  await bundle();
}

/** The vitest files of the workspace exist only after installation. */
export function binary(name) {
  const path = join(root, "node_modules", ".bin", name);
  if (!existsSync(path) && !readdirSync(join(root, "node_modules", ".bin")).includes(name)) {
    console.error(`${name} is not installed: run npm ci`);
    process.exit(2);
  }
  return path;
}
