import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { quickest, runCold, tiphysBinary, type ProcessCost } from "./cold-process.ts";
import { milliseconds, printTable } from "./figures.ts";
import { pivotEstate } from "./pivot-estate.ts";

interface Estate {
  readonly name: string;
  /** Puts the estate into an empty folder. */
  readonly copyTo: (folder: string) => void;
  readonly words: readonly string[];
}

/**
 * `npm run bench -- pivot [ESTATES] [--only REGEX] [--releases N] [--repeats N]`: inventory, plan and proof of the reference estate, of
 * welkin-apps (beside ESTATES' other estates) and of N synthetic releases in three environments, each command in a new process.
 */
export function benchPivot(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: "string", default: "" },
      releases: { type: "string", default: "100" },
      repeats: { type: "string", default: "1" },
    },
  });
  const only = new RegExp(values.only);
  const estates = estatesOf(resolve(positionals[0] ?? "../shared/estates"), Number(values.releases)).filter(
    ({ name }) => only.test(name),
  );
  const rows = estates.flatMap((estate) => measure(estate, Number(values.repeats)));
  printTable([["new process, every environment", "clock", "processors", "peak memory", "exit code"], ...rows]);
  return 0;
}

function estatesOf(folder: string, releases: number): Estate[] {
  const reference = fileURLToPath(new URL("../../../examples/reference-estate/", import.meta.url));
  const welkin = join(folder, "welkin-apps");
  const found: Estate[] = [
    { name: "reference estate", copyTo: (target) => cpSync(reference, target, { recursive: true }), words: [] },
  ];
  if (existsSync(welkin)) {
    const config = join(folder, "expected", "welkin-apps", "config");
    found.push({
      name: "welkin-apps",
      copyTo: (target) => cpSync(welkin, target, { recursive: true }),
      words: ["--env", `CK8S_CONFIG_PATH=${config}`],
    });
  } else console.log(`skipped: ${welkin} is not there`);
  found.push({
    name: `${releases} releases in 3 environments`,
    copyTo: (target) => write(target, pivotEstate(releases)),
    words: [],
  });
  return found;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function measure({ name, copyTo, words }: Estate, repeats: number): string[][] {
  const folder = mkdtempSync(join(tmpdir(), "tiphys-bench-"));
  const cache = mkdtempSync(join(tmpdir(), "tiphys-bench-cache-"));
  try {
    copyTo(folder);
    const env = { ...process.env, XDG_CACHE_HOME: cache };
    const run = (command: string, ...more: string[]): ProcessCost =>
      quickest(repeats, () => {
        // What an earlier run remembers of the renderings.
        rmSync(join(cache, "tiphys", "renderings"), { recursive: true, force: true });
        return runCold(process.execPath, [tiphysBinary, command, "--path", folder, "--offline", ...words, ...more], {
          env,
        });
      });
    const rows = [row(`${name}: inventory`, run("inventory")), row(`${name}: migrate (plan)`, run("migrate"))];
    runCold(process.execPath, [tiphysBinary, "migrate", "--write", "--path", folder, "--offline", ...words]);
    rows.push(row(`${name}: prove, after migrate --write`, run("prove")));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(cache, { recursive: true, force: true });
  }
}

function row(what: string, { wallMs, cpuMs, peakMB, status }: ProcessCost): string[] {
  return [
    what,
    milliseconds(wallMs),
    cpuMs === undefined ? "-" : milliseconds(cpuMs),
    peakMB === undefined ? "-" : `${peakMB.toFixed(0)} MB`,
    String(status),
  ];
}
