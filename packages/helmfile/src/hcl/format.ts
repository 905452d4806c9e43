import { formatGo } from "@tiphys/gotemplate";
import { HclError, isList, isObject, toBoolean, toNumber, toText } from "./value.ts";
import type { HclValue } from "./value.ts";
import type { Work } from "./work.ts";

const verbs = /%(?:%|([ +0#-]*)(\d+|\*)?(?:\.(\d+))?(?:\[(\d+)\])?([a-zA-Z]))/g;

/** go-cty's `format`: Go's verbs over HCL values. Throws `HclError`. */
export function formatText(format: string, args: readonly HclValue[], work: Work): string {
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
      work.takes(Number(width ?? "0") + Number(precision ?? "0"));
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
    case "f":
      return signed(toNumber(value), fixedText(toNumber(value), precision ?? 6));
    case "e":
    case "E":
      return signed(toNumber(value), formatGo(`%.${precision ?? 6}${verb}`, [toNumber(value)]));
    case "g":
    case "G":
      return signed(
        toNumber(value),
        formatGo(`%${precision === undefined ? "" : `.${precision}`}${verb}`, [toNumber(value)]),
      );
    default:
      throw new HclError(`unsupported format verb '${verb}' in "%${verb}" at offset 0`);
  }
}

/** Bits of cty's numbers, which are read from what is written and not from a float64. */
const numberBits = 512;

/** `%.2f` of a number of 512 bits: what lies in the middle goes to where those bits lie, and to the even digit where they lie there exactly. */
function fixedText(value: number, precision: number): string {
  const [, sign, whole, part = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e(.+))?$/.exec(String(value))!;
  const digits = BigInt(whole + part);
  const scale = Number(exponent) - part!.length + precision;
  if (scale >= 0) return `${sign}${withPoint(digits * 10n ** BigInt(scale), precision)}`;
  const unit = 10n ** BigInt(-scale);
  const rest = (digits % unit) * 2n;
  const down = digits / unit;
  const isUp = rest === unit ? (roundingOf(digits, unit * 10n ** BigInt(precision)) ?? down % 2n === 1n) : rest > unit;
  return `${sign}${withPoint(isUp ? down + 1n : down, precision)}`;
}

/** Whether 512 bits of a fraction are more than it; undefined when they are equal. */
function roundingOf(numerator: bigint, denominator: bigint): boolean | undefined {
  const excess = numerator.toString(2).length - denominator.toString(2).length;
  let shift = BigInt(numberBits - excess);
  if ((numerator << shift) / denominator >= 1n << BigInt(numberBits)) shift -= 1n;
  const rest = (numerator << shift) % denominator;
  return rest === 0n ? undefined : rest * 2n > denominator;
}

function withPoint(digits: bigint, precision: number): string {
  const text = String(digits).padStart(precision + 1, "0");
  return precision === 0 ? text : `${text.slice(0, -precision)}.${text.slice(-precision)}`;
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
