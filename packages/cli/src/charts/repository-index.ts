import { fromByteString, FunctionError, toByteString } from "@tiphys/gotemplate";
import { parseConstraints, parseVersion, type Version } from "@tiphys/gotemplate/sprig";
import { readYaml, toPlain, YamlError, type Plain } from "@tiphys/source";
import { ChartFetchError } from "./fetch-error.ts";
import type { IndexScan } from "./index-scanner.ts";

/** One version of a chart as a repository lists it (pkg/repo/v1/index.go `ChartVersion`); UTF-16 text. */
export interface ChartVersion {
  readonly version: string;
  readonly urls: readonly string[];
  /** SHA-256 of the archive in hexadecimal; "" when the index has none. */
  readonly digest: string;
}

/** The wanted entries of an index: chart → versions, highest first. */
export type IndexEntries = ReadonlyMap<string, readonly ChartVersion[]>;

/** Reads the entries that a scan picked. Throws `ChartFetchError` when they are no YAML or the index is none. */
export function readScannedEntries(scan: IndexScan, where: string): IndexEntries {
  if (!scan.hasApiVersion) throw notAnIndex(where, "no API version specified");
  const entries = new Map<string, readonly ChartVersion[]>();
  for (const [name, block] of scan.blocks) {
    const value = parse(() => toPlain(readYaml(block).value), where);
    entries.set(fromByteString(name), readVersions(isRecord(value) ? value[fromByteString(name)] : undefined));
  }
  return entries;
}

/** Reads a whole index, YAML or JSON, given as a byte string. Throws `ChartFetchError`. */
export function readWholeIndex(
  text: string,
  wanted: ReadonlySet<string>,
  where: string,
): { entries: IndexEntries; names: string[] } {
  if (text.trim() === "") throw notAnIndex(where, "empty index.yaml file");
  const index = parse(() => readJsonOrYaml(text), where);
  if (!isRecord(index) || typeof index["apiVersion"] !== "string" || index["apiVersion"] === "") {
    throw notAnIndex(where, "no API version specified");
  }
  const all = index["entries"];
  const names = isRecord(all) ? Object.keys(all) : [];
  const entries = new Map(
    names.filter((name) => wanted.has(name)).map((name) => [name, readVersions((all as Record<string, Plain>)[name])]),
  );
  return { entries, names };
}

function readJsonOrYaml(text: string): Plain {
  try {
    return JSON.parse(fromByteString(text)) as Plain;
  } catch {
    return toPlain(readYaml(text).value);
  }
}

function parse(read: () => Plain, where: string): Plain {
  try {
    return read();
  } catch (error) {
    if (error instanceof YamlError) throw notAnIndex(where, fromByteString(error.message));
    if (error instanceof RangeError) throw notAnIndex(where, error.message);
    throw error;
  }
}

function notAnIndex(where: string, why: string): ChartFetchError {
  return new ChartFetchError(
    "chart-index-invalid",
    `looks like "${where}" is not a valid chart repository or cannot be reached: ${why}`,
  );
}

/** Entries that Helm would skip as invalid are skipped: no name, or no semantic version. */
function readVersions(list: Plain | undefined): ChartVersion[] {
  if (!Array.isArray(list)) return [];
  const versions: { readonly entry: ChartVersion; readonly version: Version }[] = [];
  for (const item of list as Plain[]) {
    if (!isRecord(item) || typeof item["name"] !== "string" || item["name"] === "") continue;
    const text = typeof item["version"] === "number" ? String(item["version"]) : item["version"];
    if (typeof text !== "string") continue;
    const version = readVersion(text);
    if (version === undefined) continue;
    const urls = Array.isArray(item["urls"]) ? (item["urls"] as Plain[]).filter((url) => typeof url === "string") : [];
    const digest = typeof item["digest"] === "string" ? item["digest"].replace(/^sha256:/, "").toLowerCase() : "";
    versions.push({ entry: { version: text, urls, digest: /^[0-9a-f]{64}$/.test(digest) ? digest : "" }, version });
  }
  return versions.sort((a, b) => b.version.compare(a.version)).map(({ entry }) => entry);
}

/** Masterminds' `NewVersion`; undefined when the text is no version. */
export function readVersion(text: string): Version | undefined {
  try {
    return parseVersion(toByteString(text));
  } catch (error) {
    if (error instanceof FunctionError) return undefined;
    throw error;
  }
}

/** Masterminds' `NewConstraint`. Throws `ChartFetchError` with its text. */
export function readConstraint(text: string): { allows(version: string): boolean } {
  try {
    const constraint = parseConstraints(toByteString(text));
    return {
      allows(candidate) {
        const version = readVersion(candidate);
        return version !== undefined && constraint.check(version);
      },
    };
  } catch (error) {
    if (error instanceof FunctionError)
      throw new ChartFetchError("chart-version-invalid", fromByteString(error.message));
    throw error;
  }
}

/**
 * `IndexFile.Get`: the version that is written exactly so, else the highest that meets the range; "" takes the highest that is
 * no prerelease. Undefined when there is none. Throws `ChartFetchError` for what is no range.
 */
export function chooseVersion(versions: readonly ChartVersion[], wanted: string): ChartVersion | undefined {
  const constraint = readConstraint(wanted === "" ? "*" : wanted);
  const exact = wanted === "" ? undefined : versions.find(({ version }) => version === wanted);
  return exact ?? versions.find(({ version }) => constraint.allows(version));
}

function isRecord(value: Plain | undefined): value is Readonly<Record<string, Plain>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
