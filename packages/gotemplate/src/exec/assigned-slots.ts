import type { ListNode, Node, PipeNode } from "../parse/node.ts";
import type { Compilation } from "./compilation.ts";

/** The slots of variables around a place that lists of statements may assign to. */
export function assignedSlots(compilation: Compilation, lists: readonly (ListNode | undefined)[]): number[] {
  const slots = new Set<number>();
  const assign = (pipe: PipeNode | undefined): void => {
    if (pipe?.isAssign !== true) return;
    for (const { names } of pipe.declarations) {
      const slot = compilation.find(names[0]!)?.slot;
      if (slot !== undefined) slots.add(slot);
    }
  };
  const visit = (node: Node): void => {
    if (node.kind === "action") assign(node.pipe);
    if (node.kind !== "if" && node.kind !== "with" && node.kind !== "range") return;
    assign(node.pipe);
    node.list.nodes.forEach(visit);
    node.elseList?.nodes.forEach(visit);
  };
  for (const list of lists) list?.nodes.forEach(visit);
  return [...slots];
}
