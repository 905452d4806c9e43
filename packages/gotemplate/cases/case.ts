/**
 * What the case files of this folder hold, and how one is run. The wanted output was recorded from Go 1.26's own
 * text/template and fmt, with the same functions and the same Go types.
 */
import {
  define,
  formatGo,
  FunctionError,
  GoMap,
  GoNumber,
  GoObject,
  goTypeName,
  nilSlice,
  parseTemplate,
  TemplateSet,
  TraceRecorder,
  typedSlice,
} from "../src/index.ts";
import type { CallContext, GoFunction, GoKind, GoNumberType, GoValue } from "../src/index.ts";

/** Text is held one character a byte. Values that JSON has no type for are `{"$t": Go type, "v": value}`. */
export interface Case {
  /** Templates added in order, and the one executed. */
  readonly templates?: readonly { readonly name: string; readonly text: string }[];
  readonly execute?: string;
  readonly data?: unknown;
  readonly missingKey?: "default" | "error" | "zero";
  /** Or a format and its operands. */
  readonly format?: string;
  readonly args?: readonly unknown[];
}

/** What came out. */
export interface Result {
  readonly out?: string;
  readonly error?: string;
}

type Tagged = { readonly $t: string; readonly v: any };

/** common.Values of the recorder: a named map with methods that shadow its keys. */
class Values extends GoMap {
  override goMethod(name: string): GoFunction | undefined {
    if (name === "Len2") return define("Len2", "func() int", () => BigInt(this.size));
    if (name !== "Pick") return undefined;
    return define("Pick", "func(string) interface {}", (_context, key: string) => {
      const value = this.get(key);
      if (value === undefined) throw new FunctionError("no " + key);
      return value;
    });
  }
}

