import { ExpressionCompiler } from "./compile-expression.ts";
import { noValues, type Cell, type Frame } from "./frame.ts";
import type { Block, Expression, FunctionNode, LocalVariable, Statement, UpvalueSource } from "./node.ts";
import { isTruthy, LuaFunction, type LuaValue } from "./value.ts";

/** How a statement ends: 0 goes on, 1 break, 2 return, 3 goto. */
type Signal = 0 | 1 | 2 | 3;
type Run = (frame: Frame) => Signal;

/** Makes a function that runs the chunk with `state`. */
export function compileChunk(chunk: FunctionNode): LuaFunction {
  return makeFunction(chunk, compileBlock(chunk.body), noCells);
}

const noCells: readonly Cell[] = [];

function makeFunction(node: FunctionNode, body: Run, upvalues: readonly Cell[]): LuaFunction {
  const { parameters, isVariadic, slots } = node;
  return new LuaFunction((state, args) => {
    const frame: Frame = {
      state,
      slots: Array.from<LuaValue | Cell>({ length: slots }),
      upvalues,
      varargs: isVariadic ? args.slice(parameters.length) : noValues,
      returned: noValues,
      label: "",
    };
    parameters.forEach((variable, index) => declare(frame, variable, args[index]));
    return body(frame) === 2 ? frame.returned : noValues;
  });
}

function declare(frame: Frame, variable: LocalVariable, value: LuaValue): void {
  frame.slots[variable.slot] = variable.captured ? { value } : value;
}

/** Makes the closures of a function. */
function closureMaker(node: FunctionNode): (frame: Frame) => LuaFunction {
  const body = compileBlock(node.body);
  const { upvalues } = node;
  return (frame) =>
    makeFunction(
      node,
      body,
      upvalues.map((source) => cellOf(frame, source)),
    );
}

function cellOf(frame: Frame, source: UpvalueSource): Cell {
  if (source.from === "upvalue") return frame.upvalues[source.index] as Cell;
  const { slot } = source.variable;
  // A variable used before its statement ran (through goto) has no cell yet.
  return (frame.slots[slot] ??= { value: undefined }) as Cell;
}

const expressions = new ExpressionCompiler(closureMaker);

function compileBlock(block: Block): Run {
  const statements = block.map(compileStatement);
  const lines = block.map((statement) => statement.line);
  const labels = new Map<string, number>();
  block.forEach((statement, index) => {
    if (statement.type === "label") labels.set(statement.name, index);
  });
  const count = statements.length;
  return (frame) => {
    const { state } = frame;
    for (let index = 0; index < count; index++) {
      state.line = lines[index] as number;
      state.work(1);
      const signal = (statements[index] as Run)(frame);
      if (signal === 0) continue;
      const target = signal === 3 ? labels.get(frame.label) : undefined;
      if (target === undefined) return signal;
      index = target;
    }
    return 0;
  };
}

function compileStatement(statement: Statement): Run {
  switch (statement.type) {
    case "local":
      return compileLocal(statement.variables, statement.values);
    case "localFunction": {
      const make = closureMaker(statement.function);
      const { variable } = statement;
      return (frame) => {
        declare(frame, variable, undefined);
        assignLocal(frame, variable, make(frame));
        return 0;
      };
    }
    case "assign":
      return compileAssign(statement.targets, statement.values);
    case "call": {
      const call = expressions.evaluateAll(statement.call);
      return (frame) => {
        call(frame);
        return 0;
      };
    }
    case "do":
      return compileBlock(statement.body);
    case "while":
      return compileWhile(statement.condition, statement.body);
    case "repeat":
      return compileRepeat(statement.body, statement.condition);
    case "if":
      return compileIf(statement);
    case "numericFor":
      return compileNumericFor(statement);
    case "genericFor":
      return compileGenericFor(statement);
    case "return": {
      const values = expressions.evaluateList(statement.values);
      return (frame) => {
        frame.returned = values(frame);
        return 2;
      };
    }
    case "break":
      return () => 1;
    case "goto": {
      const { label } = statement;
      return (frame) => {
        frame.label = label;
        return 3;
      };
    }
    case "label":
      return () => 0;
  }
}

function compileLocal(variables: readonly LocalVariable[], values: readonly Expression[]): Run {
  if (variables.length === 1 && values.length === 1) {
    const [variable, value] = [variables[0] as LocalVariable, expressions.evaluate(values[0] as Expression)];
    return (frame) => {
      declare(frame, variable, value(frame));
      return 0;
    };
  }
  const list = expressions.evaluateList(values);
  return (frame) => {
    const results = list(frame);
    variables.forEach((variable, index) => declare(frame, variable, results[index]));
    return 0;
  };
}

