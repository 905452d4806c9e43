import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import { findProfile, HelmEngine, loadChart } from "@tiphys/helm";
import { MemoryTree } from "@tiphys/source";
import type { Statement } from "./template-node.ts";
import { printStatements } from "./template-node.ts";

/** Output of each template in base64, or the error of the run. */
export type Outcome = { readonly outputs: ReadonlyMap<string, string> } | { readonly error: string };

/** What one round of templates shares. */
export interface Batch {
  readonly values: string;
  /** Template name → its statements, in order of names. */
  readonly templates: ReadonlyMap<string, readonly Statement[]>;
}

/** The release's name that `helm lint` renders with. */
const release = "test-release";

function chartFiles(batch: Batch): [string, string][] {
  return [
    ["Chart.yaml", "apiVersion: v2\nname: fuzz\nversion: 1.2.3\n"],
    ["values.yaml", batch.values],
    ...[...batch.templates].map(([name, statements]): [string, string] => [
      `templates/${name}.yaml`,
      `{{ define "${name}" }}${printStatements(statements)}{{ end -}}\napiVersion: v1\nkind: X\nmetadata: {name: ${name}}\nout: {{ include "${name}" . | b64enc }}\n`,
    ]),
  ];
}

function writeChart(chart: string, batch: Batch): void {
  rmSync(chart, { recursive: true, force: true });
  mkdirSync(join(chart, "templates"), { recursive: true });
  for (const [path, text] of chartFiles(batch)) writeFileSync(join(chart, path), text);
}

/** Addresses differ from run to run. */
export function withoutAddresses(text: string): string {
  return text.replace(/(\b|%3A)0x[0-9a-f]{6,}\b/g, "$10xADDRESS");
}

/** What a template came to, as text to compare: its output's bytes or the error. */
export function describe(outcome: Outcome, name: string): string {
  const text =
    "error" in outcome
      ? `error: ${outcome.error}`
      : Buffer.from(outcome.outputs.get(name) ?? "", "base64").toString("latin1");
  return withoutAddresses(text);
}

function outputsOf(manifests: string): Map<string, string> {
  return new Map(
    [...manifests.matchAll(/^metadata: \{name: (t\d+)\}\nout: ?(.*)$/gm)].map((match) => [match[1]!, match[2]!]),
  );
}

/** Neither side sees the user's repositories and logins. */
export function surroundings(cwd: string): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: join(cwd, "..", "home") };
}

/** Helm with at most 4 GB and 20 s: what makes it take more is for nobody to wait for. */
export function runHelm(args: readonly string[], cwd: string): SpawnSyncReturns<Buffer> {
  return spawnSync("sh", ["-c", 'ulimit -v 4000000; exec helm "$@"', "sh", ...args], {
    cwd,
    env: surroundings(cwd),
    maxBuffer: 1 << 28,
    timeout: 20_000,
    killSignal: "SIGKILL",
  });
}

/** The helm binary on PATH. */
export class HelmSide {
  readonly #folder: string;
  /** Writes its charts under `folder`. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `helm template` of one chart with all templates of the batch. */
  run(batch: Batch): Outcome {
    const chart = join(this.#folder, "fuzz");
    writeChart(chart, batch);
    const result = runHelm(["template", release, chart], this.#folder);
    if (result.status === 0) return { outputs: outputsOf(bytesToByteString(result.stdout)) };
    const stderr = bytesToByteString(result.stderr);
    const start = stderr.indexOf("Error: ");
    return { error: fromByteString(stderr.slice(start < 0 ? 0 : start + "Error: ".length).trimEnd()) };
  }

  /**
   * The errors of templates that fail, each in a chart of its own, by one run of `helm lint`: a run of `helm template` ends at
   * its first error. A template that lint is content with has none here (`fail` and `required` do not fail there).
   */
  errors(batch: Batch): Map<string, string> {
    const names = [...batch.templates.keys()];
    if (names.length === 0) return new Map();
    for (const name of names) {
      writeChart(join(this.#folder, "lint", name), {
        values: batch.values,
        templates: new Map([[name, batch.templates.get(name)!]]),
      });
    }
    const result = runHelm(["lint", ...names], join(this.#folder, "lint"));
    const errors = new Map<string, string>();
    const blocks = fromByteString(bytesToByteString(result.stdout)).split(/^==> Linting (t\d+)\n/m);
    for (let i = 1; i < blocks.length; i += 2) {
      const text = /^\[ERROR\] templates\/: ([^]*)$/m.exec(blocks[i + 1]!)?.[1];
      if (text !== undefined) errors.set(blocks[i]!, text.replace(/\n\n$/, ""));
    }
    return errors;
  }
}

/** Our engine with the profile of the binary. */
export class OurSide {
  readonly #engine = new HelmEngine();
  readonly #profile;
  constructor(version: string) {
    this.#profile = findProfile(version);
  }
  run(batch: Batch): Outcome {
    const chart = loadChart(new MemoryTree(chartFiles(batch)), "");
    const result = this.#engine.render({
      chart,
      valuesLayers: [],
      sets: [],
      release: { name: release, namespace: "default" },
      context: { now: Date.now() },
      ...(this.#profile === undefined ? {} : { profile: this.#profile }),
    });
    if (result.error !== undefined) return { error: fromByteString(result.error.helmText).trimEnd() };
    return { outputs: outputsOf(result.manifests) };
  }
}
