import type { FileTree } from "@tiphys/source";
import type { RepositoryResolver } from "../generators/repository.ts";
import type { KustomizeRunner } from "./kustomize.ts";

/** A chart from a repository, extracted. */
export interface ResolvedChart {
  readonly tree: FileTree;
  /** Folder of the chart in the tree. */
  readonly folder: string;
}

/**
 * Finds charts of Helm and OCI repositories. Both functions return undefined while nothing is known of the repository: the
 * source then comes back as `wanted`.
 */
export interface ChartResolver {
  /** Versions on offer; an empty list when the repository has no such chart. */
  versions(repoURL: string, chart: string): readonly string[] | undefined;
  /** The chart at an exact version; `missing` when the repository has none such. */
  chart(repoURL: string, chart: string, version: string): ResolvedChart | "missing" | undefined;
}

/** All that comes from outside. */
export interface SourceResolvers {
  readonly repository: RepositoryResolver;
  readonly charts?: ChartResolver;
  readonly kustomize?: KustomizeRunner;
}
