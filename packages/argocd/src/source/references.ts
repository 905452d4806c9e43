import type { GoValue } from "@tiphys/gotemplate";
import { nested, nestedSlice, nestedString } from "../unstructured.ts";
import { ArgoError, atSourceField, NotKnownOffline } from "../fault.ts";
import type { RepositoryResolver } from "../generators/repository.ts";
import { normalizeGitUrl } from "../project/normalize-git-url.ts";
import type { ApplicationSource } from "./application.ts";
import { gitRoot, type SourceRoot } from "./source-root.ts";

/** What `$name` stands for. */
export interface RefTarget {
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly chart: string;
}

/** By `$name`. */
export type RefTargets = ReadonlyMap<string, RefTarget>;

/** The refs of all sources. Throws `ArgoError`. Upstream: Argo CD v3.6.1 util/argo/argo.go GetRefSources. */
export function refTargets(sources: readonly ApplicationSource[]): RefTargets {
  const targets = new Map<string, RefTarget>();
  for (const source of sources) {
    const ref = nestedString(source, "ref");
    if (ref === "") continue;
    if (!/^[a-zA-Z0-9_-]+$/.test(ref))
      throw new ArgoError(`sources.ref ${ref} cannot contain any special characters except '_' and '-'`);
    if (targets.has(`$${ref}`)) throw new ArgoError("invalid sources: multiple sources had the same `ref` key");
    targets.set(`$${ref}`, {
      repoURL: nestedString(source, "repoURL"),
      targetRevision: nestedString(source, "targetRevision"),
      chart: nestedString(source, "chart"),
    });
  }
  return targets;
}

/** `$name` of `$name/a/b`; "" when the path does not begin with a dollar. */
export function refName(path: string): string {
  return path.startsWith("$") ? (path.split("/")[0] as string) : "";
}

/** Roots of the repositories that a source's value files point to, by normalized URL. */
export type RefRoots = ReadonlyMap<string, SourceRoot>;

export interface RefCheck {
  readonly source: ApplicationSource;
  /** Repository of the source itself and the commit that is rendered. */
  readonly own: { readonly repoURL: string; readonly revision: string; readonly commit: string | undefined };
}

/**
 * Opens the repositories that `helm.valueFiles` and `helm.fileParameters` refer to. Throws `ArgoError` with Argo CD's text.
 * Upstream: reposerver/repository/repository.go resolveReferencedSources and runManifestGenAsync.
 */
export function openRefs({ source, own }: RefCheck, targets: RefTargets, resolve: RepositoryResolver): RefRoots {
  const roots = new Map<string, SourceRoot>();
  const revisions = new Map<string, { readonly revision: string; readonly name: string }>();
  for (const { path, field } of refCandidates(source)) atSourceField(field, () => openRef(path));
  return roots;

  function openRef(path: string): void {
    const name = path.split("/")[0] as string;
    const target = targets.get(name);
    if (target === undefined) {
      if (targets.size === 0)
        throw new ArgoError(`source referenced "${name}", but no source has a 'ref' field defined`);
      const available = [...targets.keys()].sort().join(", ");
      throw new ArgoError(`source referenced "${name}", which is not one of the available sources (${available})`);
    }
    if (target.chart !== "") {
      throw new ArgoError(
        "source has a 'chart' field defined, but Helm charts are not yet not supported for 'ref' sources",
      );
    }
    const url = normalizeGitUrl(target.repoURL);
    const known = revisions.get(url);
    if (known !== undefined) {
      if (known.revision === target.targetRevision) return;
      throw new ArgoError(
        `cannot reference multiple revisions for the same repository (${name} references "${target.targetRevision}" while ${known.name} references "${known.revision}")`,
      );
    }
    const found = resolve(target.repoURL, target.targetRevision);
    if (found === undefined)
      throw new NotKnownOffline(`wanted: repository ${target.repoURL} at ${target.targetRevision || "HEAD"}`);
    if (found === "unknown-revision") throw new ArgoError(`failed to get git client for repo ${target.repoURL}`);
    if (
      normalizeGitUrl(own.repoURL) === url &&
      own.commit !== undefined &&
      found.commit !== undefined &&
      own.commit !== found.commit
    ) {
      throw new ArgoError(
        `cannot reference a different revision of the same repository (${name} references "${target.targetRevision}" which resolves to "${found.commit}" while the application references "${own.revision}" which resolves to "${own.commit}")`,
      );
    }
    revisions.set(url, { revision: target.targetRevision, name });
    roots.set(url, gitRoot(found.tree));
  }
}

interface RefCandidate {
  readonly path: string;
  readonly field: readonly (string | number)[];
}

function refCandidates(source: ApplicationSource): readonly RefCandidate[] {
  const candidates: RefCandidate[] = [];
  const add = (path: GoValue | undefined, field: RefCandidate["field"]): void => {
    if (typeof path === "string" && path.startsWith("$")) candidates.push({ path, field });
  };
  nestedSlice(source, "helm", "valueFiles").forEach((path, index) => add(path, ["helm", "valueFiles", index]));
  nestedSlice(source, "helm", "fileParameters").forEach((item, index) =>
    add(nested(item, "path"), ["helm", "fileParameters", index, "path"]),
  );
  return candidates;
}
