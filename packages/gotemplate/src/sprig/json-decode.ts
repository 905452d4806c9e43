import { FunctionError } from "../function.ts";
import { quoteGo, quoteRune } from "../strconv/quote.ts";
import { encodeRune, runeError } from "../strconv/utf8.ts";
import type { GoValue } from "../value.ts";
import { decodeRune, isAscii } from "./runes.ts";

/** Nesting that encoding/json allows. */
const deepestNesting = 10_000;

/** encoding/json's `SyntaxError`. */
export class JsonSyntaxError extends FunctionError {
  /** How many bytes Go had read when it saw the fault. */
  readonly offset: number;
  /** The text ends too early. */
  readonly isAtEnd: boolean;

  constructor(message: string, offset: number, isAtEnd: boolean) {
    super(message);
    this.offset = offset;
    this.isAtEnd = isAtEnd;
  }
}

/**
 * Whose words the errors have: those of encoding/json as it was, or as Go 1.27 builds it on its second version
 * (encoding/json/v2_inject.go, encoding/json/internal/jsonwire/decode.go).
 */
export type JsonWording = "v1" | "v2";

/** What `decodeJson` read; `error` is set when a number did not fit a float64: it stands as nil, with the wording `v2` as infinity. */
export interface DecodedJson {
  readonly value: GoValue;
  readonly error?: FunctionError;
}

const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const plainString = /"[^"\\\x00-\x1f]*"/y;
const literals: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

interface Container {
  readonly target: GoValue[] | Map<string, GoValue>;
  key: string;
}

export interface DecodeOptions {
  /** Default `v1`. */
  readonly wording?: JsonWording;
  /** Makes numbers of their texts, as with `Decoder.UseNumber`. */
  readonly makeNumber?: (text: string) => GoValue;
}

interface ReaderOptions extends DecodeOptions {
  readonly start?: number;
}

class JsonReader {
  private readonly text: string;
  private at = 0;
  private readonly open: Container[] = [];
  private numberError: FunctionError | undefined;
  private readonly wording: JsonWording;
  private readonly makeNumber: ((text: string) => GoValue) | undefined;

  constructor(text: string, { start = 0, wording = "v1", makeNumber }: ReaderOptions = {}) {
    this.text = text;
    this.at = start;
    this.wording = wording;
    this.makeNumber = makeNumber;
  }

  /** Where the value that was read ends. */
  get end(): number {
    return this.at;
  }

  read(isStream = false): DecodedJson {
    let result: GoValue = null;
    for (;;) {
      let value = this.beginValue();
      // Closes everything that ends here; undefined means the next value is wanted.
      while (value !== undefined) {
        const container = this.open.at(-1);
        if (!container) {
          result = value;
          if (!isStream) {
            this.skipSpace();
            if (this.at < this.text.length) this.failAt("after top-level value");
          }
          return this.numberError ? { value: result, error: this.numberError } : { value: result };
        }
        value = this.afterElement(container, value);
      }
    }
  }

  /** A whole scalar or empty container; undefined after the start of a non-empty one. */
  private beginValue(): GoValue | undefined {
    this.skipSpace();
    const char = this.text[this.at];
    if (char === '"') return this.readString();
    if (char === "{" || char === "[") return this.openContainer(char);
    if (char === "t" || char === "f" || char === "n") return this.readLiteral(char);
    if (char === "-" || (char !== undefined && char >= "0" && char <= "9")) return this.readNumber();
    return this.failAt("looking for beginning of value");
  }

  private openContainer(char: string): GoValue | undefined {
    if (this.open.length >= deepestNesting) throw new FunctionError("exceeded max depth");
    this.at++;
    this.skipSpace();
    if (char === "[") {
      if (this.text[this.at] === "]") return this.closing([]);
      this.open.push({ target: [], key: "" });
      return undefined;
    }
    if (this.text[this.at] === "}") return this.closing(new Map());
    const container: Container = { target: new Map(), key: "" };
    this.open.push(container);
    container.key = this.readKey();
    return undefined;
  }

  private closing(value: GoValue): GoValue {
    this.at++;
    return value;
  }

