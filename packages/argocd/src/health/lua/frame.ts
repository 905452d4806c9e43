import type { LuaState } from "./state.ts";
import type { LuaFunction, LuaValue } from "./value.ts";
import type { FunctionNode } from "./node.ts";

/** A variable that an inner function shares. */
export interface Cell {
  value: LuaValue;
}

/** One activation of a function. */
export interface Frame {
  readonly state: LuaState;
  readonly slots: (LuaValue | Cell)[];
  readonly upvalues: readonly Cell[];
  readonly varargs: readonly LuaValue[];
  returned: readonly LuaValue[];
  label: string;
}

/** Makes what makes a function of a frame's variables, each time its expression is met. */
export type CompileFunction = (node: FunctionNode) => (frame: Frame) => LuaFunction;

export type Evaluate = (frame: Frame) => LuaValue;
export type EvaluateAll = (frame: Frame) => readonly LuaValue[];

export const noValues: readonly LuaValue[] = [];
