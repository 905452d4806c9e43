// Mirrors evalPipeline, evalCommand and evalArg of text/template/exec.go, Go 1.26.
import type {
  AnyNode,
  ChainNode,
  CommandNode,
  FieldNode,
  Operand,
  PipeNode,
  Tree,
  VariableNode,
} from "../parse/node.ts";
import { nodeText } from "../parse/node.ts";
import { GoMap } from "../value.ts";
import type { GoFunction, GoValue } from "../value.ts";
import { arityError, callError, checkArgument, compileCall, parameterType } from "./call.ts";
import type { OperandCompiler } from "./call.ts";
import type { Compilation } from "./compilation.ts";
import { executionError, lastNode } from "./error.ts";
import { methodOf, readChain, readField } from "./field.ts";
import type { FieldSite, MissingKey } from "./field.ts";
import { proceed } from "./frame.ts";
import type { Evaluate, Execute, Frame, Value } from "./frame.ts";
import { isLiteral, literalArgument, literalValue } from "./literal.ts";
import { tracedChain, tracedDeclaration, tracedDot, tracedStart, traceOf } from "./traced.ts";
import { checkFor, typedResult } from "./types.ts";

/** Compiles a pipeline with its declarations. The result may be `null` for nothing; `asArgument` makes that `undefined`. */
export function compilePipe(compilation: Compilation, pipe: PipeNode, asArgument: boolean): Evaluate {
  const evaluate = compileCommands(compilation, pipe);
  if (pipe.declarations.length > 0) return compileDeclarations(compilation, pipe, evaluate);
  return asArgument ? unwrapped(evaluate, pipe) : evaluate;
}

function compileCommands(compilation: Compilation, pipe: PipeNode): Evaluate {
  let evaluate: Evaluate | undefined;
  let before: CommandNode | PipeNode = pipe;
  for (const command of pipe.commands) {
    evaluate = compileCommand(compilation, command, evaluate, before);
    before = command;
  }
  return evaluate!;
}

/** A nil interface at the end of a pipeline is nothing. */
function unwrapped(evaluate: Evaluate, pipe: PipeNode): Evaluate {
  const first = pipe.commands.at(-1)!.args[0]!;
  if (isLiteral(first)) return evaluate;
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    return value === null ? undefined : value;
  };
}

function compileDeclarations(compilation: Compilation, pipe: PipeNode, evaluate: Evaluate): Evaluate {
  const { slots, declare } = declaration(compilation, pipe);
  if (compilation.tracing) return tracedDeclaration(slots, { evaluate, declare, isAssign: pipe.isAssign });
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    declare(frame, value);
    return value === null ? undefined : value;
  };
}

/** Gives a pipeline's value to its variables. */
function declaration(
  compilation: Compilation,
  pipe: PipeNode,
): { readonly slots: number[]; readonly declare: (frame: Frame, value: Value) => void } {
  const slots: number[] = [];
  let missing: string | undefined;
  for (const { names } of pipe.declarations) {
    const name = names[0]!;
    const slot = pipe.isAssign ? compilation.find(name)?.slot : compilation.declare(name);
    if (slot === undefined) missing ??= name;
    else if (missing === undefined) slots.push(slot);
  }
  const { tree } = compilation;
  const declare = (frame: Frame, value: Value): void => {
    for (const slot of slots) frame.variables[slot] = value === null ? undefined : value;
    if (missing !== undefined) throw executionError(tree, lastNode(pipe, frame), `undefined variable: ${missing}`);
  };
  return { slots, declare };
}

/** Compiles `{{$x := pipeline}}`, which puts nothing out. */
export function compileDeclarationAction(compilation: Compilation, pipe: PipeNode): Execute {
  const evaluate = compileCommands(compilation, pipe);
  const { slots, declare } = declaration(compilation, pipe);
  if (compilation.tracing) {
    const traced = tracedDeclaration(slots, { evaluate, declare, isAssign: pipe.isAssign });
    return (frame, dot) => {
      traceOf(frame).recorder.during(() => traced(frame, dot));
      return proceed;
    };
  }
  return (frame, dot) => {
    declare(frame, evaluate(frame, dot));
    return proceed;
  };
}

