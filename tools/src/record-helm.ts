import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/*
 * node tools/dist/record-helm.js VERSION... [FILE.json...]
 * Records what `helm-VERSION` on PATH prints for each chart of packages/helm/src/cases/*.json, into the same files.
 */

interface ChartCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>;
  readonly args: readonly string[];
  recorded?: Record<string, { status: number; stdout: string; stderr: string }>;
}

const folder = resolve("packages/helm/src/cases");
const words = process.argv.slice(2);
const versions = words.filter((word) => !word.endsWith(".json"));
const only = words.filter((word) => word.endsWith(".json"));
if (versions.length === 0) throw new Error("usage: record-helm VERSION...");
for (const file of readdirSync(folder).filter(
  (name) => name.endsWith(".json") && (only.length === 0 || only.includes(name)),
)) {
  const path = join(folder, file);
  const cases = JSON.parse(readFileSync(path, "utf8")) as ChartCase[];
  for (const entry of cases) record(entry);
  writeFileSync(path, `${JSON.stringify(cases, null, 1)}\n`);
  process.stdout.write(`${file}: ${cases.length} charts\n`);
}

function record(entry: ChartCase): void {
  const chart = mkdtempSync(join(tmpdir(), "record-helm-"));
  try {
    for (const [path, content] of Object.entries(entry.files)) {
      mkdirSync(dirname(join(chart, path)), { recursive: true });
      writeFileSync(join(chart, path), typeof content === "string" ? content : Buffer.from(content.base64, "base64"));
    }
    for (const version of versions) {
      const environment = { PATH: process.env["PATH"], HOME: chart };
      const { status, stdout, stderr, error } = spawnSync(`helm-${version}`, ["template", "x", chart, ...entry.args], {
        env: environment,
      });
      if (error) throw error;
      entry.recorded = {
        ...entry.recorded,
        [version]: { status: status ?? -1, stdout: stdout.toString("latin1"), stderr: stderr.toString("latin1") },
      };
    }
  } finally {
    rmSync(chart, { recursive: true });
  }
}
