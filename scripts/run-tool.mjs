// `npm run parity|cases|fuzz|bench -- …`: builds what is stale, then runs tools/dist/<name>.js with the rest of the line.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build, install, root } from "./install.mjs";

const [name, ...args] = process.argv.slice(2);
install();
await build();
const { status } = spawnSync(
  process.execPath,
  [
    "--stack-size=8000",
    // As the command line runs.
    `--require=${join(root, "packages", "cli", "bin", "compile-later.js")}`,
    join(root, "tools", "dist", `${name}.js`),
    ...args,
  ],
  {
    stdio: "inherit",
    cwd: process.env.INIT_CWD ?? root,
  },
);
process.exit(status ?? 2);
