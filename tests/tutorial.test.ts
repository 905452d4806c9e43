import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const bin = join(root, "packages/cli/bin/tiphys.js");

interface Step {
  readonly command: string;
  readonly expected: string;
}

/** The commands of the tutorial's console blocks, in order, each with what stands below it. */
function steps(): Step[] {
  const tutorial = readFileSync(join(root, "docs/tutorial.md"), "utf8");
  return [...tutorial.matchAll(/^```console\n([^]*?)^```$/gm)].flatMap(([, block = ""]) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const end = text.indexOf("\n");
        return { command: text.slice(0, end), expected: text.slice(end + 1) };
      }),
  );
}

/** `…` alone on a line stands for any lines, elsewhere for any part of a line. Widths of columns do not matter. */
function pattern(expected: string): RegExp {
  const blanks = (text: string): string => text.replace(/ +/g, " ").trim();
  const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const lines = expected
    .trimEnd()
    .split("\n")
    .map((line) => (line === "…" ? "(?:.*\n)*?" : `${blanks(line).split("…").map(quoted).join(".*")}\n`));
  return new RegExp(`^${lines.join("")}$`);
}

/** A folder with what the commands read of a clone, so that nothing is written into this one. */
const clone = mkdtempSync(join(tmpdir(), "tiphys-tutorial-"));
const acme = join(clone, "acme");
beforeAll(() => cpSync(join(root, "examples"), join(clone, "examples"), { recursive: true }));
afterAll(() => rmSync(clone, { recursive: true, force: true }));

const isBuilt = existsSync(join(root, "packages/cli/dist/main.js"));
const hasShell = process.platform !== "win32" && spawnSync("bash", ["--version"]).status === 0;
if (!isBuilt || !hasShell) console.warn("skipped: the tutorial runs in bash, on what is built; npm test builds first");

test("the tutorial has commands", () => expect(steps().length).toBeGreaterThan(12));

test.skipIf(!isBuilt || !hasShell)(
  "every command of the tutorial gives what stands below it",
  { timeout: 300_000 },
  () => {
    for (const { command, expected } of steps()) {
      const line = command.replaceAll("/tmp/acme", acme);
      const script = `npx() { shift; "$NODE" "$TIPHYS" "$@"; }\n{ ${line}; } 2>&1`;
      const { stdout } = spawnSync("bash", ["--norc", "-c", script], {
        cwd: clone,
        encoding: "utf8",
        env: {
          PATH: process.env["PATH"],
          HOME: process.env["HOME"],
          NODE: process.execPath,
          TIPHYS: bin,
          NO_COLOR: "1",
        },
      });
      const actual = stdout
        .replaceAll(acme, "/tmp/acme")
        .split("\n")
        .map((text) => text.replace(/ +/g, " ").trim())
        .join("\n");
      expect(`${actual.trimEnd()}\n`, `$ ${command}`).toMatch(pattern(expected === "" ? "" : expected));
    }
  },
);
