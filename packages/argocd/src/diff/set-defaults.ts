import type { GoValue } from "@tiphys/gotemplate";
import type { GoType, StructType } from "../api/schema.ts";
import { deepCopy, isMap } from "../unstructured.ts";
import { coreDefaults } from "./core-defaults.ts";
import type { Defaulter } from "./default-values.ts";
import { groupDefaults } from "./group-defaults.ts";
import { roundUpToMilli } from "./quantity.ts";
import type { Typed } from "./typed.ts";

const defaulters = new Map<string, Defaulter>([...Object.entries(coreDefaults), ...Object.entries(groupDefaults)]);

/** Kinds whose nested structs have no defaults although the types occur in them: upstream registers no function for these. */
const withoutDefaults = new Set(["apps.ControllerRevision", "core.Binding", "core.Event", "core.ComponentStatus"]);

/**
 * The object with Kubernetes' defaults, as its scheme sets them: a struct's own first, then those of its fields.
 * Mirrors the order of zz_generated.defaults.go (k8s.io/kubernetes v1.37.0).
 */
export function withDefaults(typed: Typed, type: StructType): Typed {
  const out = deepCopy(typed);
  if (!withoutDefaults.has(type.name)) visit(out, type);
  return out;
}

function visit(value: GoValue, type: GoType): void {
  switch (type.kind) {
    case "pointer":
      visit(value, type.element);
      return;
    case "slice":
      if (Array.isArray(value)) for (const item of value) visit(item, type.element);
      return;
    case "map":
      if (isMap(value) && type.element.goName === "Quantity") roundQuantities(value);
      return;
    case "struct":
      if (isMap(value)) visitStruct(value, type);
      return;
    default:
      return;
  }
}

function roundQuantities(list: Typed): void {
  for (const [name, value] of list) if (typeof value === "string") list.set(name, roundUpToMilli(value));
}

function visitStruct(object: Typed, type: StructType): void {
  defaulters.get(type.name)?.(object);
  for (const field of type.fields) {
    let value = object.get(field.name);
    // A struct that is no pointer is there even when nothing of it was written.
    if (value === undefined && field.type.kind === "struct" && hasDefaults(field.type)) {
      value = new Map();
      visit(value, field.type);
      if (isMap(value) && value.size > 0) object.set(field.name, value);
      continue;
    }
    if (value !== undefined) visit(value, field.type);
  }
}

const known = new Map<StructType, boolean>();

/** True when the struct or a struct directly in it, without pointer or list between, has defaults. */
function hasDefaults(type: StructType): boolean {
  const cached = known.get(type);
  if (cached !== undefined) return cached;
  known.set(type, false);
  const found =
    defaulters.has(type.name) || type.fields.some(({ type: inner }) => inner.kind === "struct" && hasDefaults(inner));
  known.set(type, found);
  return found;
}
