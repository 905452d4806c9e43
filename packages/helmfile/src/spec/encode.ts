import type { GoValue } from "@tiphys/gotemplate";
import { toGoValue } from "../template/objects.ts";
import type { YamlCodec } from "../session/yaml-codec.ts";
import { isZero } from "./schema.ts";
import type { Field, GoType, Pointer, Struct, StructSchema } from "./schema.ts";

/** A struct as go-yaml marshals it: fields in order of declaration, maps sorted, two columns of indentation. */
export function encodeStruct(codec: YamlCodec, schema: StructSchema, value: Struct): string {
  return structLines(codec, schema, value)
    .map((line) => `${line}\n`)
    .join("");
}

function structLines(codec: YamlCodec, schema: StructSchema, value: Struct): string[] {
  const lines: string[] = [];
  for (const [key, field] of schema.fields) {
    if (isLeftOut(field, value[key])) continue;
    lines.push(...entryLines(codec, key, key, field.type, value[key]));
  }
  return lines.length === 0 ? ["{}"] : lines;
}

function isLeftOut(field: Field, value: unknown): boolean {
  return field.hidden === true || (field.omitEmpty && isZero(field.type, value));
}

/** `key: value`; `shownKey` is the key as YAML writes it. */
function entryLines(codec: YamlCodec, key: string, shownKey: string, type: GoType, value: unknown): string[] {
  switch (type.kind) {
    case "pointer":
      if (value === undefined) return [`${shownKey}: null`];
      return entryLines(codec, key, shownKey, type.to, (value as Pointer<unknown>).value);
    case "struct":
      return nest(shownKey, structLines(codec, type.schema, value as Struct));
    case "slice":
      if (type.of.kind === "struct") return sequenceLines(codec, shownKey, type.of.schema, (value ?? []) as Struct[]);
      break;
    case "map":
      if (type.of.kind === "struct")
        return mapLines(codec, shownKey, type.of, (value ?? new Map()) as Map<string, unknown>);
      break;
    default:
      break;
  }
  return linesOf(codec.marshal(new Map([[key, toGoValue(type, value)]])));
}

function nest(shownKey: string, lines: string[]): string[] {
  return lines.length === 1 && lines[0] === "{}" ? [`${shownKey}: {}`] : [`${shownKey}:`, ...lines.map(indent)];
}

function sequenceLines(codec: YamlCodec, shownKey: string, schema: StructSchema, items: readonly Struct[]): string[] {
  if (items.length === 0) return [`${shownKey}: []`];
  const entries = items.flatMap((item) =>
    structLines(codec, schema, item).map((line, index) => (index === 0 ? `- ${line}` : indent(line))),
  );
  return [`${shownKey}:`, ...(codec.indentsSequences ? entries.map(indent) : entries)];
}

function mapLines(codec: YamlCodec, shownKey: string, of: GoType, map: ReadonlyMap<string, unknown>): string[] {
  if (map.size === 0) return [`${shownKey}: {}`];
  const keyByText = new Map([...map.keys()].map((key) => [keyText(codec, key), key]));
  const ordered = linesOf(codec.marshal(new Map([...map.keys()].map((key) => [key, null as GoValue])))).map((line) =>
    line.slice(0, -": null".length),
  );
  const lines = ordered.flatMap((text) => {
    const key = keyByText.get(text)!;
    return entryLines(codec, key, text, of, map.get(key));
  });
  return [`${shownKey}:`, ...lines.map(indent)];
}

function keyText(codec: YamlCodec, key: string): string {
  return linesOf(codec.marshal(new Map([[key, null as GoValue]])))[0]!.slice(0, -": null".length);
}

function indent(line: string): string {
  return line === "" ? line : `  ${line}`;
}

function linesOf(text: string): string[] {
  return text.split("\n").slice(0, -1);
}
