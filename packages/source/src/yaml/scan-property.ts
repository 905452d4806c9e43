import {
  breakLength,
  HASH,
  hexValue,
  isBlankOrEnd,
  isBreakOrEnd,
  isDigit,
  isWordCharacter,
  sequenceLength,
  SPACE,
  TAB,
} from "./characters.ts";
import type { Scanner } from "./scanner.ts";
import * as T from "./token.ts";
import { Token } from "./token.ts";

/** `&name` or `*name`. */
export function scanAnchor(scanner: Scanner, type: number): Token {
  const { text, line } = scanner;
  const start = scanner.at++;
  const name = scanWord(scanner);
  const c = text.charCodeAt(scanner.at);
  const ends =
    isBlankOrEnd(text, scanner.at) ||
    c === 63 ||
    c === 58 ||
    c === 44 ||
    c === 93 ||
    c === 125 ||
    c === 37 ||
    c === 64 ||
    c === 96;
  if (name === "" || !ends) scanner.fail("did not find expected alphabetic or numeric character", line);
  return new Token(type, start, line, name, "", 0);
}

function scanWord(scanner: Scanner): string {
  const start = scanner.at;
  while (isWordCharacter(scanner.text.charCodeAt(scanner.at))) scanner.at++;
  scanner.need(1);
  return scanner.text.slice(start, scanner.at);
}

function skipBlanks(scanner: Scanner): void {
  for (let c = scanner.text.charCodeAt(scanner.at); c === SPACE || c === TAB;)
    c = scanner.text.charCodeAt(++scanner.at);
  scanner.need(1);
}

/** `!<uri>`, `!suffix`, `!!suffix` or `!handle!suffix`. The token holds handle and suffix; an empty handle means a verbatim tag. */
export function scanTag(scanner: Scanner): Token {
  const { text, line } = scanner;
  const start = scanner.at;
  let handle = "";
  let suffix: string;
  if (text.charCodeAt(start + 1) === 60) {
    scanner.at += 2;
    suffix = scanTagUri(scanner, line, "");
    if (text.charCodeAt(scanner.at) !== 62) scanner.fail("did not find the expected '>'", line);
    scanner.at++;
  } else {
    handle = scanTagHandle(scanner, false, line);
    if (handle.length > 1 && handle.endsWith("!")) suffix = scanTagUri(scanner, line, "");
    else {
      suffix = scanTagUri(scanner, line, handle);
      handle = "!";
      if (suffix === "") [handle, suffix] = ["", "!"];
    }
  }
  scanner.need(1);
  if (!isBlankOrEnd(text, scanner.at)) scanner.fail("did not find expected whitespace or line break", line);
  return new Token(T.TAG, start, line, handle, suffix, 0);
}

function scanTagHandle(scanner: Scanner, directive: boolean, line: number): string {
  const { text } = scanner;
  const start = scanner.at;
  if (text.charCodeAt(start) !== 33) scanner.fail("did not find expected '!'", line);
  scanner.at++;
  scanWord(scanner);
  if (text.charCodeAt(scanner.at) === 33) scanner.at++;
  else if (directive && scanner.at - start !== 1) scanner.fail("did not find expected '!'", line);
  return text.slice(start, scanner.at);
}

/** Characters besides letters, digits, `_` and `-` that a tag may hold: `;/?:@&=+$,.!~*'()[]%`. */
const uriCharacters = new Set([..."!$%&'()*+,./:;=?@[]~"].map((c) => c.charCodeAt(0)));

function scanTagUri(scanner: Scanner, line: number, head: string): string {
  const { text } = scanner;
  let out = head.slice(1);
  let any = head !== "";
  for (;;) {
    const c = text.charCodeAt(scanner.at);
    if (c === 37) out += scanUriEscape(scanner, line);
    else if (isWordCharacter(c) || uriCharacters.has(c)) {
      out += text[scanner.at];
      scanner.at++;
    } else break;
    any = true;
  }
  scanner.need(1);
  if (!any) scanner.fail("did not find expected tag URI", line);
  return out;
}

function scanUriEscape(scanner: Scanner, line: number): string {
  const { text } = scanner;
  let out = "";
  let left = 1;
  do {
    const high = hexValue(text.charCodeAt(scanner.at + 1));
    const low = hexValue(text.charCodeAt(scanner.at + 2));
    if (text.charCodeAt(scanner.at) !== 37 || high < 0 || low < 0) scanner.fail("did not find URI escaped octet", line);
    const octet = high * 16 + low;
    if (out === "") {
      left = sequenceLength(octet);
      if (left === 0) scanner.fail("found an incorrect leading UTF-8 octet", line);
    } else if ((octet & 0xc0) !== 0x80) scanner.fail("found an incorrect trailing UTF-8 octet", line);
    out += String.fromCharCode(octet);
    scanner.at += 3;
    left--;
  } while (left > 0);
  return out;
}

/** `%YAML 1.1` or `%TAG !h! prefix`, with the rest of its line. */
export function scanDirective(scanner: Scanner): Token {
  const { text, line } = scanner;
  const start = scanner.at++;
  const name = scanWord(scanner);
  if (name === "") scanner.fail("could not find expected directive name", line);
  if (!isBlankOrEnd(text, scanner.at)) scanner.fail("found unexpected non-alphabetical character", line);
  let token: Token;
  if (name === "YAML") {
    skipBlanks(scanner);
    const major = scanVersionNumber(scanner, line);
    if (text.charCodeAt(scanner.at) !== 46) scanner.fail("did not find expected digit or '.' character", line);
    scanner.at++;
    const minor = scanVersionNumber(scanner, line);
    token = new Token(T.VERSION_DIRECTIVE, start, line, major, minor, 0);
  } else if (name === "TAG") {
    skipBlanks(scanner);
    const handle = scanTagHandle(scanner, true, line);
    scanner.need(1);
    const c = text.charCodeAt(scanner.at);
    if (c !== SPACE && c !== TAB) scanner.fail("did not find expected whitespace", line);
    skipBlanks(scanner);
    const prefix = scanTagUri(scanner, line, "");
    if (!isBlankOrEnd(text, scanner.at)) scanner.fail("did not find expected whitespace or line break", line);
    token = new Token(T.TAG_DIRECTIVE, start, line, handle, prefix, 0);
  } else scanner.fail("found unknown directive name", line);
  skipBlanks(scanner);
  if (text.charCodeAt(scanner.at) === HASH) scanner.skipToBreak();
  if (!isBreakOrEnd(text, scanner.at)) scanner.fail("did not find expected comment or line break", line);
  if (breakLength(text, scanner.at) > 0) scanner.skipBreak();
  return token;
}

/** A version number without leading zeros, as text. */
function scanVersionNumber(scanner: Scanner, line: number): string {
  const start = scanner.at;
  while (isDigit(scanner.text.charCodeAt(scanner.at))) {
    if (scanner.at - start >= 2) scanner.fail("found extremely long version number", line);
    scanner.at++;
  }
  scanner.need(1);
  if (scanner.at === start) scanner.fail("did not find expected version number", line);
  return String(Number(scanner.text.slice(start, scanner.at)));
}
