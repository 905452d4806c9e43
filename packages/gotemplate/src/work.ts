import { FunctionError } from "./function.ts";
import { largestOutput, OutputTooLong } from "./output-limit.ts";
import type { CallContext, GoValue } from "./value.ts";

/*
 * Bounds on what the templates of one rendering do together. Go would go on for hours; charts that mean well stay far below. All are
 * counts, so that a rendering ends the same way on every machine.
 */

/** What all executions of one context have done so far, those inside each other included. */
export interface Work {
  /** Rounds of all loops. */
  rounds: number;
  /** Templates that were executed; a text of `tpl` counts more often. */
  calls: number;
  /** Elements of long lists that functions took or gave. */
  elements: number;
  /** Bytes of long texts that functions took or gave. */
  bytes: number;
  /** What keys and password sums take, in milliseconds of an ordinary machine. */
  milliseconds: number;
}

const mostRounds = 1_000_000;
const mostCalls = 2_000_000;
const mostElements = 15_000_000;
const mostBytes = 256 * 1024 * 1024;
/** A chart of Bitnami makes 26 keys of 2048 bits. */
const mostMilliseconds = 12_000;

/** Lists and texts up to here are not counted. */
const longList = 1000;
const longText = 100_000;

const works = new WeakMap<CallContext, Work>();

/** The count that belongs to a context, which lives for one rendering. */
export function workOf(context: CallContext): Work {
  let work = works.get(context);
  if (work === undefined) works.set(context, (work = noWork()));
  return work;
}

/** Lets one rendering count as a part of another. */
export function shareWork(from: CallContext, to: CallContext): void {
  works.set(to, workOf(from));
}

/** Renderings that one run may do with all it may: what they did together is kept by who starts them. */
const mostRenderings = 10;

/** Adds what a rendering did to what the run did; what is wrong when that was too much. */
export function addWork(total: Work, { rounds, calls, elements, bytes, milliseconds }: Work): string | undefined {
  total.rounds += rounds;
  total.calls += calls;
  total.elements += elements;
  total.bytes += bytes;
  total.milliseconds += milliseconds;
  const isTooMuch =
    total.rounds > mostRounds * mostRenderings ||
    total.calls > mostCalls * mostRenderings ||
    total.elements > mostElements * mostRenderings ||
    total.bytes > mostBytes * mostRenderings ||
    total.milliseconds > mostMilliseconds * 2;
  return isTooMuch ? "unsupported: the templates of this environment loop, call and make too much together" : undefined;
}

/** Nothing done yet. */
export function noWork(): Work {
  return { rounds: 0, calls: 0, elements: 0, bytes: 0, milliseconds: 0 };
}

/** One more round of a loop; what is wrong when there were too many. */
export function tooManyRounds(work: Work): string | undefined {
  return ++work.rounds > mostRounds ? `unsupported: more than ${mostRounds} rounds of loops` : undefined;
}

/** One more template; what is wrong when there were too many. */
export function tooManyCalls(work: Work): string | undefined {
  return ++work.calls > mostCalls ? `unsupported: more than ${mostCalls} calls of templates` : undefined;
}

/** Counts a text that was parsed while templates run. Throws `FunctionError`. */
export function chargeParsing(context: CallContext): void {
  const work = workOf(context);
  work.calls += 19;
  if (work.calls > mostCalls) throw new FunctionError(`unsupported: more than ${mostCalls} calls of templates`);
}

/** Counts what a function takes or gives when it is long; what is wrong when that was too much. */
export function tooLong(work: Work, value: GoValue | undefined): string | undefined {
  if (typeof value === "string") {
    if (value.length <= longText) return undefined;
    if (value.length > largestOutput) return `unsupported: a string of ${value.length} bytes`;
    work.bytes += value.length;
    return work.bytes > mostBytes ? `unsupported: more than ${mostBytes} bytes of long strings` : undefined;
  }
  if (!Array.isArray(value) || value.length <= longList) return undefined;
  work.elements += value.length;
  return work.elements > mostElements ? `unsupported: more than ${mostElements} elements of long lists` : undefined;
}

/** The result of a function. Throws `OutputTooLong`. */
export function checkResult(work: Work, result: GoValue): GoValue {
  if (typeof result === "string" ? result.length <= longText : !Array.isArray(result) || result.length <= longList)
    return result;
  const wrong = tooLong(work, result);
  if (wrong !== undefined) throw new OutputTooLong(wrong);
  return result;
}

/** Counts the making of a key or a password's sum. Throws `FunctionError`. */
export function spend(context: CallContext, milliseconds: number): void {
  const work = workOf(context);
  work.milliseconds += milliseconds;
  if (work.milliseconds > mostMilliseconds)
    throw new FunctionError("unsupported: keys, certificates and password sums that take more than a dozen seconds");
}
