import { FunctionError, toByteString, fromByteString, splitExponent, type GoValue } from "@tiphys/gotemplate";
import { decodeJson } from "@tiphys/gotemplate/sprig";
import { isMap } from "../../unstructured.ts";
import { dateFunctions } from "./date-functions.ts";
import { formatText } from "./format.ts";
import { JqHalt, type Machine, type ValueFunction } from "./machine.ts";
import { mathFunctions, mathFunctions2, fusedMultiplyAdd } from "./math-functions.ts";
import { addAll, splitText } from "./operators.ts";
import { deletePaths, indices, updatePath } from "./paths.ts";
import { matchText, namedCaptures } from "./regexp.ts";
import { characters, compareValues, isTrue, JqError, jqType, preview, sortedKeys, toJson, typeError } from "./value.ts";

function refuse(name: string, value: GoValue): JqError {
  return new JqError(`${name} cannot be applied to: ${jqType(value)} (${preview(value)})`);
}

function textOf(name: string, value: GoValue): string {
  if (typeof value !== "string") throw refuse(name, value);
  return value;
}

function listOf(name: string, value: GoValue): GoValue[] {
  if (!Array.isArray(value)) throw refuse(name, value);
  return value;
}

function numberOf(name: string, value: GoValue): number {
  if (typeof value !== "number") throw refuse(name, value);
  return value;
}

function length(value: GoValue): GoValue {
  if (value === null) return 0;
  if (typeof value === "string") return characters(value).length;
  if (typeof value === "number") return Math.abs(value);
  if (Array.isArray(value)) return value.length;
  if (isMap(value)) return value.size;
  throw refuse("length", value);
}

function keys(value: GoValue): GoValue[] {
  if (Array.isArray(value)) return value.map((_, index) => index);
  if (isMap(value)) return sortedKeys(value);
  throw refuse("keys", value);
}

export function has(value: GoValue, key: GoValue): boolean {
  if (isMap(value) && typeof key === "string") return value.has(key);
  if (Array.isArray(value) && typeof key === "number") return key >= 0 && key < value.length;
  if (value === null) return false;
  throw refuse("has", value);
}

function contains(value: GoValue, part: GoValue, machine: Machine): boolean {
  if (isMap(value) && isMap(part)) {
    return [...part].every(
      ([key, item]) => value.has(key) && containsOrEquals(value.get(key) as GoValue, item, machine),
    );
  }
  machine.tick();
  if (Array.isArray(value) && Array.isArray(part))
    return part.every((item) => value.some((other) => containsOrEquals(other, item, machine)));
  if (typeof value === "string" && typeof part === "string") return value.includes(part);
  if (jqType(value) !== jqType(part)) throw refuse("contains", value);
  return compareValues(value, part) === 0;
}

function containsOrEquals(value: GoValue, part: GoValue, machine: Machine): boolean {
  return jqType(value) === jqType(part) && contains(value, part, machine);
}

/** The items of a list, or the values of an object in order of their keys. */
function elementsOf(name: string, value: GoValue): readonly GoValue[] {
  return isMap(value) ? sortedKeys(value).map((key) => value.get(key) as GoValue) : listOf(name, value);
}

function flatten(list: readonly GoValue[], depth: number): GoValue[] {
  return list.flatMap((item) => (Array.isArray(item) && depth > 0 ? flatten(item, depth - 1) : [item]));
}

function sorted(list: readonly GoValue[]): GoValue[] {
  return [...list].sort(compareValues);
}

function fromEntries(value: GoValue): GoValue {
  const out = new Map<string, GoValue>();
  for (const entry of elementsOf("from_entries", value)) {
    if (!isMap(entry)) throw typeError("expected an object but got", entry);
    const key = ["key", "Key", "name", "Name"].map((name) => entry.get(name) ?? null).find(isTrue) ?? null;
    if (typeof key !== "string") throw typeError("expected a string for object key but got", key);
    out.set(key, (entry.has("value") ? entry.get("value") : entry.get("Value")) ?? null);
  }
  return out;
}

function toNumber(value: GoValue): GoValue {
  if (typeof value === "number") return value;
  const text = textOf("tonumber", value);
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) throw refuse("tonumber", value);
  return Number(text);
}

function fromJson(value: GoValue): GoValue {
  try {
    const { value: decoded, error } = decodeJson(textOf("fromjson", value));
    if (error !== undefined) throw error;
    return decoded;
  } catch (error) {
    if (error instanceof FunctionError) throw refuse("fromjson", value);
    throw error;
  }
}

