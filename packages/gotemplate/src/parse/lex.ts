// Mirrors text/template/parse/lex.go, Go 1.26. Positions are bytes; lines are counted only when an error needs one.
import { formatUnicode, Flags } from "../fmt/format.ts";
import { isDigit, isLetter, isPrint } from "../strconv/character-class.ts";
import { quoteGo } from "../strconv/quote.ts";
import { decodeRune } from "../strconv/utf8.ts";

/** What a token is. Keywords are their own kinds. */
export type ItemKind =
  | "error"
  | "bool"
  | "char"
  | "charConstant"
  | "complex"
  | "assign"
  | "declare"
  | "eof"
  | "field"
  | "identifier"
  | "leftDelimiter"
  | "leftParen"
  | "number"
  | "pipe"
  | "rawString"
  | "rightDelimiter"
  | "rightParen"
  | "space"
  | "string"
  | "text"
  | "variable"
  | Keyword;

export type Keyword =
  | "block"
  | "break"
  | "continue"
  | "dot"
  | "define"
  | "else"
  | "end"
  | "if"
  | "nil"
  | "range"
  | "template"
  | "with";

/** A token: `value` is its text, or the message of an error. */
export interface Item {
  readonly kind: ItemKind;
  readonly position: number;
  readonly value: string;
}

const keywords: ReadonlyMap<string, Keyword> = new Map([
  [".", "dot"],
  ["block", "block"],
  ["break", "break"],
  ["continue", "continue"],
  ["define", "define"],
  ["else", "else"],
  ["end", "end"],
  ["if", "if"],
  ["range", "range"],
  ["nil", "nil"],
  ["template", "template"],
  ["with", "with"],
]);

const keywordKinds: ReadonlySet<string> = new Set(keywords.values());

/** A token as parse errors show it. */
export function itemText(item: Item): string {
  if (item.kind === "eof") return "EOF";
  if (item.kind === "error") return item.value;
  if (keywordKinds.has(item.kind)) return `<${item.value}>`;
  if (item.value.length <= 10) return quoteGo(item.value);
  let end = 0;
  for (let runes = 0; runes < 10 && end < item.value.length; runes++) end += decodeRune(item.value, end) & 7;
  return quoteGo(item.value.slice(0, end)) + "...";
}

/** How the lexer is set up. */
export interface LexOptions {
  readonly leftDelimiter: string;
  readonly rightDelimiter: string;
  /** False when a function has that name. */
  readonly breakIsKeyword: boolean;
  readonly continueIsKeyword: boolean;
}

const endOfText = -1;

/** Runs of characters, found by one call each: most of a template is parsed once, in code that the engine has not compiled yet. */
const spaces = /[ \t\r\n]*/y;
const asciiWord = /\w*/y;
const plainString = /[^"\\\n]*"/y;
const plainInteger = /(?:0|[1-9]\d{0,14})(?![\w.+\-\x80-\xff])/y;

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 10;
}

function isAlphaNumeric(rune: number): boolean {
  return rune === 95 || isLetter(rune) || isDigit(rune);
}

/** Cuts a text into tokens, one `next` at a time. */
export class Lexer {
  readonly #text: string;
  readonly #left: string;
  readonly #right: string;
  readonly #rightCode: number;
  readonly #options: LexOptions;
  #at = 0;
  #start = 0;
  #parenDepth = 0;
  #insideAction = false;
  #failed = false;

  constructor(text: string, options: LexOptions) {
    this.#text = text;
    this.#left = options.leftDelimiter;
    this.#right = options.rightDelimiter;
    this.#rightCode = this.#right.charCodeAt(0);
    this.#options = options;
  }

  /** The next token; after the end or an error, always `eof`. */
  next(): Item {
    if (this.#failed) return { kind: "eof", position: 0, value: "" };
    return this.#insideAction ? this.#lexInsideAction() : this.#lexText();
  }

  /** The line, from 1, at a byte position. */
  lineAt(position: number): number {
    let line = 1;
    for (let at = this.#text.indexOf("\n"); at >= 0 && at < position; at = this.#text.indexOf("\n", at + 1)) line++;
    return line;
  }

  #emit(kind: ItemKind): Item {
    const item = { kind, position: this.#start, value: this.#text.slice(this.#start, this.#at) };
    this.#start = this.#at;
    return item;
  }

  #error(message: string): Item {
    this.#failed = true;
    return { kind: "error", position: this.#start, value: message };
  }

  /** The rune at the place (or `endOfText`) and its width, as `decodeRune` packs them. */
  #rune(): number {
    const code = this.#text.charCodeAt(this.#at);
    if (code < 0x80) return code;
    return this.#at >= this.#text.length ? endOfText : decodeRune(this.#text, this.#at) >> 3;
  }

  #width(): number {
    return this.#at >= this.#text.length ? 0 : decodeRune(this.#text, this.#at) & 7;
  }

