import { JqSyntaxError, nextToken, unexpected } from "./lex.ts";
import type { JqNode } from "./node.ts";
import type { TokenCursor } from "./token-cursor.ts";

/** A string with `\(query)` in it; the current token is its opening quote. */
export function readString(cursor: TokenCursor, format: string | undefined, query: () => JqNode): JqNode {
  const parts: (string | JqNode)[] = [];
  let at = cursor.token.end;
  let text = "";
  for (;;) {
    const char = cursor.text[at];
    if (char === undefined) throw new JqSyntaxError("unterminated string literal", cursor.token.start);
    if (char === '"') break;
    if (char !== "\\") {
      text += char;
      at++;
      continue;
    }
    if (cursor.text[at + 1] === "(") {
      if (text !== "") parts.push(text);
      text = "";
      cursor.token = nextToken(cursor.text, at + 2);
      parts.push(query());
      if (!cursor.is(")")) throw unexpected(cursor.token);
      at = cursor.token.end;
      continue;
    }
    const [value, length] = readEscape(cursor.text, at);
    text += value;
    at += length;
  }
  if (text !== "") parts.push(text);
  cursor.token = nextToken(cursor.text, at + 1);
  if (format === undefined && parts.every((part) => typeof part === "string"))
    return { type: "literal", value: parts.join("") };
  return { type: "string", parts, format };
}

function readEscape(source: string, at: number): readonly [value: string, length: number] {
  const found = /\\(?:u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|["\\/bfnrt])/y;
  found.lastIndex = at;
  const text = found.exec(source)?.[0];
  if (text === undefined)
    throw new JqSyntaxError(`invalid escape sequence "${source.slice(at, at + 2)}" in string literal`, at);
  const decoded = JSON.parse(`"${text}"`) as string;
  const bytes = new TextEncoder().encode(decoded);
  return [String.fromCharCode(...bytes), text.length];
}
