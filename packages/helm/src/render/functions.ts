import {
  define,
  FunctionError,
  GoMap,
  nilSlice,
  type CallContext,
  type FunctionTable,
  type GoFunction,
  type GoValue,
} from "@tiphys/gotemplate";
import {
  decodeJson,
  encodeJson,
  fixedZone,
  parseTime,
  sprigFunctions,
  utc,
  type DecodedJson,
  type JsonEncodeOptions,
  type JsonWording,
} from "@tiphys/gotemplate/sprig";
import { readToml, readYaml, TomlError, writeToml, writeYamlV2, writeYamlV3, YamlError } from "@tiphys/source";
import type { Profile } from "../profile.ts";
import { isTable } from "../values/values.ts";
import { notATable, jsonKind } from "../values/load-values.ts";
import { durationFunctions } from "./duration-functions.ts";
import type { RenderState } from "./render-state.ts";
import { toYaml, withoutNewline } from "./to-yaml.ts";

/* pkg/engine/funcs.go and initFunMap of pkg/engine/engine.go (Helm 4.2.4). */

const tables = new Map<Profile, FunctionTable>();

/** All functions of a Helm template. One table for each profile, so that sets share compiled code. */
export function helmFunctions(profile: Profile): FunctionTable {
  let table = tables.get(profile);
  if (!table) {
    const functions = new Map(sprigFunctions());
    functions.delete("env");
    functions.delete("expandenv");
    const json = jsonFunctions(profile.encodingJson);
    const own = [
      ...dataFunctions,
      ...json,
      ...renderingFunctions,
      ...(profile.hasDurationFunctions ? durationFunctions : []),
    ];
    for (const implementation of own) functions.set(implementation.name, implementation);
    if (!profile.hasMustToYaml) for (const name of ["mustToYaml", "mustToToml"]) functions.delete(name);
    table = functions;
    tables.set(profile, table);
  }
  return table;
}

/** Marks around a message of `required` and `fail`, which reformatting then shows alone. */
export const warnStart = "HELM_ERR_START";
export const warnEnd = "HELM_ERR_END";

function stateOf(context: CallContext): RenderState {
  return context.engine as RenderState;
}

const renderingFunctions: readonly GoFunction[] = [
  define("include", "func(string, interface {}) string", (context, name: string, data: GoValue) =>
    stateOf(context).include(name, data),
  ),
  define("tpl", "func(string, interface {}) string", (context, text: string, data: GoValue) =>
    stateOf(context).tpl(text, data),
  ),
  define("required", "func(string, interface {}) interface {}", (_context, message: string, value: GoValue) => {
    if (value === null || value === "") throw new FunctionError(`${warnStart}${message}${warnEnd}`);
    return value;
  }),
  define("fail", "func(string) string", (_context, message: string) => {
    throw new FunctionError(`${warnStart}${message}${warnEnd}`);
  }),
  define("lookup", "func(string, string, string, string) map[string]interface {}", () => new Map<string, GoValue>()),
  define("getHostByName", "func(string) string", () => ""),
];

/** What Go's `err.Error()` gives, where a function shows errors as data. */
function messageOf(error: unknown): string {
  if (error instanceof YamlError || error instanceof TomlError || error instanceof FunctionError) return error.message;
  throw error;
}

function errorTable(message: string): Map<string, GoValue> {
  return new Map<string, GoValue>([["Error", message]]);
}

const nilTable = (): GoMap => new GoMap("map[string]interface {}", null, true);

const dataFunctions: readonly GoFunction[] = [
  define("toYaml", "func(interface {}) string", (_context, value: GoValue) => toYaml(value)),
  define("mustToYaml", "func(interface {}) string", (_context, value: GoValue) =>
    orPanic(() => withoutNewline(writeYamlV2(value))),
  ),
  define("toYamlPretty", "func(interface {}) string", (_context, value: GoValue) =>
    orElse("", () => withoutNewline(writeYamlV3(value, { indent: 2 }))),
  ),
  define("fromYaml", "func(string) map[string]interface {}", (_context, text: string) => fromYaml(text)),
  define("fromYamlArray", "func(string) []interface {}", (_context, text: string) => fromYamlArray(text)),
  define("toToml", "func(interface {}) string", (_context, value: GoValue) => {
    if (value === null) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
    try {
      return writeToml(value);
    } catch (error) {
      return messageOf(error);
    }
  }),
  define("mustToToml", "func(interface {}) string", (_context, value: GoValue) => orPanic(() => writeToml(value))),
  define("fromToml", "func(string) map[string]interface {}", (_context, text: string) => {
    try {
      return readToml(text, { time: tomlTime });
    } catch (error) {
      return errorTable(messageOf(error));
    }
  }),
];

