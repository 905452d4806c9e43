// Mirrors text/template/parse/lex.go, Go 1.26. Positions are bytes.
import { formatUnicode, Flags } from "../fmt/format.ts";
import { isDigit, isLetter, isPrint } from "../strconv/character-class.ts";
import { quoteGo } from "../strconv/quote.ts";
import { decodeRune } from "../strconv/utf8.ts";
import {
  ASSIGN,
  BLOCK,
  BOOL,
  BREAK,
  CHAR,
  CHAR_CONSTANT,
  COMPLEX,
  CONTINUE,
  DECLARE,
  DEFINE,
  DOT,
  ELSE,
  END,
  EOF,
  ERROR,
  FIELD,
  IDENTIFIER,
  IF,
  INTEGER,
  LEFT_DELIMITER,
  LEFT_PAREN,
  NIL,
  NUMBER,
  PIPE,
  PLAIN_STRING,
  RANGE,
  RAW_STRING,
  RIGHT_DELIMITER,
  RIGHT_PAREN,
  SPACE,
  STRING,
  TEMPLATE,
  TEXT,
  tokenSize,
  UNKNOWN_IDENTIFIER,
  VARIABLE,
  WITH,
  type Tokens,
} from "./token.ts";

const words: ReadonlyMap<string, number> = new Map([
  ["block", BLOCK],
  ["break", BREAK],
  ["continue", CONTINUE],
  ["define", DEFINE],
  ["else", ELSE],
  ["end", END],
  ["false", BOOL],
  ["if", IF],
  ["range", RANGE],
  ["nil", NIL],
  ["template", TEMPLATE],
  ["true", BOOL],
  ["with", WITH],
]);

/** How the lexer is set up. */
export interface LexOptions {
  readonly leftDelimiter: string;
  readonly rightDelimiter: string;
  readonly isFunction: (name: string) => boolean;
  /** False when a function has that name. */
  readonly breakIsKeyword: boolean;
  readonly continueIsKeyword: boolean;
}

const endOfText = -1;
/** The place behind an error. */
const failed = -1;

