import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { expandApplicationSet, renderApplication, Repositories } from "@tiphys/argocd";
import { HelmEngine, loadChart } from "@tiphys/helm";
import { MemoryTree } from "@tiphys/source";
import { runCold } from "./cold-process.ts";
import { milliseconds, printTable } from "./figures.ts";
import { argocdEstate, documentsOf } from "./argocd-estate.ts";

/** Milliseconds on the clock and of processors. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

interface Measured {
  readonly applications: number;
  /** The first expansion of the process, then a second one. */
  readonly expandCold: Cost;
  readonly expand: Cost;
  readonly render: Cost;
  readonly manifests: number;
  readonly peakMegabytes: number;
}

/**
 * `npm run bench -- argocd [--sizes 1000,10000] [--no-oracle]`: expansion and rendering of synthetic estates of 20 ApplicationSets over
 * 200 charts, each size in a process of its own, and beside it the expansion of one of the sets by Argo CD's own code.
 */
export function benchArgocd(args: readonly string[]): number {
  if (args[0] === "--one") {
    console.log(JSON.stringify(measure(Number(args[1]))));
    return 0;
  }
  const { values } = parseArgs({
    args: [...args],
    options: { sizes: { type: "string", default: "1000,10000" }, "no-oracle": { type: "boolean", default: false } },
  });
  const sizes = values.sizes.split(",").map(Number);
  const all = sizes.map((size) => [measureApart(size), values["no-oracle"] ? "not asked" : oracle(size)] as const);
  printTable([
    ["clock / processors", ...all.map(([{ applications }]) => `${applications} Applications`), "growth for each"],
    costs(
      "expand, first time",
      all.map(([{ applications, expandCold }]) => [expandCold, applications]),
    ),
    costs(
      "expand again",
      all.map(([{ applications, expand }]) => [expand, applications]),
    ),
    costs(
      "render",
      all.map(([{ applications, render }]) => [render, applications]),
    ),
    ["manifests", ...all.map(([{ manifests }]) => String(manifests)), ""],
    ["peak memory", ...all.map(([{ peakMegabytes }]) => `${peakMegabytes} MB`), ""],
    ["Argo CD's code, one set of 20 (with its start and a Git repository)", ...all.map(([, theirs]) => theirs), ""],
  ]);
  return 0;
}

/** A row, with how many times dearer one Application is at the last size than at the first: 1 is linear. */
function costs(what: string, sizes: readonly (readonly [Cost, number])[]): string[] {
  const each = sizes.map(([cost, applications]) => cost.cpu / applications);
  return [
    what,
    ...sizes.map(([{ wall, cpu }]) => `${milliseconds(wall)} / ${milliseconds(cpu)}`),
    (each.at(-1)! / each[0]!).toFixed(2),
  ];
}

function measureApart(size: number): Measured {
  const child = spawnSync(process.execPath, [...process.execArgv, process.argv[1]!, "argocd", "--one", String(size)], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.status !== 0) throw new Error(`the estate of ${size} Applications ended with ${child.status}`);
  return JSON.parse(child.stdout) as Measured;
}

function measure(size: number): Measured {
  const estate = argocdEstate(size);
  const tree = new MemoryTree(estate.files);
  const documents = documentsOf(estate);
  const expandAll = () => {
    const repositories = new Repositories(() => ({ tree }));
    return documents.map((document) => expandApplicationSet({ document, repositories }));
  };
  const [expandCold] = timed(expandAll);
  const [expand, expansions] = timed(expandAll);
  const fault = expansions.find(({ error }) => error)?.error;
  if (fault) throw new Error(fault.message);
  const applications = expansions.flatMap((expansion) => expansion.applications.map(({ application }) => application));
  const engine = new HelmEngine();
  const charts = new Map<string, ReturnType<typeof loadChart>>();
  const [render, manifests] = timed(() => {
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
    expandCold,
    expand,
    render,
    manifests,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

function timed<Result>(run: () => Result): [Cost, Result] {
  const used = process.cpuUsage();
  const start = performance.now();
  const result = run();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(used);
  return [{ wall, cpu: (user + system) / 1000 }, result];
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
    const { wallMs, cpuMs } = runCold("argocd-oracle", ["appset", "--repo", join(folder, "repo"), file]);
    return `${milliseconds(wallMs)} / ${milliseconds(cpuMs ?? Number.NaN)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
