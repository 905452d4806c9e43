import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { CaseResult, CaseVerdict } from "./case.ts";
import { recordCase } from "./helmfile/run-case.ts";
import { stageCase } from "./helmfile/stage.ts";

interface Counted {
  readonly name: string;
  readonly result: CaseResult;
}

/**
 * `npm run cases -- helmfile FOLDER [--only REGEX] [--show CASE]`: runs every case of the folder and ends with
 * `N equal, N different, N unsupported, N crashed of N`. The exit code is 0 when all are equal or unsupported.
 */
export function runHelmfileCases(args: string[]): number {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { only: { type: "string" }, show: { type: "string" } } });
  const root = positionals[0];
  if (root === undefined) {
    console.error("usage: npm run cases -- helmfile FOLDER [--only REGEX] [--show CASE]");
    return 2;
  }
  const folder = resolve(root);
  const only = values.only === undefined ? undefined : new RegExp(values.only);
  const names = caseNames(folder).filter((name) => (only?.test(name) ?? true) && (values.show === undefined || name === values.show));
  const counted = names.map((name) => ({ name, result: runHelmfileCase(join(folder, name)) }));
  return report(counted, values.show !== undefined);
}

function caseNames(folder: string): string[] {
  if (existsSync(join(folder, "about.txt"))) return ["."];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, "about.txt"))).sort();
}

/** Runs one case folder and compares all that was recorded of it. */
export function runHelmfileCase(folder: string): CaseResult {
  const stage = stageCase(folder);
  try {
    return compare(recordCase(stage), readExpected(join(folder, "expected")));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message.startsWith("unsupported: ")) return { verdict: "unsupported", detail: message };
    return { verdict: "crashed", detail: error instanceof Error ? (error.stack ?? message) : message };
  } finally {
    stage.remove();
  }
}

function readExpected(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  const visit = (path: string): void => {
    if (!existsSync(path)) return;
    for (const name of readdirSync(path)) {
      const child = join(path, name);
      if (statSync(child).isDirectory()) visit(child);
      else files.set(relative(folder, child), readFileSync(child, "utf8"));
    }
  };
  visit(folder);
  return files;
}

function compare(actual: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>): CaseResult {
  const differing = [...new Set([...actual.keys(), ...expected.keys()])].sort().filter((name) => actual.get(name) !== expected.get(name));
  if (differing.length === 0) return { verdict: "equal" };
  const describe = (name: string): string => `${name} ${!expected.has(name) ? "is new" : !actual.has(name) ? "is missing" : "differs"}`;
  return {
    verdict: "different",
    detail: differing.map(describe).join(", "),
    actual: Object.fromEntries(differing.map((name) => [name, actual.get(name) ?? null])),
    expected: Object.fromEntries(differing.map((name) => [name, expected.get(name) ?? null])),
  };
}

/** Prints what is not equal and the closing line; gives the exit code. */
export function report(counted: readonly Counted[], showsDifferences: boolean): number {
  for (const { name, result } of counted) {
    if (result.verdict === "equal") continue;
    console.log(`${result.verdict}: ${name}: ${result.detail ?? ""}`);
    if (showsDifferences) showDifferences(result);
  }
  const count = (verdict: CaseVerdict): number => counted.filter(({ result }) => result.verdict === verdict).length;
  console.log(`${count("equal")} equal, ${count("different")} different, ${count("unsupported")} unsupported, ${count("crashed")} crashed of ${counted.length}`);
  return count("different") + count("crashed") > 0 || counted.length === 0 ? 1 : 0;
}

function showDifferences(result: CaseResult): void {
  const actual = (result.actual ?? {}) as Record<string, string | null>;
  const expected = (result.expected ?? {}) as Record<string, string | null>;
  for (const name of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    console.log(`--- ${name}: wanted\n${expected[name] ?? "(no such file)"}\n+++ ${name}: is\n${actual[name] ?? "(no such file)"}`);
  }
}
