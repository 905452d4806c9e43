import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { RenderRequest } from "@tiphys/helm";
import type { PivotInput } from "@tiphys/pivot";
import { decide, reasonText } from "@tiphys/pivot";
import { seededRandomForSigns, seededRandomWithKeys } from "../packages/cli/src/charts/seeded-keys.ts";
import { openPivot } from "../packages/cli/src/pivot-workspace.ts";
import { DiskMemory } from "../packages/cli/src/rendering-memory.ts";
import { copyOf, referenceEstate, shared, sharedEstate } from "./pivot/workspace.ts";

const charts = join(shared, "estates/wbstack-charts/charts");
const estates = [
  { name: "the reference estate", folder: referenceEstate, settings: undefined, env: [] },
  {
    name: "wbaas-deploy",
    folder: sharedEstate("wbaas-deploy/k8s"),
    settings: `apiVersion: tiphys.dev/v1alpha1\nkind: Estate\nenvironments: { local: {}, staging: {}, production: {} }\ncharts: { overrides: { "wbstack/*": "${charts}/*" } }\n`,
    env: [],
  },
  {
    name: "welkin-apps",
    folder: sharedEstate("welkin-apps"),
    settings:
      "apiVersion: tiphys.dev/v1alpha1\nkind: Estate\nhelmfile: helmfile.d/state.yaml.gotmpl\nenvironments: { service_cluster: {}, workload_cluster: {}, local_cluster: {} }\n",
    env: [`CK8S_CONFIG_PATH=${join(shared, "estates/expected/welkin-apps/config")}`],
  },
].flatMap(({ folder, ...estate }) => (folder === undefined ? [] : [{ ...estate, folder }]));

/** All that is decided of each release, renderings aside. */
function decided(input: PivotInput): unknown {
  return decide(input).decisions.map(({ classification, wave, component, smoke, companions, charts: placed }) => ({
    release: classification.release.id,
    class: classification.class,
    reasons: classification.reasons.map(reasonText),
    blockers: classification.blockers.map(reasonText),
    wave,
    component,
    smoke,
    companions,
    placed: [...placed.keys()],
  }));
}

test.each(estates)(
  "$name: what is decided with short keys, shared and remembered renderings is what each release's own rendering says",
  { timeout: 300_000 },
  async ({ folder, settings, env }) => {
    const path = copyOf(folder);
    if (settings !== undefined) writeFileSync(join(path, "tiphys.yaml"), settings);
    const quiet = { write: (): void => {}, isTTY: false };
    const io = {
      stdout: quiet,
      stderr: quiet,
      stdin: () => new Uint8Array(),
      cwd: path,
      environment: {},
      now: () => 0,
    };
    const options = { path, environments: [], selectors: [], output: undefined, offline: true };
    const run = { io, arguments: [], options: { env }, rawArguments: [] };
    const pivot = await openPivot(run, options, { random: seededRandomForSigns });
    // An engine that is not seeded is asked for every occurrence, and once more for each that may be random.
    const alone = { ...pivot, seededRandom: seededRandomWithKeys, engine: { ...pivot.engine, isSeeded: false } };
    const found = decided(pivot);
    expect((found as unknown[]).length).toBeGreaterThan(10);
    expect(found).toEqual(decided(alone));
    // What an earlier run remembers says the same, too.
    const cache = mkdtempSync(join(tmpdir(), "tiphys-renderings-"));
    onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
    const learning = new DiskMemory(cache, "test");
    expect(decided({ ...pivot, memory: learning })).toEqual(found);
    learning.save();
    const asked: string[] = [];
    const engine = {
      ...pivot.engine,
      render: (request: RenderRequest) => {
        asked.push(request.release.name);
        return pivot.engine.render(request);
      },
    };
    expect(decided({ ...pivot, engine, memory: new DiskMemory(cache, "test") })).toEqual(found);
    const all = pivot.inventory.releases.flatMap(({ occurrences }) => occurrences);
    expect(asked.length).toBeLessThan(all.length / 2);
  },
);
