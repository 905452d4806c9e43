import type { TraceRecorder } from "./trace/recorder.ts";

/**
 * Go values as JavaScript holds them.
 *
 * | Go                          | here                                                        |
 * |-----------------------------|-------------------------------------------------------------|
 * | nil interface               | `null`                                                      |
 * | bool                        | `boolean`                                                   |
 * | float64                     | `number`                                                    |
 * | int                         | `bigint`                                                    |
 * | other integer kinds, float32| `GoNumber` with its type name                               |
 * | string                      | `string`, one character (0–255) for each **byte**           |
 * | []interface {}              | array; any other slice type carries its name (`typedSlice`) |
 * | map[string]interface {}     | `Map`; any other map type is a `GoMap` with a type name     |
 * | struct, pointer, func, time | `GoObject` or `GoFunction`                                  |
 *
 * Strings hold bytes, not UTF-16, because Go slices, measures and orders bytes and lets invalid UTF-8 through.
 * Text from the outside becomes a byte string with `toByteString`; output leaves with `fromByteString`.
 * JavaScript's `<` on byte strings is Go's string order.
 */
export type GoValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | GoNumber
  | GoValue[]
  | Map<string, GoValue>
  | GoObject
  | GoFunction;

export type GoNumberType =
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "uintptr"
  | "float32";

/** A Go number whose type is neither `int` nor `float64`. `value` is a bigint for integers, a number for float32. */
export class GoNumber {
  readonly type: GoNumberType;
  readonly value: bigint | number;
  constructor(type: GoNumberType, value: bigint | number) {
    this.type = type;
    this.value = value;
  }
}

/** An `int64`, wrapped to 64 bits as Go does on overflow. */
export function int64(value: bigint | number): GoNumber {
  return new GoNumber("int64", BigInt.asIntN(64, BigInt(value)));
}

export type GoKind =
  | "bool"
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "uintptr"
  | "float32"
  | "float64"
  | "complex128"
  | "string"
  | "slice"
  | "map"
  | "struct"
  | "ptr"
  | "func"
  | "invalid";

/** A named or non-default map type: `common.Values`, `map[string]string`, … Iteration order is never relied on. */
export class GoMap extends Map<string, GoValue> {
  /** Go's type as `%T` prints it. */
  readonly goType: string;
  /** True for a nil map of that type. */
  readonly isNil: boolean;
  constructor(goType: string, entries?: Iterable<readonly [string, GoValue]> | null, isNil = false) {
    super(entries ?? undefined);
    this.goType = goType;
    this.isNil = isNil;
  }
  /** The type of the map's values. A named type over something else than `interface {}` overrides it. */
  get goElementType(): string {
    return /^map\[[^\]]*\](.*)$/.exec(this.goType)?.[1] ?? "interface {}";
  }
  /** An entry under a name that no method shadows, for a quick look; undefined says nothing. */
  goEntry(_name: string): GoValue | undefined {
    return undefined;
  }
  /** Methods of the map type by Go name; they shadow keys, as in text/template. */
  goMethod(_name: string): GoFunction | undefined {
    return undefined;
  }
}

const sliceType = Symbol("go slice type");
const sliceIsNil = Symbol("go nil slice");
type TaggedSlice = GoValue[] & { [sliceType]?: string; [sliceIsNil]?: true };

/** Marks `items` as a slice of Go type `goType` (`[]string`, `[]uint8`, …) and returns it. `[]uint8` holds bigints 0–255. */
export function typedSlice(goType: string, items: GoValue[]): GoValue[] {
  (items as TaggedSlice)[sliceType] = goType;
  return items;
}

/** A nil slice: empty, prints `[]`, is `null` in JSON. */
export function nilSlice(goType = "[]interface {}"): GoValue[] {
  const items: TaggedSlice = [];
  items[sliceType] = goType;
  items[sliceIsNil] = true;
  return items;
}

export function isNilSlice(items: GoValue[]): boolean {
  return (items as TaggedSlice)[sliceIsNil] === true;
}

/** The Go type of a slice as `%T` prints it. */
export function sliceTypeOf(items: GoValue[]): string {
  return (items as TaggedSlice)[sliceType] ?? "[]interface {}";
}

