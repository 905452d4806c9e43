// The traced forms of statements and expressions. They put out the same bytes as the plain forms and tell the recorder
// of the context where each came from.
import type { ActionNode, TextNode, Tree } from "../parse/node.ts";
import { GoMap } from "../value.ts";
import type { CallContext, GoValue } from "../value.ts";
import { addAll, Touched } from "../trace/touched.ts";
import type { FieldSite } from "./field.ts";
import type { FrameTrace } from "./frame-trace.ts";
import { readField } from "./field.ts";
import { proceed } from "./frame.ts";
import type { Evaluate, Execute, Frame, Value } from "./frame.ts";

/** Traced frames only run traced code. */
export function traceOf(frame: Frame): FrameTrace {
  return frame.trace!;
}

/** Literal text. */
export function tracedText(tree: Tree, { text, position }: TextNode): Execute {
  return (frame) => {
    const { recorder, spans } = traceOf(frame);
    const start = frame.length;
    frame.out += text;
    recorder.addText(spans, [start, start + text.length], { tree, position });
    return proceed;
  };
}

/** An action that puts its value out; `print` gives the text of a value. */
export function tracedAction(
  tree: Tree,
  { position }: ActionNode,
  { evaluate, print }: { evaluate: Evaluate; print: (value: Value) => string },
): Execute {
  return (frame, dot) => {
    const { recorder, spans } = traceOf(frame);
    const { result, touched } = recorder.during(() => evaluate(frame, dot));
    const text = print(result);
    const start = frame.length;
    frame.out += text;
    recorder.addResult(spans, start, { text, touched, at: { tree, position } });
    return proceed;
  };
}

/** `{{$x := pipeline}}` or `{{$x = pipeline}}`. */
export function tracedDeclaration(
  slots: readonly number[],
  {
    evaluate,
    declare,
    isAssign,
  }: { evaluate: Evaluate; declare: (frame: Frame, value: Value) => void; isAssign: boolean },
): Evaluate {
  return (frame, dot) => {
    const { recorder, variables } = traceOf(frame);
    const { result, touched } = recorder.during(() => evaluate(frame, dot));
    recorder.touched.include(touched);
    declare(frame, result);
    if (isAssign) addAll(touched.conditions, recorder.conditions);
    for (const slot of slots) variables[slot] = touched;
    return result;
  };
}

/** An `if` or a `with`: what its pipeline reads decides what `run` puts out, and what the variables in `assigned` hold then. */
export function tracedBranch(
  evaluate: Evaluate,
  assigned: readonly number[],
  run: (
    frame: Frame,
    dot: Value,
    decided: { readonly result: Value; readonly touched: Touched },
  ) => ReturnType<Execute>,
): Execute {
  return (frame, dot) => {
    const { recorder } = traceOf(frame);
    const decided = recorder.during(() => evaluate(frame, dot));
    const signal = recorder.under(decided.touched, () => run(frame, dot, decided));
    decideVariables(frame, assigned, decided.touched);
    return signal;
  };
}

/** Notes that what variables hold depends on what was read for a condition, whichever way it went. */
function decideVariables(frame: Frame, slots: readonly number[], touched: Touched): void {
  const { recorder, variables } = traceOf(frame);
  for (const slot of slots) {
    const own = variables[slot]?.copy() ?? new Touched();
    addAll(own.conditions, recorder.conditions);
    addAll(own.conditions, touched.all());
    variables[slot] = own;
  }
}

/** Runs `body` with a new dot and what is behind it. */
export function withDot(body: Execute, touched: Touched | undefined, frame: Frame, dot: Value): ReturnType<Execute> {
  const trace = traceOf(frame);
  const outer = trace.dotTouched;
  trace.dotTouched = touched;
  const signal = body(frame, dot);
  trace.dotTouched = outer;
  return signal;
}

/** Lets a new frame know what is behind its dot. */
export function startTraced(inner: Frame, touched: Touched): void {
  const trace = traceOf(inner);
  trace.dotTouched = touched;
  trace.variables[0] = touched;
}

/** Notes that a value was read as a whole: by its path, by what it was made of, or else by what is known of who holds it. */
function readWhole(frame: Frame, value: Value, holder: Touched | undefined): void {
  const { recorder } = traceOf(frame);
  const path = recorder.pathOf(value);
  const made = recorder.madeOf(value);
  if (path) recorder.read(value, path);
  made?.readInto(recorder.touched);
  if (holder === undefined) return;
  if (path || made) addAll(recorder.touched.conditions, holder.conditions);
  else recorder.touched.include(holder);
}

/** `.` */
export const tracedDot: Evaluate = (frame, dot) => {
  readWhole(frame, dot, traceOf(frame).dotTouched);
  return dot;
};

/** `$x` */
export function tracedVariable(slot: number, evaluate: Evaluate): Evaluate {
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    readWhole(frame, value, traceOf(frame).variables[slot]);
    return value;
  };
}

/** `$x` where a chain of fields starts: a map that is known is not read as a whole. */
export function tracedStart(slot: number, evaluate: Evaluate): Evaluate {
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    const { recorder, variables } = traceOf(frame);
    const holder = variables[slot];
    if (holder === undefined) return value;
    if (recorder.pathOf(value) || recorder.madeOf(value)) addAll(recorder.touched.conditions, holder.conditions);
    else recorder.touched.include(holder);
    return value;
  };
}

