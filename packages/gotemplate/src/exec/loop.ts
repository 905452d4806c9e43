// Mirrors walkRange of text/template/exec.go, Go 1.26.
import type { BranchNode } from "../parse/node.ts";
import { mapElementType, mapKeysSorted, sliceElementType, underlying } from "../reflect.ts";
import { printValue } from "../fmt/print.ts";
import { GoNumber } from "../value.ts";
import type { GoNumberType, GoValue } from "../value.ts";
import type { Compilation } from "./compilation.ts";
import { executionError, lastNode } from "./error.ts";
import { compilePipe } from "./expression.ts";
import { breakLoop, proceed } from "./frame.ts";
import type { Execute, Frame, Signal, Value } from "./frame.ts";
import { indirect } from "./printable.ts";
import { assignedSlots } from "./assigned-slots.ts";
import { tracedIteration, tracedRange } from "./traced.ts";
import { tooManyRounds } from "../work.ts";
import { typedElement } from "./types.ts";

/** Output that a loop lets grow before it sets it aside. */
const settleAt = 8192;

/** How one `range` runs. */
interface Loop {
  readonly compilation: Compilation;
  readonly node: BranchNode;
  /** Compiled when there is a first round. */
  readonly compileBody: () => Execute;
  body: Execute | undefined;
  /** Slots of the index and element variables; -1 when absent. */
  readonly indexSlot: number;
  readonly elementSlot: number;
  /** Slot of what is ranged over. */
  readonly originSlot: number;
}

/** Compiles a `range`; `compileInside` compiles its bodies. */
export function compileRange(
  compilation: Compilation,
  node: BranchNode,
  compileInside: (compilation: Compilation, list: BranchNode["list"]) => Execute,
): Execute {
  const { pipe, list, elseList } = node;
  const mark = compilation.mark();
  const evaluate = compilePipe(compilation, pipe, false);
  const originSlot = compilation.newSlot();
  const slots = pipe.declarations.map(({ names }) => compilation.find(names[0]!)?.slot ?? 0);
  if (!pipe.isAssign && slots.length > 0) compilation.setOrigin(slots.at(-1)!, originSlot);
  const inside = compilation.fork();
  // In the other branch the variables still hold what the pipeline gave.
  if (!pipe.isAssign && slots.length > 0) compilation.setOrigin(slots.at(-1)!, -1);
  const otherwise = elseList && compileInside(compilation, elseList);
  compilation.pop(mark);
  const loop: Loop = {
    compilation,
    node,
    compileBody: () => inside.withDotFrom(originSlot, () => compileInside(inside, list)),
    body: undefined,
    indexSlot: slots.length > 1 ? slots[0]! : -1,
    elementSlot: slots.at(-1) ?? -1,
    originSlot,
  };
  const run = (frame: Frame, dot: Value, value: Value): Signal => {
    frame.variables[originSlot] = value;
    const items = Array.isArray(value) ? value : undefined;
    const count = items ? rangeOverSlice(loop, frame, items) : rangeOverOther(loop, frame, value);
    return count === 0 && otherwise ? otherwise(frame, dot) : proceed;
  };
  if (compilation.tracing) {
    const assigned = assignedSlots(compilation, [list, elseList]);
    return tracedRange({ evaluate, originSlot, assigned }, run);
  }
  return (frame, dot) => {
    return run(frame, dot, evaluate(frame, dot));
  };
}

/** One iteration; false ends the loop. `key` is an index or a key, undefined where there are only elements. */
function iterate(loop: Loop, frame: Frame, key: number | string | undefined, element: Value): boolean {
  const wrong = tooManyRounds(frame.run.work);
  if (wrong !== undefined) fail(loop, frame, wrong);
  if (loop.indexSlot >= 0) frame.variables[loop.indexSlot] = typeof key === "number" ? BigInt(key) : key;
  if (loop.elementSlot >= 0) frame.variables[loop.elementSlot] = element;
  const body = (loop.body ??= loop.compileBody());
  const signal: Signal = loop.compilation.tracing
    ? tracedIteration(loop, body, { frame, key, element })
    : body(frame, element);
  if (frame.out.length > settleAt) frame.settle();
  return signal !== breakLoop;
}

function rangeOverSlice(loop: Loop, frame: Frame, items: GoValue[]): number {
  const count = items.length;
  const type = sliceElementType(items);
  for (let i = 0; i < count; i++) {
    const item = items[i]!;
    const element = typeof item === "bigint" ? typedElement(item, type) : item;
    if (!iterate(loop, frame, i, element)) break;
  }
  return count;
}

/** Everything but slices; how many elements there were (any number but 0 when it does not matter). */
function rangeOverOther(loop: Loop, frame: Frame, value: Value): number {
  if (value === undefined || value === null) return 0;
  const plain = underlying(value);
  if (Array.isArray(plain)) return rangeOverSlice(loop, frame, plain);
  if (plain instanceof Map) return rangeOverMap(loop, frame, plain);
  if (typeof plain === "bigint") return rangeOverInteger(loop, frame, plain, undefined);
  if (plain instanceof GoNumber && typeof plain.value === "bigint")
    return rangeOverInteger(loop, frame, plain.value, plain.type);
  return fail(loop, frame, `range can't iterate over ${printValue(indirect(value))}`);
}

function fail(loop: Loop, frame: Frame, detail: string): never {
  throw executionError(loop.compilation.tree, lastNode(loop.node.pipe, frame), detail);
}

function rangeOverMap(loop: Loop, frame: Frame, map: Map<string, GoValue>): number {
  const type = mapElementType(map);
  const keys = mapKeysSorted(map);
  // A body may change the map; Go has taken its entries before.
  const values = keys.map((key) => map.get(key)!);
  for (let i = 0; i < keys.length; i++) {
    if (!iterate(loop, frame, keys[i], typedElement(values[i]!, type))) break;
  }
  return keys.length;
}

function rangeOverInteger(loop: Loop, frame: Frame, end: bigint, type: GoNumberType | undefined): number {
  if (loop.indexSlot >= 0) fail(loop, frame, `can't use ${end} to iterate over more than one variable`);
  // Of rounds that do nothing only the last leaves something.
  const first = loop.node.list.nodes.length === 0 && end > 0n ? end - 1n : 0n;
  for (let i = first; i < end; i++) {
    if (!iterate(loop, frame, undefined, type === undefined ? i : new GoNumber(type, i))) break;
  }
  return end > 0n ? 1 : 0;
}