  private afterElement(container: Container, value: GoValue): GoValue | undefined {
    const { target } = container;
    this.skipSpace();
    const char = this.text[this.at];
    if (Array.isArray(target)) {
      target.push(value);
      if (char !== "," && char !== "]") this.failAt("after array element");
    } else {
      target.set(container.key, value);
      if (char !== "," && char !== "}") this.failAt("after object key:value pair");
    }
    this.at++;
    if (char !== ",") {
      this.open.pop();
      return target;
    }
    if (!Array.isArray(target)) container.key = this.readKey();
    return undefined;
  }

  private readKey(): string {
    this.skipSpace();
    if (this.text[this.at] !== '"') this.failAt("looking for beginning of object key string");
    const key = this.readString();
    this.skipSpace();
    if (this.text[this.at] !== ":") this.failAt("after object key");
    this.at++;
    return key;
  }

  private readLiteral(char: string): boolean | null {
    const word = char === "t" ? "true" : char === "f" ? "false" : "null";
    for (const expected of word) {
      if (this.text[this.at] !== expected) this.failAt(`in literal ${word} (expecting '${expected}')`);
      this.at++;
    }
    return literals[word]!;
  }

  private readNumber(): GoValue {
    numberPattern.lastIndex = this.at;
    const match = numberPattern.exec(this.text);
    const end = match ? this.at + match[0].length : this.at + 1;
    const next = this.text[end] ?? "";
    // A point or exponent that the pattern did not take is an unfinished number.
    if (!match) this.failFrom(end, "in numeric literal");
    if (next === "." && !match[0].includes(".") && !/[eE]/.test(match[0])) {
      this.failFrom(end + 1, "after decimal point in numeric literal");
    }
    if ((next === "e" || next === "E") && !/[eE]/.test(match[0])) {
      const sign = this.text[end + 1];
      this.failFrom(end + (sign === "+" || sign === "-" ? 2 : 1), "in exponent of numeric literal");
    }
    this.at = end;
    if (this.makeNumber !== undefined) return this.makeNumber(match[0]);
    const value = Number(match[0]);
    if (Number.isFinite(value)) return value;
    const target = this.wording === "v1" || this.open.length === 0 ? "Go value" : this.path();
    this.numberError ??= new FunctionError(`json: cannot unmarshal number ${match[0]} into ${target} of type float64`);
    return this.wording === "v1" ? null : value;
  }

  /** The value to be read next, as a JSON pointer with points; Go takes what ends in a name for a field. */
  private path(): string {
    const steps = this.open.map(({ target, key }) =>
      Array.isArray(target) ? String(target.length) : key.replaceAll("~", "~0").replaceAll("/", "~1"),
    );
    const path = steps.map((step) => `.${step}`).join("");
    return /^\d+$/.test(steps.at(-1) ?? "") ? path : `Go struct field ${path}`;
  }