/** The value at the end of a chain of fields; see `readChain`. */
export function tracedChain(site: FieldSite, frame: Frame, start: Value): Value {
  const { recorder } = traceOf(frame);
  let value = start;
  let container: Value;
  let path = recorder.pathOf(start);
  for (let i = 0; i < site.names.length; i++) {
    const name = site.names[i]!;
    let next: Value;
    if (value instanceof Map && !(value instanceof GoMap)) next = value.get(name);
    if (next === undefined) next = readField(site, frame, value, { container, index: i });
    readEntry(frame, value, name, next);
    path = recorder.pathOf(next) ?? path?.child(name);
    if (path) recorder.name(next, path);
    container = value;
    value = next;
  }
  if (path) recorder.read(value, path);
  return value;
}

/** Notes what is behind an entry of a map or list that templates made; a value with a path of its own says it itself. */
function readEntry(frame: Frame, container: Value, key: number | string, value: Value): void {
  const { recorder } = traceOf(frame);
  const made = recorder.madeOf(container);
  if (made === undefined) return;
  const touched = new Touched();
  made.readInto(touched, key);
  if (recorder.pathOf(value)) addAll(recorder.touched.conditions, touched.conditions);
  else recorder.touched.include(touched);
  recorder.insideMade(value, touched);
  recorder.readSources(made, key, value);
}

/** Functions of which the arguments are kept apart: each becomes an entry. */
export const entryFunctions: ReadonlySet<string> = new Set(["dict", "list", "set", "tuple"]);

/** An argument of an entry function. */
export function tracedArgument(evaluate: Evaluate): Evaluate {
  return (frame, dot) => traceOf(frame).recorder.argument(() => evaluate(frame, dot));
}

/** A function that tells the recorder what it made of its arguments; of a piped call the last argument is evaluated first. */
export function tracedCall(
  name: string,
  call: (context: CallContext, ...args: any[]) => GoValue,
  isPiped: boolean,
): (context: CallContext, ...args: any[]) => GoValue {
  if (entryFunctions.has(name)) return tracedEntries(name, call, isPiped);
  return (context, ...args: GoValue[]) => {
    const result = call(context, ...args);
    context.trace?.derived(name, args, result);
    if (name === "index" || name === "get") context.trace?.indexed(args, result);
    return result;
  };
}

function tracedEntries(
  name: string,
  call: (context: CallContext, ...args: any[]) => GoValue,
  isPiped: boolean,
): (context: CallContext, ...args: any[]) => GoValue {
  return (context, ...args: GoValue[]) => {
    const result = call(context, ...args);
    const { trace } = context;
    if (trace === undefined) return result;
    const touched = trace.takeArguments(args.length);
    if (isPiped) touched.push(touched.shift()!);
    if (typeof result !== "object" || result === null) return result;
    if (name === "set") trace.made(result, [[args[1] as string, touched[2]!]]);
    else if (name !== "dict") trace.made(result, touched.entries());
    else
      trace.made(
        result,
        args.flatMap((key, i) => (i % 2 === 0 && i + 1 < args.length ? [[String(key), touched[i + 1]!] as const] : [])),
      );
    return result;
  };
}

/** A range: what it runs over decides what is put out. */
export function tracedRange(
  range: { readonly evaluate: Evaluate; readonly originSlot: number; readonly assigned: readonly number[] },
  run: (frame: Frame, dot: Value, value: Value) => ReturnType<Execute>,
): Execute {
  return tracedBranch(range.evaluate, range.assigned, (frame, dot, { result, touched }) => {
    traceOf(frame).variables[range.originSlot] = touched;
    return run(frame, dot, result);
  });
}

/** One iteration of a range. */
export function tracedIteration(
  loop: {
    readonly originSlot: number;
    readonly elementSlot: number;
    readonly indexSlot: number;
  },
  body: Execute,
  { frame, key, element }: { frame: Frame; key: number | string | undefined; element: Value },
): ReturnType<Execute> {
  const { recorder, variables } = traceOf(frame);
  const container = frame.variables[loop.originSlot];
  const containerPath = recorder.pathOf(container);
  const path = recorder.pathOf(element) ?? (key === undefined ? undefined : containerPath?.child(key));
  const touched = new Touched();
  if (path) {
    recorder.name(element, path);
    touched.paths.add(path);
  } else {
    const made = recorder.madeOf(container);
    if (made) made.readInto(touched, key);
    else touched.include(variables[loop.originSlot]!);
    recorder.insideMade(element, touched);
    if (made && key !== undefined)
      touched.include(recorder.during(() => recorder.readSources(made, key, element)).touched);
  }
  if (loop.elementSlot >= 0) variables[loop.elementSlot] = touched;
  if (loop.indexSlot >= 0) variables[loop.indexSlot] = touched;
  return withDot(body, touched, frame, element);
}

/** Takes over the spans of a template that `{{template}}` ran. */
export function appendInner(frame: Frame, inner: Frame): void {
  traceOf(frame).spans.append(traceOf(inner).spans, frame.length);
}
