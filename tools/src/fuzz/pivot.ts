import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ChartFinder, EnvironmentSettings, RenderEngine } from "@tiphys/estate";
import { createChartFinder, gitopsFolder, readComponents, readEstateFile } from "@tiphys/estate";
import { bytesToByteString, byteStringToBytes, fromByteString, toByteString } from "@tiphys/gotemplate";
import type { RenderRequest, RenderResult } from "@tiphys/helm";
import { HelmEngine } from "@tiphys/helm";
import type { PivotInput, PivotView, Proof } from "@tiphys/pivot";
import { argocdSideOf, decide, OverlayTree, planMigration, proofPairs, prove, takeInventory } from "@tiphys/pivot";
import type { FileTree } from "@tiphys/source";
import { DiskTree } from "tiphys";
import { fuzzOptions } from "./options.ts";
import type { Mutation } from "./pivot-mutations.ts";
import { mutate } from "./pivot-mutations.ts";
import { Random } from "./random.ts";

/** What a run of fault injection saw. */
export interface FaultReport {
  readonly runs: number;
  /** Mutations that changed what is applied. */
  readonly real: number;
  readonly counts: ReadonlyMap<string, number>;
  /** Real ones that the proof did not find, and quiet ones that it did. */
  readonly wrong: readonly string[];
}

/**
 * `npm run fuzz -- pivot`: changes a migrated reference estate in random ways. What changes the objects that Argo CD applies must be found by the
 * proof, and nothing else. Exit code 1 when it was wrong once.
 */
export function fuzzPivot(args: readonly string[]): number {
  const options = fuzzOptions(args);
  const estate = fileURLToPath(new URL("../../../examples/reference-estate", import.meta.url));
  const report = injectFaults(estate, {
    seed: options.seed,
    count: Math.min(options.count, 300),
    seconds: options.seconds,
  });
  for (const [name, count] of [...report.counts].toSorted()) console.log(`${String(count).padStart(4)}  ${name}`);
  for (const line of report.wrong) console.log(`WRONG  ${line}`);
  console.log(`${report.runs} mutations, ${report.real} change what is applied, ${report.wrong.length} judged wrong`);
  return report.wrong.length > 0 ? 1 : 0;
}

