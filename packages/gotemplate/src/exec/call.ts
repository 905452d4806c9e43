// Mirrors evalCall of text/template/exec.go, Go 1.26.
import { TemplateError } from "../error.ts";
import { FunctionError } from "../function.ts";
import type { AnyNode, CommandNode, IdentifierNode, Operand, PipeNode, Tree } from "../parse/node.ts";
import { goTypeName, isGoFunction, isTrue } from "../reflect.ts";
import { isStackOverflow } from "../stack-overflow.ts";
import { GoMap, GoObject } from "../value.ts";
import type { CallContext, GoFunction, GoValue } from "../value.ts";
import { nodeText } from "../parse/node.ts";
import { builtins, prepareArgument } from "./builtins.ts";
import type { Compilation } from "./compilation.ts";
import { executionError, lastNode } from "./error.ts";
import type { Evaluate, Frame, Value } from "./frame.ts";
import { isLiteral, literalArgument } from "./literal.ts";
import { checkResult, tooLong } from "../work.ts";
import { entryFunctions, tracedArgument, tracedCall } from "./traced.ts";
import {
  checkAny,
  checkBool,
  checkFloat,
  checkFor,
  checkInt,
  checkMap,
  checkNothing,
  checkString,
  convertArgument,
  typedResult,
} from "./types.ts";
import type { Check } from "./types.ts";

/** The other half of the compiler, which calls contain and which contains calls. */
export interface OperandCompiler {
  /** Compiles an operand that is no literal. */
  readonly operand: (compilation: Compilation, node: Operand) => Evaluate;
  /** Compiles a pipeline; its result may be `null` for nothing. */
  readonly pipe: (compilation: Compilation, node: PipeNode) => Evaluate;
}

/** A function call in the text. */
export interface CallNodes {
  /** The function's name; errors before the call are reported here. */
  readonly callee: IdentifierNode;
  /** The whole command; errors of the call itself are reported here. */
  readonly call: CommandNode | IdentifierNode;
  readonly args: readonly Operand[];
  /** What the pipeline passes as last argument. */
  readonly final: Evaluate | undefined;
}

/** One argument: how to get it and how to check it. */
export interface Argument {
  readonly evaluate: Evaluate;
  readonly check: Check;
  readonly type: string;
  readonly tree: Tree;
  /** The value ends a pipeline, where a nil interface is nothing. */
  readonly unwraps: boolean;
  /** The operand of which the last part is named when the value does not fit. */
  readonly node: Operand;
}

/** The value of an argument as the function wants it. */
export function checkArgument(argument: Argument, value: Value, frame: Frame): GoValue {
  if (value === null && argument.unwraps) value = undefined;
  switch (argument.check) {
    case checkAny:
      if (value === undefined) return null;
      if (value instanceof GoObject) return value.goCopy();
      if (typeof value === "string" || Array.isArray(value)) checkLength(argument, value, frame);
      return value;
    case checkString:
      if (typeof value !== "string") break;
      checkLength(argument, value, frame);
      return value;
    case checkInt:
      if (typeof value === "bigint") return value;
      break;
    case checkFloat:
      if (typeof value === "number") return value;
      break;
    case checkBool:
      if (typeof value === "boolean") return value;
      break;
    case checkMap:
      if (value instanceof Map && !(value instanceof GoMap)) return value;
      break;
    case checkNothing:
      return value as GoValue;
  }
  const converted = convertArgument(value, argument.type);
  if ("error" in converted) throw executionError(argument.tree, lastNode(argument.node, frame), converted.error);
  return converted.value as GoValue;
}

function checkLength(argument: Argument, value: GoValue, frame: Frame): void {
  const wrong = tooLong(frame.run.work, value);
  if (wrong !== undefined) throw executionError(argument.tree, lastNode(argument.node, frame), wrong);
}

/** The error of a call from what the function threw. */
export function callError(tree: Tree, node: AnyNode, name: string, thrown: unknown): unknown {
  if (isStackOverflow(thrown)) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const depthExceeded = thrown instanceof TemplateError && thrown.depthExceeded;
  return executionError(tree, node, `error calling ${name}: ${text}`, { cause: thrown, depthExceeded });
}

/** Go's text for a wrong number of arguments; undefined when it is right. `count` includes the piped one. */
export function arityError(
  fn: GoFunction,
  name: string,
  { written, count }: { written: number; count: number },
): string | undefined {
  const wanted = fn.parameters.length;
  if (fn.variadic)
    return count < wanted - 1
      ? `wrong number of args for ${name}: want at least ${wanted - 1} got ${written}`
      : undefined;
  return count === wanted ? undefined : `wrong number of args for ${name}: want ${wanted} got ${count}`;
}

/** The type of parameter `index`. */
export function parameterType(fn: GoFunction, index: number): string {
  return fn.parameters[Math.min(index, fn.parameters.length - 1)]!;
}

