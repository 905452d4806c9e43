// Mirrors printArg and printValue of fmt/print.go, Go 1.26.
import { joinLimited, ValueCount } from "../output-limit.ts";
import { goTypeName, isGoFunction, isNilValue, mapElementType, mapKeysSorted, sliceElementType } from "../reflect.ts";
import { GoNumber, GoObject, isNilSlice, sliceTypeOf } from "../value.ts";
import type { GoValue } from "../value.ts";
import {
  formatCharacter,
  formatFloatVerb,
  formatHexBytes,
  formatInteger,
  formatQuoted,
  formatQuotedCharacter,
  formatString,
  formatUnicode,
  noFlags,
  pad,
} from "./format.ts";
import type { Flags } from "./format.ts";

/** Go prints addresses; ours are all the same one. */
const address = 0xc000012000n;

/** strconv's format letter and the default precision of each float verb. */
const floatVerbs: ReadonlyMap<string, readonly [string, number]> = new Map([
  ["v", ["g", -1]],
  ["b", ["b", -1]],
  ["g", ["g", -1]],
  ["G", ["G", -1]],
  ["x", ["x", -1]],
  ["X", ["X", -1]],
  ["f", ["f", 6]],
  ["e", ["e", 6]],
  ["E", ["E", 6]],
  ["F", ["f", 6]],
]);

/** Prints one operand after another under one verb's flags. */
export class Printer {
  flags: Readonly<Flags>;
  /** Inside `%!verb(…)`: values print without their own `String`. */
  #erroring = false;
  readonly #values = new ValueCount();

  constructor(flags: Readonly<Flags> = noFlags) {
    this.flags = flags;
  }

  /** A value as an operand of a verb: Go's `printArg`. `verb` is one rune as a byte string. */
  operand(value: GoValue, verb: string): string {
    if (value === null) return verb === "T" || verb === "v" ? pad(this.flags, "<nil>") : this.#badVerb(value, verb);
    if (verb === "T") return formatString(this.flags, goTypeName(value));
    if (verb === "p") return this.#pointer(value, verb);
    if (isBytes(value)) return this.#bytes(value, verb, "[]byte");
    return this.value(value, verb, 0);
  }

  /** A value at a depth inside the operand: Go's `printValue`, methods included. `whole` is what a bad verb shows. */
  value(value: GoValue, verb: string, depth: number, whole: GoValue = value): string {
    switch (typeof value) {
      case "string":
        return this.#string(value, verb, whole);
      case "number":
        return this.#float(value, verb, 64, whole);
      case "bigint":
        return this.#integer(value, verb, whole);
      case "boolean":
        return verb === "t" || verb === "v" ? pad(this.flags, value ? "true" : "false") : this.#badVerb(whole, verb);
    }
    if (value === null) return this.flags.sharpV ? "interface {}(nil)" : "<nil>";
    if (value instanceof GoNumber) return this.#number(value, verb);
    if (verb === "w" && !this.#erroring && !isBytes(value)) return this.#badVerb(value, verb);
    if (value instanceof Map) return this.#map(value, verb, depth);
    if (Array.isArray(value)) return this.#slice(value, verb, depth);
    if (value instanceof GoObject) return this.#object(value, verb, depth);
    return this.#pointer(value, verb);
  }

  #badVerb(value: GoValue, verb: string): string {
    if (value === null) return `%!${verb}(<nil>)`;
    const outer = this.#erroring;
    this.#erroring = true;
    const text = `%!${verb}(${goTypeName(value)}=${this.operand(value, "v")})`;
    this.#erroring = outer;
    return text;
  }

