import { HclError, isList, isObject, toBoolean, toNumber, toText } from "./value.ts";
import type { HclValue } from "./value.ts";

const verbs = /%(?:%|([ +0#-]*)(\d+|\*)?(?:\.(\d+))?(?:\[(\d+)\])?([a-zA-Z]))/g;

/** go-cty's `format`: Go's verbs over HCL values. Throws `HclError`. */
export function formatText(format: string, args: readonly HclValue[]): string {
  let next = 0;
  let highest = 0;
  const out = format.replaceAll(
    verbs,
    (
      all,
      flags: string | undefined,
      width: string | undefined,
      precision: string | undefined,
      position: string | undefined,
      verb: string | undefined,
    ) => {
      if (verb === undefined) return "%";
      const index = position === undefined ? next : Number(position) - 1;
      next = index + 1;
      highest = Math.max(highest, next);
      if (index >= args.length)
        throw new HclError(`not enough arguments for "${all}" at 0: need index ${index} but have ${args.length} total`);
      const text = fitting(all, () =>
        formatOne(verb, args[index]!, {
          flags: flags ?? "",
          precision: precision === undefined ? undefined : Number(precision),
        }),
      );
      return pad(text, flags ?? "", Number(width ?? "0"));
    },
  );
  if (highest < args.length) throw new HclError(`too many arguments; only ${highest} used by format string`);
  return out;
}

function fitting(verb: string, format: () => string): string {
  try {
    return format();
  } catch (error) {
    if (!(error instanceof HclError) || error.message.startsWith("unsupported")) throw error;
    throw new HclError(`unsupported value for "${verb}" at 0: ${error.message}`);
  }
}

interface Style {
  readonly flags: string;
  readonly precision: number | undefined;
}

function formatOne(verb: string, value: HclValue, { flags, precision }: Style): string {
  const signed = (n: number, text: string): string => (n >= 0 && flags.includes("+") ? `+${text}` : text);
  switch (verb) {
    case "v":
      return isList(value) || isObject(value) || value === null
        ? jsonText(value)
        : flags.includes("#")
          ? JSON.stringify(value)
          : toText(value);
    case "s":
      return precision === undefined ? toText(value) : [...toText(value)].slice(0, precision).join("");
    case "q":
      return JSON.stringify(toText(value));
    case "t":
      return String(toBoolean(value));
    case "d":
      return signed(toNumber(value), BigInt(Math.trunc(toNumber(value))).toString());
    case "b":
    case "o":
    case "x":
    case "X": {
      const text = BigInt(Math.trunc(toNumber(value))).toString({ b: 2, o: 8, x: 16, X: 16 }[verb]);
      return verb === "X" ? text.toUpperCase() : text;
    }
    case "e":
    case "E": {
      const text = toNumber(value)
        .toExponential(precision ?? 6)
        .replace(/e([+-])(\d)$/, "e$10$2");
      return verb === "E" ? text.toUpperCase() : text;
    }
    case "f":
      return signed(toNumber(value), toNumber(value).toFixed(precision ?? 6));
    case "g":
    case "G":
      return signed(
        toNumber(value),
        precision === undefined ? toText(toNumber(value)) : String(Number(toNumber(value).toPrecision(precision))),
      );
    default:
      throw new HclError(`unsupported format verb '${verb}' in "%${verb}" at offset 0`);
  }
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  const sign = /^[-+]/.exec(text)?.[0] ?? "";
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}

/** cty's JSON: no blanks, `<`, `>` and `&` as they are. */
export function jsonText(value: HclValue): string {
  if (isList(value)) return `[${value.map(jsonText).join(",")}]`;
  if (isObject(value))
    return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`).join(",")}}`;
  return typeof value === "number" ? toText(value) : JSON.stringify(value);
}