function compileArgument(compilation: Compilation, node: Operand, type: string, operands: OperandCompiler): Argument {
  const { tree } = compilation;
  if (!isLiteral(node)) {
    const evaluate = node.kind === "pipe" ? operands.pipe(compilation, node) : operands.operand(compilation, node);
    return { evaluate, check: checkFor(type), type, tree, unwraps: node.kind === "pipe", node };
  }
  const literal = literalArgument(node, type);
  if ("error" in literal)
    return {
      evaluate: compilation.failing(node, literal.error),
      check: checkNothing,
      type,
      tree,
      unwraps: false,
      node,
    };
  const { value } = literal;
  return { evaluate: () => value, check: checkNothing, type, tree, unwraps: false, node };
}

/** Compiles the call of a function by name. */
export function compileCall(compilation: Compilation, nodes: CallNodes, operands: OperandCompiler): Evaluate {
  const { callee, args, final } = nodes;
  const { name } = callee;
  const own = compilation.functions.get(name);
  if (!own && (name === "and" || name === "or")) return compileShortCircuit(compilation, nodes, operands);
  if (!own && name === "call") return compileIndirectCall(compilation, nodes, operands);
  const fn = own ?? builtins.get(name);
  if (!fn) return afterFinal(final, compilation.failing(callee, `"${name}" is not a defined function`));
  const wrong = arityError(fn, name, { written: args.length, count: args.length + (final ? 1 : 0) });
  if (wrong !== undefined) return afterFinal(final, compilation.failing(callee, wrong));
  const keepsApart = compilation.tracing && entryFunctions.has(fn.name);
  const compiled = args.map((arg, i) => {
    const argument = compileArgument(compilation, arg, parameterType(fn, i), operands);
    return keepsApart ? { ...argument, evaluate: tracedArgument(argument.evaluate) } : argument;
  });
  if (!final) return compileDirect({ compilation, fn, name, node: nodes.call }, compiled);
  const type = parameterType(fn, args.length);
  const last: Argument = {
    evaluate: keepsApart ? tracedArgument(final) : final,
    check: checkFor(type),
    type,
    tree: compilation.tree,
    unwraps: true,
    node: args.at(-1) ?? callee,
  };
  return compilePiped({ compilation, fn, name, node: nodes.call }, compiled, last);
}

/** Go evaluates what is piped before it looks at the call. */
function afterFinal(final: Evaluate | undefined, then: Evaluate): Evaluate {
  if (!final) return then;
  return (frame, dot) => {
    final(frame, dot);
    return then(frame, dot);
  };
}

interface Callee {
  readonly compilation: Compilation;
  readonly fn: GoFunction;
  readonly name: string;
  readonly node: CommandNode | IdentifierNode;
}

/** Wraps a call so that integers come in the type that the function declares. */
function withTypedResult(fn: GoFunction, evaluate: Evaluate): Evaluate {
  const { result } = fn;
  // `int` and everything that is no integer come as they are.
  if (!/^u?int(8|16|32|64|ptr)?$/.test(result) || result === "int") return evaluate;
  return (frame, dot) => typedResult(evaluate(frame, dot) as GoValue, result);
}

/** A function in the form that takes its arguments spread. */
function spread(
  fn: GoFunction,
  { tracing }: Compilation,
  isPiped: boolean,
): (context: CallContext, ...args: GoValue[]) => GoValue {
  const call = fn.direct ?? ((context: CallContext, ...args: GoValue[]) => fn.call(context, args));
  return tracing ? tracedCall(fn.name, call, isPiped) : call;
}

/** A call without a piped argument, spelled out for the usual numbers of arguments. */
function compileDirect({ compilation, fn, name, node }: Callee, args: readonly Argument[]): Evaluate {
  const { tree } = compilation;
  const call = spread(fn, compilation, false);
  const [first, second] = args;
  let evaluate: Evaluate;
  if (args.length === 1) {
    evaluate = (frame, dot) => {
      const a = checkArgument(first!, first!.evaluate(frame, dot), frame);
      try {
        return checkResult(frame.run.work, call(frame.context, a));
      } catch (error) {
        throw callError(tree, node, name, error);
      }
    };
  } else if (args.length === 2) {
    evaluate = (frame, dot) => {
      const a = checkArgument(first!, first!.evaluate(frame, dot), frame);
      const b = checkArgument(second!, second!.evaluate(frame, dot), frame);
      try {
        return checkResult(frame.run.work, call(frame.context, a, b));
      } catch (error) {
        throw callError(tree, node, name, error);
      }
    };
  } else {
    evaluate = (frame, dot) => {
      const list: GoValue[] = [];
      for (let i = 0; i < args.length; i++) list.push(checkArgument(args[i]!, args[i]!.evaluate(frame, dot), frame));
      try {
        return checkResult(frame.run.work, call(frame.context, ...list));
      } catch (error) {
        throw callError(tree, node, name, error);
      }
    };
  }
  return withTypedResult(fn, evaluate);
}

