import { define, FunctionError } from "../function.ts";
import type { CallContext, GoFunction } from "../value.ts";

const specialNames = /^[*#$@!?\-0-9]/;

/** Name and length of a variable after its dollar sign; as `getShellName` of os/env.go. */
function shellName(text: string): { readonly name: string; readonly length: number } {
  if (text.startsWith("{")) {
    if (/^\{[*#$@!?\-0-9]\}/.test(text)) return { name: text[1]!, length: 3 };
    const close = text.indexOf("}");
    // Bad syntax is eaten: `${` alone, or `${}` with its braces.
    if (close === 1) return { name: "", length: 2 };
    return close === -1 ? { name: "", length: 1 } : { name: text.slice(1, close), length: close + 1 };
  }
  if (specialNames.test(text)) return { name: text[0]!, length: 1 };
  const name = /^[0-9A-Za-z_]*/.exec(text)![0];
  return { name, length: name.length };
}

/** `os.Expand`: variables of a byte string, `$NAME` and `${NAME}`, by what `valueOf` says of them. */
export function expandVariables(text: string, valueOf: (name: string) => string): string {
  let out = "";
  let at = 0;
  for (let dollar = text.indexOf("$"); dollar !== -1 && dollar + 1 < text.length; dollar = text.indexOf("$", at)) {
    out += text.slice(at, dollar);
    const { name, length } = shellName(text.slice(dollar + 1, dollar + 1 + 4096));
    if (name !== "") out += valueOf(name);
    // A dollar sign before something that is no name stays.
    else if (length === 0) out += "$";
    at = dollar + 1 + length;
  }
  return out + text.slice(at);
}

/** `os.ExpandEnv`. */
function expandEnvironment(context: CallContext, text: string): string {
  return expandVariables(text, (name) => context.environment.get(name) ?? "");
}

/** Sprig's environment and network. Names cannot be looked up here: nothing in this package reaches the network. */
export const environmentFunctions: readonly GoFunction[] = [
  define("env", "func(string) string", (context, name: string) => context.environment.get(name) ?? ""),
  define("expandenv", "func(string) string", expandEnvironment),
  define("getHostByName", "func(string) string", () => {
    throw new FunctionError("unsupported: looking up host names");
  }),
];
