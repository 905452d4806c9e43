import type { GoValue } from "@tiphys/gotemplate";
import type { JqNode } from "./node.ts";
import type { JqPath } from "./paths.ts";

/** The program used up its time; `try` does not catch it. */
export class JqTimeout extends Error {
  override readonly name = "JqTimeout";
}

/** Ends a labelled query; `try` does not catch it. */
export class JqBreak extends Error {
  override readonly name = "JqBreak";
  readonly label: object;
  constructor(label: object) {
    super("break");
    this.label = label;
  }
}

/** A value and, while paths are wanted, where in the input it stands; undefined for values that stand nowhere. */
export interface Place {
  readonly value: GoValue;
  readonly path: JqPath | undefined;
}

/** A query together with the names it sees. */
export interface Closure {
  readonly body: JqNode;
  readonly parameters: readonly string[];
  /** Names around the definition; of a function it holds the function itself. */
  scope: Scope | undefined;
}

/** Names, innermost first. Variables are `$name`, functions `name/arity`, labels `*$name`. */
export interface Scope {
  readonly name: string;
  readonly value: GoValue | undefined;
  readonly closure: Closure | undefined;
  readonly label: object | undefined;
  readonly outer: Scope | undefined;
}

export function find(scope: Scope | undefined, name: string): Scope | undefined {
  for (let at = scope; at !== undefined; at = at.outer) if (at.name === name) return at;
  return undefined;
}

export function bindVariable(scope: Scope | undefined, name: string, value: GoValue): Scope {
  return { name, value, closure: undefined, label: undefined, outer: scope };
}

export function bindClosure(scope: Scope | undefined, name: string, closure: Closure): Scope {
  return { name, value: undefined, closure, label: undefined, outer: scope };
}

/** Steps that stand for the one second Argo CD gives to a rule. */
const maxSteps = 2_000_000;
/** Calls inside calls; deeper ones would exhaust the stack. */
const maxDepth = 400;

/** One run of a program. */
export class Machine {
  private steps = maxSteps;
  private depth = 0;

  tick(units = 1): void {
    this.steps -= units;
    if (this.steps < 0) throw new JqTimeout("JQ patch execution timed out (1s)");
  }

  enter(): void {
    if (++this.depth > maxDepth) throw new JqTimeout("JQ patch execution timed out (1s): calls are nested too deep");
  }

  leave(): void {
    this.depth--;
  }
}
