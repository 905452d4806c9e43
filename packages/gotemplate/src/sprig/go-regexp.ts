import type { RE2JS } from "re2js";
import { FunctionError } from "../function.ts";
import { isDigit, isLetter } from "../strconv/character-class.ts";
import { canBackquote, quoteGo } from "../strconv/quote.ts";
import { fromByteString, toByteString } from "../value.ts";
import { library } from "./libraries.ts";
import { decodeRune, isAscii } from "./runes.ts";
import { translateForV8, type TranslatedRegexp } from "./v8-regexp.ts";

/** Matches that are held at a time take some hundred bytes each. */
const mostMatches = 1_000_000;

/** One match: byte offsets, and the text of each group (undefined when it took no part). Group 0 is the match. */
interface Match {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

/** Byte offsets of one match and of each group in it; undefined for a group that took no part. */
export type SubmatchIndex = readonly (readonly [start: number, end: number] | undefined)[];

interface IndexedMatch extends Match {
  readonly offsets: SubmatchIndex;
}

/** Finds the first match at or after a byte offset. */
type Finder = (from: number) => Match | undefined;

/** V8 may be asked for work up to this many steps; beyond, RE2 with its linear time is safer. */
const mostSteps = 1e8;

/** A compiled Go regular expression over byte strings. */
export class GoRegexp {
  /** The pattern as given. */
  readonly pattern: string;
  private readonly translated: TranslatedRegexp | undefined;
  private compiled: RE2JS | undefined;

  constructor(pattern: string) {
    this.pattern = pattern;
    this.translated = translateForV8(pattern);
    if (!this.translated) this.compiled = compileRe2(pattern);
  }

  /** `MatchString`. */
  matches(text: string): boolean {
    return this.finder(text)(0) !== undefined;
  }

  /** `FindString`; empty when nothing matches. */
  find(text: string): string {
    return this.finder(text)(0)?.groups[0] ?? "";
  }

  /** `FindStringSubmatch`; undefined when nothing matches, groups that took no part are empty. */
  findSubmatch(text: string): string[] | undefined {
    return this.finder(text)(0)?.groups.map((group) => group ?? "");
  }

  /** `FindAllString`: at most `limit` matches, all for a negative one; undefined (a nil slice) when there is none. */
  findAll(text: string, limit = -1): string[] | undefined {
    const found = this.allMatches(text, limit);
    return found.length === 0 ? undefined : found.map((match) => match.groups[0]!);
  }

  /** `FindAllStringSubmatchIndex`, one match after the other. */
  *submatchIndexes(text: string): Generator<SubmatchIndex, void, void> {
    for (const match of this.eachMatch(text, this.usesV8(text) ? this.indexFinder(text) : this.runeFinder(text)))
      yield match.offsets;
  }

  /** `SubexpNames`: the name of each group, empty for one without. */
  subexpNames(): string[] {
    const names = this.groupNames();
    const count = this.re2().groupCount() + 1;
    return Array.from({ length: count }, (_, index) => toByteString(names[index] ?? ""));
  }

  /** `ReplaceAllString` with `$1` and `${name}` expanded. */
  replaceAll(text: string, replacement: string): string {
    if (!replacement.includes("$")) return this.replaceAllLiteral(text, replacement);
    const names = this.groupNames();
    return this.replaceEach(text, (match) => expand(replacement, match.groups, names));
  }

  /** `ReplaceAllLiteralString`. */
  replaceAllLiteral(text: string, replacement: string): string {
    return this.replaceEach(text, () => replacement);
  }

  /** `Split`; undefined (a nil slice) for limit 0. */
  split(text: string, limit = -1): string[] | undefined {
    if (limit === 0) return undefined;
    if (this.pattern !== "" && text === "") return [""];
    const parts: string[] = [];
    let begin = 0;
    let end = 0;
    for (const match of this.allMatches(text, limit)) {
      if (limit > 0 && parts.length === limit - 1) break;
      end = match.start;
      if (match.end !== 0) parts.push(text.slice(begin, end));
      begin = match.end;
    }
    if (end !== text.length) parts.push(text.slice(begin));
    return parts;
  }

  private allMatches(text: string, limit: number): Match[] {
    const found: Match[] = [];
    if (limit === 0) return found;
    for (const match of this.eachMatch(text, this.finder(text))) {
      found.push(match);
      if (found.length === limit) break;
      if (found.length > mostMatches) throw new FunctionError(`unsupported: more than ${mostMatches} matches`);
    }
    return found;
  }

