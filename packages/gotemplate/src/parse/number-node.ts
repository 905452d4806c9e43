// Mirrors newNumber of text/template/parse/node.go, Go 1.26.
import { maxUint64, minInt64, maxInt64, parseFloatLiteral, parseInteger, parseUint } from "../strconv/number.ts";
import { quoteGo } from "../strconv/quote.ts";
import { unquoteCharacter } from "../strconv/unquote.ts";
import type { NumberNode } from "./node.ts";
import { CHAR_CONSTANT, COMPLEX } from "./token.ts";

type Values = Pick<NumberNode, "complex" | "float" | "int" | "uint">;

/** The node of a number token of a kind, or the text of the parse error. */
export function newNumber(position: number, text: string, kind: number): NumberNode | string {
  const values =
    kind === CHAR_CONSTANT ? characterValues(text) : kind === COMPLEX ? complexValues(text) : numberValues(text);
  return typeof values === "string" ? values : { kind: "number", position, text, ...values };
}

function characterValues(text: string): Values | string {
  const character = unquoteCharacter(text, 1, "'");
  if (!character) return "invalid syntax";
  if (character.next !== text.length - 1) return "malformed character constant: " + text;
  const value = BigInt(character.value);
  return { int: value, uint: value, float: character.value, complex: undefined };
}

function complexValues(text: string): Values | string {
  const split = /^([+-]?(?:[^+-]|[eEpP][+-])+)([+-].*)i$/.exec(text);
  const real = split && parseFloatLiteral(split[1]!);
  const imaginary = split && parseFloatLiteral(split[2]!);
  if (typeof real !== "number" || typeof imaginary !== "number") return "syntax error scanning complex number";
  return simplified(real, imaginary);
}

function numberValues(text: string): Values | string {
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) {
    const whole = BigInt(text);
    return { int: whole, uint: whole, float: Number(text), complex: undefined };
  }
  if (text.endsWith("i")) {
    const imaginary = parseFloatLiteral(text.slice(0, -1));
    if (imaginary !== undefined) return simplified(0, imaginary);
  }
  let uint = parseUint(text);
  const int = parseInteger(text);
  if (int === 0n) uint ??= 0n; // -0
  if (int !== undefined || uint !== undefined) return { int, uint, float: Number(int ?? uint), complex: undefined };
  const float = parseFloatLiteral(text);
  if (float === undefined) return "illegal number syntax: " + quoteGo(text);
  if (!/[.eEpP]/.test(text)) return "integer overflow: " + quoteGo(text);
  return { ...wholeValues(float), float, complex: undefined };
}

/** The integers that equal a float. */
function wholeValues(float: number): Pick<NumberNode, "int" | "uint"> {
  if (!Number.isInteger(float)) return { int: undefined, uint: undefined };
  const whole = BigInt(float);
  return {
    int: whole >= minInt64 && whole <= maxInt64 ? whole : undefined,
    uint: whole >= 0n && whole <= maxUint64 ? whole : undefined,
  };
}

function simplified(real: number, imaginary: number): Values {
  const complex = { real, imaginary };
  if (imaginary !== 0) return { complex, float: undefined, int: undefined, uint: undefined };
  return { complex, float: real, ...wholeValues(real) };
}
