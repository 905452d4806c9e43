import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { defaultProfile } from "@tiphys/helm";
import { readCorpus, type CorpusRender } from "../parity/corpus.ts";
import { CorpusRenderer } from "../parity/render.ts";
import { isOnPath, quickest, runCold, tiphysBinary, v8Settings, type ProcessCost } from "./cold-process.ts";
import { median, milliseconds, printTable, ratios, spread } from "./figures.ts";
import { buildGoPeer } from "./go-peer.ts";

interface Work {
  readonly corpus: string;
  readonly renders: readonly CorpusRender[];
  readonly repeats: number;
}

/** What one side took in one process and one thread; mirrored by bench/peers/helm/main.go. */
interface InProcess {
  readonly renders: ReadonlyMap<string, { readonly first: number; readonly best: number; readonly load: number }>;
  /** Of the first rendering of every entry, on the clock and of processors. */
  readonly total: { readonly wall: number; readonly cpu: number; readonly peakMB: number };
}

/**
 * `npm run bench -- helm [CORPUS] [--only REGEX] [--limit N] [--repeats N] [--no-cold] [--no-in-process]`: each entry of a corpus by
 * our command line and by the helm binary, each in a new process, and in one process by our packages and by Helm's own.
 */
export function benchHelm(args: readonly string[]): number {
  if (args[0] === "--in-process-of-ours") return inProcessOfOurs(args[1]!);
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: "string" },
      limit: { type: "string", default: "1000000" },
      repeats: { type: "string", default: "2" },
      "no-cold": { type: "boolean", default: false },
      "no-in-process": { type: "boolean", default: false },
    },
  });
  const corpus = resolve(positionals[0] ?? "../shared/corpus");
  if (!existsSync(join(corpus, "index.json"))) {
    console.error(`${corpus} is no corpus: it has no index.json`);
    return 2;
  }
  const only = new RegExp(values.only ?? "");
  const all = readCorpus(corpus).filter(({ id }) => only.test(id));
  const work: Work = { corpus, renders: spread(all, Number(values.limit)), repeats: Number(values.repeats) };
  console.log(
    `${work.renders.length} of ${all.length} renders; every ratio is the median over them (and the tenth to the ninetieth of a hundred)\n`,
  );
  if (!values["no-cold"]) cold(work);
  if (!values["no-in-process"]) inProcess(work);
  return 0;
}

function cold({ corpus, renders, repeats }: Work): void {
  if (!isOnPath("helm", "version")) {
    console.log("skipped: cold processes: helm is not on PATH\n");
    return;
  }
  const run = (command: string, before: readonly string[], entry: CorpusRender): ProcessCost =>
    quickest(repeats, () => runCold(command, [...before, ...helmWords(entry)], { cwd: corpus }));
  // The first run of a bundle keeps the code that V8 compiled.
  run(process.execPath, [tiphysBinary], renders[0]!);
  const sides = renders.map((entry) => ({
    ours: run(process.execPath, [tiphysBinary], entry),
    helm: run("helm", [], entry),
    node: runCold(process.execPath, ["-e", "0"]),
  }));
  const middle = (of: (side: (typeof sides)[number]) => number | undefined): number =>
    median(sides.map((side) => of(side) ?? Number.NaN));
  printTable([
    ["cold process", "ours", "helm", "node -e 0", "ours/helm"],
    [
      "clock",
      ...[middle((s) => s.ours.wallMs), middle((s) => s.helm.wallMs), middle((s) => s.node.wallMs)].map(milliseconds),
      ratios(sides.map((s) => [s.ours.wallMs, s.helm.wallMs])),
    ],
    [
      "processors",
      ...[middle((s) => s.ours.cpuMs), middle((s) => s.helm.cpuMs), middle((s) => s.node.cpuMs)].map(milliseconds),
      ratios(sides.map((s) => [s.ours.cpuMs ?? Number.NaN, s.helm.cpuMs || 10])),
    ],
    [
      "peak memory",
      ...[middle((s) => s.ours.peakMB), middle((s) => s.helm.peakMB), middle((s) => s.node.peakMB)].map(
        (value) => `${value.toFixed(0)} MB`,
      ),
      ratios(sides.map((s) => [s.ours.peakMB ?? Number.NaN, s.helm.peakMB ?? Number.NaN])),
    ],
  ]);
  const slower = renders
    .map((entry, index) => [entry.id, sides[index]!] as const)
    .toSorted((a, b) => b[1].ours.wallMs / b[1].helm.wallMs - a[1].ours.wallMs / a[1].helm.wallMs);
  const worst = slower.slice(0, 5).map(([id, { ours, helm }]) => `${id} ${(ours.wallMs / helm.wallMs).toFixed(1)}`);
  console.log(`farthest behind: ${worst.join(", ")}\n`);
}

