import { deepEqual } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import type { GoType, Pointer, Struct, StructSchema } from "./schema.ts";

/** reflect.DeepEqual of two structs, where an empty list or map equals a nil one. */
export function structsEqual(schema: StructSchema, a: Struct, b: Struct): boolean {
  for (const { key, field } of schema.list) {
    const left = a[key];
    const right = b[key];
    if (left !== right && !fieldsEqual(field.type, left, right)) return false;
  }
  return true;
}

function fieldsEqual(type: GoType, a: unknown, b: unknown): boolean {
  if (a === b) return true;
  switch (type.kind) {
    case "any":
      return deepEqual(a as GoValue, b as GoValue);
    case "pointer":
      return (
        a !== undefined &&
        b !== undefined &&
        fieldsEqual(type.to, (a as Pointer<unknown>).value, (b as Pointer<unknown>).value)
      );
    case "slice": {
      const left = (a ?? []) as unknown[];
      const right = (b ?? []) as unknown[];
      return left.length === right.length && left.every((item, index) => fieldsEqual(type.of, item, right[index]));
    }
    case "map": {
      const left = (a ?? new Map()) as Map<string, unknown>;
      const right = (b ?? new Map()) as Map<string, unknown>;
      return (
        left.size === right.size &&
        [...left].every(([key, item]) => right.has(key) && fieldsEqual(type.of, item, right.get(key)))
      );
    }
    case "struct":
      return structsEqual(type.schema, a as Struct, b as Struct);
    default:
      return false;
  }
}
