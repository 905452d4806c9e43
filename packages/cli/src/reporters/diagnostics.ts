import type { Diagnostic, FileTree } from "@tiphys/source";
import { printDiagnostic } from "@tiphys/source";
import type { Io } from "../command.ts";

type Part = "error" | "warning" | "info" | "place" | "caret" | "fix";

/** What a terminal is told before and behind each part (ECMA-48, select graphic rendition). */
const colours: Readonly<Record<Part, readonly [before: string, behind: string]>> = {
  error: ["\x1b[31m\x1b[1m", "\x1b[22m\x1b[39m"],
  warning: ["\x1b[33m\x1b[1m", "\x1b[22m\x1b[39m"],
  info: ["", ""],
  place: ["\x1b[36m", "\x1b[39m"],
  caret: ["\x1b[31m", "\x1b[39m"],
  fix: ["\x1b[32m", "\x1b[39m"],
};

function colour(part: Part, text: string): string {
  const [before, behind] = colours[part];
  return before + text + behind;
}

/** Prints diagnostics on stderr, each once, errors first. Colour only on a terminal and without NO_COLOR. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], io: Io, tree?: FileTree): void {
  const order = { error: 0, warning: 1, info: 2 };
  const seen = new Set<string>();
  const isColoured = io.stderr.isTTY && io.environment["NO_COLOR"] === undefined;
  for (const diagnostic of diagnostics.toSorted((a, b) => order[a.severity] - order[b.severity])) {
    const text = printDiagnostic(diagnostic, {
      ...(tree === undefined ? {} : { tree }),
      ...(isColoured ? { colour } : {}),
    });
    if (seen.has(text)) continue;
    seen.add(text);
    io.stderr.write(text.endsWith("\n") ? text : `${text}\n`);
  }
}

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