  private *eachMatch<Found extends Match>(
    text: string,
    find: (from: number) => Found | undefined,
  ): Generator<Found, void, void> {
    let previousEnd = -1;
    for (let at = 0; at <= text.length;) {
      const match = find(at);
      if (!match) return;
      // An empty match right behind another one does not count.
      const counts = match.end !== at || match.start !== previousEnd;
      at = match.end === at ? at + (decodeRune(text, at)[1] || 1) : match.end;
      previousEnd = match.end;
      if (counts) yield match;
    }
  }

  private replaceEach(text: string, replacement: (match: Match) => string): string {
    const find = this.finder(text);
    let out = "";
    let count = 0;
    let lastEnd = 0;
    for (let at = 0; at <= text.length;) {
      const match = find(at);
      if (!match) break;
      if (++count > mostMatches) throw new FunctionError(`unsupported: more than ${mostMatches} matches`);
      out += text.slice(lastEnd, match.start);
      if (match.end > lastEnd || match.start === 0) out += replacement(match);
      lastEnd = match.end;
      const width = decodeRune(text, at)[1] || 1;
      at = at + width > match.end ? at + width : match.end;
    }
    return lastEnd === 0 && out === "" ? text : out + text.slice(lastEnd);
  }

  /** Whether V8 gives what RE2 gives, in bearable time. */
  private usesV8(text: string): boolean {
    const { translated } = this;
    return translated !== undefined && (text.length + 1) ** translated.power <= mostSteps && isAscii(text);
  }

  private finder(text: string): Finder {
    const { translated } = this;
    if (!isAscii(text)) return this.runeFinder(text);
    if (!translated || !this.usesV8(text)) return this.re2Finder(text);
    const { regexp } = translated;
    return (from) => {
      regexp.lastIndex = from;
      const match = regexp.exec(text);
      return match ? { start: match.index, end: match.index + match[0].length, groups: match } : undefined;
    };
  }

  /** As V8's `finder`, with the offsets of the groups; these cost V8 more. */
  private indexFinder(text: string): (from: number) => IndexedMatch | undefined {
    const { regexp } = this.translated!;
    const indexed = new RegExp(regexp.source, `${regexp.flags}d`);
    return (from) => {
      indexed.lastIndex = from;
      const match = indexed.exec(text);
      return match
        ? { start: match.index, end: match.index + match[0].length, groups: match, offsets: [...match.indices!] }
        : undefined;
    };
  }

  private re2(): RE2JS {
    return (this.compiled ??= compileRe2(this.pattern));
  }

  private re2Finder(text: string): Finder {
    const matcher = this.re2().matcher(text);
    return (from) => {
      if (!matcher.find(from)) return undefined;
      const groups: (string | undefined)[] = [];
      for (let group = 0; group <= matcher.groupCount(); group++) groups.push(matcher.group(group) ?? undefined);
      return { start: matcher.start(), end: matcher.end(), groups };
    };
  }

  /** Matching by runes: the text as UTF-16 with U+FFFD for every invalid byte, and offsets mapped to bytes and back. */
  private runeFinder(text: string): (from: number) => IndexedMatch | undefined {
    let units = "";
    const byteAt: number[] = [];
    const unitAt = new Int32Array(text.length + 1);
    for (let at = 0; at < text.length;) {
      const [rune, size] = decodeRune(text, at);
      unitAt.fill(units.length, at, at + size);
      const char = String.fromCodePoint(rune);
      for (let i = 0; i < char.length; i++) byteAt.push(at);
      units += char;
      at += size;
    }
    byteAt.push(text.length);
    unitAt[text.length] = units.length;
    const matcher = this.re2().matcher(units);
    return (from) => {
      if (!matcher.find(unitAt[from]!)) return undefined;
      const offsets = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => {
        const start = matcher.start(group);
        return start < 0 ? undefined : ([byteAt[start]!, byteAt[matcher.end(group)]!] as const);
      });
      const groups = offsets.map((range) => (range === undefined ? undefined : text.slice(...range)));
      return { start: byteAt[matcher.start()]!, end: byteAt[matcher.end()]!, groups, offsets };
    };
  }

  private groupNames(): readonly (string | undefined)[] {
    if (this.translated) return this.translated.groupNames;
    const names: (string | undefined)[] = [];
    for (const [name, index] of Object.entries(this.re2().namedGroups())) names[index] = name.replace(repeatedName, "");
    return names;
  }
}

