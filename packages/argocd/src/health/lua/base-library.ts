import { addFunctions, addUnsupported, Arguments, type LibraryFunction } from "./arguments.ts";
import { compileChunk } from "./compile.ts";
import { LuaSyntaxError } from "./lex.ts";
import { parseInteger } from "./number.ts";
import { parseLua } from "./parse.ts";
import { isTextual, LuaRaise, type LuaState } from "./state.ts";
import { LuaTable } from "./table.ts";
import { isTruthy, LuaFunction, luaType, type LuaValue } from "./value.ts";

/** gopher-lua v1.1.2 baselib.go; what would touch files or environments is refused by name. */

const nextPair = new LuaFunction((state, values) => {
  const args = new Arguments(state, values);
  return args.table(1).next(args.get(2)) ?? [];
});

const nextItem = new LuaFunction((state, values) => {
  const args = new Arguments(state, values);
  const table = args.table(1);
  const next = args.integer(2) + 1;
  const value = table.array[next - 1];
  return value === undefined ? [] : [next, value];
});

function load(text: string): readonly LuaValue[] {
  try {
    return [compileChunk(parseLua(text))];
  } catch (error) {
    if (error instanceof LuaSyntaxError) return [undefined, error.message];
    throw error;
  }
}

function toNumber(value: LuaValue, base: number | undefined): LuaValue {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const text = value.replace(/^[ \n\t]+|[ \n\t]+$/g, "");
  if (text.includes(".")) {
    const float = Number(text);
    return /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text) ? float : undefined;
  }
  if (base === undefined && /^0x/i.test(text)) return parseInteger(text.slice(2), 16);
  return parseInteger(text, base ?? 10);
}

const functions: Readonly<Record<string, LibraryFunction>> = {
  assert: (args) => {
    if (!isTruthy(args.get(1))) args.state.raise(args.optionalString(2, "assertion failed!"));
    return args.values;
  },
  collectgarbage: () => [],
  error: (args) => {
    const value = args.any(1);
    const level = args.optionalInteger(2, 1);
    if (typeof value === "string" && level > 0) return args.state.raise(value);
    throw new LuaRaise(value, args.state.line);
  },
  getmetatable: (args) => {
    const value = args.any(1);
    const table =
      value instanceof LuaTable ? value.metatable : typeof value === "string" ? args.state.stringMetatable : undefined;
    return [table?.get("__metatable") ?? table];
  },
  ipairs: (args) => [nextItem, args.table(1), 0],
  load: (args) => {
    const reader = args.function(1);
    let text = "";
    for (;;) {
      const piece = args.state.call(reader, [], args.state.line)[0];
      if (piece === undefined || piece === "") return load(text);
      if (!isTextual(piece)) return [undefined, "reader function must return a string"];
      args.state.allocate(64);
      text += args.state.rawText(piece);
    }
  },
  loadstring: (args) => load(args.string(1)),
  next: (args) => args.table(1).next(args.get(2)) ?? [undefined],
  pairs: (args) => [nextPair, args.table(1), undefined],
  pcall: (args) => {
    const callee = args.any(1);
    const { state } = args;
    if (!state.isCallable(callee)) return [false, `attempt to call a ${luaType(callee)} value`];
    const outcome = state.protect(() => state.call(callee, args.values.slice(1), state.line));
    return "values" in outcome ? [true, ...outcome.values] : [false, outcome.raised];
  },
  print: () => [],
  rawequal: (args) => [args.any(1) === args.any(2)],
  rawget: (args) => [args.table(1).get(args.any(2))],
  rawset: (args) => {
    args.state.rawSet(args.table(1), args.any(2), args.any(3));
    return [];
  },
  select: (args) => {
    const which = args.oneOf(1, "number", "string");
    if (typeof which === "string") return which === "#" ? [args.count - 1] : args.fail(1, `invalid string '${which}'`);
    const count = args.count;
    let index = Math.trunc(which as number);
    index = index < 0 ? count + index : Math.min(index, count);
    return index < 1 ? args.fail(1, "index out of range") : args.values.slice(index);
  },
  setmetatable: (args) => {
    const metatable = args.oneOf(2, "nil", "table") as LuaTable | undefined;
    const object = args.get(1);
    if (object === undefined) args.state.raise("cannot set metatable to a nil object.");
    if (!(object instanceof LuaTable)) return args.state.raise(`unsupported: setmetatable of a ${luaType(object)}`);
    if (object.metatable?.get("__metatable") !== undefined) args.state.raise("cannot change a protected metatable");
    object.metatable = metatable;
    return [object];
  },
  tonumber: (args) => [toNumber(args.any(1), args.get(2) === undefined ? undefined : args.integer(2))],
  tostring: (args) => [args.state.text(args.any(1))],
  type: (args) => [luaType(args.any(1))],
  unpack: (args) => {
    const table = args.table(1);
    const end = args.optionalInteger(3, table.length());
    const values: LuaValue[] = [];
    for (let index = args.optionalInteger(2, 1); index <= end; index++) {
      args.state.allocate(16);
      values.push(table.get(index));
    }
    return values;
  },
  xpcall: (args) => {
    const callee = args.function(1);
    const handler = args.function(2);
    const { state } = args;
    const outcome = state.protect(() => state.call(callee, [], state.line));
    return "values" in outcome
      ? [true, ...outcome.values]
      : [false, ...state.call(handler, [outcome.raised], state.line).slice(0, 1)];
  },
};

/** `package` and `require`: only modules that are already loaded or preloaded can be required. */
function openPackage(state: LuaState, preloaded: ReadonlyMap<string, LuaTable>): void {
  const loaded = new LuaTable();
  const library = new LuaTable();
  library.set("loaded", loaded);
  library.set("preload", new LuaTable());
  library.set("path", "");
  library.set("cpath", "");
  state.globals.set("package", library);
  addFunctions(state.globals, {
    require: (args) => {
      const name = args.string(1);
      const module = loaded.get(name) ?? preloaded.get(name);
      if (module === undefined)
        return args.state.raise(`module ${name} not found:\n\tno field package.preload['${name}'], `);
      loaded.set(name, module);
      return [module];
    },
  });
}

/** Opens the base functions; `preloaded` are the modules that `require` finds. */
export function openBase(state: LuaState, preloaded: ReadonlyMap<string, LuaTable>): void {
  const { globals } = state;
  openPackage(state, preloaded);
  globals.set("_G", globals);
  globals.set("_VERSION", "Lua 5.1");
  globals.set("_GOPHER_LUA_VERSION", "GopherLua 0.1");
  addFunctions(globals, functions);
  addUnsupported(globals, "", ["dofile", "getfenv", "loadfile", "module", "newproxy", "setfenv", "_printregs"]);
}
