import { LuaSyntaxError } from "./lex.ts";
import type { Block, FunctionNode, Statement } from "./node.ts";

/**
 * What gopher-lua v1.1.2 compile.go refuses in a chunk that it could parse: a `break` outside of loops, a `goto` without its label, `...` in a
 * function that takes no such arguments. Throws `LuaSyntaxError`.
 */
export function checkChunk(chunk: FunctionNode): void {
  const missing = new FunctionCheck(chunk).block(chunk.body, false);
  const [first] = missing;
  if (first !== undefined) {
    const message = `no visible label '${first.label}' for <goto> at line ${first.line}`;
    throw compileError(chunk.lastLine, message);
  }
}

type Goto = Extract<Statement, { type: "goto" }>;

function compileError(line: number, message: string): LuaSyntaxError {
  return new LuaSyntaxError(`compile error near line(${line}) <string>: ${message}`, line);
}

class FunctionCheck {
  readonly #function: FunctionNode;
  constructor(node: FunctionNode) {
    this.#function = node;
  }

  /** The jumps whose labels are not in this block; they may be in one around it. */
  block(block: Block, isInLoop: boolean): readonly Goto[] {
    const labels = new Set(block.flatMap((statement) => (statement.type === "label" ? [statement.name] : [])));
    return block.flatMap((statement) => this.#statement(statement, isInLoop)).filter(({ label }) => !labels.has(label));
  }

  #statement(statement: Statement, isInLoop: boolean): readonly Goto[] {
    switch (statement.type) {
      case "goto":
        return [statement];
      case "break":
        if (!isInLoop) throw compileError(statement.line, "no loop to break");
        return [];
      case "if": {
        const missing = statement.branches.flatMap(({ condition, body }) => {
          this.#expressions(condition);
          return this.block(body, isInLoop);
        });
        return statement.otherwise === undefined ? missing : [...missing, ...this.block(statement.otherwise, isInLoop)];
      }
      case "do":
        return this.block(statement.body, isInLoop);
      case "while":
      case "repeat":
      case "numericFor":
      case "genericFor": {
        const { body, ...rest } = statement;
        this.#expressions(rest);
        return this.block(body, true);
      }
      case "localFunction":
        checkChunk(statement.function);
        return [];
      default:
        this.#expressions(statement);
        return [];
    }
  }

  /** All expressions below a node. */
  #expressions(node: unknown): void {
    if (Array.isArray(node)) return node.forEach((item) => this.#expressions(item));
    if (node === null || typeof node !== "object") return;
    const { type } = node as { readonly type?: string };
    if (type === "function") return checkChunk((node as { readonly function: FunctionNode }).function);
    if (type === "varargs" && !this.#function.isVariadic)
      throw compileError((node as { readonly line: number }).line, "cannot use '...' outside a vararg function");
    for (const value of Object.values(node)) this.#expressions(value);
  }
}
