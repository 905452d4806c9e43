import type { GoValue } from "@tiphys/gotemplate";

/**
 * Go struct types as data. helmfile decodes strictly, clones through YAML, merges by reflection and exposes its structs to
 * templates; one table per struct serves all four. A struct value is a plain object whose properties are the YAML keys.
 *
 * | Go                  | here                                          |
 * |---------------------|-----------------------------------------------|
 * | string, bool        | byte string, boolean                          |
 * | int                 | number                                        |
 * | *T                  | `Pointer<T>` or undefined; boxes may be shared, as pointers are |
 * | []T                 | array, undefined when nil                     |
 * | map[string]T        | Map, undefined when nil                       |
 * | any                 | GoValue                                       |
 */
export type GoType =
  | { readonly kind: "string" | "bool" | "int" | "float32" | "any" }
  | { readonly kind: "pointer"; readonly to: GoType }
  | { readonly kind: "slice"; readonly of: GoType; readonly name?: string }
  | { readonly kind: "map"; readonly of: GoType; readonly name?: string }
  | { readonly kind: "struct"; readonly schema: StructSchema };

/** A Go pointer to a scalar. Two structs that hold the same box see each other's writes. */
export interface Pointer<T> {
  value: T;
}

export interface Field<T = unknown> {
  /** Go's field name, as templates see it. */
  readonly go: string;
  readonly type: GoType;
  /** Left out of YAML when empty. */
  readonly omitEmpty: boolean;
  /** Tagged `yaml:"-"`. */
  readonly hidden?: boolean;
  readonly zero: () => T;
}

export interface StructSchema {
  /** Go's name as error texts show it: `state.ReleaseSpec`. */
  readonly name: string;
  /** By YAML key, in order of declaration. */
  readonly fields: ReadonlyMap<string, Field>;
  /** The same as a list. */
  readonly list: readonly NamedField[];
  /** Fields that are no plain texts, numbers or booleans, or that YAML never has. */
  readonly composite: readonly NamedField[];
  /** Every field at Go's zero, but for structs within. */
  readonly zero: Struct;
}

export interface NamedField {
  readonly key: string;
  readonly field: Field;
}

export type Struct = Record<string, unknown>;

