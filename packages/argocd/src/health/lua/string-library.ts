import { lowerCase, upperCase } from "@tiphys/gotemplate/sprig";
import { addFunctions, addUnsupported, Arguments, type LibraryFunction } from "./arguments.ts";
import { formatLua } from "./format.ts";
import { findPattern, type PatternMatch } from "./pattern.ts";
import { isTextual, LuaRaise, type LuaState } from "./state.ts";
import { LuaTable } from "./table.ts";
import { isTruthy, LuaFunction, LuaUserData, type LuaValue } from "./value.ts";

/** gopher-lua v1.1.2 stringlib.go. */

function startIndex(text: string, index: number): number {
  let at = index !== 0 ? index - 1 : index;
  if (at < 0) at = text.length + at + 1;
  return Math.max(0, at);
}

function endIndex(text: string, index: number): number {
  const at = Math.max(0, index < 0 ? text.length + index + 1 : index);
  return Math.min(at, text.length);
}

/** A capture's value: text, or the position for `()`. */
function capture(text: string, match: PatternMatch, slot: number): string | number {
  const from = match.slots[slot] as number;
  return match.positions.has(slot) ? from : text.slice(from, match.slots[slot + 1]);
}

function captures(text: string, match: PatternMatch): (string | number)[] {
  const values: (string | number)[] = [];
  for (let slot = 2; slot < match.slots.length; slot += 2) values.push(capture(text, match, slot));
  return values;
}

function replaceByText(state: LuaState, text: string, match: PatternMatch, replacement: string): string {
  return replacement.replace(/%(.)/gs, (_, char: string) => {
    if (char === "%") return "%";
    if (!/[0-9]/.test(char)) return `%${char}`;
    let slot = Number(char) * 2;
    if (slot >= match.slots.length) {
      if (slot !== 2) state.raise("invalid capture index");
      slot = 0;
    }
    return String(capture(text, match, slot));
  });
}

function replacementFor(args: Arguments, text: string, match: PatternMatch): string | undefined {
  const { state } = args;
  const replacement = args.get(3);
  if (typeof replacement === "string") return replaceByText(state, text, match, replacement);
  const values = captures(text, match);
  const whole = capture(text, match, 0);
  const value =
    replacement instanceof LuaTable
      ? state.index(replacement, values[0] ?? whole, state.line)
      : state.call(replacement, values.length > 0 ? values : [whole], state.line)[0];
  if (!isTruthy(value)) return undefined;
  return isTextual(value) ? state.rawText(value) : "";
}

function substitute(args: Arguments): readonly LuaValue[] {
  const text = args.string(1);
  const pattern = args.string(2);
  args.oneOf(3, "string", "table", "function");
  const matches = findPattern(args.state, pattern, text, 0, args.optionalInteger(4, -1));
  if (matches.length === 0) return [args.get(1), 0];
  let out = "";
  let at = 0;
  for (const match of matches) {
    const [from, to] = [match.slots[0] as number, match.slots[1] as number];
    const piece = text.slice(at, from) + (replacementFor(args, text, match) ?? text.slice(from, to));
    args.state.allocate(piece.length);
    out += piece;
    at = to;
  }
  return [out + text.slice(at), matches.length];
}

function globalMatch(args: Arguments): readonly LuaValue[] {
  const text = args.string(1);
  const matches = findPattern(args.state, args.string(2), text, 0, -1);
  return [nextMatch, new LuaUserData({ text, matches, next: 0 } satisfies Matching)];
}

/** What `gmatch` hands to its iterator. */
interface Matching {
  readonly text: string;
  readonly matches: readonly PatternMatch[];
  next: number;
}

const nextMatch = new LuaFunction((state, values) => {
  const matching = new Arguments(state, values).userData(1).value as Matching;
  const match = matching.matches[matching.next++];
  if (match === undefined) return [];
  return match.slots.length === 2 ? [capture(matching.text, match, 0)] : captures(matching.text, match);
});

const functions: Readonly<Record<string, LibraryFunction>> = {
  byte: (args) => {
    const text = args.string(1);
    const length = text.length;
    let start = args.optionalInteger(2, 1) - 1;
    let end = args.optionalInteger(3, -1);
    if (start < 0) start = length + start + 1;
    if (end < 0) end = length + end + 1;
    if (args.count === 2) return start < 0 || start >= length ? [] : [text.charCodeAt(start)];
    return Array.from(text.slice(Math.max(start, 0), Math.max(0, Math.min(end, length))), (char) => char.charCodeAt(0));
  },
  char: (args) => [String.fromCharCode(...args.values.map((_, index) => args.integer(index + 1) & 255))],
  find: (args) => {
    const text = args.string(1);
    const pattern = args.string(2);
    if (pattern === "") return [1, 0];
    const start = startIndex(text, args.optionalInteger(3, 1));
    if (args.count === 4 && isTruthy(args.get(4))) {
      args.state.work(text.length >> 4);
      if (start > text.length)
        throw new LuaRaise(`runtime error: slice bounds out of range [${start}:${text.length}]`, args.state.line);
      const at = text.indexOf(pattern, start);
      return at < 0 ? [undefined] : [at + 1, at + pattern.length];
    }
    const match = findPattern(args.state, pattern, text, start, 1)[0];
    if (match === undefined) return [undefined];
    return [(match.slots[0] as number) + 1, match.slots[1], ...captures(text, match)];
  },
  format: (args) => [formatLua(args.state, args.string(1), args.values.slice(1))],
  gmatch: globalMatch,
  gfind: globalMatch,
  gsub: substitute,
  len: (args) => [args.string(1).length],
  lower: (args) => [lowerCase(args.string(1))],
  match: (args) => {
    const text = args.string(1);
    const pattern = args.string(2);
    let offset = args.optionalInteger(3, 1);
    if (offset < 0) offset = text.length + offset + 1;
    const match = findPattern(args.state, pattern, text, Math.max(0, offset - 1), 1)[0];
    if (match === undefined) return [];
    return match.slots.length === 2 ? [capture(text, match, 0)] : captures(text, match);
  },
  rep: (args) => {
    const text = args.string(1);
    const count = Math.max(0, args.integer(2));
    args.state.allocate(text.length * count);
    return [text.repeat(count)];
  },
  reverse: (args) => {
    const text = args.string(1);
    args.state.allocate(text.length);
    return [Array.from(text).reverse().join("")];
  },
  sub: (args) => {
    const text = args.string(1);
    const start = startIndex(text, args.integer(2));
    return [text.slice(start, Math.max(start, endIndex(text, args.optionalInteger(3, -1))))];
  },
  upper: (args) => [upperCase(args.string(1))],
};

export function openString(state: LuaState): void {
  const library = addFunctions(new LuaTable(), functions);
  addUnsupported(library, "string", ["dump"]);
  library.set("__index", library);
  state.globals.set("string", library);
  state.stringMetatable = library;
}
