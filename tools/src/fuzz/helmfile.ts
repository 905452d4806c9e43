import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { recordCase } from "../cases/helmfile/run-case.ts";
import type { Recording } from "../cases/helmfile/run-case.ts";
import { stageCase } from "../cases/helmfile/stage.ts";
import { HelmfileGrammar } from "./helmfile-grammar.ts";
import type { Estate } from "./helmfile-grammar.ts";
import { hasHelmfile, recordRealHelmfile } from "./helmfile-recorder.ts";
import { shrinkEstate } from "./helmfile-shrink.ts";
import { fuzzOptions } from "./options.ts";
import { Random } from "./random.ts";

/** How often the real tool is asked again where we differ: what it answers differently is random in it. */
const repeats = 10;
const maximumKept = 25;

interface Difference {
  readonly names: readonly string[];
  readonly ours: Recording;
  readonly real: Recording;
}

/**
 * Random small estates against the real helmfile (`helmfile` and `helm` on PATH): every command's output, values, helm calls, exit code
 * and messages. What differs is made smaller and kept as a case below the folder that is printed. Exit code 1 when anything differs,
 * 2 without the real tool.
 */
export function fuzzHelmfile(args: readonly string[]): number {
  const options = fuzzOptions(args);
  if (!hasHelmfile()) {
    console.log("skipped: helmfile and helm are not on PATH");
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "tiphys-helmfile-fuzz-"));
  cpSync(resolve("packages/helmfile/cases/_charts"), join(folder, "_charts"), { recursive: true });
  const counts = { estates: 0, failing: 0, random: 0, different: 0 };
  const until = Date.now() + options.seconds * 1000;
  for (let index = 0; Date.now() < until && counts.estates < options.count && counts.different < maximumKept; index++) {
    const estate = new HelmfileGrammar(new Random(options.seed * 1_000_003 + index)).estate();
    const difference = compareEstate(folder, estate);
    counts.estates++;
    if (difference.failed) counts.failing++;
    if (difference.names.length === 0) continue;
    if (isRandomUpstream(folder, estate)) {
      counts.random++;
      continue;
    }
    counts.different++;
    report(folder, `estate-${options.seed}-${index}`, estate);
  }
  if (counts.different === 0) rmSync(folder, { recursive: true, force: true });
  console.log(
    `${counts.estates} estates (${counts.failing} with a command that the real helmfile fails, ${counts.random} random upstream), ${counts.different} different, seed ${options.seed}`,
  );
  return counts.different === 0 ? 0 : 1;
}

