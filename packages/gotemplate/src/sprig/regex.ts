import { define, FunctionError } from "../function.ts";
import { type GoFunction, type GoValue, nilSlice, typedSlice } from "../value.ts";
import { compileGoRegexp, type GoRegexp, mustCompileGoRegexp, quoteMeta } from "./go-regexp.ts";

type Compile = (pattern: string) => GoRegexp;

function stringSlice(strings: string[] | undefined): GoValue {
  return strings === undefined ? nilSlice("[]string") : typedSlice("[]string", strings);
}

function limitOf(count: bigint): number {
  return count < 0n ? -1 : Number(count);
}

/** The functions that exist with and without `must`; those without report a bad pattern in the words of a panic. */
function variants(prefix: "r" | "mustR", compile: Compile): GoFunction[] {
  return [
    define(
      `${prefix}egexFindAll`,
      "func(string, string, int) []string",
      (_, pattern: string, text: string, n: bigint) => stringSlice(compile(pattern).findAll(text, limitOf(n))),
    ),
    define(`${prefix}egexFind`, "func(string, string) string", (_, pattern: string, text: string) =>
      compile(pattern).find(text),
    ),
    define(
      `${prefix}egexReplaceAll`,
      "func(string, string, string) string",
      (_, pattern: string, text: string, by: string) => compile(pattern).replaceAll(text, by),
    ),
    define(
      `${prefix}egexReplaceAllLiteral`,
      "func(string, string, string) string",
      (_, pattern: string, text: string, by: string) => compile(pattern).replaceAllLiteral(text, by),
    ),
    define(`${prefix}egexSplit`, "func(string, string, int) []string", (_, pattern: string, text: string, n: bigint) =>
      stringSlice(compile(pattern).split(text, limitOf(n))),
    ),
  ];
}

function matchesQuietly(pattern: string, text: string): boolean {
  try {
    return compileGoRegexp(pattern).matches(text);
  } catch (error) {
    if (error instanceof FunctionError) return false;
    throw error;
  }
}

/** Sprig's regular expressions. From regex.go. */
export const regexFunctions: readonly GoFunction[] = [
  define("regexMatch", "func(string, string) bool", (_, pattern: string, text: string) =>
    matchesQuietly(pattern, text),
  ),
  define("mustRegexMatch", "func(string, string) bool", (_, pattern: string, text: string) =>
    compileGoRegexp(pattern).matches(text),
  ),
  ...variants("r", mustCompileGoRegexp),
  ...variants("mustR", compileGoRegexp),
  define("regexQuoteMeta", "func(string) string", (_, text: string) => quoteMeta(text)),
];
