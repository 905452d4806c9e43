// Mirrors HTMLEscaper, JSEscaper and URLQueryEscaper of text/template/funcs.go, Go 1.26.
import { sprint } from "../fmt/print.ts";
import { isPrint } from "../strconv/character-class.ts";
import { decodeRune } from "../strconv/utf8.ts";
import { printable } from "./printable.ts";
import type { Value } from "./frame.ts";

/** The arguments as one text: Go's evalArgs. */
function textOf(args: readonly Value[]): string {
  const only = args.length === 1 ? args[0] : undefined;
  return typeof only === "string" ? only : sprint(args.map((arg) => printable(arg) ?? arg ?? null));
}

const htmlEscapes: Readonly<Record<string, string>> = {
  "\0": "\xef\xbf\xbd",
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

/** `html` */
export function escapeHtml(args: readonly Value[]): string {
  // oxlint-disable-next-line no-control-regex -- NUL is one of the characters that HTML text may not hold
  return textOf(args).replace(/[\0"'&<>]/g, (character) => htmlEscapes[character]!);
}

const scriptEscapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
};

/** `js` */
export function escapeScript(args: readonly Value[]): string {
  const text = textOf(args);
  let out = "";
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code < 0x80) {
      const character = text[at]!;
      out +=
        scriptEscapes[character] ??
        (code < 32 ? "\\u00" + code.toString(16).toUpperCase().padStart(2, "0") : character);
      at++;
      continue;
    }
    const decoded = decodeRune(text, at);
    const width = decoded & 7;
    const rune = decoded >> 3;
    out += isPrint(rune) ? text.slice(at, at + width) : "\\u" + rune.toString(16).toUpperCase().padStart(4, "0");
    at += width;
  }
  return out;
}

/** `urlquery`: Go's `url.QueryEscape` */
export function escapeQuery(args: readonly Value[]): string {
  return textOf(args).replace(/[^A-Za-z0-9\-_.~]/g, (character) => {
    return character === " " ? "+" : "%" + character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
  });
}
