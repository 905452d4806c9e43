import type { GoValue } from "@tiphys/gotemplate";
import type { EffectiveLeaf, EffectiveValues, ValueRead, ValueSource } from "@tiphys/helmfile";
import type { CommandRun } from "./command.ts";
import { hidesSecrets } from "./secrets.ts";

/** Values that secrets files set, or that a template made of theirs, whatever they look like. */
export function withoutSecretLeaves(run: CommandRun, effective: EffectiveValues): EffectiveValues {
  if (!hidesSecrets(run)) return effective;
  const isSecret = ({ kind, reads }: ValueSource): boolean =>
    kind === "secret" || reads.some(({ origins }) => origins.at(-1)?.kind === "secret");
  const shown = (source: ValueSource): ValueSource => ({
    ...source,
    ...(isSecret(source) ? { value: "***" } : {}),
    reads: source.reads.map(withoutSecretReads),
  });
  const leaves = effective.leaves.map((leaf) => ({
    ...leaf,
    ...(isSecret(leaf.source) ? { value: "***" } : {}),
    source: shown(leaf.source),
    overridden: leaf.overridden.map(shown),
  }));
  const values = copyMap(effective.values);
  for (const { path, value } of leaves) if (value === "***") setAt(values, path, value);
  return { values, leaves };
}

function withoutSecretReads(read: ValueRead): ValueRead {
  const origins = read.origins.map((origin) => (origin.kind === "secret" ? { ...origin, value: "***" } : origin));
  return { ...read, origins, ...(origins.at(-1)?.kind === "secret" ? { value: "***" } : {}) };
}

function setAt(values: GoValue, path: EffectiveLeaf["path"], value: GoValue): void {
  const parent = path
    .slice(0, -1)
    .reduce<GoValue | undefined>(
      (at, step) => (at instanceof Map ? at.get(String(step)) : Array.isArray(at) ? at[Number(step)] : undefined),
      values,
    );
  const last = path.at(-1)!;
  if (parent instanceof Map) parent.set(String(last), value);
  else if (Array.isArray(parent)) parent[Number(last)] = value;
}

function copyMap(values: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
  const copy = (value: GoValue): GoValue =>
    value instanceof Map ? copyMap(value) : Array.isArray(value) ? value.map(copy) : value;
  return new Map([...values].map(([key, value]) => [key, copy(value)]));
}
