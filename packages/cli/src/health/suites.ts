import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { groupKindKey, LuaHealthError, scriptHealth, shippedHealthScripts } from "@tiphys/argocd";
import type { ShippedHealthScripts } from "@tiphys/argocd";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import { readYaml, toPlain, YamlError } from "@tiphys/source";
import { DiskTree } from "../trees/disk-tree.ts";

/** One fixture of a suite. No problems: passed. */
export interface FixtureResult {
  /** `GROUP/KIND/testdata/x.yaml`. */
  readonly name: string;
  readonly problems: readonly string[];
}

type PlainMap = Readonly<Record<string, unknown>>;

/**
 * Runs every suite below a folder in Argo CD's layout (util/lua/health_test.go of v3.6.1): `health_test.yaml` with
 * `tests: [{inputPath, healthStatus: {status, message}}]`; the script alone is judged.
 */
export function runSuites(root: string, now: number): FixtureResult[] {
  const scripts = shippedHealthScripts(new DiskTree(dirname(root)), basename(root));
  return suiteFolders(root, "").flatMap((suite) =>
    testsOf(join(root, suite, "health_test.yaml")).map(({ inputPath, healthStatus }): FixtureResult => {
      const name = join(suite, inputPath);
      return { name, problems: runFixture(join(root, name), { healthStatus, scripts, now }) };
    }),
  );
}

function suiteFolders(root: string, path: string): string[] {
  const own = existsSync(join(root, path, "health_test.yaml")) ? [path] : [];
  const below = readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "testdata" && entry.name !== "actions")
    .map((entry) => join(path, entry.name))
    .toSorted();
  return [...own, ...below.flatMap((folder) => suiteFolders(root, folder))];
}

function testsOf(file: string): { inputPath: string; healthStatus: PlainMap }[] {
  const suite = toPlain(readYaml(bytesToByteString(readFileSync(file))).value) as {
    tests?: readonly PlainMap[];
  } | null;
  return (suite?.tests ?? []).map((test) => {
    // Go's decoder does not care about case: some suites say `inputpath`.
    const field = (name: string): unknown => Object.entries(test).find(([key]) => key.toLowerCase() === name)?.[1];
    return { inputPath: String(field("inputpath") ?? ""), healthStatus: (field("healthstatus") ?? {}) as PlainMap };
  });
}

interface FixtureContext {
  readonly healthStatus: PlainMap;
  readonly scripts: ShippedHealthScripts;
  readonly now: number;
}

function runFixture(file: string, { healthStatus, scripts, now }: FixtureContext): string[] {
  if (!existsSync(file)) return ["the fixture is missing"];
  try {
    const object = readYaml(bytesToByteString(readFileSync(file))).value;
    if (!(object instanceof Map)) return ["the fixture holds no object"];
    const script = scripts.find(groupKindKey(object));
    if (script === undefined) return [`there is no health.lua for ${fromByteString(groupKindKey(object))}`];
    const verdict = scriptHealth(object, script, { now });
    return compare({ status: verdict?.status ?? "", message: fromByteString(verdict?.message ?? "") }, healthStatus);
  } catch (error) {
    if (error instanceof LuaHealthError)
      return [`${error.line === undefined ? "" : `health.lua:${error.line}: `}${fromByteString(error.message)}`];
    if (error instanceof YamlError) return [fromByteString(error.message)];
    throw error;
  }
}

function compare(actual: { status: string; message: string }, wanted: PlainMap): string[] {
  return (["status", "message"] as const).flatMap((field) => {
    const expected = String(wanted[field] ?? "");
    return actual[field] === expected
      ? []
      : [`${field}: want ${JSON.stringify(expected)}, got ${JSON.stringify(actual[field])}`];
  });
}
