import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { randomFlags } from "./chart-flags.ts";
import {
  differenceBeyondChance,
  runHelmCommand,
  runOurCommand,
  shown,
  type Output,
  type Texts,
} from "./helm-commands.ts";
import { chartFolders, filesOf, readKnownChart, type KnownChart } from "./known-chart.ts";
import { applyEdits, randomEdit, type LineEdit } from "./line-edits.ts";
import { fuzzFlags } from "./options.ts";
import { Random } from "./random.ts";
import { setFlags, valueFile, ValueMutations, type Mutation } from "./value-mutations.ts";
import { ValuePool } from "./values-pool.ts";

/** After so many differences there is enough to look at. */
const enough = 60;

/** Processor time of ours that is worth a line. */
const slowMilliseconds = 2000;

interface Call {
  readonly chart: KnownChart;
  readonly flags: readonly (readonly string[])[];
  readonly mutations: readonly Mutation[];
  /** Whether the mutations come as `--set…` flags. */
  readonly isSet: boolean;
  /** Edits of the chart's own files. */
  readonly edits: readonly LineEdit[];
}

/**
 * Renders real charts with changed values, random flags and edited lines with the helm binary on PATH and with ours, and prints
 * what differs, made small. `--charts FOLDER` is searched for charts; a folder `values` beside it has value files by the name of
 * the chart. `--edits SHARE` is the share of renders with edited files. Exit code 1 when anything differs, 2 without helm or charts.
 */
