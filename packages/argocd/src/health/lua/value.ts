import type { LuaState } from "./state.ts";
import { LuaTable } from "./table.ts";

/** Lua values: nil is `undefined`, every number a float, every string a byte string. */
export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction | LuaUserData;

/** A function of the script or of a library. */
export class LuaFunction {
  readonly call: (state: LuaState, args: readonly LuaValue[]) => readonly LuaValue[];
  constructor(call: (state: LuaState, args: readonly LuaValue[]) => readonly LuaValue[]) {
    this.call = call;
  }
}

/** What a library keeps for itself between calls. */
export class LuaUserData {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

export type LuaType = "nil" | "boolean" | "number" | "string" | "table" | "function" | "userdata";

export function luaType(value: LuaValue): LuaType {
  if (value === undefined) return "nil";
  if (value instanceof LuaTable) return "table";
  if (value instanceof LuaFunction) return "function";
  if (value instanceof LuaUserData) return "userdata";
  return typeof value as "boolean" | "number" | "string";
}

export function isTruthy(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}
