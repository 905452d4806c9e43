import { FunctionError, fromByteString, toByteString } from "@tiphys/gotemplate";
import { compileGoRegexp } from "@tiphys/gotemplate/sprig";
import type { GoRegexp } from "@tiphys/gotemplate/sprig";
import { listOf } from "./collection-functions.ts";
import { formatText } from "./format.ts";
import { func, growing } from "./function.ts";
import type { HclFunction } from "./function.ts";
import { HclError, isList, objectOf, toNumber, toText } from "./value.ts";
import type { HclValue } from "./value.ts";
import type { Work } from "./work.ts";

export const textFunctions: ReadonlyMap<string, HclFunction> = new Map<string, HclFunction>([
  ["chomp", func((text) => toText(text!).replace(/[\r\n]+$/, ""), 1)],
  ["format", growing((work, format, ...args) => formatText(toText(format!), args, work), 1, Infinity)],
  ["formatlist", growing((work, format, ...args) => formatList(toText(format!), args, work), 1, Infinity)],
  ["indent", growing((work, spaces, text) => indent(toText(text!), toNumber(spaces!), work), 2)],
  [
    "join",
    growing(
      (work, separator, ...lists) =>
        join(
          lists.flatMap((list) => listOf(list).map(toText)),
          toText(separator!),
          work,
        ),
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

function indent(text: string, spaces: number, work: Work): string {
  const lines = text.split("\n");
  work.takes((lines.length - 1) * spaces);
  return lines.join(`\n${" ".repeat(spaces)}`);
}

function join(texts: readonly string[], separator: string, work: Work): string {
  work.takes(texts.length * separator.length);
  return texts.join(separator);
}

function formatList(format: string, args: readonly HclValue[], work: Work): HclValue {
  const lists = args.filter(isList);
  const [first] = lists;
  if (first === undefined) return args.length === 0 ? [] : [formatText(format, args, work)];
  if (lists.some((list) => list.length !== first.length))
    throw new HclError("all list arguments must have the same length");
  return first.map((_item, index) =>
    formatText(
      format,
      args.map((arg) => (isList(arg) ? arg[index]! : arg)),
      work,
    ),
  );
}

function expressionOf(pattern: string): GoRegexp {
  try {
    return compileGoRegexp(toByteString(pattern));
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    throw new HclError(`invalid regexp pattern: ${fromByteString(error.message)}`);
  }
}

/** Each match: the whole of it, its groups in order, or its named groups. */
function* matches(pattern: string, text: string): Generator<HclValue, void, void> {
  const expression = expressionOf(pattern);
  const names = expression.subexpNames().slice(1).map(fromByteString);
  const bytes = toByteString(text);
  for (const ranges of expression.submatchIndexes(bytes)) {
    const [whole, ...groups] = ranges.map((range) =>
      range === undefined ? null : fromByteString(bytes.slice(...range)),
    );
    if (names.some((name) => name !== ""))
      yield objectOf(groups.flatMap((group, index) => (names[index] === "" ? [] : [[names[index]!, group] as const])));
    else yield groups.length === 0 ? whole! : groups;
  }
}

function firstMatch(pattern: string, text: string): HclValue {
  const { value, done } = matches(pattern, text).next();
  if (done === true) throw new HclError("pattern did not match any part of the given string");
  return value;
}

function allMatches(pattern: string, text: string): HclValue {
  return [...matches(pattern, text)];
}
