// Mirrors walk of text/template/exec.go, Go 1.26: statements become functions that append to a frame's output.
import { OutputTooLong } from "../output-limit.ts";
import { tooManyCalls } from "../work.ts";
import type { FunctionTable } from "../function.ts";
import type { ActionNode, BranchNode, ListNode, Node, TemplateNode, Tree } from "../parse/node.ts";
import { nodeText } from "../parse/node.ts";
import { goTypeName, isTrue } from "../reflect.ts";
import { quoteGo } from "../strconv/quote.ts";
import { Compilation } from "./compilation.ts";
import { assignedSlots } from "./assigned-slots.ts";
import { executionError } from "./error.ts";
import { compileDeclarationAction, compilePipe } from "./expression.ts";
import type { MissingKey } from "./field.ts";
import { breakLoop, continueLoop, Frame, proceed } from "./frame.ts";
import type { Definition, Execute, Value } from "./frame.ts";
import { compileRange } from "./loop.ts";
import { outputText } from "./printable.ts";
import { appendInner, startTraced, tracedAction, tracedBranch, tracedText, traceOf, withDot } from "./traced.ts";

/** Go's limit of templates within templates. The JavaScript stack usually ends before. */
const maxExecDepth = 100000;

/** A template of a set, compiled when it is first executed. */
class CompiledDefinition implements Definition {
  readonly tree: Tree;
  readonly #functions: FunctionTable;
  readonly #options: { readonly missingKey: MissingKey; readonly tracing: boolean };
  #body: Execute | undefined;
  #compilation: Compilation | undefined;
  #traced: CompiledDefinition | undefined;

  constructor(
    tree: Tree,
    functions: FunctionTable,
    options: { readonly missingKey: MissingKey; readonly tracing: boolean },
  ) {
    this.tree = tree;
    this.#functions = functions;
    this.#options = options;
  }

