import type { FunctionTable } from "../function.ts";
import type { AnyNode, Tree, VariableNode } from "../parse/node.ts";
import { executionError } from "./error.ts";
import type { MissingKey } from "./field.ts";
import type { Evaluate } from "./frame.ts";
import { tracedVariable } from "./traced.ts";

/** A variable that is in scope at some place of a template. */
interface Variable {
  readonly name: string;
  readonly slot: number;
  /** Slot of the container that a range takes its values from; -1 for variables of pipelines. */
  readonly originSlot: number;
}

/** What is known at a place of a template while it is compiled. */
export class Compilation {
  readonly tree: Tree;
  readonly functions: FunctionTable;
  readonly missingKey: MissingKey;
  /** Whether the code tells a recorder what it does. */
  readonly tracing: boolean;
  /** Slot of the container that a range takes dot from; -1 where dot comes from a pipeline. */
  dotOrigin = -1;
  #variables: Variable[] = [{ name: "$", slot: 0, originSlot: -1 }];
  /** Shared by all places of a template. */
  #frame = { slots: 1 };

  constructor(
    tree: Tree,
    functions: FunctionTable,
    { missingKey, tracing }: { missingKey: MissingKey; tracing: boolean },
  ) {
    this.tracing = tracing;
    this.tree = tree;
    this.functions = functions;
    this.missingKey = missingKey;
  }

  /** How many slots the template's frames need. */
  get slots(): number {
    return this.#frame.slots;
  }

  /** A slot without a name. */
  newSlot(): number {
    return this.#frame.slots++;
  }

  /** This place, to compile something there later. */
  fork(): Compilation {
    const fork = new Compilation(this.tree, this.functions, this);
    fork.dotOrigin = this.dotOrigin;
    fork.#variables = this.#variables.slice();
    fork.#frame = this.#frame;
    return fork;
  }

  /** Declares a variable and returns its slot. */
  declare(name: string): number {
    const slot = this.newSlot();
    this.#variables.push({ name, slot, originSlot: -1 });
    return slot;
  }

  /** Notes that a range gives the variable its values. */
  setOrigin(slot: number, originSlot: number): void {
    const at = this.#variables.findLastIndex((candidate) => candidate.slot === slot);
    if (at >= 0) this.#variables[at] = { ...this.#variables[at]!, originSlot };
  }

  /** The innermost variable of a name. Go's parser and executor disagree on a few; those fail when used. */
  find(name: string): Variable | undefined {
    return this.#variables.findLast((variable) => variable.name === name);
  }

  /** The variables in scope, to return to with `pop`. */
  mark(): number {
    return this.#variables.length;
  }

  pop(mark: number): void {
    this.#variables.length = mark;
  }

  /** Compiles `inside` with another dot. */
  withDotFrom<T>(originSlot: number, inside: () => T): T {
    const outer = this.dotOrigin;
    this.dotOrigin = originSlot;
    const result = inside();
    this.dotOrigin = outer;
    return result;
  }

  /** An expression that fails. */
  failing(node: AnyNode, detail: string): Evaluate {
    const { tree } = this;
    return () => {
      throw executionError(tree, node, detail);
    };
  }

  /** An expression that reads a variable without its fields; `traced` makes its traced form. */
  variable(node: VariableNode, traced: typeof tracedVariable = tracedVariable): Evaluate {
    const name = node.names[0]!;
    const variable = this.find(name);
    if (!variable) return this.failing(node, `undefined variable: ${name}`);
    const { slot } = variable;
    const evaluate: Evaluate = (frame) => frame.variables[slot];
    return this.tracing ? traced(slot, evaluate) : evaluate;
  }
}
