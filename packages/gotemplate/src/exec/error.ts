// Mirrors errorf and ErrorContext of text/template, Go 1.26.
import { TemplateError } from "../error.ts";
import { nodeText } from "../parse/node.ts";
import type { AnyNode, CommandNode, Operand, PipeNode, Tree } from "../parse/node.ts";
import { quoteGo } from "../strconv/quote.ts";
import type { Frame } from "./frame.ts";

/** The error of executing `tree` at `node`. */
export function executionError(
  tree: Tree,
  node: AnyNode,
  detail: string,
  more: { cause?: unknown; depthExceeded?: boolean } = {},
): TemplateError {
  const { text, parseName, name } = tree;
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < node.position; at = text.indexOf("\n", at + 1)) {
    line++;
    lineStart = at + 1;
  }
  const column = node.position - lineStart;
  const context = nodeText(node);
  return new TemplateError({
    phase: "exec",
    message: `template: ${parseName}:${line}:${column}: executing ${quoteGo(name)} at <${context}>: ${detail}`,
    parseName,
    templateName: name,
    line,
    column,
    nodeText: context,
    detail,
    ...more,
  });
}

/**
 * Go keeps one current node and reports errors at it; evaluating an expression leaves it at the expression's last part.
 * That part is known beforehand, except behind `and` and `or`, which may stop early.
 */
export function lastNode(node: CommandNode | Operand, frame?: Frame): AnyNode {
  if (node.kind === "chain") return lastNode(node.node, frame);
  if (node.kind === "pipe") return lastNodeOfPipe(node, frame);
  if (node.kind !== "command") return node;
  const first = node.args[0]!;
  if (node.args.length === 1) return lastNode(first, frame);
  if (first.kind === "identifier" && (first.name === "and" || first.name === "or")) {
    const stop = frame?.stoppedAt;
    const arg = node.args.find((candidate) => candidate === stop);
    if (arg) return lastNode(arg, frame);
  }
  return lastNode(node.args.at(-1)!, frame);
}

function lastNodeOfPipe(pipe: PipeNode, frame?: Frame): AnyNode {
  const command = pipe.commands.at(-1);
  return command ? lastNode(command, frame) : pipe;
}