  traced(): CompiledDefinition {
    return (this.#traced ??= new CompiledDefinition(this.tree, this.#functions, { ...this.#options, tracing: true }));
  }

  slots(): number {
    if (!this.#body) this.body();
    return this.#compilation!.slots;
  }

  body(): Execute {
    if (!this.#body) {
      this.#compilation = new Compilation(this.tree, this.#functions, this.#options);
      this.#body = compileList(this.#compilation, this.tree.root);
    }
    return this.#body;
  }
}

const compiled = new WeakMap<FunctionTable, Map<MissingKey, WeakMap<Tree, Definition>>>();

/** The compiled form of a tree under a function table; the same for all sets that use both. */
export function definitionOf(tree: Tree, functions: FunctionTable, missingKey: MissingKey): Definition {
  let byOption = compiled.get(functions);
  if (!byOption) compiled.set(functions, (byOption = new Map()));
  let byTree = byOption.get(missingKey);
  if (!byTree) byOption.set(missingKey, (byTree = new WeakMap()));
  let definition = byTree.get(tree);
  if (!definition)
    byTree.set(tree, (definition = new CompiledDefinition(tree, functions, { missingKey, tracing: false })));
  return definition;
}

function compileList(compilation: Compilation, list: ListNode): Execute {
  const statements = list.nodes.map((node) => compileNode(compilation, node));
  const [first, second] = statements;
  if (!first) return () => proceed;
  if (!second) return first;
  const count = statements.length;
  return (frame, dot) => {
    for (let i = 0; i < count; i++) {
      const signal = statements[i]!(frame, dot);
      if (signal !== proceed) return signal;
    }
    return proceed;
  };
}

function compileNode(compilation: Compilation, node: Node): Execute {
  switch (node.kind) {
    case "text": {
      if (compilation.tracing) return tracedText(compilation.tree, node);
      const { text } = node;
      return (frame) => {
        frame.out += text;
        return proceed;
      };
    }
    case "action":
      return compileAction(compilation, node);
    case "if":
    case "with":
      return compileBranch(compilation, node);
    case "range":
      return compileRange(compilation, node, compileInside);
    case "template":
      return compileTemplate(compilation, node);
    case "break":
      return () => breakLoop;
    case "continue":
      return () => continueLoop;
  }
}

function compileAction(compilation: Compilation, node: ActionNode): Execute {
  if (node.pipe.declarations.length > 0) return compileDeclarationAction(compilation, node.pipe);
  const evaluate = compilePipe(compilation, node.pipe, false);
  const { tree } = compilation;
  if (compilation.tracing) {
    return tracedAction(tree, node, {
      evaluate,
      print: (value) => (typeof value === "string" ? value : printed(tree, node, value)),
    });
  }
  return (frame, dot) => {
    const value = evaluate(frame, dot);
    frame.out += typeof value === "string" ? value : printed(tree, node, value);
    return proceed;
  };
}

/** The text of a value in an action. */
function printed(tree: Tree, node: ActionNode, value: Value): string {
  let text: string | undefined;
  try {
    text = outputText(value);
  } catch (error) {
    throw error instanceof OutputTooLong ? executionError(tree, node, error.message) : error;
  }
  if (text === undefined)
    throw executionError(tree, node, `can't print ${nodeText(node)} of type ${goTypeName(value)}`);
  return text;
}

/** An `if` or `with`. Its bodies are compiled when they first run; most of what a chart has for other values never does. */
function compileBranch(compilation: Compilation, node: BranchNode): Execute {
  const mark = compilation.mark();
  const evaluate = compilePipe(compilation, node.pipe, false);
  const inside = compilation.fork();
  compilation.pop(mark);
  const { list, elseList } = node;
  const assigned = compilation.tracing ? assignedSlots(compilation, [list, elseList]) : [];
  const isWith = node.kind === "with";
  let then: Execute | undefined;
  let otherwise: Execute | undefined;
  const compileThen = (): Execute =>
    (then = isWith ? inside.withDotFrom(-1, () => compileInside(inside, list)) : compileInside(inside, list));
  const compileElse = (): Execute => (otherwise = elseList ? compileInside(inside, elseList) : () => proceed);
  if (compilation.tracing) {
    return tracedBranch(evaluate, assigned, (frame, dot, { result, touched }) => {
      if (!isTrue(result)) return (otherwise ?? compileElse())(frame, dot);
      if (!isWith) return (then ?? compileThen())(frame, dot);
      return withDot(then ?? compileThen(), touched, frame, result);
    });
  }
  if (isWith) {
    return (frame, dot) => {
      const value = evaluate(frame, dot);
      if (isTrue(value)) return (then ?? compileThen())(frame, value);
      return elseList ? (otherwise ?? compileElse())(frame, dot) : proceed;
    };
  }
  return (frame, dot) => {
    if (isTrue(evaluate(frame, dot))) return (then ?? compileThen())(frame, dot);
    return elseList ? (otherwise ?? compileElse())(frame, dot) : proceed;
  };
}

/** Compiles a list whose variables end with it. */
function compileInside(compilation: Compilation, list: ListNode): Execute {
  const mark = compilation.mark();
  const execute = compileList(compilation, list);
  compilation.pop(mark);
  return execute;
}

function compileTemplate(compilation: Compilation, node: TemplateNode): Execute {
  const { tree } = compilation;
  const { name } = node;
  const evaluate = node.pipe && compilePipe(compilation, node.pipe, true);
  const { tracing } = compilation;
  return (frame, dot) => {
    let definition = frame.scope.lookup(name);
    if (!definition) throw executionError(tree, node, `template ${quoteGo(name)} not defined`);
    const read = tracing && evaluate ? traceOf(frame).recorder.during(() => evaluate(frame, dot)) : undefined;
    const argument = read ? read.result : evaluate?.(frame, dot);
    const { run } = frame;
    run.tree = tree;
    run.node = node;
    if (frame.depth > maxExecDepth) throw depthError(tree, node);
    const wrong = tooManyCalls(run.work);
    if (wrong !== undefined) throw executionError(tree, node, wrong);
    if (tracing) definition = definition.traced();
    const inner = new Frame(definition, argument, frame);
    if (read) startTraced(inner, read.touched);
    definition.body()(inner, argument);
    if (tracing) appendInner(frame, inner);
    frame.out += inner.text;
    return proceed;
  };
}

/** The error of templates that call each other without end. */
export function depthError(tree: Tree, node: Node | ListNode): Error {
  return executionError(tree, node, `exceeded maximum template depth (${maxExecDepth})`, { depthExceeded: true });
}
