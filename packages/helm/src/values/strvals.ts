import {
  bytesToByteString,
  fromByteString,
  FunctionError,
  int64,
  quoteGo,
  toByteString,
  type GoValue,
} from "@tiphys/gotemplate";
import { decodeJson } from "@tiphys/gotemplate/sprig";

/*
 * pkg/strvals/parser.go and literal_parser.go (Helm 4.2.4).
 *
 *   line   = pair { "," pair }
 *   pair   = name { "." name | "[" index "]" } "=" value
 *   value  = "{" [ item { "," item } ] "}" | text            \x takes x literally
 */

const maxIndex = 65536;
const maxNestedNameLevel = 30;

/** Marks the end of the line where Go's parser returns io.EOF. */
const endOfLine = Symbol("end of line");
type Outcome = typeof endOfLine | undefined;

/** A `--set…` expression that cannot be read; `message` is Helm's text without its "failed parsing …" prefix. */
export class SetParseError extends Error {
  override readonly name = "SetParseError";
}

/** How the text after `=` is read. */
export type SetMode =
  | "typed"
  | "string"
  | "json"
  | "literal"
  /** `--set-file` where the file's content already stands in place of its path: all after `=` is the value. */
  | "file-content"
  /** `--set-file` as written: the function gives the content of the file that the text names. */
  | ((text: string) => GoValue);

/** Reads `expression` into `values`, in place, as `--set` and its sisters do. Throws `SetParseError`. */
export function parseSet(expression: string, values: Map<string, GoValue>, mode: SetMode): void {
  const parser = new SetParser(validUtf8(expression), mode);
  while (parser.key(values, 0) !== endOfLine);
}

class SetParser {
  readonly #text: string;
  readonly #mode: SetMode;
  #at = 0;

  constructor(text: string, mode: SetMode) {
    this.#text = text;
    this.#mode = mode;
  }

  key(data: Map<string, GoValue>, level: number): Outcome {
    const name = this.#until(this.#mode === "literal" ? "=[." : "=[,.");
    switch (name.stop) {
      case "":
        if (name.text === "") return endOfLine;
        throw new SetParseError(`key ${quoteGo(name.text)} has no value`);
      case "[":
        return this.#listKey(data, name.text, level);
      case "=":
        return this.#assign(data, name.text);
      case ",":
        put(data, name.text, "");
        throw new SetParseError(`key ${quoteGo(name.text)} has no value (cannot end with ,)`);
      default:
        return this.#mapKey(data, name.text, level + 1);
    }
  }

  #listKey(data: Map<string, GoValue>, name: string, level: number): Outcome {
    const index = this.#index();
    if (index === endOfLine) return index;
    const existing = data.get(name);
    if (existing !== undefined && !Array.isArray(existing)) throw conversionPanic(existing, "[]interface {}");
    const list: GoValue[] = existing ?? [];
    let outcome: Outcome;
    try {
      outcome = this.#listItem(list, index, level);
    } finally {
      put(data, name, list);
    }
    return outcome;
  }

  #mapKey(data: Map<string, GoValue>, name: string, level: number): Outcome {
    if (level > maxNestedNameLevel) {
      throw new SetParseError(
        `value name nested level is greater than maximum supported nested level of ${maxNestedNameLevel}`,
      );
    }
    const existing = data.get(name);
    if (existing !== undefined && !(existing instanceof Map))
      throw conversionPanic(existing, "map[string]interface {}");
    const inner: Map<string, GoValue> = existing ?? new Map<string, GoValue>();
    let outcome: Outcome;
    try {
      outcome = this.key(inner, level);
      if (outcome === undefined && inner.size === 0) throw new SetParseError(`key map ${quoteGo(name)} has no value`);
    } finally {
      if (inner.size !== 0) put(data, name, inner);
    }
    return outcome;
  }

  #assign(data: Map<string, GoValue>, name: string): Outcome {
    if (this.#mode === "literal" || this.#mode === "file-content") {
      put(data, name, this.#text.slice(this.#at));
      this.#at = this.#text.length;
      return undefined;
    }
    if (this.#mode === "json") {
      this.#jsonValue((value) => put(data, name, value));
      return undefined;
    }
    if (this.#at >= this.#text.length) {
      put(data, name, "");
      return endOfLine;
    }
    put(data, name, this.#value());
    return undefined;
  }

  #listItem(list: GoValue[], index: number, level: number): Outcome {
    if (index < 0) throw new SetParseError(`negative ${index} index not allowed`);
    const next = this.#until("[.=");
    if (next.text !== "") {
      const runes = [...fromByteString(next.text)].map((rune) => `'${toByteString(rune)}'`).join(" ");
      throw new SetParseError(`unexpected data at end of array index: [${runes}]`);
    }
    switch (next.stop) {
      case "":
        return endOfLine;
      case "=":
        return this.#assignIndex(list, index);
      case "[": {
        const nextIndex = this.#index();
        if (nextIndex === endOfLine) return nextIndex;
        const existing = list[index] ?? null;
        if (existing !== null && !Array.isArray(existing)) throw conversionPanic(existing, "[]interface {}");
        const inner: GoValue[] = existing ?? [];
        const outcome = this.#listItem(inner, nextIndex, level);
        if (outcome === endOfLine) return outcome;
        setIndex(list, index, inner);
        return undefined;
      }
      default: {
        let inner = list[index];
        if (!(inner instanceof Map)) {
          inner = new Map<string, GoValue>();
          if (list.length > index) list[index] = inner;
        }
        const outcome = this.key(inner, level);
        if (outcome === endOfLine) return outcome;
        setIndex(list, index, inner);
        return undefined;
      }
    }
  }

  #assignIndex(list: GoValue[], index: number): Outcome {
    if (this.#mode === "literal" || this.#mode === "file-content") {
      setIndex(list, index, this.#text.slice(this.#at));
      this.#at = this.#text.length;
    } else if (this.#mode === "json") {
      this.#jsonValue((value) => setIndex(list, index, value));
    } else if (this.#at >= this.#text.length) {
      setIndex(list, index, "");
    } else {
      setIndex(list, index, this.#value());
    }
    return undefined;
  }

  #value(): GoValue {
    if (this.#text[this.#at] !== "{") return this.#convert(this.#until(",").text);
    this.#at++;
    const list: GoValue[] = [];
    for (;;) {
      const item = this.#until(",}");
      if (item.stop === "") throw new SetParseError("list must terminate with '}'");
      list.push(this.#convert(item.text));
      if (item.stop === "}") {
        if (this.#text[this.#at] === ",") this.#at++;
        return list;
      }
    }
  }

  #convert(text: string): GoValue {
    if (typeof this.#mode === "function") return this.#mode(text);
    return this.#mode === "string" ? text : typedValue(text);
  }

  /** A JSON value up to the comma or end; an empty one is null. */
  #jsonValue(assign: (value: GoValue) => void): void {
    if (this.#emptyValue()) return assign(null);
    const end = endOfJson(this.#text, this.#at);
    assign(readJson(this.#text.slice(this.#at, end)));
    this.#at = end;
    this.#emptyValue();
  }

  /** Skips blanks and one comma; true when the value ended there. */
  #emptyValue(): boolean {
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]!;
      if (character === ",") {
        this.#at++;
        return true;
      }
      if (!/[ \t\n\v\f\r]/.test(character)) return false;
      this.#at++;
    }
    return true;
  }

  #index(): number | typeof endOfLine {
    const name = this.#until("]");
    if (name.stop === "") return endOfLine;
    const text = name.text;
    if (!/^[+-]?[0-9]+$/.test(text)) {
      throw new SetParseError(`error parsing index: strconv.Atoi: parsing ${quoteGo(text)}: invalid syntax`);
    }
    const value = BigInt(text.replace(/^\+/, ""));
    if (BigInt.asIntN(64, value) !== value) {
      throw new SetParseError(`error parsing index: strconv.Atoi: parsing ${quoteGo(text)}: value out of range`);
    }
    if (value > BigInt(maxIndex)) {
      throw new SetParseError(`index of ${value} is greater than maximum supported index of ${maxIndex}`);
    }
    return Number(value);
  }

  /** Text up to one of `stops`, which is consumed; `stop` is "" at the end of the line. */
  #until(stops: string): { text: string; stop: string } {
    const escapes = this.#mode !== "literal";
    let text = "";
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++]!;
      if (stops.includes(character)) return { text, stop: character };
      if (escapes && character === "\\") {
        if (this.#at >= this.#text.length) return { text, stop: "" };
        text += this.#text[this.#at++]!;
      } else {
        text += character;
      }
    }
    return { text, stop: "" };
  }
}

