// The traced forms of statements and expressions. They put out the same bytes as the plain forms and tell the recorder
// of the context where each came from.
import type { ActionNode, TextNode, Tree } from "../parse/node.ts";
import { GoMap } from "../value.ts";
import type { CallContext, GoValue } from "../value.ts";
import { Touched } from "../trace/recorder.ts";
import type { TraceRecorder } from "../trace/recorder.ts";
import type { ValuePath } from "../trace/value-path.ts";
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
    spans.add(start, start + text.length, [recorder.treeNumber(tree), position, -1]);
    return proceed;
  };
}

/** An action that puts its value out; `print` gives the text of a value. */
export function tracedAction(
  tree: Tree,
  node: ActionNode,
  { evaluate, print }: { evaluate: Evaluate; print: (value: Value) => string },
): Execute {
  return (frame, dot) => {
    const { recorder, spans } = traceOf(frame);
    const { result, touched } = recorder.during(() => evaluate(frame, dot));
    const text = print(result);
    const start = frame.length;
    frame.out += text;
    const fragment = touched.fragments.get(text);
    if (fragment) spans.append(fragment.spans, start);
    else
      spans.add(start, start + text.length, [
        recorder.treeNumber(tree),
        node.position,
        recorder.pathSetNumber(touched),
      ]);
    return proceed;
  };
}

/** `{{$x := pipeline}}` */
export function tracedDeclaration(
  slots: readonly number[],
  { evaluate, declare }: { evaluate: Evaluate; declare: (frame: Frame, value: Value) => void },
): Evaluate {
  return (frame, dot) => {
    const { recorder, variables } = traceOf(frame);
    const { result, touched } = recorder.during(() => evaluate(frame, dot));
    recorder.touched.include(touched);
    declare(frame, result);
    for (const slot of slots) variables[slot] = touched;
    return result;
  };
}

/** A pipeline whose value decides what runs, but is not put out itself. */
export function tracedCondition(
  evaluate: Evaluate,
): (frame: Frame, dot: Value) => { readonly result: Value; readonly touched: Touched } {
  return (frame, dot) => traceOf(frame).recorder.during(() => evaluate(frame, dot));
}

/** Runs `body` with a new dot, of which the path is known. */
export function withDotPath(body: Execute, path: ValuePath | undefined, frame: Frame, dot: Value): ReturnType<Execute> {
  const trace = traceOf(frame);
  const outer = trace.dotPath;
  trace.dotPath = path;
  const signal = body(frame, dot);
  trace.dotPath = outer;
  return signal;
}

/** The path of a value that an expression gave: its own, or the only one that was read for it. */
export function pathOfResult(recorder: TraceRecorder, value: Value, touched: Touched): ValuePath | undefined {
  const own = recorder.pathOf(value);
  if (own || touched.paths.size !== 1) return own;
  const [only] = touched.paths;
  return only;
}

/** `.` */
export const tracedDot: Evaluate = (frame, dot) => {
  const { recorder, dotPath } = traceOf(frame);
  const path = recorder.pathOf(dot) ?? dotPath;
  if (path) recorder.read(dot, path);
  return dot;
};

/** `$x` */
export function tracedVariable(slot: number, evaluate: Evaluate): Evaluate {
  return (frame, dot) => {
    const { recorder, variables } = traceOf(frame);
    const value = evaluate(frame, dot);
    const touched = variables[slot];
    if (touched) recorder.touched.include(touched);
    const path = recorder.pathOf(value);
    if (path) recorder.read(value, path);
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
    path = recorder.pathOf(next) ?? path?.child(name);
    if (path) recorder.name(next, path);
    container = value;
    value = next;
  }
  if (path) recorder.read(value, path);
  return value;
}

/** A function that tells the recorder what it made of its arguments. */
export function tracedCall(
  name: string,
  call: (context: CallContext, ...args: any[]) => GoValue,
): (context: CallContext, ...args: any[]) => GoValue {
  return (context, ...args: GoValue[]) => {
    const result = call(context, ...args);
    context.trace?.derived(args, result);
    if (name === "index" || name === "get") context.trace?.indexed(args, result);
    return result;
  };
}

/** What a range runs over; remembers where it comes from. */
export function tracedContainer(frame: Frame, dot: Value, slot: number, evaluate: Evaluate): Value {
  const { recorder, variables } = traceOf(frame);
  const { result, touched } = recorder.during(() => evaluate(frame, dot));
  const path = pathOfResult(recorder, result, touched);
  variables[slot] = new Touched();
  if (path) variables[slot].paths.add(path);
  return result;
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
  const [container] = variables[loop.originSlot]!.paths;
  const path = recorder.pathOf(element) ?? (key === undefined ? container : container?.child(key));
  const touched = new Touched();
  if (path) {
    recorder.name(element, path);
    touched.paths.add(path);
  }
  if (loop.elementSlot >= 0) variables[loop.elementSlot] = touched;
  if (loop.indexSlot >= 0) variables[loop.indexSlot] = touched;
  return withDotPath(body, path, frame, element);
}

/** Takes over the spans of a template that `{{template}}` ran. */
export function appendInner(frame: Frame, inner: Frame): void {
  traceOf(frame).spans.append(traceOf(inner).spans, frame.length);
}