export async function fuzzHelmValues(args: readonly string[]): Promise<number> {
  const { values: options } = parseArgs({
    args: [...args],
    options: {
      ...fuzzFlags,
      charts: { type: "string", default: "../shared/corpus/charts" },
      only: { type: "string", default: "" },
      edits: { type: "string", default: "0.5" },
    },
  });
  const version = spawnSync("helm", ["version", "--template", "{{.Version}}"], { encoding: "utf8" });
  const root = resolve(options.charts);
  if (version.status !== 0 || !existsSync(root)) {
    console.log(`skipped: ${version.status === 0 ? `no folder ${root}` : "helm is not on PATH"}`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "tiphys-fuzz-"));
  try {
    const rounds = new ValueRounds(root, folder, version.stdout.trim().replace(/^v/, ""), options.only);
    const until = Date.now() + Number(options.seconds) * 1000;
    for (let round = 0; Date.now() < until && round < Number(options.count) && rounds.differences < enough; round++) {
      await rounds.round(new Random(Number(options.seed) * 1_000_003 + round), Number(options.edits));
    }
    console.log(
      `${rounds.count} renders (${rounds.failed} of them errors), ${rounds.differences} differences, ${rounds.unstable} that no two runs of helm share, seed ${options.seed}`,
    );
    return rounds.differences === 0 && rounds.count > 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class ValueRounds {
  count = 0;
  failed = 0;
  differences = 0;
  unstable = 0;
  readonly #work: string;
  readonly #version: string;
  readonly #folders: readonly string[];
  readonly #beside: string;
  readonly #pool = new ValuePool();
  readonly #charts = new Map<string, KnownChart>();
  /** The chart whose copy stands in the work folder. */
  #copied: string | undefined;

  constructor(root: string, folder: string, version: string, only: string) {
    this.#beside = join(root, "..", "values");
    this.#work = join(folder, "work");
    this.#version = version;
    mkdirSync(this.#work);
    const all = chartFolders(root);
    this.#folders = all.filter((chart) => chart.includes(only));
    const learn = (from: string, pattern: RegExp): void => {
      for (const file of filesOf(from, pattern)) this.#pool.learn(readFileSync(join(from, file), "latin1"));
    };
    for (const chart of all) learn(chart, /(?:^|\/)values\.yaml$/);
    if (existsSync(this.#beside)) learn(this.#beside, /\.ya?ml$/);
  }

  async round(random: Random, editShare: number): Promise<void> {
    const call = await this.#mended(random, this.#call(random, editShare));
    const { status, difference } = await this.#compare(call);
    this.count++;
    if (status !== 0) this.failed++;
    if (difference === undefined) return;
    this.differences++;
    const [smaller, { helm, ours }] = await this.#shrink(call, difference);
    console.log(`--- ${this.differences}: helm ${words(smaller, smaller.chart.folder).map(quoted).join(" ")}`);
    for (const edit of smaller.edits) console.log(`  ${edit.path}:${edit.line + 1}: ${JSON.stringify(edit.lines)}`);
    if (!smaller.isSet && smaller.mutations.length > 0) console.log(valueFile(smaller.mutations));
    console.log(`  helm: ${JSON.stringify(helm).slice(0, 600)}`);
    console.log(`  ours: ${JSON.stringify(ours).slice(0, 600)}`);
  }

  #call(random: Random, editShare: number): Call {
    const folder = random.pick(this.#folders);
    let chart = this.#charts.get(folder);
    if (chart === undefined) this.#charts.set(folder, (chart = readKnownChart(folder, this.#beside)));
    const mutations = new ValueMutations(random, this.#pool).mutations(chart.values, chart.readPaths);
    const flags: (readonly string[])[] = [];
    if (chart.valueFiles.length > 0 && random.chance(0.3)) flags.push(["-f", random.pick(chart.valueFiles)]);
    flags.push(...randomFlags(random, chart));
    const edits = random.chance(editShare) ? this.#edits(random, chart) : [];
    return { chart, flags, mutations, isSet: mutations.length < 12 && random.chance(0.3), edits };
  }

  /** Edits of different lines. */
  #edits(random: Random, chart: KnownChart): LineEdit[] {
    const edits = new Map<string, LineEdit>();
    for (let left = 1 + random.below(8); left > 0; left--) {
      const path = random.pick(chart.files);
      const edit = randomEdit(random, path, readFileSync(join(chart.folder, path), "latin1"), chart.words);
      if (edit !== undefined) edits.set(`${path}:${edit.line}`, edit);
    }
    return [...edits.values()];
  }

  /** Most of what fails for us loses changes until it renders: an error hides all that comes behind it. */
  async #mended(random: Random, call: Call): Promise<Call> {
    if (random.chance(0.3)) return call;
    let mended = call;
    for (let tries = 0; tries < 6; tries++) {
      const { status } = await this.#ours(mended, this.#stage(mended));
      if (status === 0) return mended;
      const some = <Item>(items: readonly Item[]): Item[] => items.filter(() => random.chance(0.6));
      mended = { ...mended, mutations: some(mended.mutations), edits: some(mended.edits) };
    }
    return call;
  }

  async #ours(call: Call, chart: string): Promise<Output> {
    return runOurCommand([...words(call, chart), "--helm-version", this.#version], this.#work);
  }

  /** Writes the values and, for edits, a copy of the chart; the chart's folder. */
  #stage({ chart, mutations, edits }: Call): string {
    writeFileSync(join(this.#work, "values.yaml"), valueFile(mutations), "latin1");
    if (edits.length === 0) return chart.folder;
    const copy = join(this.#work, "chart");
    if (this.#copied !== chart.folder) {
      rmSync(copy, { recursive: true, force: true });
      cpSync(chart.folder, copy, { recursive: true, dereference: true });
      this.#copied = chart.folder;
    }
    for (const path of new Set(edits.map((edit) => edit.path))) {
      const text = readFileSync(join(chart.folder, path), "latin1");
      const own = edits.filter((edit) => edit.path === path);
      rmSync(join(copy, path));
      writeFileSync(join(copy, path), applyEdits(text, own), "latin1");
    }
    return copy;
  }

  #unstage({ chart, edits }: Call): void {
    for (const { path } of edits)
      writeFileSync(join(this.#work, "chart", path), readFileSync(join(chart.folder, path)));
  }

  async #compare(call: Call): Promise<{ status: number; difference?: Texts }> {
    const chart = this.#stage(call);
    try {
      const line = words(call, chart);
      const printed = runHelmCommand(line, this.#work);
      const helm = shown(printed);
      const before = process.cpuUsage();
      const ours = shown(await this.#ours(call, chart));
      const { user, system } = process.cpuUsage(before);
      const milliseconds = Math.round((user + system) / 1000);
      if (milliseconds > slowMilliseconds) console.log(`slow: ${milliseconds} ms of processor time: ${line.join(" ")}`);
      const difference = differenceBeyondChance({ helm, ours }, () => shown(runHelmCommand(line, this.#work)));
      if (difference === "chance") this.unstable++;
      const { status } = printed;
      return difference === undefined || difference === "chance" || isKnown(ours) ? { status } : { status, difference };
    } finally {
      this.#unstage(call);
    }
  }

  /** Takes out changes, edits and flags as long as a difference stays. */
  async #shrink(call: Call, found: Texts): Promise<[Call, Texts]> {
    let best: [Call, Texts] = [call, found];
    let tries = 60;
    for (let progress = true; progress && tries > 0;) {
      progress = false;
      for (const candidate of smallerCalls(best[0])) {
        if (tries-- <= 0) break;
        const { difference } = await this.#compare(candidate);
        if (difference === undefined) continue;
        best = [candidate, difference];
        progress = true;
        break;
      }
    }
    return best;
  }
}

/** Schemas from elsewhere are not fetched (docs/helm-differences.md). */
function isKnown(ours: string): boolean {
  return /unsupported: schema "https?:.*" is not in the chart/.test(ours);
}

function* smallerCalls(call: Call): Generator<Call> {
  const { flags, mutations, edits } = call;
  for (let size = mutations.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < mutations.length; at += size) {
      yield { ...call, mutations: mutations.filter((_, index) => index < at || index >= at + size) };
    }
  }
  if (mutations.length === 1) yield { ...call, mutations: [] };
  for (const index of edits.keys()) yield { ...call, edits: edits.filter((_, at) => at !== index) };
  for (const index of flags.keys()) yield { ...call, flags: flags.filter((_, at) => at !== index) };
}

function words({ flags, mutations, isSet }: Call, chart: string): string[] {
  const given = flags.find(([flag]) => flag === "NAME")?.slice(1);
  const name = given ?? (flags.some(([flag]) => flag === "--name-template") ? [] : ["rel"]);
  const others = flags.filter(([flag]) => flag !== "NAME" && !(given !== undefined && flag === "--name-template"));
  const values = isSet ? setFlags(mutations) : ["-f", "values.yaml"];
  return ["template", ...name, chart, ...others.flat(), ...values];
}

function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : JSON.stringify(word);
}
