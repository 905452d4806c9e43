import type { GoValue } from "@tiphys/gotemplate";
import type { JqNode } from "./node.ts";
import type { JqPath } from "./paths.ts";

/** The program used up its time; `try` does not catch it. */
export class JqTimeout extends Error {
  override readonly name = "JqTimeout";
}

/** The program ended itself with `halt`, which is a fault of its run; `try` does not catch it. */
export class JqHalt extends Error {
  override readonly name = "JqHalt";
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

/** What a query sees: its input, the names around it, and whether the places of its results are wanted. */
export interface Query {
  readonly input: Place;
  readonly scope: Scope | undefined;
  readonly machine: Machine;
  readonly tracks: boolean;
}

export type Results = Generator<Place, void, void>;

/** A function of the input's value and its arguments' values. */
export type ValueFunction = (input: GoValue, args: readonly GoValue[], machine: Machine) => GoValue;

/** A function that runs its arguments as queries. */
export type QueryFunction = (args: readonly JqNode[], query: Query) => Results;

/** Steps that stand for the one second Argo CD gives to a rule. */
const maxSteps = 2_000_000;
/** Calls inside calls; deeper ones would exhaust the stack. */
const maxDepth = 400;

/** Parts of a value that cost one step to go through or to copy. */
const partsPerStep = 4;

/** One run of a program: what it may still spend. */
export class Machine {
  /** All results of a query, in order. */
  readonly evaluate: (node: JqNode, query: Query) => Results;
  private steps = maxSteps;
  private depth = 0;
  private readonly weights = new WeakMap<object, number>();

  constructor(evaluate: (node: JqNode, query: Query) => Results) {
    this.evaluate = evaluate;
  }

  tick(units = 1): void {
    this.steps -= units;
    if (this.steps < 0) throw new JqTimeout("JQ patch execution timed out (1s)");
  }

  /** Pays for making `parts` of a value. */
  build(parts: number): void {
    this.tick(Math.floor(parts / partsPerStep));
  }

  /** Pays for going through all of a value. Small programs can make huge values by holding one value many times. */
  visit(value: GoValue): void {
    this.build(this.weight(value));
  }

  private weight(value: GoValue): number {
    if (typeof value === "string") return value.length / 8;
    if (typeof value !== "object" || value === null) return 1;
    const known = this.weights.get(value);
    if (known !== undefined) return known;
    let weight = 1;
    for (const inner of Array.isArray(value) ? value : (value as ReadonlyMap<string, GoValue>).values())
      weight += this.weight(inner);
    this.weights.set(value, weight);
    return weight;
  }

  enter(): void {
    if (++this.depth > maxDepth) throw new JqTimeout("JQ patch execution timed out (1s): calls are nested too deep");
  }

  leave(): void {
    this.depth--;
  }
}
