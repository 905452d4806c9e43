import type { AnyNode, Tree } from "../parse/node.ts";
import type { CallContext, GoValue } from "../value.ts";
import type { TraceRecorder } from "../trace/recorder.ts";
import type { Work } from "../work.ts";
import { FrameTrace } from "./frame-trace.ts";

/**
 * What an expression gives. `undefined` is Go's invalid reflect.Value: the result of a pipeline that found nothing.
 * `null` is a nil interface: what a direct read of a nil or missing map entry gives. Go treats the two differently.
 */
export type Value = GoValue | undefined;

/** Looks up templates at run time, so that an overlay's definitions are seen from everything executed through it. */
export interface Scope {
  lookup(name: string): Definition | undefined;
}

/** A compiled template. */
export interface Definition {
  readonly tree: Tree;
  /** How many variables a frame of it needs. */
  slots(): number;
  /** Its body; compiled on first use. */
  body(): Execute;
  /** The same, compiled so that it records where its output comes from. */
  traced(): Definition;
}

/** What one execution keeps besides its frames. */
export interface Run {
  /** Where the innermost `{{template}}` stood, for the error when the stack runs out. */
  tree: Tree;
  node: AnyNode;
  readonly work: Work;
}

/** What a frame takes over from the frame around it. */
export interface FrameOptions {
  readonly scope: Scope;
  readonly context: CallContext;
  readonly run: Run;
  readonly depth: number;
  readonly recorder?: TraceRecorder | undefined;
}

/** One template being executed. */
export class Frame {
  /** The end of the output so far; statements append to it. */
  out = "";
  /** What came before `out`. */
  #settled: string[] | undefined;
  #settledLength = 0;
  /** Variables by slot; slot 0 is `$`. */
  readonly variables: Value[];
  readonly scope: Scope;
  readonly context: CallContext;
  readonly run: Run;
  /** Templates around this one. */
  readonly depth: number;
  /** The operand at which the latest `and` or `or` stopped; errors behind it name its place. */
  stoppedAt: AnyNode | undefined = undefined;
  /** Only traced code has and uses it. */
  readonly trace: FrameTrace | undefined;

  constructor(definition: Definition, dot: Value, from: FrameOptions) {
    this.variables = Array<Value>(definition.slots());
    this.variables[0] = dot;
    this.scope = from.scope;
    this.context = from.context;
    this.run = from.run;
    this.depth = from.depth + 1;
    this.trace = from.recorder === undefined ? undefined : new FrameTrace(from.recorder);
  }

  get recorder(): TraceRecorder | undefined {
    return this.trace?.recorder;
  }

  /** How many bytes have been put out. */
  get length(): number {
    return this.#settledLength + this.out.length;
  }

  /** The whole output. */
  get text(): string {
    return this.#settled === undefined ? this.out : this.#settled.join("") + this.out;
  }

  /**
   * Sets finished output aside. A loop calls it when `out` has grown: as long as it is one string, JavaScript keeps it as a
   * tree of all the pieces, which costs more in garbage collection than everything else.
   */
  settle(): void {
    const { out } = this;
    // Reading a character makes the engine join the pieces.
    out.charCodeAt(out.length - 1);
    (this.#settled ??= []).push(out);
    this.#settledLength += out.length;
    this.out = "";
  }
}

/** An expression, compiled. */
export type Evaluate = (frame: Frame, dot: Value) => Value;

/** What a statement asks of the loop around it. */
export type Signal = 0 | 1 | 2;
export const proceed = 0;
export const breakLoop = 1;
export const continueLoop = 2;

/** A statement, compiled: appends to the frame's output. */
export type Execute = (frame: Frame, dot: Value) => Signal;
