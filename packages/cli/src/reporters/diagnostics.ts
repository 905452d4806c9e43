import type { Diagnostic, FileTree } from "@tiphys/source";
import { printDiagnostic } from "@tiphys/source";
import pico from "picocolors";
import type { Io } from "../command.ts";

/** Prints diagnostics on stderr, each once, errors first. Colour only on a terminal and without NO_COLOR. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], io: Io, tree?: FileTree): void {
  const order = { error: 0, warning: 1, info: 2 };
  const seen = new Set<string>();
  const colours = pico.createColors(io.stderr.isTTY && io.environment["NO_COLOR"] === undefined);
  const colour = (part: "error" | "warning" | "info" | "place" | "caret" | "fix", text: string): string => {
    switch (part) {
      case "error":
        return colours.red(colours.bold(text));
      case "warning":
        return colours.yellow(colours.bold(text));
      case "caret":
        return colours.red(text);
      case "place":
        return colours.cyan(text);
      case "fix":
        return colours.green(text);
      default:
        return text;
    }
  };
  for (const diagnostic of diagnostics.toSorted((a, b) => order[a.severity] - order[b.severity])) {
    const text = printDiagnostic(diagnostic, {
      ...(tree === undefined ? {} : { tree }),
      ...(colours.isColorSupported ? { colour } : {}),
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
