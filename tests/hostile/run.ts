import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { HostileChart, HostileFile } from "./charts.ts";

const program = fileURLToPath(new URL("../../packages/cli/bin/tiphys.js", import.meta.url));
const usage = pathToFileURL(fileURLToPath(new URL("usage.mjs", import.meta.url))).href;

/** What a command line ended with, and what its process took. */
export interface HostileOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Peak of resident memory. */
  readonly megabytes: number;
  /** Processor time. */
  readonly seconds: number;
}

/** Runs `tiphys template` on the chart in a process of its own. */
export function renderHostile(chart: HostileChart): HostileOutcome {
  return inFolder(chart.files, (folder) =>
    run(folder, ["template", "x", `./${chart.chart ?? "c"}`, ...(chart.flags ?? [])]),
  );
}

/** Renders the releases of a helmfile, of which the hostile one is the first, in one process. */
export function renderBesideSound(chart: HostileChart): HostileOutcome {
  const files = {
    "sound/Chart.yaml": "apiVersion: v2\nname: sound\nversion: 1.0.0\n",
    "sound/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sound-after-all}\n",
    "helmfile.yaml": `releases:\n- {name: hostile, namespace: n, chart: ./${chart.chart ?? "c"}}\n- {name: sound, namespace: n, chart: ./sound}\n`,
    ...chart.files,
  };
  return inFolder(files, (folder) => run(folder, ["render", "--helmfile", "--offline", "--show-secrets"]));
}

/** Runs a command line beside the files in a process of its own. */
export function runHostile(files: Readonly<Record<string, HostileFile>>, words: readonly string[]): HostileOutcome {
  return inFolder(files, (folder) => run(folder, words));
}

function inFolder(
  files: Readonly<Record<string, HostileFile>>,
  work: (folder: string) => HostileOutcome,
): HostileOutcome {
  const folder = mkdtempSync(join(tmpdir(), "tiphys-hostile-"));
  try {
    for (const [path, content] of Object.entries(files)) write(join(folder, path), content);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(path: string, content: HostileFile): void {
  mkdirSync(dirname(path), { recursive: true });
  if (content === "pipe") execFileSync("mkfifo", [path]);
  else if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(path, content);
  else if ("link" in content) symlinkSync(content.link, path);
  else {
    writeFileSync(path, "");
    truncateSync(path, content.sparse);
  }
}

function run(folder: string, words: readonly string[]): HostileOutcome {
  const report = join(folder, ".usage");
  writeFileSync(report, "");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", usage, program, ...words], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, USAGE_FILE: report },
    encoding: "latin1",
    maxBuffer: 1 << 28,
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  const last = readFileSync(report, "utf8").trimEnd().split("\n").at(-1)!;
  const { megabytes, seconds } = (last === "" ? { megabytes: Infinity, seconds: Infinity } : JSON.parse(last)) as {
    megabytes: number;
    seconds: number;
  };
  return { code: status, stdout, stderr, megabytes, seconds };
}
