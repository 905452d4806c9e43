// Mirrors evalArg's literals and idealConstant of text/template/exec.go, Go 1.26.
import { formatGo } from "../fmt/print.ts";
import { nodeText } from "../parse/node.ts";
import type { BoolNode, NilNode, NumberNode, Operand, StringNode } from "../parse/node.ts";
import { isIntegerType, zeroOf } from "../reflect.ts";
import { GoNumber, GoObject } from "../value.ts";
import type { GoValue } from "../value.ts";
import type { Value } from "./frame.ts";
import { canBeNil } from "./types.ts";

/** An operand that has its value in the text. */
export type Literal = BoolNode | NilNode | NumberNode | StringNode;

/** Whether an operand is a literal. */
export function isLiteral(node: Operand): node is Literal {
  return node.kind === "bool" || node.kind === "nil" || node.kind === "number" || node.kind === "string";
}

/** A value, or the text of the error that its use raises. */
export type LiteralValue = { readonly value: Value } | { readonly error: string };

/** A complex128: there are no functions for it, but it prints. */
class Complex extends GoObject {
  readonly goType = "complex128";
  readonly goKind = "complex128";
  readonly #text: string;
  constructor(real: number, imaginary: number) {
    super();
    this.#text = formatGo("(%g%+gi)", [real, imaginary]);
  }
  override goString(): string {
    return this.#text;
  }
}

const maxInt = (1n << 63n) - 1n;

/** A number where no type is asked for: its spelling decides between int and float64. */
function idealConstant(node: NumberNode): LiteralValue {
  if (node.complex) return { value: new Complex(node.complex.real, node.complex.imaginary) };
  const isHexInteger = /^0[xX]./.test(node.text) && !/[pP]/.test(node.text);
  if (node.float !== undefined && !isHexInteger && !node.text.startsWith("'") && /[.eEpP]/.test(node.text))
    return { value: node.float };
  if (node.int !== undefined && node.int <= maxInt) return { value: node.int };
  return { error: node.text + " overflows int" };
}

/** A literal as a value of its own. */
export function literalValue(node: Literal): LiteralValue {
  switch (node.kind) {
    case "bool":
      return { value: node.value };
    case "string":
      return { value: node.text };
    case "number":
      return idealConstant(node);
    case "nil":
      return { error: "nil is not a command" };
  }
}

/** A literal as an argument of a Go type. Integers come as bigint. */
export function literalArgument(node: Literal, type: string): LiteralValue {
  if (node.kind === "nil" && type === "reflect.Value") return { value: undefined };
  if (node.kind === "nil") return canBeNil(type) ? { value: zeroOf(type) } : { error: `cannot assign nil to ${type}` };
  if (type === "interface {}" || type === "any" || type === "reflect.Value") return literalValue(node);
  if (type === "bool") return expected("bool", node, node.kind === "bool" ? node.value : undefined);
  if (type === "string") return expected("string", node, node.kind === "string" ? node.text : undefined);
  if (type === "float64") return expected("float", node, node.kind === "number" ? node.float : undefined);
  if (type === "float32") {
    return expected(
      "float",
      node,
      node.kind === "number" && node.float !== undefined ? new GoNumber("float32", Math.fround(node.float)) : undefined,
    );
  }
  // The one named integer type that methods of sprig's values take.
  if (isIntegerType(type) || type === "time.Duration") {
    if (type.startsWith("u")) return expected("unsigned integer", node, node.kind === "number" ? node.uint : undefined);
    return expected("integer", node, node.kind === "number" ? node.int : undefined);
  }
  return { error: `can't handle ${nodeText(node)} for arg of type ${type}` };
}

function expected(what: string, node: Literal, value: GoValue | undefined): LiteralValue {
  return value === undefined ? { error: `expected ${what}; found ${nodeText(node)}` } : { value };
}