/** Compiles one command of a pipeline. `before` is the command before it, or the pipeline when it is the first. */
function compileCommand(
  compilation: Compilation,
  command: CommandNode,
  final: Evaluate | undefined,
  before: CommandNode | PipeNode,
): Evaluate {
  const first = command.args[0]!;
  const hasArguments = command.args.length > 1 || final !== undefined;
  switch (first.kind) {
    case "field":
    case "chain":
      return hasArguments ? compileMethodCall(compilation, first, command, final) : compileOperand(compilation, first);
    case "variable":
      if (!hasArguments) return compileOperand(compilation, first);
      if (first.names.length > 1) return compileMethodCall(compilation, first, command, final);
      break;
    case "identifier":
      return compileCall(
        compilation,
        { callee: first, call: command, args: command.args.slice(1), final },
        operandCompiler,
      );
    case "pipe":
      if (!hasArguments) return compileOperand(compilation, first);
      break;
  }
  if (hasArguments) {
    return (frame, dot) => {
      final?.(frame, dot);
      // Before a parenthesis Go still has the node of the previous command in hand.
      const node = first.kind !== "pipe" ? first : before.kind === "command" ? lastNode(before, frame) : before;
      throw executionError(compilation.tree, node, `can't give argument to non-function ${nodeText(first)}`);
    };
  }
  if (!isLiteral(first)) return compileOperand(compilation, first);
  const literal = literalValue(first);
  if ("error" in literal) return compilation.failing(first, literal.error);
  const { value } = literal;
  return () => value;
}

/** Compiles an operand that is no literal. */
export function compileOperand(compilation: Compilation, node: Operand): Evaluate {
  switch (node.kind) {
    case "dot":
      return compilation.tracing ? tracedDot : (_frame, dot) => dot;
    case "field":
      return compileFields(compilation, node);
    case "variable":
      return node.names.length === 1 ? compilation.variable(node) : compileFields(compilation, node);
    case "chain":
      return compileFields(compilation, node);
    case "pipe":
      return compilePipe(compilation, node, true);
    case "identifier":
      return compileCall(compilation, { callee: node, call: node, args: [], final: undefined }, operandCompiler);
    default:
      return compilation.failing(node, `can't evaluate command ${nodeText(node)}`);
  }
}

const operandCompiler: OperandCompiler = {
  operand: compileOperand,
  pipe: (compilation, pipe) => compilePipe(compilation, pipe, false),
};

type FieldsNode = ChainNode | FieldNode | VariableNode;

/** Where a chain of fields starts: dot, a variable, or an expression. */
function compileStart(compilation: Compilation, node: FieldsNode): Evaluate {
  if (node.kind === "field") return (_frame, dot) => dot;
  return node.kind === "variable" ? compilation.variable(node, tracedStart) : compileOperand(compilation, node.node);
}

function originOf(compilation: Compilation, node: FieldsNode): number {
  if (node.kind === "field") return compilation.dotOrigin;
  if (node.kind === "variable") return compilation.find(node.names[0]!)?.originSlot ?? -1;
  if (node.node.kind === "dot") return compilation.dotOrigin;
  return -1;
}

/** A chain of fields with what its errors and method calls need. */
class ChainSite implements FieldSite {
  readonly tree: Tree;
  readonly names: readonly string[];
  readonly missingKey: MissingKey;
  readonly originSlot: number;
  readonly #node: FieldsNode;

  constructor(compilation: Compilation, node: FieldsNode, names: readonly string[]) {
    this.tree = compilation.tree;
    this.names = names;
    this.missingKey = compilation.missingKey;
    this.originSlot = originOf(compilation, node);
    this.#node = node;
  }