function put(data: Map<string, GoValue>, key: string, value: GoValue): void {
  if (key !== "") data.set(key, value);
}

function setIndex(list: GoValue[], index: number, value: GoValue): void {
  if (index > maxIndex)
    throw new SetParseError(`index of ${index} is greater than maximum supported index of ${maxIndex}`);
  while (list.length < index) list.push(null);
  list[index] = value;
}

/** `typedVal`: booleans, null, and integers without a leading zero; all else stays text. */
function typedValue(text: string): GoValue {
  const folded = text.length <= 9 ? text.toLowerCase().replaceAll("\u00c5\u00bf", "s") : "";
  if (folded === "true") return true;
  if (folded === "false") return false;
  if (folded === "null") return null;
  if (text === "0") return int64(0);
  if (text[0] !== "0" && /^[+-]?[0-9]+$/.test(text)) {
    const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
    if (BigInt.asIntN(64, value) === value) return int64(value);
  }
  return text;
}

function conversionPanic(value: GoValue, wanted: string): SetParseError {
  const type =
    value === null
      ? "nil"
      : typeof value === "string"
        ? "string"
        : typeof value === "boolean"
          ? "bool"
          : typeof value === "number"
            ? "float64"
            : Array.isArray(value)
              ? "[]interface {}"
              : value instanceof Map
                ? "map[string]interface {}"
                : "int64";
  return new SetParseError(`unable to parse key: interface conversion: interface {} is ${type}, not ${wanted}`);
}

/** Throws `SetParseError`, also for a number that no float64 holds. */
function readJson(text: string): GoValue {
  try {
    const { value, error } = decodeJson(text);
    if (error === undefined) return value;
    throw new SetParseError(error.message);
  } catch (error) {
    if (error instanceof FunctionError) throw new SetParseError(error.message);
    throw error;
  }
}

/** The place after the JSON value that starts at `at`; the end of the text when it does not end. */
function endOfJson(text: string, at: number): number {
  while (/\s/.test(text[at] ?? "")) at++;
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const character = text[i]!;
    if (character === '"') {
      i = endOfString(text, i);
      if (depth === 0) return i + 1;
    } else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") {
      if (--depth <= 0) return i + 1;
    } else if (depth === 0 && /[,\s]/.test(character)) return i;
  }
  return text.length;
}

function endOfString(text: string, quote: number): number {
  for (let i = quote + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return text.length - 1;
}

/** Go reads the line rune by rune, so bytes that are not UTF-8 become U+FFFD. */
function validUtf8(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) return bytesToByteString(new TextEncoder().encode(fromByteString(text)));
  }
  return text;
}
