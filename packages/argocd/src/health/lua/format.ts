import { formatGo, GoNumber, GoObject, type GoKind, type GoValue } from "@tiphys/gotemplate";
import { luaNumberText, parseLuaNumber, toInt64 } from "./number.ts";
import type { LuaState } from "./state.ts";
import { luaType, type LuaValue } from "./value.ts";

/**
 * `string.format` of gopher-lua v1.1.2 (stringlib.go strFormat): Go's fmt.Sprintf on Lua values, which print by methods of their own
 * (value.go Format and String). No more operands are handed on than the pattern has signs of percent, two in a row counting as one.
 */
export function formatLua(state: LuaState, pattern: string, values: readonly LuaValue[]): string {
  const percents = (pattern.match(/%/g) ?? []).length - (pattern.match(/%%/g) ?? []).length;
  const widths = pattern.match(/[0-9]+/g) ?? [];
  state.allocate(widths.reduce((sum, digits) => sum + Math.min(Number(digits), 1_000_000), pattern.length));
  const text = formatGo(
    pattern,
    values.slice(0, percents).map((value) => operand(state, value)),
  );
  state.allocate(text.length);
  return text;
}

function operand(state: LuaState, value: LuaValue): GoValue {
  if (typeof value === "string") return new LuaText(value);
  if (typeof value === "number") return new LuaNumber(value);
  if (typeof value === "boolean") return new LuaBoolean(value);
  return new LuaPointer(state, value);
}

class LuaText extends GoObject {
  readonly goType = "lua.LString";
  readonly goKind: GoKind = "string";
  readonly #text: string;
  constructor(text: string) {
    super();
    this.#text = text;
  }
  override goUnderlying(): GoValue {
    return this.#text;
  }
  /** Upstream's test is the wrong way round: a text that is a number prints as it is under `%d`, any other as 0. */
  override goFormat(options: string, verb: string): string {
    if (verb !== "d" && verb !== "i") return formatGo(`%${options}${verb}`, [this.#text]);
    return parseLuaNumber(this.#text) === undefined
      ? new LuaNumber(0).goFormat(options, "d")
      : formatGo(`%${options}s`, [this.#text]);
  }
}

class LuaNumber extends GoObject {
  readonly goType = "lua.LNumber";
  readonly goKind: GoKind = "float64";
  readonly #value: number;
  constructor(value: number) {
    super();
    this.#value = value;
  }
  override goUnderlying(): GoValue {
    return this.#value;
  }
  override goFormat(options: string, verb: string): string {
    const value = this.#value;
    if ("qs".includes(verb)) return formatGo(`%${options}${verb}`, [luaNumberText(value)]);
    const integer = new GoNumber("int64", toInt64(value));
    if ("bcdoxXU".includes(verb)) return formatGo(`%${options}${verb}`, [integer]);
    if (verb === "i") return formatGo(`%${options}d`, [integer]);
    const isFloat = "eEfFgG".includes(verb) || value !== Number(integer.value);
    return formatGo(`%${options}${verb}`, [isFloat ? value : integer]);
  }
}

class LuaBoolean extends GoObject {
  readonly goType = "lua.LBool";
  readonly goKind: GoKind = "bool";
  readonly #value: boolean;
  constructor(value: boolean) {
    super();
    this.#value = value;
  }
  override goUnderlying(): GoValue {
    return this.#value;
  }
  override goString(): string {
    return String(this.#value);
  }
}

const pointerTypes = {
  nil: "*lua.LNilType",
  table: "*lua.LTable",
  function: "*lua.LFunction",
  userdata: "*lua.LUserData",
} as const;

/** nil, a table, a function: under most verbs Go prints what is inside of its struct, which is nothing for nil. */
class LuaPointer extends GoObject {
  readonly goType: string;
  readonly goKind: GoKind = "ptr";
  readonly #state: LuaState;
  readonly #value: LuaValue;
  constructor(state: LuaState, value: LuaValue) {
    super();
    this.#state = state;
    this.#value = value;
    this.goType = pointerTypes[luaType(value) as keyof typeof pointerTypes];
  }
  override goString(): string {
    return this.#state.rawText(this.#value);
  }
  override goPrintedFields(): readonly (readonly [string, GoValue])[] {
    if (this.#value === undefined) return [];
    return this.#state.raise(`unsupported: string.format with the inside of a ${luaType(this.#value)}`);
  }
}
