import { noValues, type Cell, type CompileFunction, type Evaluate, type EvaluateAll } from "./frame.ts";
import type { Expression } from "./node.ts";
import { isTruthy, type LuaValue } from "./value.ts";

/** Makes closures of expressions. */
export class ExpressionCompiler {
  private readonly compileFunction: CompileFunction;

  constructor(compileFunction: CompileFunction) {
    this.compileFunction = compileFunction;
  }

  /** All values of a list: the last expression gives as many as it has. */
  evaluateList(list: readonly Expression[]): EvaluateAll {
    const last = list[list.length - 1];
    if (last === undefined) return () => noValues;
    const rest = this.evaluateAll(last);
    if (list.length === 1) return rest;
    const firsts = list.slice(0, -1).map((first) => this.evaluate(first));
    return (frame) => {
      const values: LuaValue[] = [];
      for (const first of firsts) values.push(first(frame));
      for (const value of rest(frame)) values.push(value);
      return values;
    };
  }

  evaluateAll(expression: Expression): EvaluateAll {
    switch (expression.type) {
      case "call": {
        const callee = this.evaluate(expression.callee);
        const list = this.evaluateList(expression.arguments);
        const name = nameOf(expression.callee);
        return (frame) => frame.state.call(callee(frame), list(frame), expression.line, name);
      }
      case "method": {
        const object = this.evaluate(expression.object);
        const list = this.evaluateList(expression.arguments);
        return (frame) => {
          const self = object(frame);
          const callee = frame.state.index(self, expression.name, expression.line);
          return frame.state.call(callee, [self, ...list(frame)], expression.line, expression.name);
        };
      }
      case "varargs":
        return (frame) => frame.varargs;
      default: {
        const single = this.evaluate(expression);
        return (frame) => [single(frame)];
      }
    }
  }

  evaluate(expression: Expression): Evaluate {
    switch (expression.type) {
      case "constant":
        return () => expression.value;
      case "function": {
        const make = this.compileFunction(expression.function);
        return (frame) => {
          frame.state.allocate(64);
          return make(frame);
        };
      }
      case "local": {
        const { variable } = expression;
        const { slot } = variable;
        // Whether the variable is captured is known once the whole chunk is read, which it is here.
        return variable.captured
          ? (frame) => (frame.slots[slot] as Cell | undefined)?.value
          : (frame) => frame.slots[slot] as LuaValue;
      }
      case "upvalue":
        return (frame) => (frame.upvalues[expression.index] as Cell).value;
      case "global":
        return (frame) => frame.state.index(frame.state.globals, expression.name, expression.line);
      case "index": {
        const object = this.evaluate(expression.object);
        const key = this.evaluate(expression.key);
        return (frame) => frame.state.index(object(frame), key(frame), expression.line);
      }
      case "call":
      case "method":
      case "varargs": {
        const all = this.evaluateAll(expression);
        return (frame) => all(frame)[0];
      }
      case "parentheses":
        return this.evaluate(expression.inner);
      case "and": {
        const [left, right] = [this.evaluate(expression.left), this.evaluate(expression.right)];
        return (frame) => {
          const value = left(frame);
          return isTruthy(value) ? right(frame) : value;
        };
      }
      case "or": {
        const [left, right] = [this.evaluate(expression.left), this.evaluate(expression.right)];
        return (frame) => {
          const value = left(frame);
          return isTruthy(value) ? value : right(frame);
        };
      }
      case "unary":
        return this.compileUnary(expression);
      case "binary":
        return this.compileBinary(expression);
      case "table":
        return this.compileTable(expression);
    }
  }

  private compileUnary({ operator, operand, line }: Extract<Expression, { type: "unary" }>): Evaluate {
    const value = this.evaluate(operand);
    if (operator === "not") return (frame) => !isTruthy(value(frame));
    return operator === "-"
      ? (frame) => frame.state.negate(value(frame), line)
      : (frame) => frame.state.lengthOf(value(frame), line);
  }

  private compileBinary({ operator, left, right, line }: Extract<Expression, { type: "binary" }>): Evaluate {
    const [a, b] = [this.evaluate(left), this.evaluate(right)];
    switch (operator) {
      case "==":
        return (frame) => frame.state.equals(a(frame), b(frame), line);
      case "~=":
        return (frame) => !frame.state.equals(a(frame), b(frame), line);
      case "<":
        return (frame) => frame.state.lessThan(a(frame), b(frame), line);
      case "<=":
        return (frame) => frame.state.lessOrEqual(a(frame), b(frame), line);
      // Both sides are evaluated in order, then compared the other way round.
      case ">":
        return (frame) => {
          const first = a(frame);
          return frame.state.lessThan(b(frame), first, line);
        };
      case ">=":
        return (frame) => {
          const first = a(frame);
          return frame.state.lessOrEqual(b(frame), first, line);
        };
      case "..":
        return (frame) => frame.state.concat(a(frame), b(frame), line);
      default:
        return (frame) => frame.state.arithmetic(operator, a(frame), b(frame), line);
    }
  }

  private compileTable({ items, line }: Extract<Expression, { type: "table" }>): Evaluate {
    const keyed = items.map(({ key, value }) =>
      key === undefined ? undefined : { key: this.evaluate(key), value: this.evaluate(value) },
    );
    const listed = items.map(({ key, value }, index) =>
      key === undefined
        ? index === items.length - 1
          ? this.evaluateAll(value)
          : this.evaluateList([{ type: "parentheses", inner: value, line }])
        : undefined,
    );
    return (frame) => {
      const { state } = frame;
      const table = state.table();
      let next = 1;
      for (let index = 0; index < items.length; index++) {
        const pair = keyed[index];
        if (pair !== undefined) {
          const key = pair.key(frame);
          state.rawSet(table, key, pair.value(frame), line);
          continue;
        }
        for (const value of listed[index]?.(frame) ?? noValues) state.rawSet(table, next++, value, line);
      }
      return table;
    };
  }
}

/** What messages call a function: gopher-lua v1.1.2 compile.go getExprName. */
function nameOf(callee: Expression): string {
  if (callee.type === "local" || callee.type === "upvalue" || callee.type === "global") return callee.name;
  if (callee.type !== "index") return "?";
  const { key } = callee;
  return key.type === "constant" && typeof key.value === "string" ? key.value : "?";
}