function writeEstate(folder: string, estate: Estate, about: string): void {
  rmSync(folder, { recursive: true, force: true });
  const files = [
    ...estate.files,
    ["args.json", `${JSON.stringify(estate.args, null, 1)}\n`],
    ["about.txt", `${about}\n`],
  ] as const;
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function recordWith(folder: string, record: typeof recordCase): Recording {
  const stage = stageCase(folder);
  try {
    return record(stage);
  } catch (error) {
    return new Map([["crash", error instanceof Error ? (error.stack ?? error.message) : String(error)]]);
  } finally {
    stage.remove();
  }
}

function compareEstate(folder: string, estate: Estate): Difference & { readonly failed: boolean } {
  const path = join(folder, "estate");
  writeEstate(path, estate, "random estate");
  const real = recordWith(path, recordRealHelmfile);
  const ours = recordWith(path, recordCase);
  return {
    names: differingNames(ours, real, isParallel(estate)),
    ours,
    real,
    failed: /: [1-9]/.test(real.get("exit.json") ?? ""),
  };
}

/** Names of differing files, without those of commands that end in a Go panic. */
export function differingNames(ours: Recording, real: Recording, inParallel: boolean): string[] {
  const commands = Object.keys(JSON.parse(real.get("exit.json") ?? "{}") as object);
  const panics = [...real].flatMap(([name, text]) => {
    if (!/^panic: /m.test(text)) return [];
    return name === "error.txt" ? commands : (/^error\.([a-z-]+)\.txt$/.exec(name)?.[1] ?? []);
  });
  const explained = new Set(panics.flatMap((command) => filesOf(command)));
  const names = [...new Set([...ours.keys(), ...real.keys()])].sort();
  const shown = (text: string | undefined): string | undefined =>
    inParallel ? sortedLines(normalize(text, panics)) : normalize(text, panics);
  const isExplained = (name: string): boolean =>
    explained.has(name) ||
    (name === "error.txt" && panics.length === commands.length) ||
    (name.startsWith("values/") && panics.includes("write-values"));
  return names.filter((name) => !isExplained(name) && shown(ours.get(name)) !== shown(real.get(name)));
}

/** Files of a folder run at the same time: what they say comes in any order. */
function sortedLines(text: string | undefined): string | undefined {
  return text
    ?.split("\n")
    .map((line) => line.replace(/,$/, ""))
    .sort()
    .join("\n");
}

/** Whether several files of a folder run at the same time. */
export function isParallel({ files, args }: Estate): boolean {
  const together = [...files.keys()].filter((path) => /^helmfile\.d\/[^/]*$/.test(path));
  return together.length > 1 && !(args.flags ?? []).includes("--sequential-helmfiles");
}

function filesOf(command: string): string[] {
  const outputs: Readonly<Record<string, readonly string[]>> = {
    list: ["list.json"],
    "list-table": ["list.txt"],
    "print-env": ["env.yaml"],
    template: ["helm.json", "template.yaml"],
    "show-dag": ["dag.txt"],
    build: ["build.yaml"],
    "build-embed": ["build-embedded.yaml"],
  };
  return [`error.${command}.txt`, `stderr.${command}.txt`, ...(outputs[command] ?? [])];
}

/**
 * Faults of files that run at the same time reach helmfile's main function bare, which then prints their Go type. Which of several missing
 * needs is named, and the path of a cycle, comes from a Go map.
 */
function normalize(text: string | undefined, panics: readonly string[]): string | undefined {
  const exits = panics.reduce(
    (all, command) => all?.replace(new RegExp(`"${command}": \\d+`), `"${command}": "panic"`),
    text,
  );
  return exits
    ?.replace(/^unexpected error: \*[A-Za-z.]+: /m, "")
    .replace(/release\(s\) .* depend\(s\) on an undefined release .*/g, "release(s) depend(s) on an undefined release")
    .replace(/cycle detected: .*/g, "cycle detected");
}

/** Where Go walks a map, helmfile says something else the next time: whether it ever says what we say, of each command. */
function isRandomUpstream(folder: string, estate: Estate): boolean {
  let left: readonly string[] | undefined;
  for (let i = 0; i < (isParallel(estate) ? 2 * repeats : repeats); i++) {
    const { names } = compareEstate(folder, estate);
    left = left === undefined ? names : left.filter((name) => names.includes(name));
    if (left.length === 0) return true;
  }
  return false;
}

function report(folder: string, name: string, estate: Estate): void {
  const differs = (candidate: Estate, among: readonly string[]): boolean => {
    const found = compareEstate(folder, candidate);
    return found.names.some((file) => among.includes(file));
  };
  const first = compareEstate(folder, estate);
  const small = shrinkEstate(estate, first.names, differs);
  const { names, ours, real } = compareEstate(folder, small);
  const kept = join(folder, "different", name);
  writeEstate(kept, small, "random estate");
  if (!existsSync(join(folder, "different", "_charts")))
    cpSync(join(folder, "_charts"), join(folder, "different", "_charts"), { recursive: true });
  console.log(`different ${kept}: ${names.join(", ")}`);
  for (const file of names.slice(0, 2)) console.log(indent(firstDifference(ours.get(file), real.get(file))));
}

function firstDifference(ours = "(no such file)", real = "(no such file)"): string {
  const a = ours.split("\n");
  const b = real.split("\n");
  const at = Math.max(
    0,
    a.findIndex((line, index) => line !== b[index]),
  );
  return `is:     ${a
    .slice(at, at + 3)
    .join("\\n")
    .slice(0, 400)}\nwanted: ${b
    .slice(at, at + 3)
    .join("\\n")
    .slice(0, 400)}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