  #string(text: string, verb: string, whole: GoValue = text): string {
    switch (verb) {
      case "v":
        return this.flags.sharpV ? formatQuoted(this.flags, text) : formatString(this.flags, text);
      case "s":
        return formatString(this.flags, text);
      case "x":
      case "X":
        return formatHexBytes(this.flags, text, verb === "X");
      case "q":
        return formatQuoted(this.flags, text);
      default:
        return this.#badVerb(whole, verb);
    }
  }

  #float(value: number, verb: string, bits: 32 | 64 = 64, whole: GoValue = value): string {
    const format = floatVerbs.get(verb);
    return format ? formatFloatVerb(this.flags, value, bits, format) : this.#badVerb(whole, verb);
  }

  #number(number: GoNumber, verb: string): string {
    if (typeof number.value === "number") return this.#float(number.value, verb, 32, number);
    return this.#integer(number.value, verb, number, number.type.startsWith("u"));
  }

  #integer(value: bigint, verb: string, whole: GoValue, unsigned = false): string {
    const { flags } = this;
    switch (verb) {
      case "v":
        if (flags.sharpV && unsigned) return formatInteger({ ...flags, sharp: true }, value, { base: 16 });
        return formatInteger(flags, value, { base: 10 });
      case "d":
        return formatInteger(flags, value, { base: 10 });
      case "b":
        return formatInteger(flags, value, { base: 2 });
      case "o":
      case "O":
        return formatInteger(flags, value, { base: 8, octalPrefix: verb === "O" });
      case "x":
      case "X":
        return formatInteger(flags, value, { base: 16, upper: verb === "X" });
      case "c":
        return formatCharacter(flags, value);
      case "q":
        return formatQuotedCharacter(flags, value);
      case "U":
        return formatUnicode(flags, value);
      default:
        return this.#badVerb(whole, verb);
    }
  }

  #bytes(items: GoValue[], verb: string, typeName: string): string {
    const { flags } = this;
    switch (verb) {
      case "v":
      case "d": {
        if (!flags.sharpV)
          return "[" + items.map((item) => formatInteger(flags, item as bigint, { base: 10 })).join(" ") + "]";
        if (isNilSlice(items)) return typeName + "(nil)";
        const hex = { ...flags, sharp: true };
        return `${typeName}{${items.map((item) => formatInteger(hex, item as bigint, { base: 16 })).join(", ")}}`;
      }
      case "s":
        return formatString(flags, bytesOf(items));
      case "x":
      case "X":
        return formatHexBytes(flags, bytesOf(items), verb === "X");
      case "q":
        return formatQuoted(flags, bytesOf(items));
      default:
        return this.value(items, verb, 0);
    }
  }

  #map(map: Map<string, GoValue>, verb: string, depth: number, typeName = goTypeName(map)): string {
    const { sharpV } = this.flags;
    if (sharpV && isNilValue(map)) return typeName + "(nil)";
    this.#values.add(map.size);
    const elements = mapElementType(map);
    const entries = mapKeysSorted(map).map((key) => {
      const value = elements === "interface {}" ? map.get(key)! : typed(map.get(key)!, elements);
      return this.value(key, verb, depth + 1) + ":" + this.value(value, verb, depth + 1);
    });
    return sharpV ? `${typeName}{${joinLimited(entries, ", ")}}` : `map[${joinLimited(entries, " ")}]`;
  }

  #slice(items: GoValue[], verb: string, depth: number, typeName = sliceTypeOf(items)): string {
    const element = sliceElementType(items);
    if (element === "uint8" && "sqxX".includes(verb)) return this.#bytes(items, verb, typeName);
    const { sharpV } = this.flags;
    if (sharpV && isNilSlice(items)) return typeName + "(nil)";
    this.#values.add(items.length);
    const texts = items.map((item) => this.value(element === undefined ? item : typed(item, element), verb, depth + 1));
    return sharpV ? `${typeName}{${joinLimited(texts, ", ")}}` : `[${joinLimited(texts, " ")}]`;
  }

  #object(object: GoObject, verb: string, depth: number): string {
    if (!this.#erroring) {
      const formatted = object.goFormat(optionsText(this.flags), verb);
      if (formatted !== undefined) return formatted;
      const text = !this.flags.sharpV && "vsxXq".includes(verb) ? object.goString() : undefined;
      if (text !== undefined) return this.#string(text, verb);
    }
    const inner = object.goUnderlying();
    if (Array.isArray(inner)) return this.#slice(inner, verb, depth, object.goType);
    if (inner instanceof Map) return this.#map(inner, verb, depth, object.goType);
    if (inner !== undefined) return this.value(inner, verb, depth, object);
    if (object.goKind === "struct") return this.#struct(object, object.goType, verb, depth);
    if (object.goKind !== "ptr") return this.#pointer(object, verb);
    return depth === 0
      ? "&" + this.#struct(object, object.goType.slice(1), verb, depth + 1)
      : this.#pointer(object, verb);
  }

  #struct(object: GoObject, typeName: string, verb: string, depth: number): string {
    const { sharpV, plusV } = this.flags;
    const fields = object.goPrintedFields().map(([name, value]) => {
      const text = this.value(value, verb, depth + 1);
      return plusV || sharpV ? `${name}:${text}` : text;
    });
    return sharpV ? `${typeName}{${fields.join(", ")}}` : `{${fields.join(" ")}}`;
  }

  #pointer(value: GoValue, verb: string): string {
    const isPointer =
      typeof value === "object" &&
      (Array.isArray(value) || value instanceof Map || isPointingObject(value) || isGoFunction(value));
    if (!isPointer) return this.#badVerb(value, verb);
    const { flags } = this;
    const at = isNilValue(value) ? 0n : address;
    switch (verb) {
      case "v": {
        if (flags.sharpV) {
          return `(${goTypeName(value)})(${at === 0n ? "nil" : formatInteger({ ...flags, sharp: true }, at, { base: 16 })})`;
        }
        return at === 0n ? pad(flags, "<nil>") : formatInteger({ ...flags, sharp: !flags.sharp }, at, { base: 16 });
      }
      case "p":
        return formatInteger({ ...flags, sharp: !flags.sharp }, at, { base: 16 });
      case "b":
      case "o":
      case "d":
      case "x":
      case "X":
        return this.#integer(at, verb, value, true);
      default:
        return this.#badVerb(value, verb);
    }
  }
}

/** Flags, width and precision as a formatter reads them. */
function optionsText(flags: Readonly<Flags>): string {
  const { width, precision } = flags;
  return [
    flags.space ? " " : "",
    flags.sharp || flags.sharpV ? "#" : "",
    flags.plus || flags.plusV ? "+" : "",
    flags.minus ? "-" : "",
    flags.zero ? "0" : "",
    width ?? "",
    precision === undefined ? "" : `.${precision}`,
  ].join("");
}

/** Elements of `[]uint8` and the like are held as plain bigints; Go prints them by their own type. */
function typed(value: GoValue, type: string): GoValue {
  if (typeof value !== "bigint" || type === "int" || type === "interface {}") return value;
  return new GoNumber(type as GoNumber["type"], value);
}

function isPointingObject(value: GoValue): boolean {
  return value instanceof GoObject && ["ptr", "map", "slice", "func", "chan"].includes(value.goKind);
}

function isBytes(value: GoValue): value is GoValue[] {
  return Array.isArray(value) && sliceTypeOf(value) === "[]uint8";
}

/** The bytes of a `[]uint8` as a byte string. */
function bytesOf(items: readonly GoValue[]): string {
  let out = "";
  for (const item of items) out += String.fromCharCode(Number(item instanceof GoNumber ? item.value : item));
  return out;
}
