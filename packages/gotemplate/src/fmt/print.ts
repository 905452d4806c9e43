// Mirrors Sprintf, Sprint and Sprintln of fmt/print.go, Go 1.26.
import { limited } from "../output-limit.ts";
import { goKind, goTypeName } from "../reflect.ts";
import { formatFloat } from "../strconv/ftoa.ts";
import { decodeRune, encodeRune } from "../strconv/utf8.ts";
import { GoNumber } from "../value.ts";
import type { GoValue } from "../value.ts";
import { Flags, noFlags } from "./format.ts";
import { Printer } from "./printer.ts";

/** Go refuses widths and precisions beyond this. */
const largestNumber = 1e6;

/** A value as `%v` prints it: what a template prints, except for nil. */
export function printValue(value: GoValue): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return formatFloat(value);
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "true" : "false";
  }
  // A printer of its own, for an error inside one may leave it half-way.
  return value === null ? "<nil>" : new Printer(noFlags).operand(value, "v");
}

/** Go's `fmt.Sprint`: a space between two operands when neither is a string. */
export function sprint(args: readonly GoValue[]): string {
  let out = "";
  let previousIsString = false;
  for (let i = 0; i < args.length; i++) {
    const isString = goKind(args[i]) === "string";
    if (i > 0 && !isString && !previousIsString) out += " ";
    out += printValue(args[i]!);
    previousIsString = isString;
  }
  return limited(out);
}

/** Go's `fmt.Sprintln`. */
export function sprintln(args: readonly GoValue[]): string {
  return limited(args.map(printValue).join(" ") + "\n");
}

/** One reading of a format string: where it stands and which operand comes next. */
class Formatting {
  readonly #format: string;
  readonly #args: readonly GoValue[];
  #at = 0;
  #argument = 0;
  #reordered = false;
  #goodIndex = true;
  #afterIndex = false;
  #out = "";

  constructor(format: string, args: readonly GoValue[]) {
    this.#format = format;
    this.#args = args;
  }

