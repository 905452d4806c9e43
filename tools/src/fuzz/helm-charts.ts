import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ChartGrammar, type ChartInput } from "./helm-chart-grammar.ts";
import { firstDifference, runHelmCommand, runOurCommand, shown } from "./helm-commands.ts";
import { withoutAddresses } from "./helm-sides.ts";
import type { Difference, RoundResult } from "./helm-templates.ts";
import type { Random } from "./random.ts";

/** Random charts with random flags: stdout, stderr and exit code of `helm template` against `tiphys template`. */
export class ChartRounds {
  readonly #folder: string;
  readonly #version: string;
  constructor(folder: string, version: string) {
    this.#folder = folder;
    this.#version = version;
  }

  async round(random: Random): Promise<RoundResult> {
    const input = new ChartGrammar(random).chart();
    const { difference, status } = await this.#compare(input);
    const differences = difference === undefined ? [] : [await this.#shrink(input, difference)];
    return { differences, count: 1, failed: status === 0 ? 0 : 1, refused: 0 };
  }

  async #compare(input: ChartInput): Promise<{ difference: Difference | undefined; status: number }> {
    const cwd = join(this.#folder, "work");
    const named = input.flags.some(([flag]) => flag === "--name-template");
    const chart = input.archives.includes("app") ? "./app.tgz" : "./app";
    const words = ["template", ...(named ? [] : ["rel"]), chart, ...input.flags.flat()];
    stage(cwd, input);
    const printed = runHelmCommand(words, cwd);
    const helm = `${shown(printed)}${writtenFiles(cwd)}`;
    stage(cwd, input);
    const ours = `${shown(await runOurCommand([...words, "--helm-version", this.#version], cwd))}${writtenFiles(cwd)}`;
    const difference =
      helm === ours ? undefined : { input: inputText(input), values: "", ...firstDifference(helm, ours) };
    return { difference, status: printed.status };
  }

  /** Takes out files, flags and lines as long as the difference stays. */
  async #shrink(input: ChartInput, found: Difference): Promise<Difference> {
    let current = input;
    let best = found;
    let tries = 100;
    for (let progress = true; progress && tries > 0;) {
      progress = false;
      for (const candidate of smallerInputs(current)) {
        if (tries-- <= 0) break;
        const { difference } = await this.#compare(candidate);
        if (difference === undefined) continue;
        [current, best, progress] = [candidate, difference, true];
        break;
      }
    }
    return best;
  }
}

/** Writes the input into a new folder, and packs what comes as an archive. */
function stage(cwd: string, { files, archives }: ChartInput): void {
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd, { recursive: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  for (const folder of archives) {
    if (!existsSync(join(cwd, folder))) continue;
    const pack = ["-czf", join(cwd, `${folder}.tgz`), "-C", dirname(join(cwd, folder)), basename(folder)];
    if (spawnSync("tar", pack).status !== 0) throw new Error("tar failed");
    rmSync(join(cwd, folder), { recursive: true });
  }
}

/** What `--output-dir` and `--dependency-update` have left: texts, of archives the names. */
function writtenFiles(cwd: string): string {
  let text = "";
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(cwd, folder), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (/^(?:out|app\/app)\//.test(path)) text += `\n== ${path}\n${readFileSync(join(cwd, path), "latin1")}`;
      else if (/^app\/charts\/|^app\/Chart\.lock$/.test(path)) text += `\n== ${path}${lockText(join(cwd, path))}`;
    }
  };
  for (const folder of ["out", "app"]) if (existsSync(join(cwd, folder))) walk(folder);
  return withoutAddresses(text);
}

function lockText(path: string): string {
  return path.endsWith(".lock") ? `\n${readFileSync(path, "latin1").replace(/^generated: .*$/m, "")}` : "";
}

function inputText({ files, flags, archives }: ChartInput): string {
  const packed = archives.length === 0 ? "" : `# packed: ${archives.join(" ")}\n`;
  const parts = [...files].map(([path, text]) => `# ${path}\n${text}`);
  return `helm template ${flags
    .flat()
    .map((word) => JSON.stringify(word))
    .join(" ")}\n${packed}${parts.join("\n")}`;
}

function* smallerInputs(input: ChartInput): Generator<ChartInput> {
  const { files, flags, archives } = input;
  for (const index of archives.keys()) yield { ...input, archives: archives.filter((_, at) => at !== index) };
  for (const folder of new Set([...files.keys()].flatMap((path) => /^.*charts\/[a-z]+\//.exec(path)?.[0] ?? [])))
    yield { ...input, files: new Map([...files].filter(([path]) => !path.startsWith(folder))) };
  for (const path of files.keys()) yield { ...input, files: new Map([...files].filter(([other]) => other !== path)) };
  for (const index of flags.keys()) yield { ...input, flags: flags.filter((_, at) => at !== index) };
  for (const [path, text] of files) {
    const lines = text.split(/(?<=\n)/);
    if (lines.length < 2) continue;
    for (const index of lines.keys())
      yield { ...input, files: new Map([...files, [path, lines.filter((_, at) => at !== index).join("")]]) };
  }
}
