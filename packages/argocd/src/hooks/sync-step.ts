import type { SyncPhase } from "./hook.ts";

/** Tasks of one phase and wave, in the engine's order. */
export interface SyncStep {
  readonly phase: SyncPhase;
  readonly wave: number;
  /** `Kind.group namespace/name`; deletions begin with `Pruned ` or `PruneSkipped `, what was refused with `SyncFailed `. Empty: only old hooks were deleted. */
  readonly tasks: readonly string[];
}

/** `Kind.group namespace/name`, without the parts that are empty. */
export function objectName(group: string, kind: string, namespace: string, name: string): string {
  const type = group === "" ? kind : `${kind}.${group}`;
  return `${type} ${namespace === "" ? name : `${namespace}/${name}`}`;
}
