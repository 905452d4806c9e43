import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic } from "./diagnostic.ts";
import type { FileTree } from "./file-tree.ts";
import { FileTreeError } from "./file-tree.ts";
import type { Origin } from "./origin.ts";

export interface PrintDiagnosticOptions {
  /** Where the lines to show come from. */
  readonly tree?: FileTree;
  /** Columns to keep to when a source line is long. Default 120. */
  readonly width?: number;
  /** Puts colour around a part; without it the text is plain. */
  readonly colour?: (part: "error" | "warning" | "info" | "place" | "caret" | "fix", text: string) => string;
}

/** The diagnostic as text of several lines: message, `--> file:line:col`, the source line with a caret, related places, the fix. */
export function printDiagnostic(diagnostic: Diagnostic, options: PrintDiagnosticOptions = {}): string {
  const colour = options.colour ?? ((_part: string, text: string): string => text);
  const head = colour(diagnostic.severity, `${diagnostic.severity}[${diagnostic.code}]`);
  let text = `${head}: ${diagnostic.message.trimEnd()}\n`;
  if (diagnostic.origin !== undefined) {
    text += `  --> ${colour("place", printOrigin(diagnostic.origin))}\n${printSource(diagnostic.origin, options)}`;
  }
  for (const { origin, message } of diagnostic.related ?? []) {
    text += `  ... ${colour("place", printOrigin(origin))}: ${message}\n`;
  }
  if (diagnostic.fix !== undefined) text += `  = ${colour("fix", `fix: ${diagnostic.fix}`)}\n`;
  return text;
}

/** `file:line:column`, as far as known; with the value's path where there is no line. */
function printOrigin(origin: Origin): string {
  if (origin.line === undefined) return origin.path ? `${origin.file} (${origin.path})` : origin.file;
  return origin.column === undefined ? `${origin.file}:${origin.line}` : `${origin.file}:${origin.line}:${origin.column}`;
}

function printSource(origin: Origin, options: PrintDiagnosticOptions): string {
  const line = sourceLine(origin, options.tree);
  if (line === undefined || origin.line === undefined) return "";
  const colour = options.colour ?? ((_part: string, text: string): string => text);
  const before = fromByteString(line.slice(0, Math.max(0, (origin.column ?? 1) - 1)));
  const excerpt = cutAround({ text: fromByteString(line), at: before.length, width: options.width ?? 120 });
  const margin = " ".repeat(String(origin.line).length);
  const caret = origin.column === undefined ? "" : `  ${margin} | ${blanks(excerpt.text.slice(0, excerpt.at))}${colour("caret", "^")}\n`;
  return `  ${origin.line} | ${excerpt.text}\n${caret}`;
}

/** The line as a byte string without its line end; undefined when the file is not in the tree. */
function sourceLine(origin: Origin, tree: FileTree | undefined): string | undefined {
  if (tree === undefined || origin.line === undefined) return undefined;
  let bytes: Uint8Array | undefined;
  try {
    bytes = tree.read(origin.file);
  } catch (error) {
    if (error instanceof FileTreeError) return undefined;
    throw error;
  }
  if (bytes === undefined) return undefined;
  let start = 0;
  for (let line = 1; line < origin.line; line++) {
    const end = bytes.indexOf(10, start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  const end = bytes.indexOf(10, start);
  return bytesToByteString(bytes.subarray(start, end < 0 ? bytes.length : end)).replace(/\r$/, "");
}

/** A long line keeps `width` characters around the place. */
function cutAround({ text, at, width }: { text: string; at: number; width: number }): { text: string; at: number } {
  if (text.length <= width) return { text, at };
  const start = Math.max(0, Math.min(at - Math.floor(width / 2), text.length - width));
  const cut = text.slice(start, start + width);
  const head = start > 0 ? "…" : "";
  return { text: `${head}${cut}${start + width < text.length ? "…" : ""}`, at: at - start + head.length };
}

/** As wide as `text` on a terminal: tabs stay tabs, full-width characters count two. */
function blanks(text: string): string {
  let result = "";
  for (const character of text) {
    if (character === "\t") result += "\t";
    else result += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u.test(character) ? "  " : " ";
  }
  return result;
}
