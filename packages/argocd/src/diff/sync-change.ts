import { defaultArgocdProfile } from "../profile.ts";
import { normalizeAndDiff, type DiffResult } from "./normalize-and-diff.ts";
import type { DiffRequest } from "./comparison.ts";
import { respectIgnoreDifferences } from "./respect-ignore-differences.ts";

/**
 * What a sync changes in the cluster: ignore rules hide differences but do not keep a sync from applying them, unless it respects
 * them. The object is applied as `kubectl apply` does it; `modified` says that the live object changes.
 */
export function syncChange(request: DiffRequest, respectsIgnoreDifferences: boolean): DiffResult {
  const applied = respectsIgnoreDifferences
    ? respectIgnoreDifferences(request)
    : { target: request.target, warnings: [] };
  const { warnings } = applied;
  if (applied.error !== undefined) return { modified: false, error: applied.error, warnings };
  if (applied.notKnown !== undefined) return { modified: false, notKnown: applied.notKnown, warnings };
  const options = { ...request.options, ignoreAggregatedRoles: false };
  const profile = { ...(options.profile ?? defaultArgocdProfile), hasIgnoreDifferencesAnnotation: false };
  const result = normalizeAndDiff({ live: request.live, target: applied.target, options: { ...options, profile } });
  return { ...result, warnings: [...warnings, ...result.warnings] };
}
