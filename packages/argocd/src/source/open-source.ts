import type { ChartReference } from "@tiphys/helm";
import { FileTreeError } from "@tiphys/source";
import { ArgoError, atSourceField, NotKnownOffline } from "../fault.ts";
import { nested, nestedString } from "../unstructured.ts";
import { isHelmRepository, isOci, type ApplicationSource } from "./application.ts";
import { isExactVersion, maxVersion } from "./chart-version.ts";
import { commandFailure } from "./command-line.ts";
import type { SourceResolvers } from "./resolvers.ts";
import { chartRoot, cleanInside, gitRoot, temporaryFolder, treePath, type SourceRoot } from "./source-root.ts";

/** A source's files at hand. */
export interface OpenSource {
  readonly root: SourceRoot;
  /** Folder of the source below the root. */
  readonly folder: string;
  /** Commit or chart version. */
  readonly revision: string;
  /** The commit where it is known. */
  readonly commit: string | undefined;
  readonly chart: ChartReference;
}

/**
 * Opens the repository or chart behind a source. `beforeExtract` runs once the revision is known, before charts are extracted
 * and paths are looked at, as upstream checks refs there. Throws `ArgoError` or `NotKnownOffline`.
 * Mirrors Argo CD v3.6.1 runRepoOperation.
 */
export function openSource(
  source: ApplicationSource,
  resolvers: SourceResolvers,
  beforeExtract: (commit: string | undefined) => void,
): OpenSource {
  if (isOci(source)) throw new NotKnownOffline(`wanted: OCI artifact ${nestedString(source, "repoURL")}`);
  if (!isHelmRepository(source)) return openGit(source, resolvers, beforeExtract);
  return atSourceField(["chart"], () => openChart(source, resolvers, beforeExtract));
}

function openGit(
  source: ApplicationSource,
  { repository }: SourceResolvers,
  beforeExtract: (commit: string | undefined) => void,
): OpenSource {
  const repoURL = nestedString(source, "repoURL");
  const revision = nestedString(source, "targetRevision");
  const found = repository(repoURL, revision);
  if (found === undefined) throw new NotKnownOffline(`wanted: repository ${repoURL} at ${revision || "HEAD"}`);
  if (found === "unknown-revision") {
    return atSourceField(["targetRevision"], () => {
      throw new ArgoError(`unable to resolve '${revision}' to a commit SHA: revision not found`);
    });
  }
  beforeExtract(found.commit);
  const root = gitRoot(found.tree);
  const path = nestedString(source, "path");
  return {
    root,
    folder: atSourceField(["path"], () => applicationPath(root, path)),
    revision: found.commit ?? "0".repeat(40),
    commit: found.commit,
    chart: { kind: "path", path },
  };
}

/** Upstream: util/app/path/path.go Path. */
function applicationPath(root: SourceRoot, path: string): string {
  if (path.startsWith("/")) throw new ArgoError(`${path}: app path is absolute`);
  const folder = cleanInside(path);
  if (folder === undefined) throw new ArgoError(`${path}: app path outside root`);
  let kind: "file" | "directory" | undefined;
  try {
    kind = root.tree.kind(treePath(root, folder));
  } catch (error) {
    if (error instanceof FileTreeError)
      throw new ArgoError(`repository contains out-of-bounds symlinks. file: ${error.path}`);
    throw error;
  }
  if (kind === undefined && folder !== "") throw new ArgoError(`${path}: app path does not exist`);
  if (kind === "file") throw new ArgoError(`${path}: app path is not a directory`);
  return folder;
}

function openChart(
  source: ApplicationSource,
  { charts }: SourceResolvers,
  beforeExtract: (commit: string | undefined) => void,
): OpenSource {
  const repoURL = nestedString(source, "repoURL");
  const chart = nestedString(source, "chart");
  const revision = nestedString(source, "targetRevision");
  const wanted = new NotKnownOffline(`wanted: chart ${chart} ${revision || "*"} of ${repoURL}`);
  if (charts === undefined) throw wanted;
  let version = revision;
  if (!isExactVersion(revision)) {
    const offered = charts.versions(repoURL, chart);
    if (offered === undefined) throw wanted;
    if (offered.length === 0) throw new ArgoError(`chart '${chart}' not found in index`);
    version = resolveVersion(revision, offered);
  }
  beforeExtract(undefined);
  const found = charts.chart(repoURL, chart, version);
  if (found === undefined) throw wanted;
  if (found === "missing")
    throw new ArgoError(pullFailure(repoURL, chart, version, nested(source, "helm", "passCredentials") === true));
  const isRegistry = !repoURL.includes("://");
  return {
    root: chartRoot(found.tree, found.folder, chart),
    folder: "",
    revision: version,
    commit: undefined,
    chart: isRegistry
      ? { kind: "oci", reference: `oci://${repoURL}/${chart}`, version }
      : { kind: "repository", repoURL, chart, version },
  };
}

function resolveVersion(revision: string, offered: readonly string[]): string {
  try {
    return maxVersion(revision, offered);
  } catch (error) {
    if (error instanceof ArgoError) throw new ArgoError(`invalid revision: ${error.message}`);
    throw error;
  }
}

function pullFailure(repoURL: string, chart: string, version: string, passCredentials: boolean): string {
  const args = ["helm", "pull", "--destination", temporaryFolder, "--version", version, "--repo", repoURL, chart];
  if (passCredentials) args.push("--pass-credentials");
  const failure = commandFailure(
    args,
    `Error: chart "${chart}" version "${version}" not found in ${repoURL} repository`,
  );
  return `error fetching chart: failed to fetch chart: failed running helm: ${failure}`;
}
