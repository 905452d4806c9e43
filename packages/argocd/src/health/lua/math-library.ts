import { log10, pow, scaled, splitExponent } from "@tiphys/gotemplate";
import { addFunctions, addUnsupported, type LibraryFunction } from "./arguments.ts";
import type { LuaState } from "./state.ts";
import { luaModulo } from "./number.ts";
import { LuaTable } from "./table.ts";

const unary: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  acos: Math.acos,
  asin: Math.asin,
  atan: Math.atan,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  deg: (value) => (value * 180) / Math.PI,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  log10,
  rad: (value) => (value * Math.PI) / 180,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
};

const binary: Readonly<Record<string, (left: number, right: number) => number>> = {
  atan2: Math.atan2,
  fmod: (left, right) => left % right,
  mod: luaModulo,
  pow,
};

function extreme(choose: (found: number, value: number) => number): LibraryFunction {
  return (args) => {
    if (args.count === 0) args.state.raise("wrong number of arguments");
    return [args.values.map((_, index) => args.number(index + 1)).reduce((a, b) => choose(a, b))];
  };
}

/** gopher-lua v1.1.2 mathlib.go, without the random functions. */
export function openMath(state: LuaState): void {
  const functions: Record<string, LibraryFunction> = {
    max: extreme((most, value) => (value > most ? value : most)),
    min: extreme((least, value) => (value < least ? value : least)),
    frexp: (args) => splitExponent(args.number(1)),
    ldexp: (args) => [scaled(args.number(1), args.integer(2))],
    modf: (args) => {
      const value = args.number(1);
      const whole = Math.trunc(value);
      return [whole, value - whole];
    },
  };
  for (const [name, run] of Object.entries(unary)) functions[name] = (args) => [run(args.number(1))];
  for (const [name, run] of Object.entries(binary)) functions[name] = (args) => [run(args.number(1), args.number(2))];
  const library = addFunctions(new LuaTable(), functions);
  library.set("pi", Math.PI);
  library.set("huge", Number.MAX_VALUE);
  addUnsupported(library, "math", ["random", "randomseed"]);
  state.globals.set("math", library);
}
