import { define, FunctionError } from "../function.ts";
import { underlying } from "../reflect.ts";
import { type GoFunction, type GoValue, GoNumber } from "../value.ts";
import { deepCopyValue } from "./copy.ts";
import { decodeJson } from "./json-decode.ts";
import { encodeJson, type JsonEncodeOptions } from "./json-encode.ts";

/** Sprig's `empty`: nil, false, zero, and what has length 0. Structs are never empty. */
export function isEmpty(value: GoValue): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  if (value instanceof GoNumber) return Number(value.value) === 0;
  const inner = underlying(value);
  return inner !== value && isEmpty(inner);
}

/** Sprig's `fromJson`: nil for bad syntax. */
function fromJsonQuietly(text: string): GoValue {
  try {
    return decodeJson(text).value;
  } catch (error) {
    if (error instanceof FunctionError) return null;
    throw error;
  }
}

function fromJsonOrFail(text: string): GoValue {
  const { value, error } = decodeJson(text);
  if (error) throw error;
  return value;
}

function toJsonQuietly(value: GoValue, options?: JsonEncodeOptions): string {
  try {
    return encodeJson(value, options);
  } catch (error) {
    if (error instanceof FunctionError) return "";
    throw error;
  }
}

const pretty: JsonEncodeOptions = { indent: "  " };
const raw: JsonEncodeOptions = { escapeHtml: false };

const json = [
  define("fromJson", "func(string) interface {}", (_, text: string) => fromJsonQuietly(text)),
  define("mustFromJson", "func(string) interface {}", (_, text: string) => fromJsonOrFail(text)),
  define("toJson", "func(interface {}) string", (_, value: GoValue) => toJsonQuietly(value)),
  define("mustToJson", "func(interface {}) string", (_, value: GoValue) => encodeJson(value)),
  define("toPrettyJson", "func(interface {}) string", (_, value: GoValue) => toJsonQuietly(value, pretty)),
  define("mustToPrettyJson", "func(interface {}) string", (_, value: GoValue) => encodeJson(value, pretty)),
  define("toRawJson", "func(interface {}) string", (_, value: GoValue) => encodeJson(value, raw)),
  define("mustToRawJson", "func(interface {}) string", (_, value: GoValue) => encodeJson(value, raw)),
];

/** Sprig's defaults, JSON and copies. From defaults.go and dict.go. */
export const defaultFunctions: readonly GoFunction[] = [
  define("default", "func(interface {}, ...interface {}) interface {}", (_, fallback: GoValue, ...given: GoValue[]) =>
    given.length === 0 || isEmpty(given[0]!) ? fallback : given[0]!,
  ),
  define("empty", "func(interface {}) bool", (_, value: GoValue) => isEmpty(value)),
  define(
    "coalesce",
    "func(...interface {}) interface {}",
    (_, ...values: GoValue[]) => values.find((value) => !isEmpty(value)) ?? null,
  ),
  define("all", "func(...interface {}) bool", (_, ...values: GoValue[]) => !values.some(isEmpty)),
  define("any", "func(...interface {}) bool", (_, ...values: GoValue[]) => values.some((value) => !isEmpty(value))),
  define("ternary", "func(interface {}, interface {}, bool) interface {}", (_, yes: GoValue, no: GoValue, v: boolean) =>
    v ? yes : no,
  ),
  define("deepCopy", "func(interface {}) interface {}", (_, value: GoValue) => deepCopyValue(value)),
  define("mustDeepCopy", "func(interface {}) interface {}", (_, value: GoValue) => deepCopyValue(value)),
  ...json,
];