  #lexText(): Item {
    for (;;) {
      const found = this.#text.indexOf(this.#left, this.#at);
      if (found < 0) {
        this.#at = this.#text.length;
        return this.#emit(this.#at > this.#start ? "text" : "eof");
      }
      if (found > this.#at) {
        let end = found;
        if (this.#hasLeftTrimMarker(found + this.#left.length)) {
          while (end > this.#start && isSpace(this.#text.charCodeAt(end - 1))) end--;
        }
        this.#at = end;
        const item = this.#emit("text");
        this.#at = this.#start = found;
        if (item.value !== "") return item;
      }
      const item = this.#lexLeftDelimiter();
      if (item) return item;
    }
  }

  #hasLeftTrimMarker(at: number): boolean {
    return this.#text.charCodeAt(at) === 45 && isSpace(this.#text.charCodeAt(at + 1));
  }

  #hasRightTrimMarker(at: number): boolean {
    return (
      isSpace(this.#text.charCodeAt(at)) &&
      this.#text.charCodeAt(at + 1) === 45 &&
      this.#text.startsWith(this.#right, at + 2)
    );
  }

  /** The opening delimiter; undefined when it opened a comment, which is skipped. */
  #lexLeftDelimiter(): Item | undefined {
    this.#at += this.#left.length;
    const markerWidth = this.#hasLeftTrimMarker(this.#at) ? 2 : 0;
    if (this.#text.startsWith("/*", this.#at + markerWidth)) {
      this.#at += markerWidth;
      this.#start = this.#at;
      return this.#lexComment();
    }
    const item = this.#emit("leftDelimiter");
    this.#insideAction = true;
    this.#at += markerWidth;
    this.#start = this.#at;
    this.#parenDepth = 0;
    return item;
  }

  #lexComment(): Item | undefined {
    const end = this.#text.indexOf("*/", this.#at + 2);
    if (end < 0) return this.#error("unclosed comment");
    this.#at = end + 2;
    const trim = this.#hasRightTrimMarker(this.#at);
    if (!trim && !this.#text.startsWith(this.#right, this.#at))
      return this.#error("comment ends before closing delimiter");
    this.#at += (trim ? 2 : 0) + this.#right.length;
    if (trim) this.#skipSpace();
    this.#start = this.#at;
    return undefined;
  }

  #skipSpace(): void {
    // Mostly there is one, or none.
    if (!isSpace(this.#text.charCodeAt(this.#at))) return;
    if (isSpace(this.#text.charCodeAt(++this.#at))) this.#skip(spaces);
  }

  /** Goes behind what a sticky pattern matches here; false, and nowhere, where it does not match. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #lexRightDelimiter(): Item {
    const trim = this.#hasRightTrimMarker(this.#at);
    if (trim) {
      this.#at += 2;
      this.#start = this.#at;
    }
    this.#at += this.#right.length;
    const item = this.#emit("rightDelimiter");
    if (trim) {
      this.#skipSpace();
      this.#start = this.#at;
    }
    this.#insideAction = false;
    return item;
  }

  #lexInsideAction(): Item {
    const code = this.#text.charCodeAt(this.#at);
    if (
      (code === this.#rightCode && this.#text.startsWith(this.#right, this.#at)) ||
      (isSpace(code) && this.#hasRightTrimMarker(this.#at))
    ) {
      return this.#parenDepth === 0 ? this.#lexRightDelimiter() : this.#error("unclosed left paren");
    }
    if (isSpace(code)) return this.#lexSpace();
    const rune = code < 0x80 ? code : this.#rune();
    if (rune === endOfText) return this.#error("unclosed action");
    this.#at += code < 0x80 ? 1 : this.#width();
    switch (rune) {
      case 61: // =
        return this.#emit("assign");
      case 58: // :
        if (this.#rune() !== 61) return this.#error("expected :=");
        this.#at++;
        return this.#emit("declare");
      case 124: // |
        return this.#emit("pipe");
      case 34: // "
        return this.#lexQuoted(34, "string", "unterminated quoted string");
      case 96: // `
        return this.#lexRawQuoted();
      case 36: // $
        return this.#lexFieldOrVariable("variable");
      case 39: // '
        return this.#lexQuoted(39, "charConstant", "unterminated character constant");
      case 40: // (
        this.#parenDepth++;
        return this.#emit("leftParen");
      case 41: // )
        if (--this.#parenDepth < 0) return this.#error("unexpected right paren");
        return this.#emit("rightParen");
      case 46: // .
        if (this.#at < this.#text.length && !isAsciiDigit(this.#text.charCodeAt(this.#at)))
          return this.#lexFieldOrVariable("field");
    }
    return this.#lexWord(rune);
  }

  /** Numbers, identifiers and other characters; `rune` has been read. */
  #lexWord(rune: number): Item {
    if (rune === 46 || rune === 43 || rune === 45 || isAsciiDigit(rune)) {
      this.#at = this.#start;
      return this.#lexNumber();
    }
    if (isAlphaNumeric(rune)) return this.#lexIdentifier();
    if (rune < 0x80 && isPrint(rune)) return this.#emit("char");
    return this.#error("unrecognized character in action: " + describeRune(rune));
  }

  #lexSpace(): Item {
    this.#skipSpace();
    // A closing ` -}}` starts with a space of its own.
    if (this.#hasRightTrimMarker(this.#at - 1)) {
      this.#at--;
      if (this.#at === this.#start) return this.#lexRightDelimiter();
    }
    return this.#emit("space");
  }

  #skipAlphaNumeric(): void {
    this.#skip(asciiWord);
    if (this.#text.charCodeAt(this.#at) < 0x80) return;
    while (isAlphaNumeric(this.#rune())) this.#at += this.#width();
  }

  #lexIdentifier(): Item {
    this.#skipAlphaNumeric();
    if (!this.#atTerminator()) return this.#badCharacter();
    const word = this.#text.slice(this.#start, this.#at);
    const keyword = keywords.get(word);
    if (keyword !== undefined) {
      const isWord =
        (keyword === "break" && !this.#options.breakIsKeyword) ||
        (keyword === "continue" && !this.#options.continueIsKeyword);
      return this.#emit(isWord ? "identifier" : keyword);
    }
    return this.#emit(word === "true" || word === "false" ? "bool" : "identifier");
  }

  #lexFieldOrVariable(kind: "field" | "variable"): Item {
    if (this.#atTerminator()) return this.#emit(kind === "variable" ? "variable" : "dot");
    this.#skipAlphaNumeric();
    return this.#atTerminator() ? this.#emit(kind) : this.#badCharacter();
  }

  #badCharacter(): Item {
    return this.#error("bad character " + describeRune(this.#rune()));
  }

  /** Whether what follows may follow an identifier. */
  #atTerminator(): boolean {
    if (this.#at >= this.#text.length) return true;
    const code = this.#text.charCodeAt(this.#at);
    switch (code) {
      case 46: // .
      case 44: // ,
      case 124: // |
      case 58: // :
      case 41: // )
      case 40: // (
        return true;
    }
    return isSpace(code) || this.#text.startsWith(this.#right, this.#at);
  }

  /** A literal with backslash escapes; its opening quote has been read. */
  #lexQuoted(quote: number, kind: ItemKind, unterminated: string): Item {
    if (quote === 34 && this.#skip(plainString)) return this.#emit(kind);
    for (;;) {
      let code = this.#text.charCodeAt(this.#at++);
      if (code === quote) return this.#emit(kind);
      if (code === 92) {
        code = this.#text.charCodeAt(this.#at++);
        if (code === 10 || Number.isNaN(code)) return this.#error(unterminated);
        continue;
      }
      if (code === 10 || Number.isNaN(code)) return this.#error(unterminated);
    }
  }

  #lexRawQuoted(): Item {
    const end = this.#text.indexOf("`", this.#at);
    if (end < 0) return this.#error("unterminated raw quoted string");
    this.#at = end + 1;
    return this.#emit("rawString");
  }

  #lexNumber(): Item {
    if (this.#skip(plainInteger)) return this.#emit("number");
    if (!this.#scanNumber()) return this.#badNumber();
    const sign = this.#rune();
    if (sign === 43 || sign === 45) {
      if (!this.#scanNumber() || this.#text[this.#at - 1] !== "i") return this.#badNumber();
      return this.#emit("complex");
    }
    return this.#emit("number");
  }

  #badNumber(): Item {
    return this.#error("bad number syntax: " + quoteGo(this.#text.slice(this.#start, this.#at)));
  }

  #accept(valid: string): boolean {
    const character = this.#text[this.#at];
    if (character === undefined || !valid.includes(character)) return false;
    this.#at++;
    return true;
  }

  #acceptRun(valid: string): void {
    while (this.#accept(valid));
  }

  #scanNumber(): boolean {
    this.#accept("+-");
    let digits = "0123456789_";
    let exponent = "eE";
    if (this.#accept("0")) {
      if (this.#accept("xX")) {
        digits = "0123456789abcdefABCDEF_";
        exponent = "pP";
      } else if (this.#accept("oO")) {
        digits = "01234567_";
        exponent = "";
      } else if (this.#accept("bB")) {
        digits = "01_";
        exponent = "";
      }
    }
    this.#acceptRun(digits);
    if (this.#accept(".")) this.#acceptRun(digits);
    if (this.#accept(exponent)) {
      this.#accept("+-");
      this.#acceptRun("0123456789_");
    }
    this.#accept("i");
    if (!isAlphaNumeric(this.#rune())) return true;
    this.#at += this.#width();
    return false;
  }
}

function isAsciiDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** `%#U`; the end of the text is rune -1. */
function describeRune(rune: number): string {
  const flags = new Flags();
  flags.sharp = true;
  return formatUnicode(flags, BigInt(rune));
}
