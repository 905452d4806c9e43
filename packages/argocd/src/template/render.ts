import type { GoValue } from "@tiphys/gotemplate";
import type { GoType, StructType } from "../api/schema.ts";
import { ArgoError, ArgoPanic, NotKnownOffline, wrapError } from "../fault.ts";
import type { Replace, Replacer } from "./replace.ts";

type Params = ReadonlyMap<string, GoValue>;

/** What a walk replaces strings with, and whether it spares the `values` of generators for later. */
interface Walk {
  readonly replace: (text: string) => string;
  readonly resolveValues?: (values: ReadonlyMap<string, GoValue>) => Map<string, GoValue>;
  /** Where the walk is; after an error, where it happened. */
  readonly path: (string | number)[];
}

/** A decoded Application with every string, map key and string inside JSON rendered (utils.go, RenderTemplateParams without finalizers). */
export function renderApplication(
  application: Map<string, GoValue>,
  type: StructType,
  params: Params,
  replace: Replace,
): Map<string, GoValue> {
  const walk: Walk = { replace: (text) => replace(text, params), path: [] };
  try {
    return renderFields(application, type, walk);
  } catch (error) {
    if (error instanceof ArgoError) error.templatePath ??= [...walk.path];
    throw error;
  }
}

/** A decoded generator with its strings rendered; `values` that miss a parameter are left as written (utils.go, RenderGeneratorParams). */
export function renderStruct(
  value: Map<string, GoValue>,
  type: StructType,
  params: Params,
  replacer: Replacer,
): Map<string, GoValue> {
  return renderFields(value, type, {
    replace: (text) => replacer.replace(text, params),
    resolveValues: (values) => resolveValues(values, params, replacer.replaceStrictly),
    path: [],
  });
}

/** Fields in order of declaration, so that of several faults Go's first is met. */
function renderFields(value: ReadonlyMap<string, GoValue>, type: StructType, walk: Walk): Map<string, GoValue> {
  const rendered = new Map<string, GoValue>();
  for (const field of type.fields) {
    const item = value.get(field.name);
    if (item === undefined) continue;
    walk.path.push(field.name);
    if (
      walk.resolveValues &&
      field.name === "values" &&
      field.type.kind === "map" &&
      type.name.endsWith("Generator") &&
      item instanceof Map
    ) {
      rendered.set(field.name, walk.resolveValues(item));
    } else rendered.set(field.name, render(item, field.type, walk));
    walk.path.pop();
  }
  return rendered;
}

function render(value: GoValue, type: GoType, walk: Walk): GoValue {
  switch (type.kind) {
    case "pointer":
      return value === null ? null : render(value, type.element, walk);
    case "struct":
      return value instanceof Map ? renderFields(value, type, walk) : value;
    case "slice":
      return Array.isArray(value) ? renderItems(value, (item) => render(item, type.element, walk), walk) : value;
    case "map":
      return value instanceof Map ? renderMap(value, (item) => render(item, type.element, walk), walk) : value;
    case "string":
    case "intOrString":
      return typeof value === "string" ? walk.replace(value) : value;
    case "json":
    case "rawObject":
      return renderRaw(value, walk);
    default:
      return value;
  }
}

function renderRaw(value: GoValue, walk: Walk): GoValue {
  try {
    return renderJson(value, walk);
  } catch (error) {
    throw wrapError("failed to deeply replace JSON field contents", error);
  }
}

/** Inside JSON, null entries of maps are dropped, null items of lists stay. */
function renderJson(value: GoValue, walk: Walk): GoValue {
  if (typeof value === "string") return walk.replace(value);
  if (Array.isArray(value)) return renderItems(value, (item) => renderJson(item, walk), walk);
  if (value instanceof Map) return renderMap(value, (item) => renderJson(item, walk), walk);
  return value;
}

function renderItems(items: readonly GoValue[], renderItem: (item: GoValue) => GoValue, walk: Walk): GoValue[] {
  return items.map((item, index) => {
    walk.path.push(index);
    const rendered = renderItem(item);
    walk.path.pop();
    return rendered;
  });
}

/** Values first, then their keys; of two keys that come out the same the later one stays. */
function renderMap(
  map: ReadonlyMap<string, GoValue>,
  renderItem: (item: GoValue) => GoValue,
  walk: Walk,
): Map<string, GoValue> {
  const rendered = new Map<string, GoValue>();
  for (const key of [...map.keys()].sort()) {
    const item = map.get(key)!;
    if (item === null) continue;
    walk.path.push(key);
    const value = renderItem(item);
    rendered.set(walk.replace(key), value);
    walk.path.pop();
  }
  return rendered;
}

function resolveValues(
  values: ReadonlyMap<string, GoValue>,
  params: Params,
  replaceStrictly: Replace,
): Map<string, GoValue> {
  const resolved = new Map<string, GoValue>();
  for (const key of [...values.keys()].sort()) {
    const text = String(values.get(key));
    try {
      resolved.set(key, replaceStrictly(text, params));
    } catch (error) {
      if (!(error instanceof ArgoError) || error instanceof ArgoPanic || error instanceof NotKnownOffline) throw error;
      if (!isMissingKey(error)) throw wrapError(`failed to pre-resolve Values key ${JSON.stringify(key)}`, error);
      resolved.set(key, text);
    }
  }
  return resolved;
}

function isMissingKey(error: Error): boolean {
  return error.message.includes("map has no entry for key") || error.message.includes("can't evaluate field");
}
