import type { GoValue } from "@tiphys/gotemplate";
import { copyValue } from "../values/mergo.ts";
import { zeroOf } from "./decode.ts";
import { isZero } from "./schema.ts";
import type { GoType, Pointer, Struct, StructSchema } from "./schema.ts";

/** A copy as a round trip through YAML makes it: nothing shared, empty lists and maps gone where `omitempty` drops them. */
export function cloneStruct(schema: StructSchema, value: Struct): Struct {
  const out: Struct = {};
  // Symbol keys hold what is known beside the struct itself: places.
  for (const symbol of Object.getOwnPropertySymbols(value))
    (out as Record<symbol, unknown>)[symbol] = (value as Record<symbol, unknown>)[symbol];
  for (const [key, field] of schema.fields) {
    const isDropped = field.hidden === true || (field.omitEmpty && isZero(field.type, value[key]));
    out[key] = isDropped ? zeroOf(field.type) : cloneField(field.type, value[key]);
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