function places(name: string, value: GoValue, part: GoValue, machine: Machine): GoValue[] {
  if (value === null) return [];
  if (typeof value === "string" && typeof part === "string") {
    const [chars, wanted] = [characters(value), characters(part)];
    machine.build(chars.length * wanted.length);
    return indices(chars, wanted);
  }
  if (!Array.isArray(value)) throw refuse(name, value);
  const wanted = Array.isArray(part) ? part : [part];
  machine.build(value.length * wanted.length);
  return indices(value, wanted);
}

/** Where `wanted` is in a sorted list, else where it would be, as a negative number. */
function search(list: readonly GoValue[], wanted: GoValue, machine: Machine): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    machine.tick();
    const middle = (low + high) >>> 1;
    if (compareValues(list[middle] as GoValue, wanted) >= 0) high = middle;
    else low = middle + 1;
  }
  return low < list.length && compareValues(list[low] as GoValue, wanted) === 0 ? low : -low - 1;
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function withoutSuffix(text: string, suffix: string): string {
  return text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text;
}

function toEntries(value: GoValue): GoValue[] {
  const entry = (key: GoValue, inner: GoValue): GoValue => new Map([["key", key], ["value", inner]]); // prettier-ignore
  if (Array.isArray(value)) return value.map((item, index) => entry(index, item));
  if (isMap(value)) return sortedKeys(value).map((key) => entry(key, value.get(key) as GoValue));
  throw refuse("keys", value);
}

/** Smaller numbers have fewer digits. */
const leastNormal = 2 ** -1022;

function halt(): never {
  throw new JqHalt("halt error");
}