/** common.VersionSet of the recorder: a named slice with a method. */
class VersionSet extends GoObject {
  readonly goType = "common.VersionSet";
  readonly goKind = "slice";
  readonly #items: GoValue[];
  constructor(items: GoValue[]) {
    super();
    this.#items = items;
  }
  override goUnderlying(): GoValue {
    return this.#items;
  }
  override goMethod(name: string): GoFunction | undefined {
    return name === "Has" ? define(name, "func(string) bool", (_context, item: string) => this.#items.includes(item)) : undefined;
  }
}

/** A struct, or a pointer to one, of the recorder. */
class Struct extends GoObject {
  readonly goType: string;
  readonly goKind: GoKind;
  readonly #fields: ReadonlyMap<string, GoValue>;
  constructor(goType: string, fields: ReadonlyMap<string, GoValue>) {
    super();
    this.goType = goType;
    this.goKind = goType.startsWith("*") ? "ptr" : "struct";
    this.#fields = fields;
  }
  override goField(name: string): GoValue | undefined {
    return this.#fields.get(name);
  }
  override goFieldNames(): readonly string[] {
    return [...this.#fields.keys()];
  }
}

class Point extends Struct {
  override goMethod(name: string): GoFunction | undefined {
    switch (name) {
      case "Hello":
        return define(name, "func() string", () => "hello " + (this.goField("Name") as string));
      case "Add":
        return define(name, "func(int, int) int", (_context, a: bigint, b: bigint) => (this.goField("X") as bigint) + a + b);
      case "Fail":
        return define(name, "func() string", () => {
          throw new FunctionError("failed on purpose");
        });
      case "Join":
        return define(name, "func(string, ...string) string", (_context, separator: string, ...items: string[]) => items.join(separator));
      case "Thing":
        return define(name, "func() interface {}", () => this.goField("Any") ?? null);
    }
    return undefined;
  }
}

class Named extends Struct {
  override goString(): string {
    return `<${this.goField("S") as string}>`;
  }
}

function entries(object: object, read: (value: any) => GoValue): [string, GoValue][] {
  return Object.entries(object).map(([key, value]) => [key, read(value)]);
}

const numberTypes = ["int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64"];
const specialFloats: Record<string, number> = { NaN, "+Inf": Infinity, "-Inf": -Infinity, "-0": -0 };

function readTagged({ $t: type, v }: Tagged): GoValue {
  if (numberTypes.includes(type)) return new GoNumber(type as GoNumberType, BigInt(v));
  if (type.startsWith("nil []")) return nilSlice(type.slice(4));
  if (type.startsWith("nil map")) return new GoMap(type.slice(4), null, true);
  switch (type) {
    case "int":
      return BigInt(v);
    case "float32":
      return new GoNumber("float32", Math.fround(v));
    case "float":
      return specialFloats[v]!;
    case "[]int":
    case "[]int64":
      return typedSlice(type, v.map(type === "[]int" ? BigInt : (item: string) => new GoNumber("int64", BigInt(item))));
    case "[]uint8":
      return typedSlice(type, [...(v as string)].map((character) => BigInt(character.charCodeAt(0))));
    case "[]string":
    case "[]float64":
    case "[]map[string]interface {}":
      return typedSlice(type, v.map(readValue));
    case "map[string]int":
      return new GoMap(type, entries(v, BigInt));
    case "map[string][]uint8":
      return new GoMap(type, entries(v, (bytes) => readTagged({ $t: "[]uint8", v: bytes })));
    case "map[string]string":
    case "map[string]bool":
      return new GoMap(type, entries(v, readValue));
    case "common.VersionSet":
      return new VersionSet(typedSlice("[]string", v.map(readValue)));
    case "common.Values":
      return new Values(type, entries(v, readValue));
    case "common.Flat":
      return new Struct(type, new Map([["A", BigInt(v.A)], ["B", v.B]]));
    case "*common.Point":
      return new Point(type, new Map<string, GoValue>([["X", BigInt(v.X)], ["Name", v.Name], ["Any", readValue(v.Any)], ["Next", readValue(v.Next)]]));
    case "*common.Named":
      return new Named(type, new Map([["S", v]]));
    case "func":
      return functions.get(v)!;
  }
  throw new Error("unknown type in a case: " + type);
}

/** The Go value that a case means by JSON. */
export function readValue(json: unknown): GoValue {
  if (json === null || json === undefined) return null;
  if (Array.isArray(json)) return json.map(readValue);
  if (typeof json !== "object") return json as GoValue;
  if ("$t" in json) return readTagged(json as Tagged);
  return new Map(entries(json, readValue));
}

/** The functions that the recorder's templates may call. */
export const functions: ReadonlyMap<string, GoFunction> = new Map(
  [
    define("upper", "func(string) string", (_context, text: string) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase())),
    define("add", "func(int, int) int", (_context, a: bigint, b: bigint) => a + b),
    define("add64", "func(int64, int64) int64", (_context, a: bigint, b: bigint) => a + b),
    define("i64", "func(interface {}) int64", (_context, value: GoValue) => {
      if (typeof value === "bigint") return value;
      if (typeof value === "number") return BigInt(Math.trunc(value));
      return value instanceof GoNumber && value.type === "int64" ? (value.value as bigint) : 0n;
    }),
    define("u8", "func(uint8) uint8", (_context, value: bigint) => BigInt.asUintN(8, value + 1n)),
    define("list", "func(...interface {}) []interface {}", (_context, ...items: GoValue[]) => items),
    define("strs", "func(...string) []string", (_context, ...items: GoValue[]) => typedSlice("[]string", items)),
    define("join", "func(string, []string) string", (_context, separator: string, items: string[]) => items.join(separator)),
    define("items", "func([]interface {}) int", (_context, items: GoValue[]) => BigInt(items.length)),
    define("size", "func(map[string]interface {}) int", (_context, map: Map<string, GoValue>) => BigInt(map.size)),
    define("keys", "func(map[string]interface {}) []string", (_context, map: Map<string, GoValue>) => typedSlice("[]string", [...map.keys()].sort())),
    define("fail", "func(string) string", (_context, text: string) => {
      throw new FunctionError(text);
    }),
    define("boom", "func() string", () => {
      throw new Error("boom!");
    }),
    define("null", "func() interface {}", () => null),
    define("nilmap", "func() map[string]interface {}", () => new GoMap("map[string]interface {}", null, true)),
    define("nilstrs", "func() []string", () => nilSlice("[]string")),
    define("id", "func(interface {}) interface {}", (_context, value: GoValue) => value),
    define("typeOf", "func(interface {}) string", (_context, value: GoValue) => goTypeName(value)),
    define("half", "func(float64) float64", (_context, value: number) => value / 2),
    define("invert", "func(bool) bool", (_context, value: boolean) => !value),
    define("ternary", "func(interface {}, interface {}, bool) interface {}", (_context, a: GoValue, b: GoValue, c: boolean) => (c ? a : b)),
    define("dflt", "func(interface {}, ...interface {}) interface {}", (_context, other: GoValue, ...given: GoValue[]) => {
      return given.length === 0 || given[0] === null || given[0] === "" ? other : given[0]!;
    }),
    define("trunc", "func(int, string) string", (_context, count: bigint, text: string) => (count >= 0n ? text.slice(0, Number(count)) : text)),
    define("str", "func(fmt.Stringer) string", (_context, value: GoObject) => value.goString() ?? ""),
    define("vals", "func(common.Values) int", (_context, map: Map<string, GoValue>) => BigInt(map.size)),
  ].map((fn) => [fn.name, fn]),
);

const context: CallContext = {
  now: 0,
  timeZone: "UTC",
  environment: new Map(),
  random: { bytes: (count) => new Uint8Array(count) },
  engine: undefined,
};

/** What a case gives here, with or without a trace. */
export function runCase(test: Case, trace?: TraceRecorder): Result {
  try {
    if (test.format !== undefined) return { out: formatGo(test.format, (test.args ?? []).map(readValue)) };
    const set = new TemplateSet({ functions, name: "set", ...(test.missingKey && { missingKey: test.missingKey }) });
    for (const { name, text } of test.templates ?? []) set.add(parseTemplate(name, text, { functions }));
    const data = readValue(test.data);
    if (trace && data instanceof Map) trace.root(data, "data");
    return { out: set.execute(test.execute ?? "", data, trace ? { ...context, trace } : context) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}
