import type { GoValue } from "@tiphys/gotemplate";
import { evaluate } from "./evaluate.ts";
import { findQueryFunction, findValueFunction, isMissingFunction } from "./functions.ts";
import { JqSyntaxError } from "./lex.ts";
import { JqBreak, JqHalt, JqTimeout, Machine } from "./machine.ts";
import { patternNames, type JqNode } from "./node.ts";
import { parseJq } from "./parse.ts";
import { findPreludeFunction } from "./prelude.ts";
import { jsonValue, JqError } from "./value.ts";

/** A function that gojq has and this does not: what the program makes is not known. */
export class JqUnsupported extends Error {
  override readonly name = "JqUnsupported";
}

export interface JqProgram {
  /** All results for an input, at most `limit`. Throws `JqError` or `JqTimeout`. */
  run(input: GoValue, limit?: number): GoValue[];
}

/** Reads a program and checks its names. Throws `JqSyntaxError` with gojq's text, `JqUnsupported`. */
export function compileJq(text: string): JqProgram {
  const tree = parseJq(text);
  checkNames(tree, new Set());
  return {
    run(input, limit = Infinity) {
      const found: GoValue[] = [];
      try {
        const machine = new Machine(evaluate);
        for (const { value } of evaluate(tree, {
          input: { value: input, path: undefined },
          scope: undefined,
          machine,
          tracks: false,
        })) {
          machine.visit(value);
          found.push(jsonValue(value));
          if (found.length >= limit) break;
        }
      } catch (error) {
        if (error instanceof JqBreak) throw new JqError("label not defined");
        if (error instanceof JqHalt) throw new JqError(error.message);
        if (error instanceof RangeError)
          throw new JqTimeout("JQ patch execution timed out (1s): values are nested too deep");
        throw error;
      }
      return found;
    },
  };
}

function isBuiltIn(name: string): boolean {
  return [findPreludeFunction, findQueryFunction, findValueFunction].some((find) => find(name) !== undefined);
}

/** Functions and variables that are not there are found before anything runs, as gojq's compiler does. */
function checkNames(node: JqNode, names: ReadonlySet<string>): void {
  const check = (inner: JqNode | undefined, ...more: readonly string[]): void => {
    if (inner !== undefined) checkNames(inner, more.length === 0 ? names : new Set([...names, ...more]));
  };
  switch (node.type) {
    case "call": {
      const name = `${node.name}/${node.arguments.length}`;
      if (!names.has(name) && !isBuiltIn(name)) {
        if (name === "input/0" || name === "inputs/0") throw new JqSyntaxError("input(s)/0 is not allowed", 0);
        if (isMissingFunction(name)) throw new JqUnsupported(`unsupported: jq function ${name}`);
        throw new JqSyntaxError(`function not defined: ${name}`, 0);
      }
      for (const argument of node.arguments) check(argument);
      return;
    }
    case "variable":
      if (node.name !== "$ENV" && !names.has(node.name))
        throw new JqSyntaxError(`variable not defined: ${node.name}`, 0);
      return;
    case "break":
      if (!names.has(`*${node.name}`)) throw new JqSyntaxError(`label not defined: ${node.name}`, 0);
      return;
    case "define": {
      const { name, parameters, body } = node.definition;
      const self = `${name}/${parameters.length}`;
      const bound = parameters.flatMap((parameter) =>
        parameter.startsWith("$") ? [parameter, `${parameter.slice(1)}/0`] : [`${parameter}/0`],
      );
      check(body, self, ...bound);
      check(node.body, self);
      return;
    }
    case "label":
      check(node.body, `*${node.name}`);
      return;
    case "bind":
      check(node.source);
      check(node.body, ...node.patterns.flatMap(patternNames));
      return;
    case "reduce":
    case "foreach": {
      check(node.source);
      check(node.start);
      const bound = patternNames(node.pattern);
      check(node.update, ...bound);
      if (node.type === "foreach") check(node.extract, ...bound);
      return;
    }
    default:
      for (const child of children(node)) check(child);
  }
}

function children(node: JqNode): readonly (JqNode | undefined)[] {
  switch (node.type) {
    case "string":
      return node.parts.filter((part): part is JqNode => typeof part !== "string");
    case "index":
      return [node.key];
    case "slice":
      return [node.from, node.to];
    case "suffix":
      return [node.term, node.suffix];
    case "pipe":
    case "comma":
    case "alternative":
    case "and":
    case "or":
    case "binary":
    case "update":
      return [node.left, node.right];
    case "negate":
    case "array":
      return [node.body];
    case "object":
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case "if":
      return [...node.branches.flatMap(({ condition, body }) => [condition, body]), node.otherwise];
    case "try":
      return [node.body, node.handler];
    default:
      return [];
  }
}