export type ValueOf<F> = { -readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

const scalarKinds: ReadonlySet<GoType["kind"]> = new Set(["string", "bool", "int", "float32"]);

const isStruct = (field: Field): boolean => field.type.kind === "struct";

/** Builds a schema; the value type follows from the fields. */
export function structSchema<F extends Record<string, Field<any>>>(
  name: string,
  fields: F,
): StructSchema & { readonly shape?: ValueOf<F> } {
  const list = Object.entries(fields).map(([key, field]) => ({ key, field }));
  return {
    name,
    fields: new Map(Object.entries(fields)),
    list,
    composite: list.filter(({ field }) => field.hidden === true || !scalarKinds.has(field.type.kind)),
    zero: Object.fromEntries(list.map(({ key, field }) => [key, isStruct(field) ? undefined : field.zero()])),
  };
}

/** The TypeScript type of a schema's values. */
export type StructOf<S> = S extends { readonly shape?: infer V } ? NonNullable<V> : never;

const stringType: GoType = { kind: "string" };
export const anyType: GoType = { kind: "any" };

export const text = (go: string): Field<string> => ({ go, type: stringType, omitEmpty: true, zero: () => "" });
export const flag = (go: string): Field<boolean> => ({
  go,
  type: { kind: "bool" },
  omitEmpty: true,
  zero: () => false,
});
export const integer = (go: string): Field<number> => ({ go, type: { kind: "int" }, omitEmpty: true, zero: () => 0 });

function pointer<T>(go: string, to: GoType): Field<Pointer<T> | undefined> {
  return { go, type: { kind: "pointer", to }, omitEmpty: true, zero: () => undefined };
}
export const textPointer = (go: string): Field<Pointer<string> | undefined> => pointer(go, stringType);
export const flagPointer = (go: string): Field<Pointer<boolean> | undefined> => pointer(go, { kind: "bool" });
export const integerPointer = (go: string): Field<Pointer<number> | undefined> => pointer(go, { kind: "int" });
export const floatPointer = (go: string): Field<Pointer<number> | undefined> => pointer(go, { kind: "float32" });
export const structPointer = <S extends StructSchema>(go: string, schema: S): Field<Pointer<StructOf<S>> | undefined> =>
  pointer(go, { kind: "struct", schema });

export const texts = (go: string): Field<string[] | undefined> => ({
  go,
  type: { kind: "slice", of: stringType },
  omitEmpty: true,
  zero: () => undefined,
});
export const anything = (go: string): Field<GoValue[] | undefined> => ({
  go,
  type: { kind: "slice", of: anyType },
  omitEmpty: true,
  zero: () => undefined,
});
export const textMap = (go: string): Field<Map<string, string> | undefined> => ({
  go,
  type: { kind: "map", of: stringType },
  omitEmpty: true,
  zero: () => undefined,
});
export const valueMap = (go: string): Field<Map<string, GoValue> | undefined> => ({
  go,
  type: { kind: "map", of: anyType },
  omitEmpty: true,
  zero: () => undefined,
});

export function structs<S extends StructSchema>(
  go: string,
  schema: S,
  name?: string,
): Field<StructOf<S>[] | undefined> {
  return {
    go,
    type: { kind: "slice", of: { kind: "struct", schema }, ...(name === undefined ? {} : { name }) },
    omitEmpty: true,
    zero: () => undefined,
  };
}
export function structMap<S extends StructSchema>(go: string, schema: S): Field<Map<string, StructOf<S>> | undefined> {
  return { go, type: { kind: "map", of: { kind: "struct", schema } }, omitEmpty: true, zero: () => undefined };
}
export function nested<S extends StructSchema>(go: string, schema: S): Field<StructOf<S>> {
  return { go, type: { kind: "struct", schema }, omitEmpty: true, zero: () => zeroStruct(schema) as StructOf<S> };
}

/** The field without `omitempty`. */
export function kept<T>(field: Field<T>): Field<T> {
  return { ...field, omitEmpty: false };
}
/** The field tagged `yaml:"-"`. */
export function hidden<T>(field: Field<T>): Field<T> {
  return { ...field, hidden: true };
}

/** A value with every field at Go's zero. */
export function zeroStruct<S extends StructSchema>(schema: S): StructOf<S> {
  const out: Struct = { ...schema.zero };
  for (const { key, field } of schema.composite) if (isStruct(field)) out[key] = field.zero();
  return out as StructOf<S>;
}

/** The type as Go's reflect prints it. */
export function goTypeText(type: GoType): string {
  switch (type.kind) {
    case "any":
      return "interface {}";
    case "pointer":
      return `*${goTypeText(type.to)}`;
    case "slice":
      return type.name ?? `[]${goTypeText(type.of)}`;
    case "map":
      return type.name ?? `map[string]${goTypeText(type.of)}`;
    case "struct":
      return type.schema.name;
    default:
      return type.kind;
  }
}

/** go-yaml's `isZero`, which `omitempty` asks. Structs are zero when all their fields are. */
export function isZero(type: GoType, value: unknown): boolean {
  switch (type.kind) {
    case "string":
      return value === "";
    case "bool":
      return value === false;
    case "int":
    case "float32":
      return value === 0;
    case "any":
      return value === null;
    case "pointer":
      return value === undefined;
    case "slice":
      return value === undefined || (value as unknown[]).length === 0;
    case "map":
      return value === undefined || (value as Map<string, unknown>).size === 0;
    case "struct": {
      const struct = value as Struct;
      for (const { key, field } of type.schema.list) if (!isZero(field.type, struct[key])) return false;
      return true;
    }
  }
}