/** A Go struct, pointer or other value with fields or methods: a `time.Time`, `*semver.Version`, Helm's Files, … */
export abstract class GoObject {
  /** Go's type as `%T` prints it, e.g. `*common.Capabilities`. */
  abstract readonly goType: string;
  abstract readonly goKind: GoKind;
  /** The value of an exported field; undefined when there is no such field. */
  goField(_name: string): GoValue | undefined {
    return undefined;
  }
  /** An exported method; undefined when there is none. */
  goMethod(_name: string): GoFunction | undefined {
    return undefined;
  }
  /** Names of the exported fields in order of declaration, for printing, JSON and YAML. */
  goFieldNames(): readonly string[] {
    return [];
  }
  /** What `String()` or `Error()` gives; undefined when the type is no Stringer. */
  goString(): string | undefined {
    return undefined;
  }
  /**
   * What a `fmt.Formatter` prints under `verb`, with the flags, width and precision of the format as text (`-08.3`); undefined when the
   * type is none.
   */
  goFormat(_options: string, _verb: string): string | undefined {
    return undefined;
  }
  /** What `String()` gives where Go finds it only on the pointer: templates print such a value by it while it can be addressed. */
  goPointerString(): string | undefined {
    return undefined;
  }
  /** What a function gets that takes any value; something else than `this` where methods are found on the pointer only. */
  goCopy(): GoObject {
    return this;
  }
  /** What a copy by reflection gives, which leaves out fields that are not exported. */
  goDeepCopy(): GoObject {
    return this;
  }
  /** The fields that `%v` prints: the exported ones unless there are others. */
  goPrintedFields(): readonly (readonly [name: string, value: GoValue])[] {
    return this.goFieldNames().map((name) => [name, this.goField(name) ?? null]);
  }
  /** For a named type over a basic one, slice or map (`time.Duration` over int64): the value without its name. */
  goUnderlying(): GoValue | undefined {
    return undefined;
  }
}

/** A Go function value with its signature; see `define` in function.ts. */
export interface GoFunction {
  readonly isGoFunction: true;
  readonly name: string;
  /** Parameter types as Go writes them. The last one is the element type when `variadic`. */
  readonly parameters: readonly string[];
  readonly variadic: boolean;
  readonly result: string;
  /** Integer parameters arrive as bigint, `interface {}` ones as any `GoValue`; integer results may be bigint. Throws `FunctionError`. */
  readonly call: (context: CallContext, args: GoValue[]) => GoValue;
  /** The same with the arguments spread, where there is such a form: saves compiled templates a list and a stack frame. */
  readonly direct?: (context: CallContext, ...args: any[]) => GoValue;
}

/**
 * What a function may use of the execution it runs in. Nothing here touches clock, environment or randomness by itself:
 * the face passes them in.
 */
export interface CallContext {
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Told each time a template asks for the time. */
  readonly onClock?: () => void;
  /** Local time zone (IANA name), `UTC` unless the face says otherwise. */
  readonly timeZone: string;
  /** Environment variables visible to `env`, as byte strings. */
  readonly environment: ReadonlyMap<string, string>;
  readonly random: RandomSource;
  /** Records where output comes from; without it templates run untraced and faster. */
  readonly trace?: TraceRecorder;
  /** Free slots for the engine that runs the template (Helm's include, tpl, Files …). */
  readonly engine: unknown;
}

/** Random data and key generation. A seeded source gives the same sequence again. */
export interface RandomSource {
  /** `count` random bytes. */
  bytes(count: number): Uint8Array;
  /** A fresh prime of so many bits for an RSA key, the two highest bits set, where the face finds primes faster than JavaScript. */
  rsaPrime?(bits: number): bigint;
  /** The bcrypt hash of a password (UTF-16) with a salt (`$2a$10$…`), where bcrypt itself is not wanted. */
  bcryptHash?(password: string, salt: string): string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** One search is much faster than a loop in code that V8 has not optimised. */
const beyondAscii = /[^\x00-\x7f]/;

/** UTF-16 text to a byte string of its UTF-8 bytes. Returns ASCII text as it is. */
export function toByteString(text: string): string {
  return beyondAscii.test(text) ? bytesToByteString(encoder.encode(text)) : text;
}

/** A byte string to UTF-16 text; invalid UTF-8 becomes U+FFFD. Returns ASCII text as it is. */
export function fromByteString(bytes: string): string {
  return beyondAscii.test(bytes) ? decoder.decode(byteStringToBytes(bytes)) : bytes;
}

export function byteStringToBytes(bytes: string): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = bytes.charCodeAt(i);
  return out;
}

export function bytesToByteString(bytes: Uint8Array): string {
  // Node's buffers convert much faster than any loop.
  const buffer = bytes as { latin1Slice?: (start: number, end: number) => string };
  if (typeof buffer.latin1Slice === "function") return buffer.latin1Slice(0, bytes.length);
  let out = "";
  const step = 8192;
  for (let i = 0; i < bytes.length; i += step) {
    // Spread arguments would go through an iterator, one byte after the other.
    out += String.fromCharCode.apply(undefined, bytes.subarray(i, i + step) as unknown as number[]);
  }
  return out;
}
