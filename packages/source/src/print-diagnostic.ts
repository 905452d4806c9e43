import type { Diagnostic } from "./diagnostic.ts";
import type { FileTree } from "./file-tree.ts";

export interface PrintDiagnosticOptions {
  /** Where the lines to show come from. */
  readonly tree?: FileTree;
  /** Columns to keep to when a source line is long. Default 120. */
  readonly width?: number;
  /** Puts colour around a part; without it the text is plain. */
  readonly colour?: (part: "error" | "warning" | "info" | "place" | "caret" | "fix", text: string) => string;
}

/** The diagnostic as text of several lines: message, `--> file:line:col`, the source line with a caret, related places, the fix. */
export function printDiagnostic(_diagnostic: Diagnostic, _options: PrintDiagnosticOptions = {}): string {
  throw new Error("printDiagnostic is not finished");
}
