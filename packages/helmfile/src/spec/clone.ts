import type { GoValue } from "@tiphys/gotemplate";
import { copyValue } from "../values/mergo.ts";
import { zeroOf } from "./decode.ts";
import { isZero } from "./schema.ts";
import type { GoType, Pointer, Struct, StructSchema } from "./schema.ts";

/** A copy as a round trip through YAML makes it: nothing shared, empty lists and maps gone where `omitempty` drops them. */
export function cloneStruct(schema: StructSchema, value: Struct): Struct {
  // Texts, numbers and booleans, and under symbol keys what is known beside the struct itself: places.
  const out: Struct = { ...value };
  for (const { key, field } of schema.composite) {
    const own = value[key];
    if (own === undefined) continue;
    const isDropped = field.hidden === true || (field.omitEmpty && isZero(field.type, own));
    out[key] = isDropped ? zeroOf(field.type) : cloneField(field.type, own);
  }
  return out;
}

function cloneField(type: GoType, value: unknown): unknown {
  switch (type.kind) {
    case "any":
      return copyValue(value as GoValue);
    case "pointer": {
      const box = value as Pointer<unknown> | undefined;
      return box === undefined ? undefined : { value: cloneField(type.to, box.value) };
    }
    case "slice":
      return (value as unknown[] | undefined)?.map((item) => cloneField(type.of, item));
    case "map":
      return value === undefined
        ? undefined
        : new Map([...(value as Map<string, unknown>)].map(([key, item]) => [key, cloneField(type.of, item)]));
    case "struct":
      return cloneStruct(type.schema, value as Struct);
    default:
      return value;
  }
}
