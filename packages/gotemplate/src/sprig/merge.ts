import { FunctionError } from "../function.ts";
import { goKind, goTypeName, mapElementType, underlying } from "../reflect.ts";
import { type GoValue, GoMap, GoNumber, GoObject, sliceTypeOf } from "../value.ts";

/** What a merge may replace. */
export interface MergeOptions {
  /** Replaces what `target` already has; else only what is empty there. */
  readonly overwrite: boolean;
}

/** mergo's own errors, which sprig's `merge` swallows; panics are not among them. */
export class MergeError extends FunctionError {}

const deepestMerge = 1_500;

/** mergo's `isEmptyValue`: as sprig's `empty`, but a nil interface is asked for what it holds. */
function isEmptyValue(value: GoValue | undefined): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  if (value === 0 || value === 0n) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  if (value instanceof GoNumber) return Number(value.value) === 0;
  const inner = underlying(value);
  return inner !== value && isEmptyValue(inner);
}

function isNilMap(value: Map<string, GoValue>): boolean {
  return value instanceof GoMap && value.isNil;
}

function setElement(target: Map<string, GoValue>, source: Map<string, GoValue>, key: string, value: GoValue): void {
  const wanted = mapElementType(target);
  if (wanted === "string" && Array.isArray(value) && target.has(key)) {
    throw new FunctionError("reflect: call of reflect.Value.IsNil on string Value");
  }
  const given = Array.isArray(value) ? sliceTypeOf(value) : mapElementType(source);
  if (wanted !== "interface {}" && wanted !== given) {
    throw new FunctionError(`reflect.Value.SetMapIndex: value of type ${given} is not assignable to type ${wanted}`);
  }
  target.set(key, value);
}

/**
 * mergo 1.0.1 `deepMerge` (merge.go) for maps: merges `source` into `target` in place. Nested maps of `target` are changed
 * in place too, and maps that only `source` has are shared by both afterwards. A nil in `source` counts only with
 * `overwrite`; empty scalars then overwrite, too. Throws MergeError as mergo returns errors.
 */
export function mergeMaps(
  target: Map<string, GoValue>,
  source: ReadonlyMap<string, GoValue>,
  options: MergeOptions,
  depth = 0,
): void {
  if (depth > deepestMerge) throw new FunctionError("unsupported: a dict that contains itself");
  const from = source as Map<string, GoValue>;
  for (const [key, given] of Array.from(source)) {
    const had = target.has(key);
    const current = target.get(key);
    if (given === null) {
      if (options.overwrite) setElement(target, from, key, null);
      continue;
    }
    if (given instanceof Map) {
      // A nil map of its own type takes nothing up: what would be merged into it is lost upstream.
      if (current instanceof Map && !isNilMap(current)) mergeMaps(current, given, options, depth + 1);
      else if (current instanceof GoObject && goKind(current) === "ptr" && !options.overwrite) throw differentTypes();
    } else if (Array.isArray(given) && options.overwrite) {
      setElement(target, from, key, given);
    }
    if (!isEmptyValue(current)) {
      if (Array.isArray(given)) continue;
      if (given instanceof Map && current instanceof Map) continue;
    }
    if (options.overwrite || !had || isEmptyValue(current)) setElement(target, from, key, given);
  }
}

function differentTypes(): MergeError {
  return new MergeError("src and dst must be of same type");
}

/** The type of a value for the messages of type assertions; nil is `nil`. */
export function assertedType(value: GoValue): string {
  return value === null ? "nil" : goTypeName(value);
}
