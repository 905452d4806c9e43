import { FunctionError, type GoValue } from "@tiphys/gotemplate";
import { compileGoRegexp, type GoRegexp } from "@tiphys/gotemplate/sprig";
import { isMap } from "../../unstructured.ts";
import type { Machine } from "./machine.ts";
import { characters, JqError, jqType, preview, typeError } from "./value.ts";

/** Matching takes time by the length of the text and of the pattern. */
const charactersPerStep = 8;

/**
 * `_match` of gojq v0.12.19 func.go: the matches as objects with offset, length, string and captures; whether there is
 * one for `test`. Patterns are Go's. Throws `JqError`.
 */
export function matchText(value: GoValue, args: readonly GoValue[], machine: Machine): GoValue {
  const [pattern, flags, testing] = args as [GoValue, GoValue, GoValue];
  const name = testing === true ? "test" : "match";
  if ((flags !== null && typeof flags !== "string") || typeof value !== "string" || typeof pattern !== "string") {
    const shown = [pattern, flags].map((argument) => preview(argument)).join("; ");
    throw new JqError(`${name}(${shown}) cannot be applied to: ${jqType(value)} (${preview(value)})`);
  }
  machine.tick(Math.ceil((value.length / charactersPerStep) * pattern.length));
  const regexp = compile(pattern, flags ?? "");
  if (testing === true) return regexp.matches(value);
  const offsets = characterOffsets(value);
  const names = regexp.subexpNames();
  // A match costs more where the text has to be turned into characters first.
  const cost = Math.ceil(value.length / (offsets.isAscii ? 512 : 8));
  const found: GoValue[] = [];
  for (const groups of regexp.submatchIndexes(value)) {
    machine.tick(cost);
    machine.build(groups.length * 4);
    const [whole, ...captures] = groups.map((range) => described(value, range, offsets.before));
    captures.forEach((capture, index) => capture.set("name", (names[index + 1] ?? "") || null));
    found.push((whole as Map<string, GoValue>).set("captures", captures));
    if (flags?.includes("g") !== true) break;
  }
  return found;
}

function described(
  text: string,
  range: readonly [number, number] | undefined,
  offsets: Int32Array,
): Map<string, GoValue> {
  if (range === undefined) return new Map<string, GoValue>([["offset", -1], ["length", 0], ["string", null]]); // prettier-ignore
  const [start, end] = [offsets[range[0]] as number, offsets[range[1]] as number];
  return new Map<string, GoValue>([
    ["offset", start],
    ["length", end - start],
    ["string", text.slice(...range)],
  ]);
}

/** How many characters begin before each byte. */
function characterOffsets(text: string): { readonly before: Int32Array; readonly isAscii: boolean } {
  const offsets = new Int32Array(text.length + 1);
  let at = 0;
  characters(text).forEach((character, index) => {
    offsets.fill(index, at, at + character.length);
    at += character.length;
    offsets[at] = index + 1;
  });
  return { before: offsets, isAscii: at === offsets[at] };
}

function compile(pattern: string, flags: string): GoRegexp {
  if (/[^gim]/.test(flags)) throw new JqError(`unsupported regular expression flag: ${preview(flags)}`);
  const marked = `${flags.includes("m") ? "(?s)" : ""}${flags.includes("i") ? "(?i)" : ""}${pattern}`;
  try {
    return compileGoRegexp(marked);
  } catch (error) {
    if (error instanceof FunctionError)
      throw new JqError(`invalid regular expression ${preview(marked)}: ${error.message}`);
    throw error;
  }
}

/** `_captures`: the texts of the named captures. Throws `JqError`. */
export function namedCaptures(value: GoValue): GoValue {
  if (!Array.isArray(value)) throw typeError("expected an array but got", value);
  const named = new Map<string, GoValue>();
  for (const capture of value) {
    const name = isMap(capture) ? capture.get("name") : undefined;
    if (typeof name === "string") named.set(name, (capture as Map<string, GoValue>).get("string") ?? null);
  }
  return named;
}