/** BurntSushi/toml keeps that a date or time was local in the name of its zone. */
function tomlTime(text: string): GoValue {
  if (/^\d\d:/.test(text)) return parseTime("15:04:05.999999999", text, fixedZone("time-local", 0));
  if (!/[T ]/.test(text)) return parseTime("2006-01-02", text, fixedZone("date-local", 0));
  if (/(?:Z|[+-]\d\d:\d\d)$/.test(text)) return parseTime("2006-01-02T15:04:05.999999999Z07:00", text, utc);
  return parseTime("2006-01-02T15:04:05.999999999", text, fixedZone("datetime-local", 0));
}

function orElse(fallback: string, make: () => string): string {
  try {
    return make();
  } catch (error) {
    messageOf(error);
    return fallback;
  }
}

/** Go panics with the error, which text/template turns into the function's error. */
function orPanic(make: () => string): string {
  try {
    return make();
  } catch (error) {
    throw new FunctionError(messageOf(error));
  }
}

function fromYaml(text: string): GoValue {
  let value: GoValue;
  try {
    value = readYaml(text).value;
  } catch (error) {
    return errorTable(messageOf(error));
  }
  // sigs.k8s.io/yaml forgets what it was to read into, and leaves that as it is.
  if (value === null) return new Map<string, GoValue>();
  return isTable(value) ? value : errorTable(notATable(value));
}

function fromYamlArray(text: string): GoValue {
  let value: GoValue;
  try {
    value = readYaml(text).value;
  } catch (error) {
    return [messageOf(error)];
  }
  if (value === null) return [];
  return Array.isArray(value)
    ? value
    : [`error unmarshaling JSON: while decoding JSON: ${typeError(value, "[]interface {}")}`];
}

/** Those of Helm, and those of sprig that say what the version of encoding/json says. */
function jsonFunctions(wording: JsonWording): readonly GoFunction[] {
  const plain: JsonEncodeOptions = { replacesInvalidUtf8: wording === "v2" };
  const pretty = { ...plain, indent: "  " };
  const raw = { ...plain, escapeHtml: false };
  const quietly = (value: GoValue, options: JsonEncodeOptions): string => orElse("", () => encodeJson(value, options));
  return [
    define("toJson", "func(interface {}) string", (_context, value: GoValue) => quietly(value, plain)),
    define("mustToJson", "func(interface {}) string", (_context, value: GoValue) =>
      orPanic(() => encodeJson(value, plain)),
    ),
    define("toPrettyJson", "func(interface {}) string", (_context, value: GoValue) => quietly(value, pretty)),
    define("mustToPrettyJson", "func(interface {}) string", (_context, value: GoValue) => encodeJson(value, pretty)),
    define("toRawJson", "func(interface {}) string", (_context, value: GoValue) => encodeJson(value, raw)),
    define("mustToRawJson", "func(interface {}) string", (_context, value: GoValue) => encodeJson(value, raw)),
    define("fromJson", "func(string) map[string]interface {}", (_context, text: string) => fromJson(text, wording)),
    define("fromJsonArray", "func(string) []interface {}", (_context, text: string) => fromJsonArray(text, wording)),
    define("mustFromJson", "func(string) interface {}", (_context, text: string) => {
      const { value, error } = decodeJson(text, wording);
      if (error !== undefined) throw error;
      return value;
    }),
  ];
}

function fromJson(text: string, wording: JsonWording): GoValue {
  const read = readJson(text, wording);
  if (read instanceof FunctionError) return errorTable(read.message);
  const { value, error } = read;
  if (value === null) return nilTable();
  if (!isTable(value)) return errorTable(typeError(value, "map[string]interface {}"));
  // encoding/json goes on behind a number that does not fit.
  return error === undefined ? value : value.set("Error", error.message);
}

function fromJsonArray(text: string, wording: JsonWording): GoValue {
  const read = readJson(text, wording);
  if (read instanceof FunctionError) return [read.message];
  const { value, error } = read;
  if (value === null) return nilSlice();
  if (!Array.isArray(value)) return [typeError(value, "[]interface {}")];
  return error === undefined ? value : [error.message];
}

/** What was read, or the error of the syntax. */
function readJson(text: string, wording: JsonWording): DecodedJson | FunctionError {
  try {
    const { value, error } = decodeJson(text, wording);
    // A number alone is of the wrong type, whatever its size.
    if (error !== undefined && value === null) return { value: 0 };
    return error === undefined ? { value } : { value, error };
  } catch (error) {
    if (error instanceof FunctionError) return error;
    throw error;
  }
}

function typeError(value: GoValue, type: string): string {
  return `json: cannot unmarshal ${jsonKind(value)} into Go value of type ${type}`;
}
