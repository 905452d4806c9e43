import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { expandApplicationSet, renderApplication, Repositories } from "@tiphys/argocd";
import { HelmEngine, loadChart } from "@tiphys/helm";
import { MemoryTree } from "@tiphys/source";
import { argocdEstate, documentsOf } from "./argocd-estate.ts";

interface Measured {
  readonly applications: number;
  /** The first expansion of the process, then a second one. */
  readonly expandColdMs: number;
  readonly expandMs: number;
  readonly renderMs: number;
  readonly manifests: number;
  readonly peakMegabytes: number;
}

/**
 * `npm run bench -- argocd [--sizes 1000,10000] [--oracle]`: expansion and rendering of synthetic estates of 20 ApplicationSets over
 * 200 charts, each size in a process of its own; with `--oracle` the expansion of one of the sets by Argo CD's own code beside it.
 */
export function benchArgocd(args: readonly string[]): number {
  if (args[0] === "--one") {
    console.log(JSON.stringify(measure(Number(args[1]))));
    return 0;
  }
  const { values } = parseArgs({
    args: [...args],
    options: { sizes: { type: "string", default: "1000,10000" }, oracle: { type: "boolean", default: false } },
  });
  console.log("applications  expand (first)  expand  render  manifests  peak memory  argo-cd, one set");
  for (const size of values.sizes.split(",").map(Number)) {
    const child = spawnSync(
      process.execPath,
      [...process.execArgv, process.argv[1]!, "argocd", "--one", String(size)],
      { encoding: "utf8", maxBuffer: 1 << 26 },
    );
    if (child.status !== 0) {
      console.error(child.stderr);
      return 1;
    }
    print(JSON.parse(child.stdout) as Measured, values.oracle ? oracle(size) : "not asked");
  }
  return 0;
}

function print(ours: Measured, theirs: string): void {
  const row = [
    ours.applications,
    `${ours.expandColdMs} ms`,
    `${ours.expandMs} ms`,
    `${ours.renderMs} ms`,
    ours.manifests,
    `${ours.peakMegabytes} MB`,
    theirs,
  ];
  console.log(row.map((cell, index) => String(cell).padStart([12, 14, 8, 8, 9, 11, 16][index]!)).join("  "));
}

function measure(size: number): Measured {
  const estate = argocdEstate(size);
  const tree = new MemoryTree(estate.files);
  const documents = documentsOf(estate);
  const expandAll = () => {
    const repositories = new Repositories(() => ({ tree }));
    return documents.map((document) => expandApplicationSet({ document, repositories }));
  };
  const [expandColdMs] = timed(expandAll);
  const [expandMs, expansions] = timed(expandAll);
  const fault = expansions.find(({ error }) => error)?.error;
  if (fault) throw new Error(fault.message);
  const applications = expansions.flatMap((expansion) => expansion.applications.map(({ application }) => application));
  const engine = new HelmEngine();
  const charts = new Map<string, ReturnType<typeof loadChart>>();
  const [renderMs, manifests] = timed(() => {
    let count = 0;
    for (const application of applications) {
      const rendered = renderApplication(application, {
        resolvers: { repository: () => ({ tree }) },
        render: (request) => engine.render(request),
        loadChart: (from, folder, profile) => {
          const known = charts.get(folder) ?? loadChart(from, folder, { profile });
          charts.set(folder, known);
          return known;
        },
      });
      if (rendered.error !== undefined) throw new Error(rendered.error);
      count += rendered.manifests.length;
    }
    return count;
  });
  return {
    applications: applications.length,
    expandColdMs,
    expandMs,
    renderMs,
    manifests,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

function timed<Result>(run: () => Result): [number, Result] {
  const start = performance.now();
  const result = run();
  return [Math.round(performance.now() - start), result];
}

/** Milliseconds that Argo CD's code needs for the first set; making the Git repository and starting the program included. */
function oracle(size: number): string {
  if (spawnSync("argocd-oracle", ["versions"]).status !== 0) return "not on PATH";
  const estate = argocdEstate(size);
  const folder = mkdtempSync(join(tmpdir(), "tiphys-bench-"));
  try {
    for (const [path, text] of Object.entries(estate.files)) {
      if (!path.startsWith("components/tier0/")) continue;
      mkdirSync(dirname(join(folder, "repo", path)), { recursive: true });
      writeFileSync(join(folder, "repo", path), text);
    }
    const file = join(folder, "set.yaml");
    writeFileSync(file, estate.applicationSets[0]!);
    const [milliseconds] = timed(() =>
      spawnSync("argocd-oracle", ["appset", "--repo", join(folder, "repo"), file], { maxBuffer: 1 << 28 }),
    );
    return `${milliseconds} ms`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
