import { compileGoRegexp } from "@tiphys/gotemplate/sprig";
import { listOf } from "./collection-functions.ts";
import { formatText } from "./format.ts";
import { func } from "./function.ts";
import type { HclFunction } from "./function.ts";
import { HclError, isList, objectOf, toNumber, toText } from "./value.ts";
import type { HclValue } from "./value.ts";

export const textFunctions: ReadonlyMap<string, HclFunction> = new Map<string, HclFunction>([
  ["chomp", func((text) => toText(text!).replace(/[\r\n]+$/, ""), 1)],
  ["format", func((format, ...args) => formatText(toText(format!), args), 1, Infinity)],
  ["formatlist", func((format, ...args) => formatList(toText(format!), args), 1, Infinity)],
  ["indent", func((spaces, text) => toText(text!).replaceAll("\n", `\n${" ".repeat(toNumber(spaces!))}`), 2)],
  [
    "join",
    func(
      (separator, ...lists) => lists.flatMap((list) => listOf(list).map(toText)).join(toText(separator!)),
      2,
      Infinity,
    ),
  ],
  ["lower", func((text) => toText(text!).toLowerCase(), 1)],
  ["upper", func((text) => toText(text!).toUpperCase(), 1)],
  [
    "title",
    func(
      (text) =>
        toText(text!).replaceAll(
          /(^|[^\p{L}\p{N}_'])(\p{L})/gu,
          (_all, before: string, letter: string) => before + letter.toUpperCase(),
        ),
      1,
    ),
  ],
  ["regex", func((pattern, text) => firstMatch(toText(pattern!), toText(text!)), 2)],
  ["regexall", func((pattern, text) => allMatches(toText(pattern!), toText(text!)), 2)],
  ["split", func((separator, text) => (toText(text!) === "" ? [""] : splitText(toText(text!), toText(separator!))), 2)],
  ["strrev", func((text) => graphemes(toText(text!)).reverse().join(""), 1)],
  ["strlen", func((text) => graphemes(toText(text!)).length, 1)],
  [
    "substr",
    func((text, offset, length) => substring(graphemes(toText(text!)), toNumber(offset!), toNumber(length!)), 3),
  ],
  ["trim", func((text, cutset) => trim(toText(text!), toText(cutset!)), 2)],
  [
    "trimprefix",
    func(
      (text, prefix) =>
        toText(text!).startsWith(toText(prefix!)) ? toText(text!).slice(toText(prefix!).length) : toText(text!),
      2,
    ),
  ],
  [
    "trimsuffix",
    func(
      (text, suffix) =>
        toText(suffix!) !== "" && toText(text!).endsWith(toText(suffix!))
          ? toText(text!).slice(0, -toText(suffix!).length)
          : toText(text!),
      2,
    ),
  ],
  ["trimspace", func((text) => toText(text!).trim(), 1)],
]);

let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): string[] {
  // It takes milliseconds to make.
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

function splitText(text: string, separator: string): string[] {
  return separator === "" ? [...text] : text.split(separator);
}

function substring(chars: readonly string[], offset: number, length: number): string {
  const start = offset < 0 ? Math.max(chars.length + offset, 0) : offset;
  return chars.slice(start, length < 0 ? undefined : start + length).join("");
}

function trim(text: string, cutset: string): string {
  const chars = [...text];
  const cut = new Set(cutset);
  let from = 0;
  let to = chars.length;
  while (from < to && cut.has(chars[from]!)) from++;
  while (to > from && cut.has(chars[to - 1]!)) to--;
  return chars.slice(from, to).join("");
}

function formatList(format: string, args: readonly HclValue[]): HclValue {
  const lists = args.filter(isList);
  const [first] = lists;
  if (first === undefined) return args.length === 0 ? [] : [formatText(format, args)];
  if (lists.some((list) => list.length !== first.length))
    throw new HclError("all list arguments must have the same length");
  return first.map((_item, index) =>
    formatText(
      format,
      args.map((arg) => (isList(arg) ? arg[index]! : arg)),
    ),
  );
}

function expressionOf(pattern: string): RegExp {
  let checked: unknown;
  try {
    checked = compileGoRegexp(pattern);
  } catch (error) {
    throw new HclError(`invalid regexp pattern: ${error instanceof Error ? error.message : String(error)}`);
  }
  void checked;
  return new RegExp(pattern.replaceAll("(?P<", "(?<").replaceAll("\\A", "^").replaceAll("\\z", "$"), "gu");
}

/** The whole match, its groups in order, or its named groups. */
function capture(match: RegExpExecArray): HclValue {
  if (match.groups !== undefined)
    return objectOf(Object.entries(match.groups).map(([name, text]) => [name, (text as string | undefined) ?? null]));
  if (match.length === 1) return match[0];
  return match.slice(1).map((text) => (text as string | undefined) ?? null);
}

function firstMatch(pattern: string, text: string): HclValue {
  const match = expressionOf(pattern).exec(text);
  if (match === null) throw new HclError("pattern did not match any part of the given string");
  return capture(match);
}

function allMatches(pattern: string, text: string): HclValue {
  return [...text.matchAll(expressionOf(pattern))].map((match) => capture(match as RegExpExecArray));
}
