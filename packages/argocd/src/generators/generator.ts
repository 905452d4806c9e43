import type { GoValue } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import type { Replacer } from "../template/replace.ts";
import type { ClusterSecret } from "./clusters.ts";
import type { Fixtures } from "./fixtures.ts";
import type { ParamSet } from "./param-set.ts";
import type { Repositories } from "./repository.ts";

/** What generators of one ApplicationSet look at. */
export interface GeneratorContext {
  /** The ApplicationSet's name. */
  readonly name: string;
  readonly goTemplate: boolean;
  readonly replacer: Replacer;
  /** `spec.template.spec.project`, as written. */
  readonly project: string;
  /** Names of the AppProjects in Argo CD's namespace. */
  readonly projects: ReadonlySet<string>;
  /** Cluster Secrets in Argo CD's namespace. */
  readonly clusters: readonly ClusterSecret[];
  readonly repositories: Repositories;
  readonly fixtures: Fixtures;
  /** `--enable-new-git-file-globbing`. */
  readonly newGlobbing: boolean;
  /** The repo-server's `--include-hidden-directories`. */
  readonly includeHiddenDirectories: boolean;
  /** Where a value of the ApplicationSet document stands, by keys and indexes below the root. */
  readonly originOf: (path: readonly (string | number)[]) => Origin;
  /** Collects what Argo CD only logs. */
  readonly warn: (message: string) => void;
}

/** A generator's specification where it is written: decoded (see api/decode.ts), with its path in the document. */
export interface GeneratorSpec {
  readonly spec: Map<string, GoValue>;
  readonly path: readonly (string | number)[];
}

/**
 * One kind of generator: `name` is its key in the specification. `generate` takes what stands below that key and gives parameter sets
 * in Argo CD's order, or sorted where Argo CD walks a Go map. Throws `ArgoError`.
 */
export interface Generator {
  readonly name: string;
  generate(specification: GeneratorSpec, context: GeneratorContext): ParamSet[];
}
