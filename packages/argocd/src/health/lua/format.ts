import { goFloatText, luaNumberText, parseLuaNumber } from "./number.ts";
import type { LuaState } from "./state.ts";
import type { LuaValue } from "./value.ts";

/** `string.format`, which in gopher-lua is Go's fmt.Sprintf on Lua values. Flags `+-# 0`, width and precision. */

/** Wider fields than this are hostile; Go itself stops at a million. */
const maxWidth = 1_000_000;

export function formatGo(state: LuaState, pattern: string, values: readonly LuaValue[]): string {
  let next = 0;
  return pattern.replace(
    /%([-+# 0]*)([0-9]*)(?:\.([0-9]*))?(.?)/gs,
    (_, flags: string, width: string, precision: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      if (verb === "") return "%!(NOVERB)";
      if (next >= values.length) return `%!${verb}(MISSING)`;
      const value = values[next++];
      const size = Number(width || 0);
      if (size > maxWidth || Number(precision || 0) > maxWidth) state.raise("unsupported: a field wider than 1000000");
      return pad(
        formatOne(state, verb, value, {
          flags,
          precision: precision === undefined ? undefined : Number(precision || 0),
        }),
        flags,
        size,
        verb,
      );
    },
  );
}

interface Options {
  readonly flags: string;
  readonly precision: number | undefined;
}

function formatOne(state: LuaState, verb: string, value: LuaValue, options: Options): string {
  if (typeof value === "number") return formatNumber(verb, value, options);
  const text = state.rawText(value);
  if (verb === "q" && typeof value === "string") return quote(text);
  if (verb === "x" && typeof value === "string")
    return Array.from(text, (char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  if (typeof value === "string" && (verb === "d" || verb === "i")) {
    // Upstream's test is the wrong way round: a string that is a number prints as it is, any other as 0.
    return parseLuaNumber(text) === undefined ? "0" : text;
  }
  if (verb === "s" || verb === "v" || verb === "t")
    return options.precision === undefined ? text : text.slice(0, options.precision);
  return `%!${verb}(${goTypeName(value)}=${text})`;
}

function goTypeName(value: LuaValue): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "lua.LBool";
  return value === undefined ? "*lua.LNilType" : "*lua.LTable";
}

function formatNumber(verb: string, value: number, { flags, precision }: Options): string {
  const plus = flags.includes("+") && !(value < 0) ? "+" : flags.includes(" ") && !(value < 0) ? " " : "";
  const integer = BigInt(Number.isFinite(value) ? Math.trunc(value) : 0);
  switch (verb) {
    case "d":
    case "i": {
      const digits = (integer < 0n ? -integer : integer).toString().padStart(precision ?? 0, "0");
      return plus + (integer < 0n ? `-${digits}` : digits);
    }
    case "s":
    case "v":
      return luaNumberText(value);
    case "q":
      return quote(luaNumberText(value));
    case "x":
      return plus + integer.toString(16);
    case "X":
      return plus + integer.toString(16).toUpperCase();
    case "o":
      return plus + integer.toString(8);
    case "b":
      return plus + integer.toString(2);
    case "c":
      return String.fromCodePoint(Number(integer) % 0x110000);
    case "f":
    case "F":
      return plus + fixed(value, precision ?? 6);
    case "e":
    case "E": {
      const text = value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, "e$10$2");
      return plus + (verb === "E" ? text.toUpperCase() : text);
    }
    case "g":
    case "G":
      return (
        plus +
        (precision === undefined ? goFloatText(value) : String(Number(value.toPrecision(Math.max(1, precision)))))
      );
    default:
      return `%!${verb}(lua.LNumber=${luaNumberText(value)})`;
  }
}

function fixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return goFloatText(value);
  return Math.abs(value) < 1e21
    ? value.toFixed(Math.min(100, precision))
    : `${BigInt(Math.trunc(value))}${precision > 0 ? `.${"0".repeat(precision)}` : ""}`;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r")}"`;
}

function pad(text: string, flags: string, width: number, verb: string): string {
  if (text.length >= width) return text;
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0") || verb === "s" || verb === "v" || verb === "q") return text.padStart(width);
  const sign = /^[+-]/.test(text) ? (text[0] as string) : "";
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}