const functions: Readonly<Record<string, ValueFunction>> = {
  "error/0": (value) => {
    throw new JqError(value);
  },
  "error/1": (_, [value]) => {
    throw new JqError(value as GoValue);
  },
  "halt/0": halt,
  "halt_error/0": halt,
  "halt_error/1": halt,
  "not/0": (value) => !isTrue(value),
  "length/0": length,
  "utf8bytelength/0": (value) => textOf("utf8bytelength", value).length,
  "keys/0": keys,
  "has/1": (value, [key]) => has(value, key as GoValue),
  "add/0": (value, _, machine) => addAll(elementsOf("add", value), machine),
  "type/0": jqType,
  "tostring/0": (value) => (typeof value === "string" ? value : toJson(value)),
  "tonumber/0": toNumber,
  "toboolean/0": (value) => {
    if (typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    throw refuse("toboolean", value);
  },
  "tojson/0": (value) => toJson(value),
  "fromjson/0": fromJson,
  "format/1": (value, [name]) => formatText(`@${textOf("format", name as GoValue)}`, value),
  "reverse/0": (value) => {
    return [...listOf("reverse", value)].reverse();
  },
  "contains/1": (value, [part], machine) => contains(value, part as GoValue, machine),
  "inside/1": (value, [whole], machine) => contains(whole as GoValue, value, machine),
  "indices/1": (value, [part], machine) => (value === null ? null : places("indices", value, part as GoValue, machine)),
  "index/1": (value, [part], machine) => places("index", value, part as GoValue, machine)[0] ?? null,
  "rindex/1": (value, [part], machine) => places("rindex", value, part as GoValue, machine).at(-1) ?? null,
  "startswith/1": (value, [part]) => textOf("startswith", value).startsWith(textOf("startswith", part as GoValue)),
  "endswith/1": (value, [part]) => textOf("endswith", value).endsWith(textOf("endswith", part as GoValue)),
  "ltrimstr/1": (value, [part]) => withoutPrefix(textOf("ltrimstr", value), textOf("ltrimstr", part as GoValue)),
  "rtrimstr/1": (value, [part]) => withoutSuffix(textOf("rtrimstr", value), textOf("rtrimstr", part as GoValue)),
  "trimstr/1": (value, [part]) => {
    const affix = textOf("trimstr", part as GoValue);
    return withoutSuffix(withoutPrefix(textOf("trimstr", value), affix), affix);
  },
  "ltrim/0": (value) => textOf("ltrim", value).replace(/^[ \t\n\r\f\v]+/, ""),
  "rtrim/0": (value) => textOf("rtrim", value).replace(/[ \t\n\r\f\v]+$/, ""),
  "trim/0": (value) => textOf("trim", value).replace(/^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g, ""),
  "explode/0": (value) => Array.from(fromByteString(textOf("explode", value)), (char) => char.codePointAt(0) as number),
  "implode/0": (value) =>
    toByteString(String.fromCodePoint(...listOf("implode", value).map((item) => numberOf("implode", item)))),
  "split/1": (value, [separator]) => {
    const [text, between] = [textOf("split", value), textOf("split", separator as GoValue)];
    return text === "" && between !== "" ? [""] : splitText(text, between);
  },
  "join/1": (value, [separator]) => {
    const texts = elementsOf("join", value).map((item) => {
      if (item === null) return "";
      if (typeof item === "object") throw refuse("join", value);
      return typeof item === "string" ? item : toJson(item);
    });
    // What is never put between two items may be anything; null counts as nothing.
    return texts.length < 2
      ? (texts[0] ?? "")
      : texts.join(separator === null ? "" : textOf("join", separator as GoValue));
  },
  "ascii_downcase/0": (value) => textOf("ascii_downcase", value).replace(/[A-Z]/g, (char) => char.toLowerCase()),
  "ascii_upcase/0": (value) => textOf("ascii_upcase", value).replace(/[a-z]/g, (char) => char.toUpperCase()),
  "_match/3": matchText,
  "_captures/0": namedCaptures,
  "flatten/0": (value) => flatten(elementsOf("flatten", value), Infinity),
  "flatten/1": (value, [depth]) => {
    const levels = numberOf("flatten", depth as GoValue);
    if (levels < 0) throw new JqError(`flatten depth should not be negative: ${levels}`);
    return flatten(elementsOf("flatten", value), levels);
  },
  "min/0": (value) => sorted(listOf("min", value))[0] ?? null,
  "max/0": (value) => sorted(listOf("max", value)).at(-1) ?? null,
  "sort/0": (value) => sorted(listOf("sort", value)),
  "unique/0": (value) =>
    sorted(listOf("unique", value)).filter(
      (item, index, list) => index === 0 || compareValues(item, list[index - 1] as GoValue) !== 0,
    ),
  "to_entries/0": toEntries,
  "from_entries/0": fromEntries,
  "transpose/0": (value, _, machine) => {
    const rows = listOf("transpose", value).map((row) => listOf("transpose", row));
    const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
    machine.build(rows.length * width);
    return Array.from({ length: width }, (_, column): GoValue => rows.map((row) => row[column] ?? null));
  },
  "setpath/2": (value, [path, inner]) => updatePath(value, listOf("setpath", path as GoValue), () => inner as GoValue),
  "delpaths/1": (value, [paths], machine) =>
    deletePaths(
      value,
      listOf("delpaths", paths as GoValue).map((path) => {
        machine.visit(value);
        return listOf("delpaths", path);
      }),
    ),
  "infinite/0": () => Infinity,
  "nan/0": () => Number.NaN,
  "isnan/0": (value) => value !== null && Number.isNaN(numberOf("isnan", value)),
  "isinfinite/0": (value) => typeof value === "number" && Math.abs(value) === Infinity,
  "isfinite/0": (value) => typeof value === "number" && Math.abs(value) !== Infinity,
  "isnormal/0": (value) => typeof value === "number" && Number.isFinite(value) && Math.abs(value) >= leastNormal,
  "frexp/0": (value) => [...splitExponent(numberOf("frexp", value))],
  "modf/0": (value) => {
    const number = numberOf("modf", value);
    const whole = Math.trunc(number);
    return [Number.isFinite(number) ? number - whole : Number.isNaN(number) ? number : 0, whole];
  },
  "bsearch/1": (value, [wanted], machine) => search(listOf("bsearch", value), wanted as GoValue, machine),
  "env/0": () => new Map<string, GoValue>(),
};

/** By `name/arity`. */
export const valueFunctions: ReadonlyMap<string, ValueFunction> = new Map([
  ...Object.entries(functions),
  ...Object.entries(dateFunctions),
  ...Object.entries(mathFunctions).map(([name, run]): [string, ValueFunction] => [
    `${name}/0`,
    (value) => run(numberOf(name, value)),
  ]),
  [
    "fma/3",
    (_, args) => {
      const [a, b, c] = args.map((argument) => numberOf("fma", argument));
      return fusedMultiplyAdd(a!, b!, c!);
    },
  ],
  ...Object.entries(mathFunctions2).map(([name, run]): [string, ValueFunction] => [
    `${name}/2`,
    (_, [a, b]) => run(numberOf(name, a as GoValue), numberOf(name, b as GoValue)),
  ]),
]);
