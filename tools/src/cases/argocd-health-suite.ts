import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { LuaHealthError, scriptHealth, shippedHealthScripts, groupKindKey, type HealthStatus } from "@tiphys/argocd";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import { readYaml, toPlain } from "@tiphys/source";
import type { CaseResult } from "./case.ts";
import { healthCaseTime } from "./argocd-health.ts";
import { differences } from "./difference.ts";
import { FolderTree } from "./folder-tree.ts";

/** One fixture of a suite in Argo CD's own layout. */
export interface HealthFixture {
  /** `GROUP/KIND/testdata/x.yaml`. */
  readonly name: string;
  readonly result: CaseResult;
}

/** True for a `resource_customizations` folder: `GROUP/KIND/health_test.yaml` beside `health.lua`. */
export function isHealthSuiteFolder(folder: string): boolean {
  return existsSync(folder) && statSync(folder).isDirectory() && suiteFolders(folder).length > 0;
}

function suiteFolders(root: string): string[] {
  const folders: string[] = [];
  const walk = (path: string, depth: number): void => {
    if (existsSync(join(root, path, "health_test.yaml"))) folders.push(path);
    if (depth === 0) return;
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== "testdata" && entry.name !== "actions")
        walk(join(path, entry.name), depth - 1);
    }
  };
  walk("", 2);
  return folders.sort();
}

/**
 * Runs suites in Argo CD's own layout (util/lua/health_test.go): `health_test.yaml` with `tests: [{inputPath, healthStatus}]`.
 * A fixture is judged by the script alone that Argo CD would choose for the object.
 */
export function* runHealthSuites(folder: string): Generator<HealthFixture> {
  const root = resolve(folder);
  const scripts = shippedHealthScripts(new FolderTree(dirname(root)), basename(root));
  for (const suite of suiteFolders(root)) {
    for (const test of suiteTests(join(root, suite, "health_test.yaml"))) {
      const name = join(suite, test.inputPath);
      yield { name, result: runFixture(join(root, name), test.healthStatus, scripts) };
    }
  }
}

interface SuiteTest {
  readonly inputPath: string;
  readonly healthStatus: unknown;
}

function suiteTests(file: string): SuiteTest[] {
  const suite = toPlain(readYaml(bytesToByteString(readFileSync(file))).value) as {
    tests?: readonly Record<string, unknown>[];
  } | null;
  return (suite?.tests ?? []).map((test) => {
    // Go's decoder does not care about case: some suites say `inputpath`.
    const field = (name: string): unknown => Object.entries(test).find(([key]) => key.toLowerCase() === name)?.[1];
    return { inputPath: String(field("inputpath") ?? ""), healthStatus: field("healthstatus") };
  });
}

function runFixture(file: string, wanted: unknown, scripts: ReturnType<typeof shippedHealthScripts>): CaseResult {
  const object = readYaml(bytesToByteString(readFileSync(file))).value;
  if (!(object instanceof Map)) return { verdict: "crashed", detail: "the fixture holds no object" };
  const script = scripts.find(groupKindKey(object));
  if (script === undefined) return { verdict: "different", detail: `no script for ${groupKindKey(object)}` };
  let actual: unknown;
  try {
    actual = shown(scriptHealth(object, script, { now: healthCaseTime }));
  } catch (error) {
    if (!(error instanceof LuaHealthError)) throw error;
    actual = { error: error.message };
  }
  const expected = normalized(wanted);
  const found = differences(actual, expected);
  return { verdict: found.length === 0 ? "equal" : "different", detail: found.join("\n"), actual, expected };
}

function shown(health: HealthStatus | undefined): unknown {
  if (health === undefined) return null;
  return normalized({
    status: health.status,
    message: fromByteString(health.message),
    deletionMessage: fromByteString(health.deletionMessage ?? ""),
  });
}

/** Absent and empty texts are the same to Go. */
function normalized(health: unknown): unknown {
  const fields = (health ?? {}) as Record<string, unknown>;
  return Object.fromEntries(["status", "message", "deletionMessage"].map((name) => [name, fields[name] ?? ""]));
}

/** `npm run cases -- argocd-health FOLDER` on a `resource_customizations` folder. Returns the exit code. */
export function runArgocdHealthSuites(folder: string): number {
  const counts = { equal: 0, different: 0, unsupported: 0, crashed: 0 };
  const suites = new Set<string>();
  for (const { name, result } of runHealthSuites(folder)) {
    counts[result.verdict]++;
    suites.add(name.split("/").slice(0, 2).join("/"));
    if (result.verdict !== "equal")
      console.log(`${result.verdict} ${name}\n  ${(result.detail ?? "").replaceAll("\n", "\n  ")}`);
  }
  const total = counts.equal + counts.different + counts.unsupported + counts.crashed;
  console.log(`${suites.size} suites`);
  console.log(
    `${counts.equal} equal, ${counts.different} different, ${counts.unsupported} unsupported, ${counts.crashed} crashed of ${total}`,
  );
  return counts.different + counts.crashed > 0 || total === 0 ? 1 : 0;
}