  errorNode(frame: Frame): AnyNode {
    return lastNode(this.#node, frame);
  }

  callMethod(frame: Frame, method: GoFunction, name: string): Value {
    const wrong = arityError(method, name, { written: 0, count: 0 });
    if (wrong !== undefined) throw executionError(this.tree, this.errorNode(frame), wrong);
    try {
      return typedResult(method.call(frame.context, []), method.result);
    } catch (error) {
      throw callError(this.tree, this.#node, name, error);
    }
  }
}

function fieldNames(node: FieldsNode): readonly string[] {
  return node.kind === "field" ? node.names : node.kind === "variable" ? node.names.slice(1) : node.fields;
}

/** `.a.b`, `$x.a.b`, `(…).a.b` without arguments. */
function compileFields(compilation: Compilation, node: FieldsNode): Evaluate {
  const site = new ChainSite(compilation, node, fieldNames(node));
  if (compilation.tracing) {
    const begin = compileStart(compilation, node);
    return (frame, dot) => tracedChain(site, frame, begin(frame, dot));
  }
  if (node.kind === "field")
    return site.names.length === 1 ? compileField(site) : (frame, dot) => readChain(site, frame, dot);
  const start = compileStart(compilation, node);
  return (frame, dot) => readChain(site, frame, start(frame, dot));
}

/** `.name`, the most frequent expression of all. */
function compileField(site: FieldSite): Evaluate {
  const name = site.names[0]!;
  return (frame, dot) => {
    if (dot instanceof Map) {
      const value = dot instanceof GoMap ? dot.goEntry(name) : dot.get(name);
      if (value !== undefined) return value;
    }
    return readField(site, frame, dot, { container: undefined, index: 0 });
  };
}

/** `.a.Method arg…`: the last name must be a method. */
function compileMethodCall(
  compilation: Compilation,
  node: FieldsNode,
  command: CommandNode,
  final: Evaluate | undefined,
): Evaluate {
  const names = fieldNames(node);
  const site = new ChainSite(compilation, node, names);
  const toReceiver = new ChainSite(compilation, node, names.slice(0, -1));
  const toContainer = new ChainSite(compilation, node, names.slice(0, -2));
  const start = compileStart(compilation, node);
  const name = names.at(-1)!;
  const args = command.args
    .slice(1)
    .map((arg) => ({ arg, evaluate: isLiteral(arg) ? undefined : compileOperand(compilation, arg) }));
  return (frame, dot) => {
    const piped = final?.(frame, dot);
    const first = start(frame, dot);
    const receiver = readChain(toReceiver, frame, first);
    const method = methodOf(receiver, name);
    if (!method) {
      const container = readChain(toContainer, frame, first);
      return readField(site, frame, receiver, { container, index: names.length - 1, hasArguments: true });
    }
    const wrong = arityError(method, name, { written: args.length, count: args.length + (final ? 1 : 0) });
    if (wrong !== undefined) throw executionError(compilation.tree, lastNode(node, frame), wrong);
    const list = args.map(({ arg, evaluate }, i) =>
      methodArgument(compilation, frame, arg, { type: parameterType(method, i), evaluate, dot }),
    );
    if (final) {
      const type = parameterType(method, args.length);
      const at = args.at(-1)?.arg ?? node;
      list.push(
        checkArgument(
          { evaluate: final, check: checkFor(type), type, tree: compilation.tree, unwraps: true, node: at },
          piped,
          frame,
        ),
      );
    }
    try {
      return typedResult(method.call(frame.context, list), method.result);
    } catch (error) {
      throw callError(compilation.tree, node, name, error);
    }
  };
}

/** A method's parameter types show only when it is called. */
function methodArgument(
  compilation: Compilation,
  frame: Frame,
  arg: Operand,
  { type, evaluate, dot }: { type: string; evaluate: Evaluate | undefined; dot: Value },
): GoValue {
  const { tree } = compilation;
  if (evaluate)
    return checkArgument(
      { evaluate, check: checkFor(type), type, tree, unwraps: false, node: arg },
      evaluate(frame, dot),
      frame,
    );
  const literal = isLiteral(arg) ? literalArgument(arg, type) : { error: "" };
  if ("error" in literal) throw executionError(tree, arg, literal.error);
  return literal.value as GoValue;
}