/** Runs of characters, found by one call each: most of a template is read once, in code that the engine has not compiled yet. */
const spaces = /[ \t\r\n]*/y;
const asciiWord = /\w*/y;
const plainString = /[^"\\\n]*"/y;
const plainInteger = /(?:0|[1-9]\d{0,14})(?![\w.+\-\x80-\xff])/y;

/** Tokens are collected here, and kept as long as they are. */
let collected = new Int32Array(1024 * tokenSize);

/** The parser looks at most this far beyond the end. */
const endTokens = 4;

/** The tokens of a text. An error is the last of them. */
export function lex(text: string, options: LexOptions): Tokens {
  return new Lexer(text, options).lex();
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 10;
}

function isAsciiDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isAlphaNumeric(rune: number): boolean {
  return rune === 95 || isLetter(rune) || isDigit(rune);
}

/** Behind what a sticky pattern matches at `at`; `failed` where it does not match. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : failed;
}

function skipSpace(text: string, at: number): number {
  // Mostly there is one, or none.
  if (!isSpace(text.charCodeAt(at))) return at;
  return isSpace(text.charCodeAt(at + 1)) ? skip(spaces, text, at + 2) : at + 1;
}

/** The rune at a place (or `endOfText`). */
function runeAt(text: string, at: number): number {
  return at >= text.length ? endOfText : decodeRune(text, at) >> 3;
}

function widthAt(text: string, at: number): number {
  return at >= text.length ? 0 : decodeRune(text, at) & 7;
}

function skipAlphaNumeric(text: string, start: number): number {
  let at = skip(asciiWord, text, start);
  if (text.charCodeAt(at) < 0x80) return at;
  while (isAlphaNumeric(runeAt(text, at))) at += widthAt(text, at);
  return at;
}

class Lexer {
  readonly #text: string;
  readonly #left: string;
  readonly #right: string;
  readonly #options: LexOptions;
  #count = 0;
  #error = "";

  constructor(text: string, options: LexOptions) {
    this.#text = text;
    this.#left = options.leftDelimiter;
    this.#right = options.rightDelimiter;
    this.#options = options;
  }

  lex(): Tokens {
    const end = this.#lexText();
    for (let count = 0; count < endTokens; count++) this.#add(EOF, end, end);
    return { text: this.#text, data: collected.slice(0, this.#count), error: this.#error };
  }

  #add(kind: number, start: number, end: number): void {
    let count = this.#count;
    if (count === collected.length) {
      const larger = new Int32Array(count * 2);
      larger.set(collected);
      collected = larger;
    }
    collected[count++] = kind;
    collected[count++] = start;
    collected[count++] = end;
    collected[count++] = 0;
    this.#count = count;
  }

  #fail(start: number, message: string): number {
    this.#add(ERROR, start, start);
    this.#error = message;
    return failed;
  }

  /** The whole text; gives the position of the end, which is 0 behind an error. */
  #lexText(): number {
    const text = this.#text;
    const left = this.#left;
    for (let at = 0; ;) {
      const found = text.indexOf(left, at);
      if (found < 0) {
        if (at < text.length) this.#add(TEXT, at, text.length);
        return text.length;
      }
      let inside = found + left.length;
      const isTrimmed = text.charCodeAt(inside) === 45 && isSpace(text.charCodeAt(inside + 1));
      let end = found;
      if (isTrimmed) {
        while (end > at && isSpace(text.charCodeAt(end - 1))) end--;
        inside += 2;
      }
      if (end > at) this.#add(TEXT, at, end);
      if (text.startsWith("/*", inside)) at = this.#lexComment(inside);
      else {
        this.#add(LEFT_DELIMITER, found, found + left.length);
        at = this.#lexAction(inside);
      }
      if (at === failed) return 0;
    }
  }

  /** Whether ` -` and the right delimiter stand here. */
  #hasRightTrimMarker(at: number): boolean {
    const text = this.#text;
    return isSpace(text.charCodeAt(at)) && text.charCodeAt(at + 1) === 45 && text.startsWith(this.#right, at + 2);
  }

  #lexComment(start: number): number {
    const text = this.#text;
    const end = text.indexOf("*/", start + 2);
    if (end < 0) return this.#fail(start, "unclosed comment");
    const at = end + 2;
    if (this.#hasRightTrimMarker(at)) return skipSpace(text, at + 2 + this.#right.length);
    if (text.startsWith(this.#right, at)) return at + this.#right.length;
    return this.#fail(start, "comment ends before closing delimiter");
  }

  /** From behind a left delimiter to behind the right one. */
  #lexAction(from: number): number {
    const text = this.#text;
    const right = this.#right;
    const rightCode = right.charCodeAt(0);
    let parenDepth = 0;
    for (let at = from; at !== failed;) {
      const start = at;
      const code = text.charCodeAt(at++);
      const isBlank = isSpace(code);
      const isTrimmed = isBlank && this.#hasRightTrimMarker(start);
      if (isTrimmed || (code === rightCode && text.startsWith(right, start))) {
        if (parenDepth > 0) return this.#fail(start, "unclosed left paren");
        const delimiter = isTrimmed ? start + 2 : start;
        const end = delimiter + right.length;
        this.#add(RIGHT_DELIMITER, delimiter, end);
        return isTrimmed ? skipSpace(text, end) : end;
      }
      if (isBlank) {
        at = skipSpace(text, start);
        // A closing ` -}}` starts with a space of its own.
        if (this.#hasRightTrimMarker(at - 1)) at--;
        this.#add(SPACE, start, at);
        continue;
      }
      switch (code) {
        case 46: // .
          if (at >= text.length || isAsciiDigit(text.charCodeAt(at))) at = this.#lexOther(start);
          else at = this.#lexFieldOrVariable(FIELD, start);
          continue;
        case 36: // $
          at = this.#lexFieldOrVariable(VARIABLE, start);
          continue;
        case 34: // "
          at = this.#lexString(start);
          continue;
        case 40: // (
          parenDepth++;
          this.#add(LEFT_PAREN, start, at);
          continue;
        case 41: // )
          if (--parenDepth < 0) return this.#fail(start, "unexpected right paren");
          this.#add(RIGHT_PAREN, start, at);
          continue;
        case 124: // |
          this.#add(PIPE, start, at);
          continue;
        case 58: // :
          if (text.charCodeAt(at) !== 61) return this.#fail(start, "expected :=");
          this.#add(DECLARE, start, ++at);
          continue;
        case 61: // =
          this.#add(ASSIGN, start, at);
          continue;
        case 96: // `
          at = text.indexOf("`", at) + 1;
          if (at === 0) return this.#fail(start, "unterminated raw quoted string");
          this.#add(RAW_STRING, start, at);
          continue;
        case 39: // '
          at = this.#lexQuoted(start, CHAR_CONSTANT, "unterminated character constant");
          continue;
      }
      at = this.#lexOther(start);
    }
    return failed;
  }

  /** Identifiers, numbers and other characters. */
  #lexOther(start: number): number {
    const text = this.#text;
    const code = text.charCodeAt(start);
    if (code === 46 || code === 43 || code === 45 || isAsciiDigit(code)) return this.#lexNumber(start);
    const rune = code < 0x80 ? code : runeAt(text, start);
    if (rune === endOfText) return this.#fail(start, "unclosed action");
    if (isAlphaNumeric(rune)) return this.#lexIdentifier(start);
    if (rune >= 0x80 || !isPrint(rune))
      return this.#fail(start, "unrecognized character in action: " + describeRune(rune));
    this.#add(CHAR, start, start + 1);
    return start + 1;
  }

  #lexIdentifier(start: number): number {
    const at = skipAlphaNumeric(this.#text, start);
    if (!this.#isTerminator(at)) return this.#badCharacter(start, at);
    const word = this.#text.slice(start, at);
    const { isFunction, breakIsKeyword, continueIsKeyword } = this.#options;
    let kind = words.get(word);
    if ((kind === BREAK && !breakIsKeyword) || (kind === CONTINUE && !continueIsKeyword)) kind = undefined;
    this.#add(kind ?? (isFunction(word) ? IDENTIFIER : UNKNOWN_IDENTIFIER), start, at);
    return at;
  }

  /** A dot or dollar sign, and the name behind it. */
  #lexFieldOrVariable(kind: number, start: number): number {
    let at = start + 1;
    if (this.#isTerminator(at)) {
      this.#add(kind === VARIABLE ? VARIABLE : DOT, start, at);
      return at;
    }
    at = skipAlphaNumeric(this.#text, at);
    if (!this.#isTerminator(at)) return this.#badCharacter(start, at);
    this.#add(kind, start, at);
    return at;
  }

  #badCharacter(start: number, at: number): number {
    return this.#fail(start, "bad character " + describeRune(runeAt(this.#text, at)));
  }

  /** Whether what follows may follow an identifier. */
  #isTerminator(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    switch (code) {
      case 46: // .
      case 32:
      case 9:
      case 13:
      case 10:
      case 44: // ,
      case 124: // |
      case 58: // :
      case 41: // )
      case 40: // (
        return true;
    }
    return at >= this.#text.length || this.#text.startsWith(this.#right, at);
  }

  #lexString(start: number): number {
    const end = skip(plainString, this.#text, start + 1);
    if (end === failed) return this.#lexQuoted(start, STRING, "unterminated quoted string");
    this.#add(PLAIN_STRING, start, end);
    return end;
  }

  /** A literal with backslash escapes, up to the quote with which it starts. */
  #lexQuoted(start: number, kind: number, unterminated: string): number {
    const text = this.#text;
    const quote = text.charCodeAt(start);
    for (let at = start + 1; ;) {
      let code = text.charCodeAt(at++);
      if (code === quote) {
        this.#add(kind, start, at);
        return at;
      }
      if (code === 92) {
        code = text.charCodeAt(at++);
        if (code !== 10 && !Number.isNaN(code)) continue;
      }
      if (code === 10 || Number.isNaN(code)) return this.#fail(start, unterminated);
    }
  }

  #lexNumber(start: number): number {
    const text = this.#text;
    let end = skip(plainInteger, text, start);
    if (end !== failed) {
      this.#add(INTEGER, start, end);
      return end;
    }
    end = scanNumber(text, start);
    if (end > 0) {
      const sign = text.charCodeAt(end);
      if (sign !== 43 && sign !== 45) {
        this.#add(NUMBER, start, end);
        return end;
      }
      end = scanNumber(text, end);
      if (end > 0 && text[end - 1] === "i") {
        this.#add(COMPLEX, start, end);
        return end;
      }
    }
    return this.#fail(start, "bad number syntax: " + quoteGo(text.slice(start, Math.abs(end))));
  }
}

