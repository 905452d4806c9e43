import type { GoValue } from "@tiphys/gotemplate";
import { GoNumber } from "@tiphys/gotemplate";
import { openBase } from "./base-library.ts";
import { compileChunk } from "./compile.ts";
import { openMath } from "./math-library.ts";
import { openOs, safeOs } from "./os-library.ts";
import { parseLua } from "./parse.ts";
import { addUnsupported } from "./arguments.ts";
import { defaultLimits, LuaState, type LuaLimits } from "./state.ts";
import { openString } from "./string-library.ts";
import { LuaTable } from "./table.ts";
import { openTable } from "./table-library.ts";
import type { LuaValue } from "./value.ts";

export interface RunLuaOptions {
  /** All standard libraries, as built-in scripts have them; else base, table and package, and `require("os")`. */
  readonly openLibraries: boolean;
  /** Milliseconds since 1970 for `os.time` and `os.date`. */
  readonly now: number;
  readonly limits?: LuaLimits;
}

/**
 * Runs a script with `obj` as a global and returns what it returned last, as Argo CD v3.6.1 util/lua/lua.go does.
 * Throws `LuaSyntaxError`, `LuaRaise` or `LuaLimit`; messages are gopher-lua's.
 */
export function runLua(script: string, object: GoValue, options: RunLuaOptions): LuaValue {
  const state = new LuaState(options.now, options.limits ?? defaultLimits);
  const modules = new Map<string, LuaTable>();
  openBase(state, modules);
  const table = openTable(state);
  modules.set("table", table);
  if (options.openLibraries) {
    openString(state);
    openMath(state);
    modules.set("os", openOs(state));
    for (const name of ["io", "debug", "coroutine", "channel"]) openUnsupported(state, name);
  } else {
    modules.set("os", safeOs(new LuaTable()));
  }
  // Upstream registers its safe os functions under the name of the table library.
  safeOs(table);
  state.globals.set("actionParams", new LuaTable());
  state.globals.set("obj", luaValueOf(object));
  const values = state.call(compileChunk(parseLua(script)), [], 1);
  return values[values.length - 1];
}

const machineFunctions: Readonly<Record<string, readonly string[]>> = {
  io: ["close", "flush", "input", "lines", "open", "output", "popen", "read", "tmpfile", "type", "write"],
  debug: [
    "getfenv",
    "getinfo",
    "getlocal",
    "getmetatable",
    "getupvalue",
    "setfenv",
    "setlocal",
    "setmetatable",
    "setupvalue",
    "traceback",
  ],
  coroutine: ["create", "isyieldable", "resume", "running", "status", "wrap", "yield"],
  channel: ["make", "select"],
};

function openUnsupported(state: LuaState, name: string): void {
  const library = new LuaTable();
  addUnsupported(library, name, machineFunctions[name] ?? []);
  state.globals.set(name, library);
}

/** JSON data as Lua values; maps become tables in order of their keys. */
export function luaValueOf(value: GoValue): LuaValue {
  if (value === null) return undefined;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean" || typeof value === "number" || typeof value === "string") return value;
  if (value instanceof GoNumber) return Number(value.value);
  const table = new LuaTable();
  if (Array.isArray(value)) {
    // Nulls in a list vanish, as they do upstream.
    for (const item of value) table.append(luaValueOf(item));
  } else if (value instanceof Map) {
    for (const key of [...value.keys()].sort()) table.set(key, luaValueOf(value.get(key) as GoValue));
  }
  return table;
}
