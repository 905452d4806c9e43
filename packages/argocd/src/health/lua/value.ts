import type { LuaState } from "./state.ts";
import { LuaTable } from "./table.ts";

/** Lua values: nil is `undefined`, every number a float, every string a byte string. */
export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction;

/** A function of the script or of a library. */
export class LuaFunction {
  /** For messages about functions of libraries. */
  readonly name: string;
  readonly call: (state: LuaState, args: readonly LuaValue[]) => readonly LuaValue[];
  constructor(name: string, call: (state: LuaState, args: readonly LuaValue[]) => readonly LuaValue[]) {
    this.name = name;
    this.call = call;
  }
}

export type LuaType = "nil" | "boolean" | "number" | "string" | "table" | "function";

export function luaType(value: LuaValue): LuaType {
  if (value === undefined) return "nil";
  if (value instanceof LuaTable) return "table";
  if (value instanceof LuaFunction) return "function";
  return typeof value as "boolean" | "number" | "string";
}

export function isTruthy(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}
