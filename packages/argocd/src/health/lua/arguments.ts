import type { LuaState } from "./state.ts";
import { LuaTable } from "./table.ts";
import { parseLuaNumber, toInt64 } from "./number.ts";
import { LuaFunction, LuaUserData, luaType, type LuaType, type LuaValue } from "./value.ts";

/** The arguments of a library function, with gopher-lua's checks (auxlib.go) and messages. Positions are 1-based. */
export class Arguments {
  readonly state: LuaState;
  readonly values: readonly LuaValue[];
  private readonly name: string;
  /** Messages name the function as the call that is just made does. */
  constructor(state: LuaState, values: readonly LuaValue[]) {
    this.state = state;
    this.name = state.calledAs;
    this.values = values;
  }

  get count(): number {
    return this.values.length;
  }

  get(position: number): LuaValue {
    return this.values[position - 1];
  }

  fail(position: number, message: string): never {
    return this.state.raise(`bad argument #${position} to ${this.name} (${message})`);
  }

  private wrongType(position: number, wanted: LuaType): never {
    return this.fail(position, `${wanted} expected, got ${luaType(this.get(position))}`);
  }

  any(position: number): LuaValue {
    return position > this.count ? this.fail(position, "value expected") : this.get(position);
  }

  integer(position: number): number {
    const value = this.get(position);
    return typeof value === "number" ? Number(toInt64(value)) : this.wrongType(position, "number");
  }

  optionalInteger(position: number, otherwise: number): number {
    return this.get(position) === undefined ? otherwise : this.integer(position);
  }

  number(position: number): number {
    const value = this.get(position);
    if (typeof value === "number") return value;
    const read = typeof value === "string" ? parseLuaNumber(value) : undefined;
    return read ?? this.wrongType(position, "number");
  }

  string(position: number): string {
    const value = this.get(position);
    if (typeof value === "string") return value;
    return typeof value === "number" ? this.state.rawText(value) : this.wrongType(position, "string");
  }

  optionalString(position: number, otherwise: string): string {
    const value = this.get(position);
    if (value === undefined) return otherwise;
    return typeof value === "string" ? value : this.wrongType(position, "string");
  }

  table(position: number): LuaTable {
    const value = this.get(position);
    return value instanceof LuaTable ? value : this.wrongType(position, "table");
  }

  function(position: number): LuaFunction {
    const value = this.get(position);
    return value instanceof LuaFunction ? value : this.wrongType(position, "function");
  }

  userData(position: number): LuaUserData {
    const value = this.get(position);
    return value instanceof LuaUserData ? value : this.wrongType(position, "userdata");
  }

  oneOf(position: number, ...types: readonly LuaType[]): LuaValue {
    const value = this.get(position);
    if (!types.includes(luaType(value))) this.fail(position, `${types.join(" or ")} expected, got ${luaType(value)}`);
    return value;
  }
}

export type LibraryFunction = (args: Arguments) => readonly LuaValue[];

/** Functions by name as Lua functions in `target`. */
export function addFunctions(target: LuaTable, functions: Readonly<Record<string, LibraryFunction>>): LuaTable {
  for (const [name, run] of Object.entries(functions)) {
    target.set(name, new LuaFunction((state, values) => run(new Arguments(state, values))));
  }
  return target;
}

/** Functions that exist upstream but not here: calling one says so. */
export function addUnsupported(target: LuaTable, library: string, names: readonly string[]): void {
  for (const name of names) {
    const full = library === "" ? name : `${library}.${name}`;
    addFunctions(target, { [name]: (args) => args.state.raise(`unsupported: ${full}`) });
  }
}
