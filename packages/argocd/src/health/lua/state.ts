import { pow } from "@tiphys/gotemplate";
import { luaModulo, luaNumberText, parseLuaNumber } from "./number.ts";
import { LuaTable } from "./table.ts";
import { isTruthy, LuaFunction, luaType, type LuaValue } from "./value.ts";

/** A value thrown by `error` or by a fault of the script; `pcall` catches it. */
export class LuaRaise extends Error {
  override readonly name = "LuaRaise";
  readonly value: LuaValue;
  readonly line: number;
  constructor(value: LuaValue, line: number) {
    super(typeof value === "string" ? value : `(error object is a ${luaType(value)} value)`);
    this.value = value;
    this.line = line;
  }
}

/** The script used up its time or memory; `pcall` does not catch it. */
export class LuaLimit extends Error {
  override readonly name = "LuaLimit";
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

export interface LuaLimits {
  /** Statements, calls and units of library work; stands for Argo CD's one second. */
  readonly steps: number;
  /** Bytes of strings and tables made, whether still in use or not. */
  readonly memory: number;
  /** Calls inside calls; gopher-lua's is 256. */
  readonly depth: number;
}

export const defaultLimits: LuaLimits = { steps: 10_000_000, memory: 256 << 20, depth: 256 };

/** A function that a library calls. */
const anonymous = "(anonymous)";

/** Bytes that one place in a table counts for. */
const placeSize = 64;
/** Bytes of a table before anything is in it. */
const tableSize = 256;
const maxMetaLoop = 100;

/** One run of a script: its globals, its position and what it may still use. Messages are gopher-lua v1.1.2's. */
export class LuaState {
  readonly globals = new LuaTable();
  /** Milliseconds since 1970; `os.time` and `os.date` read it. */
  readonly now: number;
  /** The string library, once opened: `("x"):upper()` looks there. */
  stringMetatable: LuaTable | undefined = undefined;
  line = 1;
  /** What the call being made calls its function; for messages of libraries. */
  calledAs = anonymous;
  private steps: number;
  private memory: number;
  private depth = 0;
  private readonly limits: LuaLimits;

  constructor(now: number, limits: LuaLimits = defaultLimits) {
    this.now = now;
    this.limits = limits;
    this.steps = limits.steps;
    this.memory = limits.memory;
  }

  /** Counts work; ends the run when there was too much. */
  work(units: number): void {
    this.steps -= units;
    if (this.steps < 0) throw new LuaLimit(`<string>:${this.line}: context deadline exceeded`, this.line);
  }

  /** Counts memory before it is taken. */
  allocate(bytes: number): void {
    this.memory -= bytes;
    this.work(bytes >> 6);
    if (this.memory < 0) {
      const size = this.limits.memory >> 20;
      throw new LuaLimit(
        `<string>:${this.line}: unsupported: the script needs more than ${size} MiB of memory`,
        this.line,
      );
    }
  }

  /** A new table, counted. */
  table(): LuaTable {
    this.allocate(tableSize);
    return new LuaTable();
  }

  raise(message: string, line = this.line): never {
    throw new LuaRaise(`<string>:${line}: ${message}`, line);
  }

  metamethod(value: LuaValue, event: string): LuaValue {
    if (value instanceof LuaTable) return value.metatable?.get(event);
    return typeof value === "string" ? this.stringMetatable?.get(event) : undefined;
  }

  index(object: LuaValue, key: LuaValue, line: number): LuaValue {
    let current = object;
    for (let loop = 0; loop < maxMetaLoop; loop++) {
      const isTable = current instanceof LuaTable;
      if (isTable) {
        const value = (current as LuaTable).get(key);
        if (value !== undefined) return value;
      }
      const handler = this.metamethod(current, "__index");
      if (handler === undefined) {
        if (!isTable)
          this.raise(`attempt to index a non-table object(${luaType(current)}) with key '${this.rawText(key)}'`, line);
        return undefined;
      }
      if (handler instanceof LuaFunction) return this.call(handler, [current, key], line)[0];
      current = handler;
    }
    return this.raise("too many recursions in gettable", line);
  }

