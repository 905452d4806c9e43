import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ApplicationSetDocument,
  type ClusterSecret,
  type Expansion,
  expandApplicationSet,
  readClusterSecrets,
  Repositories,
  type RepositoryResolver,
} from "@tiphys/argocd";
import { bytesToByteString, fromByteString, type GoValue } from "@tiphys/gotemplate";
import { encodeJson } from "@tiphys/gotemplate/sprig";
import { type FileTree, MemoryTree, readYaml, YamlError } from "@tiphys/source";
import type { CaseResult, CaseRunner } from "./case.ts";
import { differences } from "./difference.ts";
import { FolderTree } from "./folder-tree.ts";
import { readObjects, readOptions, readPlain } from "./kubernetes-objects.ts";

/** ApplicationSet cases: `appset.yaml` with `repo/`, `projects.yaml` and `clusters.yaml` → Applications, parameters, errors. */
export const argocdAppSetRunner: CaseRunner = {
  name: "argocd-appset",
  matches: (folder) => existsSync(join(folder, "appset.yaml")) || namesAppSet(folder),
  run(folder) {
    const expected = (readPlain(folder, "expected.yaml") ?? {}) as Record<string, unknown>;
    const actual = expandCase(folder);
    if (typeof actual.error === "string" && /^(unsupported|wanted): /.test(actual.error)) {
      return { verdict: "unsupported", detail: actual.error, actual, expected };
    }
    return compare(actual, expected);
  },
};

/** Any folder may have an options.json of its own. */
function namesAppSet(folder: string): boolean {
  try {
    return typeof readOptions(folder)["appset"] === "string";
  } catch {
    return false;
  }
}

/** What the oracle prints for the same inputs. */
export interface AppSetOutput {
  order?: string;
  applications: unknown[];
  error?: string;
  reason?: string;
  warning?: string;
  params?: unknown[][];
  admission?: unknown;
  controller?: unknown;
}

export function expandCase(folder: string): AppSetOutput {
  const options = readOptions(folder);
  const text = (key: string, fallback: string) =>
    join(folder, typeof options[key] === "string" ? options[key] : fallback);
  const estate = text("estate", "repo");
  const file = typeof options["appset"] === "string" ? join(estate, options["appset"]) : join(folder, "appset.yaml");
  let document: ApplicationSetDocument;
  try {
    const yaml = readYaml(bytesToByteString(readFileSync(file)));
    document = { value: yaml.value, origin: { file }, originOf: (path) => ({ file, ...yaml.originOf(path) }) };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return { applications: [], error: fromByteString(error.message), reason: "NotYAML" };
  }
  const clusters = readSecrets(text("clusters", "clusters.yaml"));
  const projects = text("projects", "projects.yaml");
  return printed(
    expandApplicationSet({
      document,
      repositories: new Repositories(resolver(folder, estate)),
      clusters,
      projects: existsSync(projects) ? readObjects(projects).filter(isInControlPlane).map(nameOf) : [],
      newGlobbing: options["newGlobbing"] === true,
      includeHiddenDirectories: options["includeHiddenDirectories"] === true,
      now: Date.now(),
      random: { bytes: (count) => randomBytes(count) },
    }),
    document.value,
  );
}

function readSecrets(file: string): ClusterSecret[] {
  return existsSync(file) ? readClusterSecrets(readObjects(file).map((value) => ({ value, origin: { file } }))) : [];
}

function nameOf(object: Map<string, GoValue>): string {
  const metadata = object.get("metadata");
  return metadata instanceof Map ? String(metadata.get("name")) : "";
}

function isInControlPlane(object: Map<string, GoValue>): boolean {
  const metadata = object.get("metadata");
  const namespace = metadata instanceof Map ? metadata.get("namespace") : undefined;
  return namespace === undefined || namespace === "" || namespace === "argocd";
}

/** One commit on `main` stands for every repository; `repos` of the options names others by URL. */
function resolver(folder: string, estate: string): RepositoryResolver {
  const trees = new Map<string, FileTree>();
  const { repos } = readOptions(folder);
  const others = new Map(Object.entries((repos ?? {}) as Record<string, string>));
  const treeOf = (place: string) => {
    const tree = trees.get(place) ?? (existsSync(place) ? new FolderTree(place) : new MemoryTree([]));
    trees.set(place, tree);
    return tree;
  };
  return (repoURL, revision) => {
    if (!["", "HEAD", "main", "refs/heads/main"].includes(revision)) return "unknown-revision";
    const other = others.get(repoURL);
    return { tree: treeOf(other === undefined ? estate : join(folder, other)) };
  };
}

function printed(expansion: Expansion, value: GoValue): AppSetOutput {
  const said = expansion.admission ? { admission: withoutEmpty(expansion.admission) } : {};
  if (expansion.error) {
    return {
      applications: [],
      error: expansion.error.message,
      ...(expansion.error.reason === "" ? {} : { reason: expansion.error.reason }),
      ...(expansion.warnings.length > 0 ? { warning: expansion.warnings.join("\n") } : {}),
      ...said,
    };
  }
  const isRandom = walksMap(generatorsOf(value));
  const ordered = (maps: readonly Map<string, GoValue>[]) => (isRandom ? [...maps].sort(bySortKey) : maps).map(asJson);
  const applications = ordered(expansion.applications.map(({ application }) => application));
  const params = expansion.params.map(ordered);
  return {
    order: isRandom ? "any" : "exact",
    applications,
    ...(params.length > 0 ? { params } : {}),
    ...(expansion.warnings.length > 0 ? { warning: expansion.warnings.join("\n") } : {}),
    ...(expansion.controller ? { controller: expansion.controller } : {}),
    ...said,
  };
}

function withoutEmpty(admission: NonNullable<Expansion["admission"]>): unknown {
  return Object.fromEntries(Object.entries(admission).filter(([, list]) => list.length > 0));
}

function generatorsOf(value: GoValue): GoValue {
  const spec = value instanceof Map ? value.get("spec") : null;
  return spec instanceof Map ? (spec.get("generators") ?? null) : null;
}

/** Whether a generator's order depends on Go's map order, as the oracle judges it. */
function walksMap(value: GoValue): boolean {
  if (Array.isArray(value)) return value.some(walksMap);
  if (!(value instanceof Map)) return false;
  return [...value].some(
    ([key, item]) =>
      key === "clusters" || key === "merge" || ((key === "matrix" || key === "generators") && walksMap(item)),
  );
}

/** As encoding/json would write it: a nil slice is null. */
function asJson(value: GoValue): unknown {
  return JSON.parse(fromByteString(encodeJson(value)));
}

/** The oracle sorts what is random by name, then by JSON text. */
function bySortKey(a: Map<string, GoValue>, b: Map<string, GoValue>): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortKey(object: Map<string, GoValue>): string {
  const metadata = object.get("metadata");
  const name = metadata instanceof Map ? metadata.get("name") : object.get("name");
  return `${typeof name === "string" ? name : ""}\0${encodeJson(object)}`;
}

/** Commit hashes belong to the oracle's repository. */
function withoutCommits(value: unknown): unknown {
  const text = JSON.stringify(value, (_, item: unknown) =>
    typeof item === "string" ? item.replace(/\b[0-9a-f]{40}\b/g, "<commit>") : item,
  );
  return JSON.parse(text) as unknown;
}

function compare(actual: AppSetOutput, expected: Record<string, unknown>): CaseResult {
  const found = differences(withoutCommits(actual), withoutCommits(expected));
  return { verdict: found.length === 0 ? "equal" : "different", detail: found.join("\n"), actual, expected };
}
