import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { fromByteString } from "@tiphys/gotemplate";
import type { Profile } from "@tiphys/helm";
import { UserError } from "../../command.ts";
import { ChartFetchError } from "../fetch-error.ts";
import { parseOciReference } from "../oci-reference.ts";
import type { RegistryClient } from "../registry-client.ts";
import { readConstraint, readVersion } from "../repository-index.ts";
import { loadChartAt } from "./load-chart.ts";
import { lockedDependency, type WantedDependency } from "./lock-file.ts";
import type { RepositoryCache } from "./repository-cache.ts";

/* internal/resolver/resolver.go (Helm 4.2.4). */

export interface ResolveContext {
  readonly profile: Profile;
  readonly cwd: string;
  readonly chartPath: string;
  readonly repositories: RepositoryCache;
  readonly registry: RegistryClient;
}

/** `GetLocalPath`: the folder of a `file://` repository. Throws `UserError` when it is not there. */
export function localPath(repository: string, place: { readonly cwd: string; readonly chartPath: string }): string {
  const path = repository.replace(/^file:\/\//, "");
  const folder = isAbsolute(path) ? join(path) : join(place.chartPath, path);
  if (!existsSync(resolve(place.cwd, folder))) throw new UserError(`Error: directory ${folder} not found`, 1);
  return folder;
}

/** An exact version for each wanted dependency. `repositoryNames` are Helm's names of their repositories, by dependency. */
export async function resolveDependencies(
  wanted: readonly WantedDependency[],
  repositoryNames: ReadonlyMap<string, string>,
  context: ResolveContext,
): Promise<WantedDependency[]> {
  const locked: WantedDependency[] = [];
  const missing: string[] = [];
  for (const each of wanted) {
    const version = await lockedVersion(each, repositoryNames.get(each.name) ?? "", context);
    if (version === undefined)
      missing.push(`"${each.name}" (repository "${each.repository}", version "${each.version}")`);
    else locked.push(lockedDependency(each.name, version, each.repository));
  }
  if (missing.length > 0) {
    const hint =
      "Make sure a matching chart version exists in the repo, or change the version constraint in Chart.yaml";
    throw new UserError(
      `Error: can't get a valid version for ${missing.length} subchart(s): ${missing.join(", ")}. ${hint}`,
      1,
    );
  }
  return locked;
}

async function lockedVersion(
  each: WantedDependency,
  repositoryName: string,
  context: ResolveContext,
): Promise<string | undefined> {
  const constraint = dependencyConstraint(each);
  if (each.repository === "") {
    localPath(`charts/${each.name}`, context);
    return each.version;
  }
  if (each.repository.startsWith("file://")) {
    const { metadata } = loadChartAt(context.cwd, localPath(each.repository, context), context.profile, true);
    const version = fromByteString(metadata.version);
    return constraint.allows(version) ? version : undefined;
  }
  if (repositoryName === "") return each.version;
  if (each.repository.startsWith("oci://")) {
    if (readVersion(each.version) !== undefined) return each.version;
    const reference = parseOciReference(`${each.repository}/${each.name}`);
    const versions = await context.registry.versions(reference).catch((error: unknown) => {
      if (!(error instanceof ChartFetchError)) throw error;
      throw new UserError(
        `Error: could not retrieve list of tags for repository ${each.repository}: ${error.message}`,
        1,
      );
    });
    // Helm leaves the range in the lock when no tag meets it; the download then says so.
    return versions.find((version) => constraint.allows(version)) ?? each.version;
  }
  const entries = await context.repositories.entries(repositoryName, new Set([each.name])).catch((error: unknown) => {
    if (!(error instanceof ChartFetchError)) throw error;
    throw new UserError(
      `Error: no cached repository for ${repositoryName} found. (try 'helm repo update'): ${error.message}`,
      1,
    );
  });
  const versions = entries.get(each.name);
  if (versions === undefined) throw new UserError(`Error: ${each.name} chart not found in repo ${each.repository}`, 1);
  return versions.find(({ version, urls }) => urls.length > 0 && constraint.allows(version))?.version;
}

/** The range of a dependency. Throws `UserError`. */
export function dependencyConstraint(each: WantedDependency): ReturnType<typeof readConstraint> {
  try {
    return readConstraint(each.version);
  } catch (error) {
    if (!(error instanceof ChartFetchError)) throw error;
    throw new UserError(
      `Error: dependency "${each.name}" has an invalid version/constraint format: ${error.message}`,
      1,
    );
  }
}
