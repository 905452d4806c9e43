import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { countValueLines } from "./pivot/value-lines.ts";
import { copyOf, filesOf, isFull, shared, sharedEstate, tiphys } from "./pivot/workspace.ts";

interface Report {
  readonly summary: Readonly<Record<string, number>>;
  readonly proofs: readonly {
    readonly environment: string;
    readonly release: string;
    readonly verdict: string;
    readonly reason: string;
  }[];
}

/** Real estates that nobody here wrote: moved on a copy, proven, measured. */
interface Estate {
  readonly name: string;
  readonly path: string;
  readonly settings: string;
  readonly words: readonly string[];
  readonly proven: number;
}

const charts = join(shared, "estates/wbstack-charts/charts");
const estates: readonly Estate[] = [
  {
    name: "wbaas-deploy",
    path: "wbaas-deploy/k8s",
    settings: `apiVersion: tiphys.dev/v1alpha1\nkind: Estate\nenvironments: { local: {}, staging: {}, production: {} }\ncharts: { overrides: { "wbstack/*": "${charts}/*" } }\n`,
    words: [],
    proven: 45,
  },
  {
    name: "welkin-apps",
    path: "welkin-apps",
    settings: `apiVersion: tiphys.dev/v1alpha1\nkind: Estate\nhelmfile: helmfile.d/state.yaml.gotmpl\nenvironments: { service_cluster: {}, workload_cluster: {}, local_cluster: {} }\n`,
    words: ["--env", `CK8S_CONFIG_PATH=${join(shared, "estates/expected/welkin-apps/config")}`],
    proven: 80,
  },
];

const here = estates.filter(({ path }) => sharedEstate(path) !== undefined);

test.skipIf(here.length === 0).each(here)(
  "$name moves, is proven, and its values are as short as they can be",
  { timeout: 600_000 },
  async ({ name, path, settings, words, proven }) => {
    const folder = copyOf(join(shared, "estates", path));
    writeFileSync(join(folder, "tiphys.yaml"), settings);
    const moved = await tiphys(folder, "migrate", "--write", ...words);
    expect(moved.code, moved.stderr.slice(-2000)).toBe(0);
    const { code, stdout, stderr } = await tiphys(folder, "prove", "-o", "json", ...words);
    const { summary, proofs } = JSON.parse(stdout) as Report;
    expect(
      proofs
        .filter(({ verdict }) => verdict === "different")
        .map(({ environment, release }) => `${environment} ${release}`),
      stderr.slice(-500),
    ).toEqual([]);
    expect(summary["unexplained"]).toBe(0);
    expect(summary["proven"]).toBeGreaterThanOrEqual(proven);
    // Whatever is not proven says by name why: a chart that is not here, or a blocker.
    for (const proof of proofs)
      if (proof.verdict !== "proven")
        expect(proof.reason, proof.release).toMatch(/chart wanted|it stays with Helmfile: [a-z]/);
    expect(code).toBe(summary["notProven"]! > 0 ? 1 : 0);
    const lines = countValueLines(folder);
    expect(lines.written).toBeLessThanOrEqual(lines.needed * 1.2);
    console.log(
      `${name}: ${JSON.stringify(summary)}; ${lines.files} value files, ${lines.written} lines of ${lines.needed} needed (${lines.all} with comments)`,
    );
    if (!isFull) return;
    const before = filesOf(folder);
    expect((await tiphys(folder, "migrate", "--write", ...words)).code).toBe(0);
    expect(filesOf(folder)).toEqual(before);
  },
);

test.skipIf(here.length > 0)("real estates are in ../shared/estates", () => {
  expect(existsSync(shared)).toBe(false);
});
