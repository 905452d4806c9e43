import { GoMap, define, FunctionError, quoteGo, type GoFunction, type GoValue } from "@tiphys/gotemplate";
import { writeYamlV2 } from "@tiphys/source";

/** A table of values: string keys to scalars, lists and further tables. */
export type Table = Map<string, GoValue>;

const tableTypes: ReadonlySet<string> = new Set(["map[string]interface {}", "common.Values"]);

/** Helm's `istable`: exactly `map[string]interface {}`. */
export function isTable(value: GoValue | undefined): value is Table {
  return value instanceof Map && (!(value instanceof GoMap) || value.goType === "map[string]interface {}");
}

/** A deep copy (internal/copystructure): tables and lists are new, everything else is shared. */
export function copyTable(table: Table): Table {
  const copy: Table = new Map();
  for (const [key, value] of table) copy.set(key, copyValue(value));
  return copy;
}

function copyValue(value: GoValue): GoValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyValue);
  if (value instanceof GoMap)
    return new GoMap(
      value.goType,
      [...value].map(([key, item]) => [key, copyValue(item)]),
      value.isNil,
    );
  return value instanceof Map ? copyTable(value) : value;
}

/** `loader.MergeMaps`: tables merge, everything else (null too) replaces. The result shares untouched parts with both. */
export function mergeMaps(lower: Table, higher: Table): Table {
  const merged: Table = new Map(lower);
  for (const [key, value] of higher) {
    const below = merged.get(key);
    merged.set(key, isTable(value) && isTable(below) ? mergeMaps(below, value) : value);
  }
  return merged;
}

/** `Values.Table("a.b")` (pkg/chart/common/values.go); undefined where Helm returns ErrNoTable. */
export function findTable(values: Table, path: string): Table | undefined {
  let table: Table = values;
  for (const name of path.split(".")) {
    const next = table.get(name);
    if (!(next instanceof Map) || (next instanceof GoMap && !tableTypes.has(next.goType))) return undefined;
    table = next;
  }
  return table;
}

/** The name that `Values.Table` names in its error: the first part of `path` that is no table. */
export function missingTable(values: Table, path: string): string {
  let table: Table = values;
  for (const name of path.split(".")) {
    const next = table.get(name);
    if (!isTable(next)) return name;
    table = next;
  }
  return path;
}

/** `Values.PathValue("a.b.c")`: the value at the end of the path; undefined when there is none or it is a table. */
export function findPathValue(values: Table, path: string): GoValue | undefined {
  const names = path.split(".");
  const key = names.pop()!;
  const table = names.length === 0 ? values : findTable(values, names.join("."));
  const value = table?.get(key);
  return isTable(value) ? undefined : value;
}

/**
 * A table seen as `common.Values`, the type of `.Values`: same storage, other type, with the methods that shadow keys.
 * A subchart's `.Values` and the parent's `.Values.NAME` are one map in Go; writes through either are seen by both.
 */
export class Values extends GoMap {
  readonly #table: Table;

  constructor(table: Table) {
    super("common.Values");
    this.#table = table;
  }
  override get size(): number {
    return this.#table.size;
  }
  override get(key: string): GoValue | undefined {
    return this.#table.get(key);
  }
  override has(key: string): boolean {
    return this.#table.has(key);
  }
  override set(key: string, value: GoValue): this {
    // The super constructor has no entries to set; `#table` exists whenever this runs.
    this.#table.set(key, value);
    return this;
  }
  override delete(key: string): boolean {
    return this.#table.delete(key);
  }
  override clear(): void {
    this.#table.clear();
  }
  override keys(): MapIterator<string> {
    return this.#table.keys();
  }
  override values(): MapIterator<GoValue> {
    return this.#table.values();
  }
  override entries(): MapIterator<[string, GoValue]> {
    return this.#table.entries();
  }
  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    return this.#table[Symbol.iterator]();
  }
  override forEach(callback: (value: GoValue, key: string, map: Map<string, GoValue>) => void): void {
    this.#table.forEach((value, key) => callback(value, key, this));
  }
  override goEntry(name: string): GoValue | undefined {
    return methodNames.has(name) ? undefined : this.#table.get(name);
  }
  override goMethod(name: string): GoFunction | undefined {
    return methodNames.has(name) ? valuesMethod(name, this.#table) : undefined;
  }
}

const methodNames: ReadonlySet<string> = new Set(["YAML", "AsMap", "Table", "PathValue", "Encode"]);

function valuesMethod(name: string, table: Table): GoFunction | undefined {
  switch (name) {
    case "YAML":
      return define(name, "func() string", () => writeYamlV2(table));
    case "AsMap":
      return define(name, "func() map[string]interface {}", () => table);
    case "Table":
      return define(name, "func(string) common.Values", (_context, path: string) => {
        const found = findTable(table, path);
        if (!found) throw new FunctionError(`${quoteGo(missingTable(table, path))} is not a table`);
        return new Values(found);
      });
    case "PathValue":
      return define(name, "func(string) interface {}", (_context, path: string) => {
        if (path === "") throw new FunctionError("YAML path cannot be empty");
        const found = findPathValue(table, path);
        if (found === undefined)
          throw new FunctionError(`${quoteGo(path.slice(path.lastIndexOf(".") + 1))} is not a value`);
        return found;
      });
    case "Encode":
      return define(name, "func(io.Writer) error", () => {
        throw new FunctionError("unsupported: Values.Encode");
      });
    default:
      return undefined;
  }
}