  private readString(): string {
    plainString.lastIndex = this.at;
    const plain = plainString.exec(this.text)?.[0];
    if (plain !== undefined && isAscii(plain)) {
      this.at += plain.length;
      return plain.slice(1, -1);
    }
    this.at++;
    let out = "";
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (Number.isNaN(code) || code < 0x20) this.failAt("in string literal");
      if (code === 34) break;
      if (code === 92) out += this.readEscape();
      else if (code < 0x80) {
        out += this.text[this.at++]!;
      } else {
        const [rune, size] = decodeRune(this.text, this.at);
        out += encodeRune(rune);
        this.at += size;
      }
    }
    this.at++;
    return out;
  }

  private readEscape(): string {
    this.at++;
    const char = this.text[this.at];
    if (char === "u") {
      const rune = this.readHex();
      if (rune < 0xd800 || rune > 0xdfff) return encodeRune(rune);
      if (rune < 0xdc00 && this.text.startsWith("\\u", this.at)) {
        const before = this.at;
        this.at++;
        const low = this.readHex();
        if (low >= 0xdc00 && low <= 0xdfff) return encodeRune(0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00));
        this.at = before;
      }
      return encodeRune(runeError);
    }
    const plain = char === undefined ? undefined : { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }[char];
    if (plain === undefined && char !== '"' && char !== "\\" && char !== "/")
      this.failEscape(this.at - 1, 2, "in string escape code");
    this.at++;
    return plain ?? char!;
  }

  private readHex(): number {
    for (let i = 1; i <= 4; i++) {
      const char = this.text[this.at + i];
      if (char === undefined || !/[0-9a-fA-F]/.test(char)) {
        this.failEscape(this.at - 1, 6, "in \\u hexadecimal character escape", this.at + i);
      }
    }
    const rune = Number.parseInt(this.text.slice(this.at + 1, this.at + 5), 16);
    this.at += 5;
    return rune;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at++;
    }
  }

  private failAt(context: string): never {
    return this.failFrom(this.at, context);
  }

  /** An escape sequence that begins at `start`, of so many bytes, is none; the first version says at which byte. */
  // oxlint-disable-next-line max-params
  private failEscape(start: number, length: number, context: string, at = this.at): never {
    if (this.wording === "v1" || at >= this.text.length) this.failFrom(at, context);
    const sequence = this.text.slice(start, start + length);
    throw new JsonSyntaxError(`invalid escape sequence ${quoteSequence(sequence)} in string`, at + 1, false);
  }

  private failFrom(at: number, context: string): never {
    if (this.wording === "v2") this.failAsV2(at, context);
    if (at >= this.text.length) {
      // Go ends with a space, which only some places refuse by name.
      const refusesSpace = /^in (?!string literal)/.test(context) || context.startsWith("after decimal point");
      const message = refusesSpace ? `invalid character ' ' ${context}` : "unexpected end of JSON input";
      throw new JsonSyntaxError(message, this.text.length, true);
    }
    const character = quoteCharacter(this.text.charCodeAt(at));
    throw new JsonSyntaxError(`invalid character ${character} ${context}`, at + 1, false);
  }

  private failAsV2(at: number, context: string): never {
    if (at >= this.text.length) throw new JsonSyntaxError("unexpected end of JSON input", this.text.length, true);
    const [rune, size] = decodeRune(this.text, at);
    const isInvalid = rune === runeError && size === 1;
    const character = isInvalid ? `'\\x${this.text.charCodeAt(at).toString(16)}'` : quoteRune(rune);
    const where = context.endsWith("numeric literal")
      ? "in numeric literal"
      : context === "in string literal"
        ? "in string"
        : context;
    throw new JsonSyntaxError(`invalid character ${character} ${where}`, at + size, false);
  }
}

/** As it stands in backquotes where every rune of it can be seen, else as Go quotes it. */
function quoteSequence(sequence: string): string {
  const quoted = quoteGo(sequence);
  const isPlain = quoted.slice(1, -1).replace(/\\(["\\])/g, "$1") === sequence;
  return isPlain && !/[`\s]/.test(sequence) ? `\`${sequence}\`` : quoted;
}

/** `quoteChar` of encoding/json: a byte in single quotes, taken for a rune. */
function quoteCharacter(byte: number): string {
  if (byte === 39) return "'\\''";
  if (byte === 34) return `'"'`;
  return `'${quoteGo(encodeRune(byte)).slice(1, -1)}'`;
}

/**
 * JSON text (bytes) as `json.Unmarshal` reads it into an `interface {}`: numbers are float64, the last of equal keys wins.
 * Throws FunctionError with encoding/json's text for bad syntax.
 */
export function decodeJson(text: string, wording: JsonWording = "v1"): DecodedJson {
  return new JsonReader(text, { wording }).read();
}

/**
 * The value at a place of a JSON stream, as Go's `json.Decoder` reads it, and where it ends; undefined when only space is left.
 * Throws FunctionError; a stream that ends inside a value is `unexpected EOF`.
 */
export function decodeJsonAt(
  text: string,
  start: number,
  options: DecodeOptions = {},
): (DecodedJson & { readonly end: number }) | undefined {
  if (/^[ \n\r\t]*$/.test(text.slice(start))) return undefined;
  const reader = new JsonReader(text, { ...options, start });
  try {
    const decoded = reader.read(true);
    return { ...decoded, end: reader.end };
  } catch (error) {
    if (error instanceof JsonSyntaxError && error.isAtEnd) throw new FunctionError("unexpected EOF");
    throw error;
  }
}
