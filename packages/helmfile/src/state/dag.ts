/* github.com/variantdev/dag 1.1.0, as helmfile plans with it. Where Go's map order decides, the order of definition does here. */

export class CycleError extends Error {
  override readonly name = "CycleError";
  readonly path: readonly string[];
  constructor(path: readonly string[]) {
    super(`cycle detected: ${path.join(" -> ")}`);
    this.path = path;
  }
}

/** Nodes that name a dependency twice, where helmfile panics. */
export class DoubledDependencyError extends Error {
  override readonly name = "DoubledDependencyError";
  readonly nodes: readonly string[];
  constructor(nodes: readonly string[]) {
    super(
      `needs of ${nodes.join(", ")} name a release twice, and helmfile 1.8.0 panics: invalid state: no nodes have remaining edges: nodes=[${nodes.join(" ")}]`,
    );
    this.nodes = nodes;
  }
}

export class UndefinedDependencyError extends Error {
  override readonly name = "UndefinedDependencyError";
  readonly undefinedNode: string;
  readonly dependents: readonly string[];
  constructor(undefinedNode: string, dependents: readonly string[]) {
    super(`undefined node "${undefinedNode}" is depended by node(s): ${dependents.join(", ")}`);
    this.undefinedNode = undefinedNode;
    this.dependents = dependents;
  }
}

/** A selected node needs one that is not selected. */
export class UnhandledDependencyError extends Error {
  override readonly name = "UnhandledDependencyError";
  readonly id: string;
  readonly dependents: readonly string[];
  constructor(id: string, dependents: readonly string[]) {
    super(`"${id}" depended by ${dependents.join(", ")} is not included`);
    this.id = id;
    this.dependents = dependents;
  }
}

export interface PlanOptions {
  /** The selected nodes; empty selects all. */
  readonly only: readonly string[];
  readonly withDependencies: boolean;
  readonly withoutDependencies: boolean;
}

/** Nodes in groups by longest path from a node without dependencies. Throws the errors above. */
export function planDag(nodes: readonly (readonly [string, readonly string[]])[], options: PlanOptions): string[][] {
  const dependents = new Map<string, Set<string>>();
  const inputs = new Map<string, number>();
  const order: string[] = [];
  const added = new Set<string>();
  for (const [id, needs] of nodes) {
    // Go's AddNode looks in numInputs, so a node without inputs that is added twice is listed twice.
    if (!added.has(id)) {
      added.add(id);
      order.push(id);
    }
    if (!dependents.has(id)) dependents.set(id, new Set());
    for (const need of needs) {
      let set = dependents.get(need);
      if (set === undefined) dependents.set(need, (set = new Set()));
      set.add(id);
      inputs.set(id, (inputs.get(id) ?? 0) + 1);
    }
  }
  for (const [id, set] of dependents) {
    if (!added.has(id)) throw new UndefinedDependencyError(id, [...set]);
  }
  const groups = topologicalGroups(order, dependents, inputs);
  return selectNodes(groups, dependents, options);
}

function topologicalGroups(
  order: readonly string[],
  dependents: ReadonlyMap<string, ReadonlySet<string>>,
  inputs: ReadonlyMap<string, number>,
): string[][] {
  const remaining = new Map(inputs);
  const open = new Map([...dependents].map(([id, set]) => [id, new Set(set)]));
  const groups: string[][] = [];
  let current = order.filter((id) => (remaining.get(id) ?? 0) === 0);
  while (current.length > 0) {
    groups.push(current);
    const next: string[] = [];
    for (const id of current) {
      for (const dependent of dependents.get(id) ?? []) {
        open.get(id)!.delete(dependent);
        const left = remaining.get(dependent)! - 1;
        remaining.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    current = next;
  }
  if ([...remaining.values()].some((count) => count > 0)) throw new CycleError(findCycle(remaining, open));
  return groups;
}

function findCycle(remaining: ReadonlyMap<string, number>, open: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const invalid = [...remaining].filter(([, count]) => count > 0).map(([id]) => id);
  invalid.sort(compareBytes);
  const start = invalid.find((id) => open.get(id)!.size > 0);
  if (start === undefined) throw new DoubledDependencyError(invalid);
  let current = start;
  const seen = new Set<string>();
  const path: string[] = [];
  while (!seen.has(current)) {
    seen.add(current);
    path.push(current);
    const next = [...(open.get(current) ?? [])][0];
    if (next === undefined) break;
    current = next;
  }
  path.push(current);
  return path;
}

function selectNodes(
  groups: readonly (readonly string[])[],
  dependents: ReadonlyMap<string, ReadonlySet<string>>,
  options: PlanOptions,
): string[][] {
  if (options.only.length === 0) return groups.map((group) => [...group]);
  const only = new Set(options.only);
  const selected: string[][] = [];
  for (let depth = groups.length - 1; depth >= 0; depth--) {
    const included = groups[depth]!.filter((id) => {
      if (only.has(id)) return true;
      if (options.withoutDependencies) return false;
      const needing = [...only].filter((target) => dependents.get(id)!.has(target));
      if (needing.length === 0) return false;
      if (!options.withDependencies) throw new UnhandledDependencyError(id, needing.toSorted(compareBytes));
      only.add(id);
      return true;
    });
    if (included.length > 0) selected.unshift(included);
  }
  return selected;
}

function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
