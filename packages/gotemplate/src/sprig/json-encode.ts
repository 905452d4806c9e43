import { FunctionError } from "../function.ts";
import { inPieces, limited, ValueCount } from "../output-limit.ts";
import { goTypeName, mapKeysSorted } from "../reflect.ts";
import { formatFloat } from "../strconv/ftoa.ts";
import { encodeRune, runeError } from "../strconv/utf8.ts";
import { type GoValue, GoMap, GoNumber, GoObject, isNilSlice, sliceTypeOf } from "../value.ts";
import { byteOf } from "./cast.ts";
import { encodeBase64 } from "./encoding.ts";
import { decodeRune, isAscii } from "./runes.ts";

/** Go objects that implement `json.Marshaler` say so by this method: a time, a version. */
export interface JsonMarshaler {
  /** The JSON text as a byte string. Throws FunctionError where Go's MarshalJSON returns an error. */
  goMarshalJson(): string;
}

function isJsonMarshaler(value: GoObject): value is GoObject & JsonMarshaler {
  return typeof (value as Partial<JsonMarshaler>).goMarshalJson === "function";
}

/** How `encodeJson` writes. */
export interface JsonEncodeOptions {
  /** Writes `<`, `>` and `&` as `\u003c` …, as json.Marshal does. Default true. */
  readonly escapeHtml?: boolean;
  /** Indents by this for each level, as json.MarshalIndent does; empty objects and lists stay on one line. */
  readonly indent?: string;
  /** Writes invalid UTF-8 as U+FFFD itself, as Go 1.27 does, and not as `\ufffd`. Default false. */
  readonly replacesInvalidUtf8?: boolean;
}

/** Levels from which encoding/json looks for a value that contains itself. Nothing legitimate is that deep. */
const deepestValue = 1000;

