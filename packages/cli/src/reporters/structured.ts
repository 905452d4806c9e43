import { fromByteString } from "@tiphys/gotemplate";
import { fromPlain, writeYamlV3 } from "@tiphys/source";
import { UserError } from "../command.ts";

/** JSON with two blanks of indentation and a final line feed. Maps become objects, sets arrays. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, replaceCollections, 2)}\n`;
}

/** The same data as YAML. */
export function yamlText(value: unknown): string {
  return fromByteString(writeYamlV3(fromPlain(JSON.parse(jsonText(value)))));
}

function replaceCollections(_key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  return value;
}

/** Checks `-o` against what a command can print. Throws `UserError`. */
export function outputFormat<Format extends string>(asked: unknown, known: readonly Format[]): Format {
  const format = asked === undefined ? known[0] : asked;
  if (!known.includes(format as Format))
    throw new UserError(`error: unknown output format "${String(asked)}": use one of ${known.join(", ")}`);
  return format as Format;
}