/** Migrates a copy of an estate and injects `count` faults, one at a time. The same seed gives the same faults. */
export function injectFaults(
  estate: string,
  options: { readonly seed: number; readonly count: number; readonly seconds?: number },
): FaultReport {
  const folder = mkdtempSync(join(tmpdir(), "tiphys-faults-"));
  try {
    cpSync(estate, folder, { recursive: true });
    return injectInto(new MigratedEstate(folder), options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function injectInto(
  estate: MigratedEstate,
  options: { readonly seed: number; readonly count: number; readonly seconds?: number },
): FaultReport {
  if (estate.files.size === 0) throw new Error("nothing of the estate has moved, so there is nothing to change");
  const random = new Random(options.seed);
  const until = Date.now() + (options.seconds ?? Infinity) * 1000;
  const counts = new Map<string, number>();
  const wrong: string[] = [];
  let real = 0;
  let runs = 0;
  while (runs < options.count && Date.now() < until) {
    const mutation = mutate(estate.files, random);
    if (mutation === undefined) continue;
    runs++;
    const environment = estate.environmentOf(mutation.path, random);
    const { isReal, isQuiet, found } = estate.judge(mutation, environment);
    if (isReal) real++;
    counts.set(
      `${mutation.name}${isReal ? "" : " (nothing changes)"}`,
      (counts.get(`${mutation.name}${isReal ? "" : " (nothing changes)"}`) ?? 0) + 1,
    );
    if (isReal ? !found : isQuiet && found)
      wrong.push(`${isReal ? "missed" : "false alarm"}: ${mutation.name} in ${mutation.path} (${environment.name})`);
  }
  return { runs, real, counts, wrong };
}

interface Judgement {
  /** What is applied has changed: the proof must find it. */
  readonly isReal: boolean;
  /** Nothing has changed: the proof must be silent. Between the two lie Helm tests, which nobody applies; the proof may mention them. */
  readonly isQuiet: boolean;
  readonly found: boolean;
}

interface Look {
  readonly applied: string;
  readonly tests: string;
  readonly proofs: string;
}

/** The estate after its migration, with what is the same for every mutation. */
class MigratedEstate {
  readonly files: ReadonlyMap<string, string>;
  readonly #input: PivotInput;
  readonly #view: PivotView;
  readonly #before = new Map<string, Look>();

  constructor(folder: string) {
    const before = openEstate(new DiskTree(folder));
    const plan = planMigration(before, decide(before), { layers: [], releases: undefined, environments: [] });
    this.#input = openEstate(plan.after);
    this.#view = decide(this.#input);
    this.files = new Map(
      [...textFiles(plan.after, gitopsFolder(this.#input.estateFile))].filter(([path]) => !handMade.test(path)),
    );
  }

  /** The environment that a file belongs to; of shared files any. */
  environmentOf(path: string, random: Random): EnvironmentSettings {
    const { environments } = this.#input;
    return (
      environments.find(({ name }) => path.includes(`/environments/${name}/`) || path.includes(`/values/${name}/`)) ??
      random.pick(environments)
    );
  }

  judge(mutation: Mutation, environment: EnvironmentSettings): Judgement {
    const before = this.#before.get(environment.name) ?? this.#look(this.#input.tree, environment);
    this.#before.set(environment.name, before);
    const content = mutation.content === undefined ? undefined : byteStringToBytes(toByteString(mutation.content));
    const after = this.#look(new OverlayTree(this.#input.tree, new Map([[mutation.path, content]])), environment);
    return {
      isReal: before.applied !== after.applied,
      isQuiet: before.applied === after.applied && before.tests === after.tests,
      found: before.proofs !== after.proofs,
    };
  }

  #look(tree: FileTree, environment: EnvironmentSettings): Look {
    const input = { ...this.#input, tree };
    const folder = `${gitopsFolder(input.estateFile)}/environments/${environment.name}/components`;
    const { components } = readComponents({ tree, environment: environment.name, folder });
    const view = { ...this.#view, components: new Map([...this.#view.components, [environment.name, components]]) };
    const { pairs } = proofPairs(input, view, { decisions: view.decisions, environments: new Set([environment.name]) });
    return { ...appliedText(input, environment), proofs: prove(pairs).map(proofText).join("\n") };
  }
}

function proofText({ release, verdict, comparison }: Proof): string {
  return `${release} ${verdict} ${comparison?.differences.length ?? 0}`;
}

/** Everything that Argo CD would apply, and the Helm tests, made without the comparison's code: sorted, with keys in order. */
function appliedText(input: PivotInput, environment: EnvironmentSettings): Pick<Look, "applied" | "tests"> {
  const side = argocdSideOf(input, environment);
  const applied: string[] = [];
  const tests: string[] = [];
  for (const application of side.applications) {
    const { status, objects, installations } = side.render(application);
    const charts = installations.map(({ source }) =>
      source.kind === "helm" && "version" in source.chart ? source.chart.version : "",
    );
    applied.push(`${application.name} ${status} ${application.namespace} ${charts.join(",")}`);
    for (const { key, value, helmHooks } of objects) {
      const text = `${key} ${JSON.stringify(sorted(value)).replace(/,?"argocd\.argoproj\.io\/tracking-id":"[^"]*"/, "")}`;
      (helmHooks.length > 0 && helmHooks.every((hook) => hook.startsWith("test")) ? tests : applied).push(text);
    }
  }
  return { applied: applied.toSorted().join("\n"), tests: tests.toSorted().join("\n") };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

function openEstate(tree: FileTree): PivotInput {
  const { estateFile } = readEstateFile(tree);
  const helmEngine = new HelmEngine();
  const charts: ChartFinder = createChartFinder({
    tree,
    overrides: estateFile.chartOverrides,
    resolveOverride: (target) => ({ tree, path: target, isArchive: tree.kind(target) === "file" }),
    fetched: new Map(),
  });
  const inventory = takeInventory({
    tree,
    helmfile: estateFile.helmfile ?? "helmfile.yaml",
    environments: estateFile.environments,
  });
  return {
    tree,
    estateFile,
    environments: estateFile.environments,
    inventory,
    charts,
    engine: rememberingEngine(helmEngine),
    helmEngine,
  };
}

/** Renders each request once: nearly all of an estate is as it was before a mutation. */
function rememberingEngine(helmEngine: HelmEngine): RenderEngine {
  const known = new Map<string, RenderResult>();
  return {
    label: "tiphys",
    isSeeded: true,
    render: (request) => {
      const key = requestKey(request);
      const result = known.get(key) ?? helmEngine.render(request);
      known.set(key, result);
      return result;
    },
  };
}

function requestKey({ chart, valuesLayers, sets, release, capabilities, ...flags }: RenderRequest): string {
  const layers = valuesLayers.map((layer) =>
    layer.kind === "file" ? bytesToByteString(layer.content) : JSON.stringify(sorted(Object.fromEntries(layer.values))),
  );
  return JSON.stringify([
    chart.contentHash(),
    layers,
    sets.map(({ kind, expression }) => [kind, expression]),
    release,
    capabilities,
    flags.includeCrds,
    flags.skipTests,
    flags.noHooks,
    flags.skipSchemaValidation,
  ]);
}

/** A component that somebody made by hand stands for no release: no proof is about it. */
const handMade = /\/echo[/.]|apps-echo/;

function* textFiles(tree: FileTree, folder: string): Generator<readonly [string, string]> {
  for (const entry of tree.list(folder) ?? []) {
    const path = `${folder}/${entry.name}`;
    if (entry.kind === "directory") yield* textFiles(tree, path);
    else if (/\.ya?ml$/.test(entry.name))
      yield [path, fromByteString(bytesToByteString(tree.read(path) ?? new Uint8Array()))];
  }
}