  run(): string {
    const format = this.#format;
    while (this.#at < format.length) {
      const percent = format.indexOf("%", this.#at);
      if (percent < 0) {
        this.#out += format.slice(this.#at);
        break;
      }
      this.#out += format.slice(this.#at, percent);
      this.#at = percent + 1;
      this.#verb();
    }
    if (!this.#reordered && this.#argument < this.#args.length) this.#extra();
    return this.#out;
  }

  #verb(): void {
    const format = this.#format;
    const first = format.charCodeAt(this.#at);
    // `%s`, `%d`, … without flags; %v and %w go the long way round.
    if (first >= 97 && first <= 122 && this.#argument < this.#args.length) {
      this.#at++;
      const arg = this.#args[this.#argument++]!;
      this.#out +=
        first === 115 && typeof arg === "string" ? arg : new Printer(noFlags).operand(arg, format[this.#at - 1]!);
      return;
    }
    this.#goodIndex = true;
    this.#afterIndex = false;
    const flags = new Flags();
    this.#readFlags(flags);
    this.#readIndex();
    this.#readWidth(flags);
    this.#readPrecision(flags);
    if (!this.#afterIndex) this.#readIndex();
    if (this.#at >= format.length) {
      this.#out += "%!(NOVERB)";
      return;
    }
    const decoded = decodeRune(format, this.#at);
    // An invalid byte shows as U+FFFD.
    const verb = encodeRune(decoded >> 3);
    this.#at += decoded & 7;
    if (verb === "%") this.#out += "%";
    else if (!this.#goodIndex) this.#out += `%!${verb}(BADINDEX)`;
    else if (this.#argument >= this.#args.length) this.#out += `%!${verb}(MISSING)`;
    else this.#operand(flags, verb);
  }

  #operand(flags: Flags, verb: string): void {
    if (verb === "v" || verb === "w") {
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plusV = flags.plus;
      flags.plus = false;
    }
    this.#out += new Printer(flags).operand(this.#args[this.#argument++]!, verb);
  }

  #readFlags(flags: Flags): void {
    for (; ; this.#at++) {
      switch (this.#format[this.#at]) {
        case "#":
          flags.sharp = true;
          break;
        case "0":
          flags.zero = true;
          break;
        case "+":
          flags.plus = true;
          break;
        case "-":
          flags.minus = true;
          break;
        case " ":
          flags.space = true;
          break;
        default:
          return;
      }
    }
  }

  /** `[n]` */
  #readIndex(): void {
    this.#afterIndex = false;
    if (this.#format[this.#at] !== "[") return;
    this.#reordered = true;
    const rest = this.#format.slice(this.#at);
    const close = rest.length < 3 ? -1 : rest.indexOf("]");
    if (close < 0) {
      this.#goodIndex = false;
      this.#at += 1;
      return;
    }
    this.#at += close + 1;
    const digits = rest.slice(1, close);
    const index = /^\d+$/.test(digits) ? parseNumber(digits) : undefined;
    if (index === undefined) {
      this.#goodIndex = false;
      return;
    }
    this.#afterIndex = true;
    if (index >= 1 && index <= this.#args.length) this.#argument = index - 1;
    else this.#goodIndex = false;
  }

  #readWidth(flags: Flags): void {
    if (this.#format[this.#at] === "*") {
      this.#at++;
      const width = this.#integerArgument();
      if (width === undefined) this.#out += "%!(BADWIDTH)";
      else if (width < 0) {
        flags.width = -width;
        flags.minus = true;
        flags.zero = false;
      } else flags.width = width;
      this.#afterIndex = false;
      return;
    }
    flags.width = this.#readNumber();
    if (this.#afterIndex && flags.width !== undefined) this.#goodIndex = false;
  }

  #readPrecision(flags: Flags): void {
    if (this.#at + 1 >= this.#format.length || this.#format[this.#at] !== ".") return;
    this.#at++;
    if (this.#afterIndex) this.#goodIndex = false;
    this.#readIndex();
    if (this.#format[this.#at] === "*") {
      this.#at++;
      const precision = this.#integerArgument();
      if (precision === undefined || precision < 0) this.#out += "%!(BADPREC)";
      else flags.precision = precision;
      this.#afterIndex = false;
      return;
    }
    flags.precision = this.#readNumber() ?? 0;
  }

  /** Digits at the place; a number that is too large swallows the rest of the format, as in Go. */
  #readNumber(): number | undefined {
    const digits = /^\d*/.exec(this.#format.slice(this.#at, this.#at + 9))![0];
    if (digits === "") return undefined;
    const number = parseNumber(digits);
    this.#at = number === undefined ? this.#format.length : this.#at + digits.length;
    return number;
  }

  /** The operand of `*`; undefined when it is no integer of sensible size. */
  #integerArgument(): number | undefined {
    if (this.#argument >= this.#args.length) return undefined;
    const arg = this.#args[this.#argument++]!;
    const value = arg instanceof GoNumber ? arg.value : arg;
    if (typeof value !== "bigint") return undefined;
    const number = Number(value);
    return Math.abs(number) > largestNumber ? undefined : number;
  }

  #extra(): void {
    const texts = this.#args.slice(this.#argument).map((arg) => {
      return arg === null ? "<nil>" : `${goTypeName(arg)}=${printValue(arg)}`;
    });
    this.#out += `%!(EXTRA ${texts.join(", ")})`;
  }
}

/** Go's parsenum: gives up once the number so far exceeds a million and another digit follows. */
function parseNumber(digits: string): number | undefined {
  let number = 0;
  for (const digit of digits) {
    if (number > largestNumber) return undefined;
    number = number * 10 + Number(digit);
  }
  return number;
}

/** Go's `fmt.Sprintf`. */
export function formatGo(format: string, args: readonly GoValue[]): string {
  return new Formatting(format, args).run();
}