function accept(text: string, at: number, valid: string): number {
  return at < text.length && valid.includes(text[at]!) ? at + 1 : at;
}

function acceptRun(text: string, start: number, valid: string): number {
  let at = start;
  while (at < text.length && valid.includes(text[at]!)) at++;
  return at;
}

/** The end of a number; where a letter follows, the place behind that, made negative. */
function scanNumber(text: string, start: number): number {
  let at = accept(text, start, "+-");
  let digits = "0123456789_";
  let exponent = "eE";
  const zero = at;
  at = accept(text, at, "0");
  if (at > zero) {
    const prefix = text[at];
    if (prefix === "x" || prefix === "X") {
      digits = "0123456789abcdefABCDEF_";
      exponent = "pP";
      at++;
    } else if (prefix === "o" || prefix === "O") {
      digits = "01234567_";
      exponent = "";
      at++;
    } else if (prefix === "b" || prefix === "B") {
      digits = "01_";
      exponent = "";
      at++;
    }
  }
  at = acceptRun(text, at, digits);
  if (text[at] === ".") at = acceptRun(text, at + 1, digits);
  const mantissa = at;
  at = accept(text, at, exponent);
  if (at > mantissa) at = acceptRun(text, accept(text, at, "+-"), "0123456789_");
  at = accept(text, at, "i");
  return isAlphaNumeric(runeAt(text, at)) ? -(at + widthAt(text, at)) : at;
}

/** `%#U`; the end of the text is rune -1. */
function describeRune(rune: number): string {
  const flags = new Flags();
  flags.sharp = true;
  return formatUnicode(flags, BigInt(rune));
}