function assignLocal(frame: Frame, variable: LocalVariable, value: LuaValue): void {
  if (variable.captured) ((frame.slots[variable.slot] ??= { value: undefined }) as Cell).value = value;
  else frame.slots[variable.slot] = value;
}

/** Prepares a target: its object and key are evaluated before any value is stored. */
function compileTarget(target: Expression): (frame: Frame) => (value: LuaValue) => void {
  switch (target.type) {
    case "local":
      return (frame) => (value) => assignLocal(frame, target.variable, value);
    case "upvalue":
      return (frame) => (value) => {
        (frame.upvalues[target.index] as Cell).value = value;
      };
    case "global":
      return (frame) => (value) => frame.state.setIndex(frame.state.globals, target.name, value, target.line);
    case "index": {
      const object = expressions.evaluate(target.object);
      const key = expressions.evaluate(target.key);
      return (frame) => {
        const table = object(frame);
        const at = key(frame);
        return (value) => frame.state.setIndex(table, at, value, target.line);
      };
    }
    default:
      throw new Error("no target of an assignment");
  }
}

function compileAssign(targets: readonly Expression[], values: readonly Expression[]): Run {
  const stores = targets.map(compileTarget);
  const list = expressions.evaluateList(values);
  if (stores.length === 1 && values.length === 1) {
    const [store, value] = [
      stores[0] as (frame: Frame) => (value: LuaValue) => void,
      expressions.evaluate(values[0] as Expression),
    ];
    return (frame) => {
      const put = store(frame);
      put(value(frame));
      return 0;
    };
  }
  return (frame) => {
    const puts = stores.map((store) => store(frame));
    const results = list(frame);
    for (let index = puts.length - 1; index >= 0; index--) puts[index]?.(results[index]);
    return 0;
  };
}

function compileWhile(condition: Expression, block: Block): Run {
  const test = expressions.evaluate(condition);
  const body = compileBlock(block);
  const { line } = condition;
  return (frame) => {
    const { state } = frame;
    for (;;) {
      state.line = line;
      state.work(1);
      if (!isTruthy(test(frame))) return 0;
      const signal = body(frame);
      if (signal === 1) return 0;
      if (signal !== 0) return signal;
    }
  };
}

function compileRepeat(block: Block, condition: Expression): Run {
  const test = expressions.evaluate(condition);
  const body = compileBlock(block);
  return (frame) => {
    for (;;) {
      frame.state.work(1);
      const signal = body(frame);
      if (signal === 1) return 0;
      if (signal !== 0) return signal;
      if (isTruthy(test(frame))) return 0;
    }
  };
}

function compileIf(statement: Extract<Statement, { type: "if" }>): Run {
  const branches = statement.branches.map(({ condition, body }) => ({
    test: expressions.evaluate(condition),
    body: compileBlock(body),
  }));
  const otherwise = statement.otherwise === undefined ? undefined : compileBlock(statement.otherwise);
  return (frame) => {
    for (const { test, body } of branches) {
      if (isTruthy(test(frame))) return body(frame);
    }
    return otherwise === undefined ? 0 : otherwise(frame);
  };
}

function compileNumericFor(statement: Extract<Statement, { type: "numericFor" }>): Run {
  const { variable, line } = statement;
  const first = expressions.evaluate(statement.first);
  const last = expressions.evaluate(statement.last);
  const step = statement.step === undefined ? () => 1 : expressions.evaluate(statement.step);
  const body = compileBlock(statement.body);
  return (frame) => {
    const { state } = frame;
    const [from, to, by] = [first(frame), last(frame), step(frame)];
    if (typeof from !== "number") state.raise("for statement init must be a number", line);
    if (typeof to !== "number") state.raise("for statement limit must be a number", line);
    if (typeof by !== "number") state.raise("for statement step must be a number", line);
    const [start, end, change] = [from as number, to as number, by as number];
    for (let at = start; change > 0 ? at <= end : at >= end; at += change) {
      state.line = line;
      state.work(1);
      declare(frame, variable, at);
      const signal = body(frame);
      if (signal === 1) return 0;
      if (signal !== 0) return signal;
    }
    return 0;
  };
}

function compileGenericFor(statement: Extract<Statement, { type: "genericFor" }>): Run {
  const { variables, line } = statement;
  const list = expressions.evaluateList(statement.values);
  const body = compileBlock(statement.body);
  return (frame) => {
    const { state } = frame;
    const [iterator, invariant, start] = list(frame);
    let control = start;
    for (;;) {
      const values = state.call(iterator, [invariant, control], line, "?");
      control = values[0];
      if (control === undefined) return 0;
      variables.forEach((variable, index) => declare(frame, variable, values[index]));
      const signal = body(frame);
      if (signal === 1) return 0;
      if (signal !== 0) return signal;
    }
  };
}
