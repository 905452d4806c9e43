import { sortSlice } from "@tiphys/gotemplate";
import { addFunctions, type LibraryFunction } from "./arguments.ts";
import { isTextual, type LuaState } from "./state.ts";
import { LuaTable } from "./table.ts";
import { isTruthy, luaType, type LuaValue } from "./value.ts";

/** gopher-lua v1.1.2 tablelib.go. */
const functions: Readonly<Record<string, LibraryFunction>> = {
  getn: (args) => [args.table(1).length()],
  maxn: (args) => [args.table(1).length()],
  concat: (args) => {
    const table = args.table(1);
    const separator = args.optionalString(2, "");
    const length = table.length();
    let from = args.optionalInteger(3, 1);
    if (args.count === 3 && (from > length || from < 1)) return [""];
    from = Math.max(Math.min(from, length), 1);
    const to = Math.min(args.optionalInteger(4, length), length);
    const parts: string[] = [];
    for (let index = from; index <= to; index++) {
      const value = table.get(index);
      if (!isTextual(value))
        args.state.raise(`invalid value (${luaType(value)}) at index ${index} in table for concat`);
      parts.push(args.state.rawText(value));
    }
    args.state.allocate(parts.reduce((sum, part) => sum + part.length + separator.length, 0));
    return [parts.join(separator)];
  },
  insert: (args) => {
    const table = args.table(1);
    if (args.count === 1) args.state.raise("wrong number of arguments");
    args.state.allocate(64);
    if (args.count === 2) {
      table.append(args.get(2));
      return [];
    }
    const position = args.integer(2);
    args.state.allocate(Math.max(0, table.growth(position)) * 64);
    args.state.work(table.array.length >> 4);
    table.insert(position, args.any(3));
    return [];
  },
  remove: (args) => {
    const table = args.table(1);
    args.state.work(table.array.length >> 4);
    return [table.remove(args.count === 1 ? -1 : args.integer(2))];
  },
  sort: (args) => {
    const table = args.table(1);
    const before = args.count === 1 ? undefined : args.function(2);
    const isLess = (a: LuaValue, b: LuaValue): boolean => {
      args.state.work(1);
      return before === undefined
        ? args.state.lessThan(a, b, args.state.line)
        : isTruthy(args.state.call(before, [a, b], args.state.line)[0]);
    };
    sortSlice(table.array, isLess);
    return [];
  },
};

export function openTable(state: LuaState): LuaTable {
  const library = addFunctions(new LuaTable(), functions);
  state.globals.set("table", library);
  return library;
}