  setIndex(object: LuaValue, key: LuaValue, value: LuaValue, line: number): void {
    let current = object;
    for (let loop = 0; loop < maxMetaLoop; loop++) {
      if (current instanceof LuaTable && current.get(key) !== undefined) return this.rawSet(current, key, value, line);
      const handler = this.metamethod(current, "__newindex");
      if (handler === undefined) {
        if (!(current instanceof LuaTable))
          this.raise(`attempt to index a non-table object(${luaType(current)}) with key '${this.rawText(key)}'`, line);
        return this.rawSet(current as LuaTable, key, value, line);
      }
      if (handler instanceof LuaFunction) {
        this.call(handler, [current, key, value], line);
        return;
      }
      current = handler;
    }
    this.raise("too many recursions in settable", line);
  }

  rawSet(table: LuaTable, key: LuaValue, value: LuaValue, line = this.line): void {
    if (key === undefined) this.raise("table index is nil", line);
    if (typeof key === "number" && Number.isNaN(key)) this.raise("table index is NaN", line);
    const growth = table.growth(key);
    if (growth > 0) this.allocate(growth * placeSize);
    table.set(key, value);
  }

  append(table: LuaTable, value: LuaValue): void {
    this.allocate(placeSize);
    table.append(value);
  }

  /** Whether `call` takes it. */
  isCallable(value: LuaValue): boolean {
    return value instanceof LuaFunction || this.metamethod(value, "__call") instanceof LuaFunction;
  }

  /** Calls with `line` and `name` as the place and the function that messages of libraries name. */
  call(callee: LuaValue, args: readonly LuaValue[], line: number, name = anonymous): readonly LuaValue[] {
    let target = callee;
    let values = args;
    if (!(target instanceof LuaFunction)) {
      const handler = this.metamethod(target, "__call");
      if (!(handler instanceof LuaFunction)) this.raise("attempt to call a non-function object", line);
      values = [target, ...args];
      target = handler;
    }
    if (++this.depth >= this.limits.depth) this.raise("stack overflow", line);
    this.line = line;
    this.calledAs = name;
    this.work(1 + args.length);
    const result = (target as LuaFunction).call(this, values);
    this.line = line;
    this.depth--;
    return result;
  }

  /** Runs `body`; what it raises comes back as the value raised. */
  protect(body: () => readonly LuaValue[]): { readonly values: readonly LuaValue[] } | { readonly raised: LuaValue } {
    const { depth, line } = this;
    try {
      return { values: body() };
    } catch (error) {
      if (!(error instanceof LuaRaise)) throw error;
      this.depth = depth;
      this.line = line;
      return { raised: error.value };
    }
  }

  /** `String()` of a Go LValue: no metamethods. */
  rawText(value: LuaValue): string {
    if (value === undefined) return "nil";
    if (typeof value === "string") return value;
    if (typeof value === "number") return luaNumberText(value);
    if (typeof value === "boolean") return String(value);
    return `${luaType(value)}: 0x0`;
  }

  /** What `tostring` gives: whatever `__tostring` gives where there is one. */
  text(value: LuaValue, line = this.line): LuaValue {
    const handler = this.metamethod(value, "__tostring");
    return handler instanceof LuaFunction ? this.call(handler, [value], line)[0] : this.rawText(value);
  }

  arithmetic(operator: string, left: LuaValue, right: LuaValue, line: number): LuaValue {
    if (typeof left === "number" && typeof right === "number") return numberArithmetic(operator, left, right);
    const event = arithmeticEvents[operator] as string;
    const handler = this.metamethod(left, event) ?? this.metamethod(right, event);
    if (handler instanceof LuaFunction) return this.call(handler, [left, right], line)[0];
    const a = toNumber(left);
    const b = toNumber(right);
    if (typeof a === "number" && typeof b === "number") return numberArithmetic(operator, a, b);
    return this.raise(`cannot perform ${event.slice(2)} operation between ${luaType(a)} and ${luaType(b)}`, line);
  }

