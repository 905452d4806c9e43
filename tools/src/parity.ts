import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defaultProfile, findProfile } from "@tiphys/helm";
import { compareLines, firstErrorLine } from "./parity/compare.ts";
import { readCorpus, type CorpusRender } from "./parity/corpus.ts";
import { CorpusRenderer } from "./parity/render.ts";
import { runSnippets } from "./parity/snippets.ts";

/*
 * npm run parity -- FOLDER [--json] [--only REGEX] [--show ID] [--helm-version V] [--traced]
 * Renders a corpus and compares every byte with what Helm printed.
 */

type Verdict = "equal" | "different" | "unsupported" | "crashed";

interface Outcome {
  readonly id: string;
  readonly verdict: Verdict;
  readonly milliseconds: number;
  /** Why it is not equal. */
  readonly detail?: string;
  /** For `expect: error`: whether all of stderr agrees, not only its first line. */
  readonly wholeText?: boolean;
}

interface Options {
  readonly folder: string;
  readonly json: boolean;
  readonly only: RegExp | undefined;
  readonly show: string | undefined;
  readonly helmVersion: string | undefined;
  /** Renders a second time with a trace, which must give the same bytes. */
  readonly traced: boolean;
}

function readOptions(argv: readonly string[]): Options {
  const value = (name: string): string | undefined => {
    const at = argv.indexOf(name);
    return at < 0 ? undefined : argv[at + 1];
  };
  const valued = new Set(["--only", "--show", "--helm-version"]);
  const positional = argv.filter((word, index) => !word.startsWith("--") && !valued.has(argv[index - 1] ?? ""));
  if (positional.length !== 1)
    throw new Error("usage: parity FOLDER [--json] [--only REGEX] [--show ID] [--helm-version V]");
  const only = value("--only");
  return {
    folder: resolve(positional[0]!),
    json: argv.includes("--json"),
    only: only === undefined ? undefined : new RegExp(only),
    show: value("--show"),
    helmVersion: value("--helm-version"),
    traced: argv.includes("--traced"),
  };
}

function compare(renderer: CorpusRenderer, folder: string, entry: CorpusRender): Outcome {
  const expected = readFileSync(join(folder, entry.expected), "latin1");
  let rendered;
  try {
    rendered = renderer.render(entry);
  } catch (error) {
    return {
      id: entry.id,
      verdict: "crashed",
      milliseconds: 0,
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
  const { milliseconds, stdout, stderr, isError } = rendered;
  const base = { id: entry.id, milliseconds };
  if (isError && stderr.includes("unsupported: ")) return { ...base, verdict: "unsupported", detail: stderr };
  if (entry.expect === "ok") {
    const detail = isError ? stderr : compareLines(stdout, expected, entry.randomLines);
    return detail === undefined ? { ...base, verdict: "equal" } : { ...base, verdict: "different", detail };
  }
  const detail = compareLines(firstErrorLine(stderr), firstErrorLine(expected));
  if (detail !== undefined) return { ...base, verdict: "different", detail: `${detail}\nwhole stderr:\n${stderr}` };
  return { ...base, verdict: "equal", wholeText: compareLines(stderr, expected, entry.randomLines) === undefined };
}

function run(): number {
  const options = readOptions(process.argv.slice(2));
  const profile = options.helmVersion === undefined ? defaultProfile : findProfile(options.helmVersion);
  if (!profile) throw new Error(`unknown Helm version ${options.helmVersion}`);
  const renderer = new CorpusRenderer(options.folder, profile);
  const entries = readCorpus(options.folder).filter(
    ({ id }) => (options.only?.test(id) ?? true) && (options.show === undefined || id === options.show),
  );
  const start = performance.now();
  const outcomes = entries.map((entry) => compare(renderer, options.folder, entry));
  const milliseconds = performance.now() - start;
  if (options.traced) reportTraced(renderer, entries);
  const snippets = options.show !== undefined || options.only ? [] : runSnippets(options.folder);
  if (options.json) process.stdout.write(`${JSON.stringify({ milliseconds, renders: outcomes, snippets }, null, 2)}\n`);
  else report(outcomes, options.show !== undefined);
  const wrong = snippets.filter(({ actual, expected }) => actual !== expected);
  if (!options.json)
    for (const { file, template, expected, actual } of wrong)
      print(`${file}: ${template}\n  want ${expected}\n  got  ${actual}`);
  const count = (verdict: Verdict): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const errors = outcomes.filter(({ wholeText }) => wholeText !== undefined);
  print(
    `time: ${milliseconds.toFixed(0)} ms; error texts: ${errors.filter(({ wholeText }) => wholeText).length} whole of ${errors.length}`,
  );
  if (snippets.length > 0) print(`snippets: ${snippets.length - wrong.length} equal of ${snippets.length}`);
  print(
    `${count("equal")} equal, ${count("different")} different, ${count("unsupported")} unsupported, ${count("crashed")} crashed of ${outcomes.length}`,
  );
  return count("equal") === outcomes.length && wrong.length === 0 ? 0 : 1;
}

function reportTraced(renderer: CorpusRenderer, entries: readonly CorpusRender[]): void {
  let equal = 0;
  for (const entry of entries) {
    const different = renderer.tracedDifferences(entry);
    if (different.length === 0) equal++;
    else print(`traced ${entry.id}: other bytes in ${different.join(", ")}`);
  }
  print(`traced: ${equal} equal of ${entries.length}`);
}

function report(outcomes: readonly Outcome[], whole: boolean): void {
  for (const { id, verdict, detail } of outcomes) {
    if (verdict === "equal") continue;
    const lines = (detail ?? "").split("\n");
    print(
      `${verdict} ${id}\n${(whole ? lines : lines.slice(0, 4)).map((line) => `    ${line.slice(0, 400)}`).join("\n")}`,
    );
  }
}

/** Byte strings go out as the bytes they are. */
function print(text: string): void {
  process.stdout.write(Buffer.from(`${text}\n`, "latin1"));
}

process.exitCode = run();
