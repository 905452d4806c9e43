import { FunctionError } from "@tiphys/gotemplate";
import { parseConstraints, parseVersion, type Version } from "@tiphys/gotemplate/sprig";
import { ArgoError } from "../fault.ts";

function version(text: string): Version | undefined {
  try {
    return parseVersion(text, "3.4");
  } catch (error) {
    if (error instanceof FunctionError) return undefined;
    throw error;
  }
}

/** True for a version, which is taken as it is, without a look at what the repository offers. */
export function isExactVersion(revision: string): boolean {
  return version(revision) !== undefined;
}

/** The highest of `tags` that a range allows. Throws `ArgoError`. Upstream: Argo CD v3.6.1 util/versions/tags.go MaxVersion. */
export function maxVersion(revision: string, tags: readonly string[]): string {
  if (isExactVersion(revision)) return revision;
  let constraints;
  try {
    constraints = parseConstraints(revision, "3.4");
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    if (tags.includes(revision)) return revision;
    throw new ArgoError(`failed to determine semver constraint: ${error.message}`);
  }
  let best: { readonly tag: string; readonly version: Version } | undefined;
  for (const tag of tags) {
    const candidate = version(tag);
    if (candidate === undefined || !constraints.check(candidate)) continue;
    if (best === undefined || candidate.compare(best.version) > 0) best = { tag, version: candidate };
  }
  if (best === undefined) throw new ArgoError(`version matching constraint not found in ${tags.length} tags`);
  return best.tag;
}