  negate(value: LuaValue, line: number): LuaValue {
    if (typeof value === "number") return -value;
    const handler = this.metamethod(value, "__unm");
    if (handler instanceof LuaFunction) return this.call(handler, [value], line)[0];
    const number = typeof value === "string" ? parseLuaNumber(value) : undefined;
    return number === undefined ? this.raise("__unm undefined", line) : -number;
  }

  lengthOf(value: LuaValue, line: number): LuaValue {
    if (typeof value === "string") return value.length;
    const handler = this.metamethod(value, "__len");
    if (handler instanceof LuaFunction) return this.call(handler, [value], line)[0];
    return value instanceof LuaTable ? value.length() : this.raise("__len undefined", line);
  }

  concat(left: LuaValue, right: LuaValue, line: number): LuaValue {
    if (isTextual(left) && isTextual(right)) {
      const text = this.rawText(left) + this.rawText(right);
      this.line = line;
      this.allocate(text.length);
      return text;
    }
    const handler = this.metamethod(left, "__concat") ?? this.metamethod(right, "__concat");
    if (handler instanceof LuaFunction) return this.call(handler, [left, right], line)[0];
    return this.raise(`cannot perform concat operation between ${luaType(left)} and ${luaType(right)}`, line);
  }

  equals(left: LuaValue, right: LuaValue, line: number): boolean {
    if (left === right) return true;
    if (!(left instanceof LuaTable) || !(right instanceof LuaTable)) return false;
    const handler = this.metamethod(left, "__eq");
    if (!(handler instanceof LuaFunction) || handler !== this.metamethod(right, "__eq")) return false;
    return isTruthy(this.call(handler, [left, right], line)[0]);
  }

  lessThan(left: LuaValue, right: LuaValue, line: number): boolean {
    if (typeof left === "number" && typeof right === "number") return left < right;
    if (typeof left === "string" && typeof right === "string") return left < right;
    return (
      this.compareByHandler("__lt", left, right, line) ??
      this.raise(`attempt to compare ${luaType(left)} with ${luaType(right)}`, line)
    );
  }

  lessOrEqual(left: LuaValue, right: LuaValue, line: number): boolean {
    if (typeof left === "number" && typeof right === "number") return left <= right;
    if (typeof left === "string" && typeof right === "string") return left <= right;
    const direct = this.compareByHandler("__le", left, right, line);
    if (direct !== undefined) return direct;
    const reversed = this.compareByHandler("__lt", right, left, line);
    return reversed === undefined
      ? this.raise(`attempt to compare ${luaType(left)} with ${luaType(right)}`, line)
      : !reversed;
  }

  private compareByHandler(event: string, left: LuaValue, right: LuaValue, line: number): boolean | undefined {
    const handler = this.metamethod(left, event);
    if (
      luaType(left) !== luaType(right) ||
      !(handler instanceof LuaFunction) ||
      handler !== this.metamethod(right, event)
    )
      return undefined;
    return isTruthy(this.call(handler, [left, right], line)[0]);
  }
}

const arithmeticEvents: Readonly<Record<string, string>> = {
  "+": "__add",
  "-": "__sub",
  "*": "__mul",
  "/": "__div",
  "%": "__mod",
  "^": "__pow",
};

function numberArithmetic(operator: string, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return luaModulo(left, right);
    default:
      return pow(left, right);
  }
}

function toNumber(value: LuaValue): LuaValue {
  return typeof value === "string" ? (parseLuaNumber(value) ?? value) : value;
}

/** Strings and numbers concatenate. */
export function isTextual(value: LuaValue): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