/** The words of `helm template` for an entry, from inside the corpus. */
function helmWords(entry: CorpusRender): string[] {
  const many = (flag: string, words: readonly string[]): string[] => words.flatMap((word) => [flag, word]);
  return [
    "template",
    entry.release,
    entry.chart,
    "--namespace",
    entry.namespace,
    ...many("--kube-version", entry.kubeVersion === "" ? [] : [entry.kubeVersion]),
    ...many("--api-versions", entry.apiVersions),
    ...many("--values", entry.values),
    ...many("--set", entry.set),
    ...entry.flags,
  ];
}

function inProcess(work: Work): void {
  const input = JSON.stringify(work);
  const ours = readTimings(process.execPath, [
    ...process.execArgv,
    "--require",
    v8Settings,
    process.argv[1]!,
    "helm",
    "--in-process-of-ours",
    input,
  ]);
  const peer = buildGoPeer("helm");
  const go =
    peer === undefined ? undefined : readTimings(peer, [], { input, env: { ...process.env, GOMAXPROCS: "1" } });
  const pairs = (a: "first" | "best", b: (of: { first: number; best: number; load: number }) => number) =>
    work.renders.map(
      ({ id }) => [ours.renders.get(id)![a], go === undefined ? Number.NaN : b(go.renders.get(id)!)] as const,
    );
  const middle = (side: InProcess | undefined, of: "first" | "best"): string =>
    side === undefined ? "-" : milliseconds(median([...side.renders.values()].map((timing) => timing[of])));
  const ratio = (a: number, b: number | undefined): string => (b === undefined ? "-" : (a / b).toFixed(2));
  // Only the first entry of a chart is the first time for it.
  const seen = new Set<string>();
  const isNew = work.renders.map(({ chart }) => !seen.has(chart) && seen.add(chart) !== undefined);
  printTable([
    ["in one process, one thread", "ours", "Helm in Go", "ours/Go"],
    [
      "first time of a chart",
      middle(ours, "first"),
      middle(go, "first"),
      ratios(pairs("first", (of) => of.first).filter((_, index) => isNew[index])),
    ],
    ["warm", middle(ours, "best"), middle(go, "best"), ratios(pairs("best", (of) => of.best))],
    ["warm, Go without loading the chart", middle(ours, "best"), "", ratios(pairs("best", (of) => of.best - of.load))],
    [
      "all, clock",
      milliseconds(ours.total.wall),
      go ? milliseconds(go.total.wall) : "-",
      ratio(ours.total.wall, go?.total.wall),
    ],
    [
      "all, processors",
      milliseconds(ours.total.cpu),
      go ? milliseconds(go.total.cpu) : "-",
      ratio(ours.total.cpu, go?.total.cpu),
    ],
    [
      "peak memory",
      `${ours.total.peakMB.toFixed(0)} MB`,
      go ? `${go.total.peakMB.toFixed(0)} MB` : "-",
      ratio(ours.total.peakMB, go?.total.peakMB),
    ],
  ]);
}

function readTimings(
  command: string,
  args: readonly string[],
  more: { input?: string; env?: NodeJS.ProcessEnv } = {},
): InProcess {
  const { status, stdout, error } = spawnSync(command, args, {
    ...more,
    encoding: "utf8",
    stdio: [more.input === undefined ? "ignore" : "pipe", "pipe", "inherit"],
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const total = lines.pop();
  return { total, renders: new Map(lines.map((line) => [line.id, line])) };
}

/** The other side of `inProcess`, in a process of its own. */
function inProcessOfOurs(input: string): number {
  const { corpus, renders, repeats } = JSON.parse(input) as Work;
  const renderer = new CorpusRenderer(corpus, defaultProfile);
  const used = process.cpuUsage();
  const began = performance.now();
  const firsts = renders.map((entry) => renderer.render(entry).milliseconds);
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(used);
  const peakMB = process.resourceUsage().maxRSS / 1024;
  renders.forEach((entry, index) => {
    let best = firsts[index]!;
    for (let repeat = 0; repeat < repeats; repeat++) best = Math.min(best, renderer.render(entry).milliseconds);
    console.log(JSON.stringify({ id: entry.id, first: firsts[index], best, load: 0 }));
  });
  console.log(JSON.stringify({ wall, cpu: (user + system) / 1000, peakMB }));
  return 0;
}