/** A call that takes its last argument from the pipeline. That one is evaluated first and checked last. */
function compilePiped({ compilation, fn, name, node }: Callee, args: readonly Argument[], last: Argument): Evaluate {
  const { tree } = compilation;
  const call = spread(fn, compilation, true);
  const [first] = args;
  let evaluate: Evaluate;
  if (!first) {
    evaluate = (frame, dot) => {
      const a = checkArgument(last, last.evaluate(frame, dot), frame);
      try {
        return checkResult(frame.run.work, call(frame.context, a));
      } catch (error) {
        throw callError(tree, node, name, error);
      }
    };
  } else if (args.length === 1) {
    evaluate = (frame, dot) => {
      const piped = last.evaluate(frame, dot);
      const a = checkArgument(first, first.evaluate(frame, dot), frame);
      const b = checkArgument(last, piped, frame);
      try {
        return checkResult(frame.run.work, call(frame.context, a, b));
      } catch (error) {
        throw callError(tree, node, name, error);
      }
    };
  } else {
    evaluate = (frame, dot) => {
      const piped = last.evaluate(frame, dot);
      const list: GoValue[] = [];
      for (let i = 0; i < args.length; i++) list.push(checkArgument(args[i]!, args[i]!.evaluate(frame, dot), frame));
      list.push(checkArgument(last, piped, frame));
      try {
        return checkResult(frame.run.work, call(frame.context, ...list));
      } catch (error) {
        throw callError(tree, node, name, error);
      }
    };
  }
  return withTypedResult(fn, evaluate);
}

/** `and` and `or` evaluate no more arguments than they need. */
function compileShortCircuit(compilation: Compilation, nodes: CallNodes, operands: OperandCompiler): Evaluate {
  const { callee, args, final } = nodes;
  if (args.length === 0 && !final) {
    return compilation.failing(callee, `wrong number of args for ${callee.name}: want at least 1 got 0`);
  }
  const stopWhen = callee.name === "or";
  const compiled = args.map((arg) => compileArgument(compilation, arg, "reflect.Value", operands));
  return (frame, dot) => {
    const piped = final?.(frame, dot);
    let value: Value;
    for (let i = 0; i < compiled.length; i++) {
      value = checkArgument(compiled[i]!, compiled[i]!.evaluate(frame, dot), frame);
      frame.stoppedAt = args[i];
      if (isTrue(value) === stopWhen) return value;
    }
    return final ? (piped === null ? undefined : piped) : value;
  };
}

/** `call fn arg…`: a function that is a value. */
function compileIndirectCall(compilation: Compilation, nodes: CallNodes, operands: OperandCompiler): Evaluate {
  const { callee, args, final, call } = nodes;
  const { tree } = compilation;
  if (args.length === 0 && !final)
    return compilation.failing(callee, "wrong number of args for call: want at least 1 got 0");
  const compiled = args.map((arg) => compileArgument(compilation, arg, "reflect.Value", operands));
  return (frame, dot) => {
    const piped = final?.(frame, dot);
    const values: Value[] = compiled.map((arg) => checkArgument(arg, arg.evaluate(frame, dot), frame));
    if (final) values.push(piped === null ? undefined : piped);
    try {
      const name = args[0] ? nodeText(args[0]) : pipedName(values[0]);
      return callValue(frame, name, values[0], values.slice(1));
    } catch (error) {
      throw callError(tree, call, "call", error);
    }
  };
}

/** What `reflect.Value.String` says of a piped function. */
function pipedName(value: Value): string {
  if (typeof value === "string") return value;
  return `<${value === undefined || value === null ? "invalid" : goTypeName(value)} Value>`;
}

function callValue(frame: Frame, name: string, fn: Value, args: readonly Value[]): Value {
  if (fn === undefined || fn === null) throw new FunctionError("call of nil");
  if (!isGoFunction(fn)) throw new FunctionError(`non-function ${name} of type ${goTypeName(fn)}`);
  const wanted = fn.parameters.length;
  if (fn.variadic && args.length < wanted - 1) {
    throw new FunctionError(`wrong number of args for ${name}: got ${args.length} want at least ${wanted - 1}`);
  }
  if (!fn.variadic && args.length !== wanted) {
    throw new FunctionError(`wrong number of args for ${name}: got ${args.length} want ${wanted}`);
  }
  const list = args.map((arg, i) => {
    const prepared = prepareArgument(arg, parameterType(fn, i));
    if ("error" in prepared) throw new FunctionError(`arg ${i}: ${prepared.error}`);
    return prepared.value as GoValue;
  });
  return typedResult(fn.call(frame.context, list), fn.result);
}
