import { lstatSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromByteString, toByteString, type GoValue } from "@tiphys/gotemplate";
import { encodeJson } from "@tiphys/gotemplate/sprig";
import type { Chart, Dependency } from "@tiphys/helm";
import { readYaml, toPlain, writeYamlV2, YamlError } from "@tiphys/source";
import { UserError } from "../../command.ts";
import { sha256 } from "../content-cache.ts";

/** A dependency as a chart wants or locks it (pkg/chart/v2/dependency.go), in UTF-16 text. */
export interface WantedDependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
  readonly condition: string;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly importValues: readonly GoValue[];
  readonly alias: string;
}

/** Chart.lock, or requirements.lock of a v1 chart. */
export interface Lock {
  /** RFC 3339. */
  readonly generated: string;
  /** `sha256:…` over what is wanted and what is locked. */
  readonly digest: string;
  readonly dependencies: readonly WantedDependency[];
}

/** A dependency with a name, version and repository and nothing else, as locks have them. */
export function lockedDependency(name: string, version: string, repository: string): WantedDependency {
  return { name, version, repository, condition: "", tags: [], enabled: false, importValues: [], alias: "" };
}

/** A dependency of a loaded chart in UTF-16 text. */
export function wantedDependency(dependency: Dependency): WantedDependency {
  return {
    name: fromByteString(dependency.name),
    version: fromByteString(dependency.version),
    repository: fromByteString(dependency.repository),
    condition: fromByteString(dependency.condition),
    tags: dependency.tags.map(fromByteString),
    enabled: dependency.enabled,
    importValues: dependency.importValues,
    alias: fromByteString(dependency.alias),
  };
}

/** The lock of a chart; undefined when it has none. requirements.lock, read last by Helm, wins. Throws `UserError`. */
export function readLock(chart: Chart): Lock | undefined {
  const file =
    chart.raw.findLast(({ name }) => name === "requirements.lock") ??
    chart.raw.findLast(({ name }) => name === "Chart.lock");
  if (file === undefined) return undefined;
  let value: unknown;
  try {
    value = toPlain(readYaml(file.text).value);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new UserError(`Error: cannot load ${file.name}: ${fromByteString(error.message)}`, 1);
  }
  // An empty file is no lock to Helm.
  if (value === null) return undefined;
  const lock = value as Readonly<Record<string, unknown>>;
  const list = Array.isArray(lock["dependencies"]) ? (lock["dependencies"] as unknown[]) : [];
  return {
    generated: text(lock["generated"]),
    digest: text(lock["digest"]),
    dependencies: list
      .filter((item): item is Readonly<Record<string, unknown>> => typeof item === "object" && item !== null)
      .map((item) => ({
        ...lockedDependency(text(item["name"]), text(item["version"]), text(item["repository"])),
        condition: text(item["condition"]),
        alias: text(item["alias"]),
        tags: Array.isArray(item["tags"]) ? (item["tags"] as unknown[]).map(text) : [],
        enabled: item["enabled"] === true,
      })),
  };
}

/** `resolver.HashReq`: over the JSON of both lists. */
export function lockDigest(wanted: readonly WantedDependency[], locked: readonly WantedDependency[]): string {
  return digestOf(`[${jsonList(wanted)},${jsonList(locked)}]`);
}

/** `resolver.HashV2Req`: Helm 2's digest, over what is wanted alone. */
export function helm2LockDigest(wanted: readonly WantedDependency[]): string {
  return digestOf(`{"dependencies":${jsonList(wanted)}}`);
}

function digestOf(json: string): string {
  return `sha256:${sha256(Buffer.from(json, "latin1"))}`;
}

/** JSON of Go structs, whose fields keep their order; encoding/json would sort a map's. */
function jsonList(dependencies: readonly WantedDependency[]): string {
  const objects = dependencies.map((dependency) => {
    const fields = [...fieldsOf(dependency)].map(([name, value]) => `${encodeJson(name)}:${encodeJson(value)}`);
    return `{${fields.join(",")}}`;
  });
  return `[${objects.join(",")}]`;
}

/** The fields in the order of Go's struct; encoding/json leaves out empty ones but for two. */
function fieldsOf(dependency: WantedDependency): Map<string, GoValue> {
  const fields = new Map<string, GoValue>();
  const add = (name: string, value: GoValue, isEmpty: boolean): void => void (isEmpty || fields.set(name, value));
  add("name", toByteString(dependency.name), false);
  add("version", toByteString(dependency.version), dependency.version === "");
  add("repository", toByteString(dependency.repository), false);
  add("condition", toByteString(dependency.condition), dependency.condition === "");
  add("tags", dependency.tags.map(toByteString), dependency.tags.length === 0);
  add("enabled", true, !dependency.enabled);
  add("import-values", [...dependency.importValues], dependency.importValues.length === 0);
  add("alias", toByteString(dependency.alias), dependency.alias === "");
  return fields;
}

/** The bytes of a lock file as Helm writes them, as a byte string. */
export function lockText(lock: Lock): string {
  return writeYamlV2(
    new Map<string, GoValue>([
      ["generated", lock.generated],
      ["digest", lock.digest],
      ["dependencies", lock.dependencies.map(fieldsOf)],
    ]),
  );
}

/** Writes Chart.lock, or requirements.lock of a v1 chart. Throws `UserError` when a link is in its place. */
export function writeLock(chartPath: string, lock: Lock, isLegacy: boolean): void {
  const name = isLegacy ? "requirements.lock" : "Chart.lock";
  const path = join(chartPath, name);
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new UserError(`Error: the ${name} file is a symlink to ${JSON.stringify(readlinkSync(path))}`, 1);
  }
  writeFileSync(path, lockText(lock), "latin1");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
