import type { GoValue } from "@tiphys/gotemplate";
import { isMap, nested } from "../unstructured.ts";
import type { Typed } from "./typed.ts";

/** What a defaulting function may use: reading and setting of decoded structs, where an absent field is Go's zero value. */

export type Defaulter = (object: Typed) => void;

export function setIfAbsent(object: Typed, field: string, value: GoValue): void {
  if (!object.has(field)) object.set(field, value);
}

/** The struct in a field; made when it is absent, since a value struct is always there in Go. */
export function struct(object: Typed, field: string): Typed {
  const present = object.get(field);
  if (isMap(present)) return present;
  const made: Typed = new Map();
  object.set(field, made);
  return made;
}

/** Takes a struct away that nothing was set in. */
export function dropEmpty(object: Typed, ...fields: readonly string[]): void {
  for (const field of fields) {
    const value = object.get(field);
    if (isMap(value) && value.size === 0) object.delete(field);
  }
}

export function structs(object: Typed, ...path: readonly string[]): readonly Typed[] {
  const list = nested(object, ...path);
  return Array.isArray(list) ? list.filter(isMap) : [];
}

/** A defaulter that fills absent fields with fixed values. */
export function fill(values: Readonly<Record<string, GoValue>>): Defaulter {
  const entries = Object.entries(values);
  return (object) => {
    for (const [field, value] of entries) setIfAbsent(object, field, isMap(value) ? new Map(value) : value);
  };
}