/** `Regexp.Expand` over groups. */
function expand(
  template: string,
  groups: readonly (string | undefined)[],
  names: readonly (string | undefined)[],
): string {
  let out = "";
  let at = 0;
  for (;;) {
    const dollar = template.indexOf("$", at);
    if (dollar === -1) return out + template.slice(at);
    out += template.slice(at, dollar);
    at = dollar + 1;
    if (template[at] === "$") {
      out += "$";
      at++;
      continue;
    }
    const name = readGroupName(template, at);
    if (name === undefined) {
      out += "$";
      continue;
    }
    at = name.end;
    // Ten digits and more are no number to Go, and neither are leading zeros.
    const isNumber = /^(?:0|[1-9][0-9]{0,8})$/.test(name.name);
    out += isNumber ? (groups[Number(name.name)] ?? "") : (namedGroup(name.name, groups, names) ?? "");
  }
}

function namedGroup(
  name: string,
  groups: readonly (string | undefined)[],
  names: readonly (string | undefined)[],
): string | undefined {
  const wanted = fromByteString(name);
  return groups.find((group, index) => names[index] === wanted && group !== undefined);
}

/** The longest `name` or a `{name}` at `at`; undefined when there is none, which leaves the dollar sign alone. */
function readGroupName(template: string, at: number): { readonly name: string; readonly end: number } | undefined {
  const braced = template[at] === "{";
  const start = braced ? at + 1 : at;
  let end = start;
  while (end < template.length) {
    const [rune, size] = decodeRune(template, end);
    if (rune !== 95 && !isLetter(rune) && !isDigit(rune)) break;
    end += size;
  }
  if (end === start || (braced && template[end] !== "}")) return undefined;
  return { name: template.slice(start, end), end: braced ? end + 1 : end };
}

/** Marks what tells groups of one name apart; Go lets names repeat, the library does not. */
const repeatedName = /__again[0-9]+$/;

function compileRe2(pattern: string): RE2JS {
  const invalid = firstInvalidByte(pattern);
  if (invalid !== -1) throw new FunctionError(`error parsing regexp: invalid UTF-8: \`${pattern.slice(invalid)}\``);
  const { RE2JS, RE2JSSyntaxException } = library("re2js");
  const text = fromByteString(pattern);
  try {
    return RE2JS.compile(text);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    const renamed = withoutRepeatedNames(text);
    if (error.message.includes("duplicate capture group name") && renamed !== text) {
      return compileRe2(toByteString(renamed));
    }
    const message = error.message.includes(": `") ? error.message : `${error.message}: \`\``;
    throw new FunctionError(toByteString(message));
  }
}

function withoutRepeatedNames(pattern: string): string {
  const seen = new Set<string>();
  return pattern.replace(/\(\?(P?)<([A-Za-z0-9_]+)>/g, (whole: string, mark: string, name: string, at: number) => {
    if (!seen.has(name)) {
      seen.add(name);
      return whole;
    }
    return `(?${mark}<${name}__again${at}>`;
  });
}

/** Where text stops being UTF-8; -1 when all of it is. */
function firstInvalidByte(bytes: string): number {
  for (let at = 0; at < bytes.length;) {
    const [rune, size] = decodeRune(bytes, at);
    if (rune === 0xfffd && size === 1) return at;
    at += size;
  }
  return -1;
}

const cache = new Map<string, GoRegexp | FunctionError>();
const largestCache = 2000;

/**
 * `regexp.Compile`, remembered by pattern (bytes). Throws FunctionError with Go's text
 * ("error parsing regexp: missing closing ): `a(`").
 */
export function compileGoRegexp(pattern: string): GoRegexp {
  let entry = cache.get(pattern);
  if (entry === undefined) {
    try {
      entry = new GoRegexp(pattern);
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      entry = error;
    }
    if (cache.size >= largestCache) cache.clear();
    cache.set(pattern, entry);
  }
  if (entry instanceof FunctionError) throw new FunctionError(entry.message);
  return entry;
}

/** `regexp.MustCompile`: as `compileGoRegexp`, with the text of its panic. */
export function mustCompileGoRegexp(pattern: string): GoRegexp {
  try {
    return compileGoRegexp(pattern);
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    const quoted = canBackquote(pattern) ? `\`${pattern}\`` : quoteGo(pattern);
    throw new FunctionError(`regexp: Compile(${quoted}): ${error.message}`);
  }
}

/** `regexp.QuoteMeta`. */
export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