const needsEscape = /[^\x20-\x7e]|["\\]/;
const needsHtmlEscape = /[^\x20-\x7e]|["\\<>&]/;
const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}

/** A byte string as a JSON string; `invalid` stands for invalid UTF-8. */
export function quoteJson(text: string, escapeHtml = true, invalid = unicodeEscape(runeError)): string {
  if (!(escapeHtml ? needsHtmlEscape : needsEscape).test(text)) return `"${text}"`;
  return `"${inPieces(text, (piece) => escapedJson(piece, escapeHtml, invalid))}"`;
}

function escapedJson(text: string, escapeHtml: boolean, invalid: string): string {
  if (isAscii(text)) {
    // JavaScript escapes what Go does, but for HTML.
    const escaped = JSON.stringify(text).slice(1, -1);
    return escapeHtml ? escaped.replace(/[<>&]/g, (char) => unicodeEscape(char.charCodeAt(0))) : escaped;
  }
  let out = "";
  for (let at = 0; at < text.length;) {
    const char = text[at]!;
    const byte = text.charCodeAt(at);
    if (byte < 0x80) {
      at++;
      const html = escapeHtml && (char === "<" || char === ">" || char === "&");
      out += shortEscapes[char] ?? (byte < 0x20 || html ? unicodeEscape(byte) : char);
      continue;
    }
    const [rune, size] = decodeRune(text, at);
    if (rune === runeError && size === 1) out += invalid;
    else out += rune === 0x2028 || rune === 0x2029 ? unicodeEscape(rune) : text.slice(at, at + size);
    at += size;
  }
  return out;
}

/** A float64 as encoding/json writes it. Throws for NaN and infinities. */
export function floatToJson(value: number): string {
  if (!Number.isFinite(value)) throw new FunctionError(`json: unsupported value: ${formatFloat(value)}`);
  // Go and JavaScript switch to exponents at the same sizes and write them alike.
  return Object.is(value, -0) ? "-0" : String(value);
}

function float32ToJson(value: number): string {
  if (!Number.isFinite(value)) return floatToJson(value);
  const size = Math.abs(value);
  const exponential = size !== 0 && (size < Math.fround(1e-6) || size >= Math.fround(1e21));
  return formatFloat(value, exponential ? "e" : "f", -1, 32).replace(/e-0(\d)$/, "e-$1");
}

/** Compact JSON with line breaks and indents, its members in their order. */
function indentJson(text: string, indent: string, depth: number): string {
  let level = depth;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|\{\}|\[\]|[^"]/g) ?? [];
  const line = (): string => `\n${indent.repeat(level)}`;
  return tokens
    .map((token) => {
      if (token === "{" || token === "[") {
        level++;
        return token + line();
      }
      if (token === "}" || token === "]") {
        level--;
        return line() + token;
      }
      return token === "," ? token + line() : token === ":" ? ": " : token;
    })
    .join("");
}

class JsonWriter {
  private readonly escapeHtml: boolean;
  private readonly indent: string | undefined;
  private readonly invalid: string;
  private readonly values = new ValueCount();

  constructor(options: JsonEncodeOptions) {
    this.escapeHtml = options.escapeHtml ?? true;
    this.indent = options.indent;
    this.invalid = options.replacesInvalidUtf8 === true ? encodeRune(runeError) : unicodeEscape(runeError);
  }

  write(value: GoValue, depth: number): string {
    if (value === null) return "null";
    switch (typeof value) {
      case "string":
        return quoteJson(value, this.escapeHtml, this.invalid);
      case "number":
        return floatToJson(value);
      case "boolean":
      case "bigint":
        return value.toString();
      default:
    }
    if (value instanceof GoNumber) {
      return value.type === "float32" ? float32ToJson(Number(value.value)) : value.value.toString();
    }
    if (Array.isArray(value)) return this.writeSlice(value, depth);
    if (value instanceof Map) return this.writeMap(value, depth);
    if (value instanceof GoObject) return this.writeObject(value, depth);
    throw new FunctionError(`json: unsupported type: ${goTypeName(value)}`);
  }

  private writeSlice(items: GoValue[], depth: number): string {
    if (isNilSlice(items)) return "null";
    if (sliceTypeOf(items) === "[]uint8") {
      return `"${encodeBase64(items.map((item) => String.fromCharCode(byteOf(item))).join(""))}"`;
    }
    this.checkDepth(items, depth);
    this.values.add(items.length);
    return this.enclose(
      "[",
      "]",
      depth,
      items.map((item) => this.write(item, depth + 1)),
    );
  }

  private writeMap(map: Map<string, GoValue>, depth: number): string {
    if (map instanceof GoMap && map.isNil) return "null";
    this.checkDepth(map, depth);
    this.values.add(map.size);
    const colon = this.indent === undefined ? ":" : ": ";
    const members = mapKeysSorted(map).map(
      (key) => quoteJson(key, this.escapeHtml, this.invalid) + colon + this.write(map.get(key)!, depth + 1),
    );
    return this.enclose("{", "}", depth, members);
  }

  /** Text that a marshaler gave is indented like everything else. */
  private writeMarshaled(text: string, depth: number): string {
    return this.indent === undefined ? text : indentJson(text, this.indent, depth);
  }

  private writeObject(value: GoObject, depth: number): string {
    if (isJsonMarshaler(value)) return this.writeMarshaled(value.goMarshalJson(), depth);
    if (value.goKind === "complex128") throw new FunctionError("json: unsupported type: complex128");
    const underlying = value.goUnderlying();
    if (underlying !== undefined) return this.write(underlying, depth);
    this.checkDepth(value, depth);
    const colon = this.indent === undefined ? ":" : ": ";
    const members = value
      .goFieldNames()
      .map((name) => quoteJson(name) + colon + this.write(value.goField(name) ?? null, depth + 1));
    return this.enclose("{", "}", depth, members);
  }

  private enclose(open: string, close: string, depth: number, parts: readonly string[]): string {
    if (this.indent === undefined || parts.length === 0) return limited(open + parts.join(",") + close);
    const line = `\n${this.indent.repeat(depth)}`;
    return limited(`${open}${line}${this.indent}${parts.join(`,${line}${this.indent}`)}${line}${close}`);
  }

  private checkDepth(value: GoValue, depth: number): void {
    if (depth <= deepestValue) return;
    throw new FunctionError(`json: unsupported value: encountered a cycle via ${goTypeName(value)}`);
  }
}

/**
 * `value` as encoding/json writes it: keys in byte order, floats like `1e+21`, `<>&` escaped unless told otherwise.
 * Throws FunctionError with Go's text for functions, NaN, infinities and values that contain themselves.
 */
export function encodeJson(value: GoValue, options: JsonEncodeOptions = {}): string {
  return new JsonWriter(options).write(value, 0);
}
