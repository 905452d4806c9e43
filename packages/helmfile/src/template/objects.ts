import { define, GoMap, GoObject, typedSlice } from "@tiphys/gotemplate";
import type { GoFunction, GoKind, GoValue } from "@tiphys/gotemplate";
import type { GoType, Pointer, Struct, StructSchema } from "../spec/schema.ts";

/** A Go struct made of named fields, for a template's dot. */
export class FieldsObject extends GoObject {
  readonly goType: string;
  readonly goKind: GoKind;
  readonly #fields: ReadonlyMap<string, GoValue | (() => GoValue)>;
  constructor(goType: string, fields: Readonly<Record<string, GoValue | (() => GoValue)>>, kind: GoKind = "struct") {
    super();
    this.goType = goType;
    this.goKind = kind;
    this.#fields = new Map(Object.entries(fields));
  }
  override goField(name: string): GoValue | undefined {
    const field = this.#fields.get(name);
    return typeof field === "function" ? (field as () => GoValue)() : field;
  }
  override goFieldNames(): readonly string[] {
    return [...this.#fields.keys()];
  }
}

/** A struct of helmfile's own (`state.ReleaseSpec`) for templates: fields by Go name. */
export class StructObject extends GoObject {
  readonly goType: string;
  readonly goKind: GoKind;
  readonly #byName = new Map<string, GoValue>();
  constructor(schema: StructSchema, value: Struct, isPointer = false) {
    super();
    this.goType = isPointer ? `*${schema.name}` : schema.name;
    this.goKind = isPointer ? "ptr" : "struct";
    for (const [key, field] of schema.fields) this.#byName.set(field.go, toGoValue(field.type, value[key]));
  }
  override goField(name: string): GoValue | undefined {
    return this.#byName.get(name);
  }
  override goFieldNames(): readonly string[] {
    return [...this.#byName.keys()];
  }
}

/** A typed value of a struct as a template sees it. */
export function toGoValue(type: GoType, value: unknown): GoValue {
  switch (type.kind) {
    case "int":
      return BigInt(value as number);
    case "pointer":
      return value === undefined ? null : toGoValue(type.to, (value as Pointer<unknown>).value);
    case "slice": {
      const items = ((value ?? []) as unknown[]).map((item) => toGoValue(type.of, item));
      return type.of.kind === "any"
        ? items
        : typedSlice(
            type.of.kind === "string"
              ? "[]string"
              : `[]${type.of.kind === "struct" ? type.of.schema.name : type.of.kind}`,
            items,
          );
    }
    case "map": {
      const entries = [...((value ?? new Map()) as Map<string, unknown>)].map(
        ([key, item]) => [key, toGoValue(type.of, item)] as const,
      );
      return type.of.kind === "any" ? new Map(entries) : new GoMap("map[string]string", entries, value === undefined);
    }
    case "struct":
      return new StructObject(type.schema, value as Struct);
    default:
      return value as GoValue;
  }
}

/** What `readDirEntries` lists: Go's `fs.DirEntry`. */
export class DirectoryEntry extends GoObject {
  readonly goType = "*os.unixDirent";
  readonly goKind = "ptr" as const;
  readonly #methods: ReadonlyMap<string, GoFunction>;
  readonly #text: string;
  constructor(name: string, isDirectory: boolean) {
    super();
    this.#text = isDirectory ? `d ${name}/` : `- ${name}`;
    this.#methods = new Map([
      ["Name", define("Name", "func() string", () => name)],
      ["IsDir", define("IsDir", "func() bool", () => isDirectory)],
      ["Type", define("Type", "func() string", () => (isDirectory ? "d---------" : "----------"))],
      ["String", define("String", "func() string", () => this.#text)],
    ]);
  }
  override goMethod(name: string): GoFunction | undefined {
    return this.#methods.get(name);
  }
  override goString(): string {
    return this.#text;
  }
}
