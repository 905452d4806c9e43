import type { Diagnostic } from "./diagnostic.ts";
import type { FileTree } from "./file-tree.ts";
import { FileTreeError } from "./file-tree.ts";
import type { Origin } from "./origin.ts";

/** A part of the text that a colour hook may dress. */
export type DiagnosticPart = "error" | "warning" | "info" | "place" | "caret" | "fix";

export interface PrintDiagnosticOptions {
  /** Where the lines to show come from. */
  readonly tree?: FileTree;
  /** Columns to keep to when a source line is long. Default 120. */
  readonly width?: number;
  /** Puts colour around a part; without it the text is plain. */
  readonly colour?: (part: DiagnosticPart, text: string) => string;
}

const tabWidth = 4;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The diagnostic as text of several lines: message, `--> file:line:col`, the source line with a caret, related places, the fix. */
export function printDiagnostic(diagnostic: Diagnostic, options: PrintDiagnosticOptions = {}): string {
  const colour = options.colour ?? ((_part, text) => text);
  const { severity, code, message, origin } = diagnostic;
  const lines = [`${colour(severity, `${severity}[${code}]`)}: ${message}`];
  if (origin !== undefined) lines.push(...printOrigin(origin, options));
  for (const related of diagnostic.related ?? []) {
    lines.push(`  ${related.message}:`, ...printOrigin(related.origin, options));
  }
  if (diagnostic.fix !== undefined) lines.push(`  ${colour("fix", "fix")}: ${diagnostic.fix}`);
  return `${lines.join("\n")}\n`;
}

/** `file:line:col`, as far as it is known, with the value's path behind it. */
export function formatOrigin(origin: Origin): string {
  let out = origin.file;
  if (origin.line !== undefined) {
    out += `:${origin.line}`;
    if (origin.column !== undefined) out += `:${origin.column}`;
  }
  return origin.path === undefined ? out : `${out} (${origin.path})`;
}

function printOrigin(origin: Origin, options: PrintDiagnosticOptions): string[] {
  const colour = options.colour ?? ((_part: DiagnosticPart, text: string) => text);
  const lines = [` ${colour("place", "-->")} ${formatOrigin(origin)}`];
  const source = origin.line === undefined ? undefined : sourceLine(origin.file, origin.line, options.tree);
  if (source === undefined) return lines;
  const number = String(origin.line);
  const gutter = `${" ".repeat(number.length)} |`;
  const { text, caret } = excerpt(source, origin.column, options.width ?? 120);
  lines.push(`${number} | ${text}`.trimEnd());
  if (caret !== undefined) lines.push(`${gutter} ${" ".repeat(caret)}${colour("caret", "^")}`);
  return lines;
}

/** The bytes of one line without its break; undefined when the file or line is not there. */
function sourceLine(file: string, line: number, tree: FileTree | undefined): Uint8Array | undefined {
  let content: Uint8Array | undefined;
  try {
    content = tree?.read(file);
  } catch (error) {
    // A display name such as `--set` or `/dev/stdin` is no path in the tree.
    if (error instanceof FileTreeError) return undefined;
    throw error;
  }
  if (content === undefined) return undefined;
  let start = 0;
  for (let current = 1; current < line; current++) {
    const next = content.indexOf(10, start);
    if (next < 0) return undefined;
    start = next + 1;
  }
  const end = content.indexOf(10, start);
  const bytes = content.subarray(start, end < 0 ? content.length : end);
  return bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes;
}

/** The line as shown, cut around the caret, and the column on screen where the caret goes. */
function excerpt(
  bytes: Uint8Array,
  column: number | undefined,
  width: number,
): { text: string; caret: number | undefined } {
  const before = column === undefined ? undefined : cells(decoder.decode(bytes.subarray(0, Math.max(0, column - 1))));
  const all = cells(decoder.decode(bytes));
  const caretCell = before === undefined ? undefined : Math.min(before.length, all.length);
  if (all.length <= width) return { text: all.join(""), caret: caretCell };
  const start = Math.max(0, Math.min((caretCell ?? 0) - Math.floor(width / 2), all.length - width));
  const shown = all.slice(start, start + width);
  // A wide character cut in half leaves its empty second cell in front.
  while (shown[0] === "") shown[0] = " ";
  const head = start > 0 ? "…" : "";
  const tail = start + width < all.length ? "…" : "";
  return {
    text: `${head}${shown.join("")}${tail}`,
    caret: caretCell === undefined ? undefined : caretCell - start + head.length,
  };
}

/** One entry per screen cell: wide characters take a second, empty one; combining marks join their letter; control characters show as `·`. */
function cells(text: string): string[] {
  const out: string[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code === 9)
      do out.push(" ");
      while (out.length % tabWidth !== 0);
    else if (code < 32 || (code >= 0x7f && code < 0xa0)) out.push("·");
    else if (isCombining(code) && out.length > 0) out[out.length - 1] += character;
    else {
      out.push(character);
      if (isWide(code)) out.push("");
    }
  }
  return out;
}

function isCombining(code: number): boolean {
  return (
    (code >= 0x300 && code <= 0x36f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    (code >= 0x20d0 && code <= 0x20ff)
  );
}

/** East Asian wide and full-width characters and emoji, roughly. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
