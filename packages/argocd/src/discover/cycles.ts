/**
 * The cycles in a graph of node → predecessors, found along depth-first paths; each once, in the direction predecessor → node,
 * starting with its smallest node.
 */
export function findCycles(predecessors: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const cycles = new Map<string, string[]>();
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const visit = (node: string) => {
    state.set(node, "open");
    path.push(node);
    for (const before of [...(predecessors.get(node) ?? [])].sort()) {
      if (state.get(before) === "open") {
        const cycle = rotated(path.slice(path.indexOf(before)).reverse());
        cycles.set(cycle.join("\n"), cycle);
      } else if (!state.has(before) && predecessors.has(before)) visit(before);
    }
    path.pop();
    state.set(node, "done");
  };
  for (const node of [...predecessors.keys()].sort()) if (!state.has(node)) visit(node);
  return [...cycles.keys()].sort().map((key) => cycles.get(key)!);
}

function rotated(cycle: readonly string[]): string[] {
  const smallest = cycle.indexOf([...cycle].sort()[0]!);
  return [...cycle.slice(smallest), ...cycle.slice(0, smallest)];
}
