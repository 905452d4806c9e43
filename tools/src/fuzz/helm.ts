import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import { findProfile, HelmEngine, loadChart } from "@tiphys/helm";
import { MemoryTree } from "@tiphys/source";
import { TemplateGrammar, valuesText } from "./helm-grammar.ts";
import { fuzzOptions } from "./options.ts";
import { Random } from "./random.ts";
import type { Statement } from "./template-node.ts";
import { printStatements, smallerStatements } from "./template-node.ts";

/** Output of each template in base64, or the error of the run. */
type Outcome = { readonly outputs: ReadonlyMap<string, string> } | { readonly error: string };

interface Difference {
  readonly template: string;
  readonly values: string;
  readonly helm: string;
  readonly ours: string;
}

const templatesPerRun = 40;

/** What one round of templates shares. */
interface Batch {
  readonly values: string;
  /** Template name → its statements, in order of names. */
  readonly templates: Map<string, readonly Statement[]>;
}

/**
 * Renders random templates with the helm binary on PATH and with ours, many in one chart; a template that fails is compared by
 * its error and taken out. Prints shrunk differences. Exit code 1 when there is any, 2 without helm.
 */
export function fuzzHelm(args: readonly string[]): number {
  const options = fuzzOptions(args);
  const version = spawnSync("helm", ["version", "--template", "{{.Version}}"], { encoding: "utf8" });
  if (version.status !== 0) {
    console.log("skipped: helm is not on PATH");
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "tiphys-fuzz-"));
  const engine = new OurEngine(version.stdout.trim().replace(/^v/, ""));
  const differences: Difference[] = [];
  let count = 0;
  let failed = 0;
  const until = Date.now() + options.seconds * 1000;
  try {
    for (let round = 0; Date.now() < until && count < options.count; round++) {
      const random = new Random(options.seed * 1_000_003 + round);
      const grammar = new TemplateGrammar(random);
      const templates = new Map(Array.from({ length: templatesPerRun }, (_, index) => [`t${String(index).padStart(3, "0")}`, grammar.template()] as const));
      const batch: Batch = { values: valuesText(random), templates };
      const result = compareBatch(batch, folder, engine);
      count += templatesPerRun;
      failed += result.failed;
      for (const difference of result.differences) {
        differences.push(difference);
        report(difference, differences.length);
      }
      if (differences.length >= 40) break;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${count} templates (${failed} of them errors on both sides), ${differences.length} differences, seed ${options.seed}`);
  return differences.length === 0 ? 0 : 1;
}

function compareBatch(batch: Batch, folder: string, engine: OurEngine): { differences: Difference[]; failed: number } {
  const differences: Difference[] = [];
  let failed = 0;
  const templates = new Map(batch.templates);
  while (templates.size > 0) {
    const current = { values: batch.values, templates };
    const helm = runHelm(current, folder);
    const ours = engine.run(current);
    if ("outputs" in helm && "outputs" in ours) {
      for (const [name, statements] of templates) {
        if (describe(helm, name) !== describe(ours, name)) differences.push(shrink(statements, batch.values, folder, engine));
      }
      return { differences, failed };
    }
    const culprit = failingTemplate(helm, templates) ?? failingTemplate(ours, templates);
    if (culprit === undefined) {
      differences.push({ template: "(whole batch)", values: batch.values, helm: describe(helm, ""), ours: describe(ours, "") });
      return { differences, failed };
    }
    const statements = templates.get(culprit)!;
    if (describe(helm, culprit) === describe(ours, culprit)) failed++;
    else if (differsAlone(statements, batch.values, folder, engine)) differences.push(shrink(statements, batch.values, folder, engine));
    templates.delete(culprit);
  }
  return { differences, failed };
}

/** Whether a template that failed in the batch, perhaps on one side only because the other failed elsewhere first, differs by itself. */
function differsAlone(statements: readonly Statement[], values: string, folder: string, engine: OurEngine): boolean {
  const batch = { values, templates: new Map([["t000", statements]]) };
  return describe(runHelm(batch, folder), "t000") !== describe(engine.run(batch), "t000");
}

function failingTemplate(outcome: Outcome, templates: ReadonlyMap<string, unknown>): string | undefined {
  if (!("error" in outcome)) return undefined;
  const name = /fuzz\/templates\/(t\d+)\.yaml/.exec(outcome.error)?.[1];
  return name !== undefined && templates.has(name) ? name : undefined;
}

/** Addresses differ from run to run. */
const addresses = /\b0x[0-9a-f]{6,}\b/g;

function describe(outcome: Outcome, name: string): string {
  const text = "error" in outcome ? `error: ${outcome.error}` : Buffer.from(outcome.outputs.get(name) ?? "", "base64").toString("latin1");
  return text.replace(addresses, "0xADDRESS");
}

/** The smallest template found that still differs when it runs alone. */
function shrink(statements: readonly Statement[], values: string, folder: string, engine: OurEngine): Difference {
  const name = "t000";
  let tries = 60;
  const run = (candidate: readonly Statement[]): Difference | undefined => {
    const batch = { values, templates: new Map([[name, candidate]]) };
    const helm = describe(runHelm(batch, folder), name);
    const ours = describe(engine.run(batch), name);
    return helm === ours ? undefined : { template: printStatements(candidate), values, helm, ours };
  };
  let best = run(statements) ?? { template: printStatements(statements), values, helm: "(differs only together with others)", ours: "" };
  let current = statements;
  for (let progress = true; progress && tries > 0; ) {
    progress = false;
    for (const candidate of smallerStatements(current)) {
      if (tries-- <= 0) break;
      const difference = run(candidate);
      if (difference === undefined) continue;
      best = difference;
      current = candidate;
      progress = true;
      break;
    }
  }
  return best;
}

function report(difference: Difference, number: number): void {
  console.log(`--- ${number}: ${difference.template}`);
  console.log(`  helm: ${JSON.stringify(difference.helm).slice(0, 600)}`);
  console.log(`  ours: ${JSON.stringify(difference.ours).slice(0, 600)}`);
}

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

function runHelm(batch: Batch, folder: string): Outcome {
  const chart = join(folder, "fuzz");
  rmSync(chart, { recursive: true, force: true });
  mkdirSync(join(chart, "templates"), { recursive: true });
  for (const [path, text] of chartFiles(batch)) writeFileSync(join(chart, path), text);
  const result = spawnSync("helm", ["template", "fuzz", chart], { maxBuffer: 1 << 28 });
  if (result.status !== 0) return { error: errorText(bytesToByteString(result.stderr)) };
  return { outputs: outputsOf(bytesToByteString(result.stdout)) };
}

function errorText(stderr: string): string {
  const start = stderr.indexOf("Error: ");
  return fromByteString(stderr.slice(start < 0 ? 0 : start + "Error: ".length).trimEnd());
}

function outputsOf(manifests: string): Map<string, string> {
  return new Map([...manifests.matchAll(/^metadata: \{name: (t\d+)\}\nout: ?(.*)$/gm)].map((match) => [match[1]!, match[2]!]));
}

class OurEngine {
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
      release: { name: "fuzz", namespace: "default" },
      context: { now: Date.now() },
      ...(this.#profile === undefined ? {} : { profile: this.#profile }),
    });
    if (result.error !== undefined) return { error: fromByteString(result.error.helmText).trimEnd() };
    return { outputs: outputsOf(result.manifests) };
  }
}
