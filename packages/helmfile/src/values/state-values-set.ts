import type { GoValue } from "@tiphys/gotemplate";
import { mergeMaps } from "./merge-maps.ts";
import { isMap } from "./mergo.ts";
import type { ValueMap } from "./mergo.ts";

/* pkg/config/config.go and pkg/maputil/maputil.go of helmfile 1.8.0. */

/** A `--state-values-set` that helmfile dies of. */
export class StateValuesSetError extends Error {
  override readonly name = "StateValuesSetError";
}

/** The map that `--state-values-set` and `--state-values-set-string` make; the former wins. */
export function parseStateValuesSet(set: readonly string[], setString: readonly string[]): ValueMap {
  const texts: ValueMap = new Map();
  for (const flag of setString) {
    for (const match of flag.matchAll(/(?:,|^)([^\s=]+)=(['"][^'"]*['"]|[^,]+)/g))
      setPath(texts, parseKey(match[1]!), match[2]!);
  }
  const out: ValueMap = new Map();
  for (const flag of set) {
    for (const assignment of flag.split(",")) {
      const at = assignment.indexOf("=");
      if (at < 0) throw new StateValuesSetError(`--state-values-set ${assignment}: no "=" in it`);
      setPath(out, parseKey(assignment.slice(0, at)), typedValue(assignment.slice(at + 1)));
    }
  }
  return mergeMaps(texts, out);
}

/** Why helmfile would die of these flags; undefined when it would not. */
export function checkStateValuesSet(set: readonly string[], setString: readonly string[]): string | undefined {
  try {
    parseStateValuesSet(set, setString);
    return undefined;
  } catch (error) {
    if (error instanceof StateValuesSetError) return error.message;
    throw error;
  }
}

/** `a.b[1]` into `a`, `b[1]`; `\.` is a dot. */
export function parseKey(key: string): string[] {
  const parts: string[] = [];
  let part = "";
  let escaped = false;
  for (const char of key) {
    if (!escaped && char === "\\") {
      escaped = true;
      continue;
    }
    if (char === "." && !escaped) {
      parts.push(part);
      part = "";
    } else {
      part += char;
    }
    escaped = false;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

interface Step {
  readonly key: string;
  readonly index?: number;
}

function parseStep(part: string): Step {
  const match = /^\s*(\S+)\s+([-+]?\d+)/.exec(part.replaceAll("[", " ").replaceAll("]", " "));
  if (match !== null) return { key: match[1]!, index: Number(match[2]) };
  return { key: part.replaceAll("[", " ").replaceAll("]", " ") };
}

const maxIndex = 65536;

function setPath(root: ValueMap, path: readonly string[], value: GoValue): void {
  if (path.length === 0) throw new StateValuesSetError("bug: unexpected length of key: 0");
  let map = root;
  path.forEach((part, position) => {
    const step = parseStep(part);
    const isLast = position === path.length - 1;
    if (step.index === undefined) {
      if (isLast) map.set(step.key, value);
      else map = childMap(map.get(step.key), (made) => map.set(step.key, made));
      return;
    }
    if (step.index < 0 || step.index > maxIndex) throw new StateValuesSetError(`index ${step.index} is out of range`);
    const list = listAt(map, step.key, step.index);
    const index = step.index;
    if (isLast) {
      list[index] = value;
    } else {
      const element = list[index] ?? null;
      map = childMap(element === null ? undefined : element, (made) => (list[index] = made));
    }
  });
}

function childMap(existing: GoValue | undefined, put: (made: ValueMap) => void): ValueMap {
  if (existing === undefined) {
    const made: ValueMap = new Map();
    put(made);
    return made;
  }
  if (!isMap(existing))
    throw new StateValuesSetError("a key of --state-values-set goes through a value that is no map");
  return existing;
}

function listAt(map: ValueMap, key: string, index: number): GoValue[] {
  const existing = map.get(key);
  if (existing !== undefined && !Array.isArray(existing))
    throw new StateValuesSetError(`--state-values-set: "${key}" is no list`);
  const list = existing ?? [];
  while (list.length <= index) list.push(null);
  map.set(key, list);
  return list;
}

function typedValue(text: string): GoValue {
  const lower = text.toLowerCase();
  if (lower === "true") return true;
  if (lower === "false") return false;
  if (lower === "null") return null;
  if (text === "0") return 0n;
  if (text !== "" && !text.startsWith("0") && /^[-+]?\d+$/.test(text)) {
    const value = BigInt(text);
    if (value >= -(1n << 63n) && value < 1n << 63n) return value;
  }
  return text;
}
