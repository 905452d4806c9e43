import type { CallContext, GoFunction, GoValue } from "./value.ts";

/** An error that a Go function returned; the executor adds template, line, column and context to it. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
}

/** Functions by the name that templates call them by. */
export type FunctionTable = ReadonlyMap<string, GoFunction>;

type Implementation = (context: CallContext, ...args: any[]) => GoValue;

/**
 * A Go function from its signature and its implementation.
 *
 * `signature` is written as Go writes it: `func(int, string) string`, `func(...interface {}) string`. Type aliases are
 * spelled out: `interface {}`, not `any`. A trailing `error` result is left out; an implementation throws `FunctionError`.
 * The executor checks the arguments against it as text/template does before it calls. Variadic arguments arrive spread.
 */
export function define(name: string, signature: string, implementation: Implementation): GoFunction {
  let parsed: { parameters: readonly string[]; variadic: boolean; result: string } | undefined;
  const parse = () => (parsed ??= parseSignature(signature));
  return {
    isGoFunction: true,
    name,
    get parameters() {
      return parse().parameters;
    },
    get variadic() {
      return parse().variadic;
    },
    get result() {
      return parse().result;
    },
    call: (context, args) => implementation(context, ...args),
    direct: implementation,
  };
}

function parseSignature(signature: string): { parameters: string[]; variadic: boolean; result: string } {
  const match = /^func\((.*?)\)(?: (.*))?$/.exec(signature);
  if (!match) throw new Error(`not a Go signature: ${signature}`);
  const parameters = match[1] === "" ? [] : match[1]!.split(", ");
  const last = parameters.at(-1);
  const variadic = last !== undefined && last.startsWith("...");
  if (variadic) parameters[parameters.length - 1] = last.slice(3);
  return { parameters, variadic, result: match[2] ?? "interface {}" };
}
