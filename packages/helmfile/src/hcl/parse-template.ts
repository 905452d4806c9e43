import type { Expression } from "./expression.ts";
import type { Reader } from "./reader.ts";
import { templateExpression } from "./template.ts";
import type { TemplatePart } from "./template.ts";

/** A directive as it stands in the text, before it is put into its place. */
type Directive =
  | { readonly kind: "if-start"; readonly condition: Expression }
  | { readonly kind: "else" | "endif" | "endfor" }
  | {
      readonly kind: "for-start";
      readonly keyName: string | undefined;
      readonly valueName: string;
      readonly collection: Expression;
    };

/** Reads the expression between the braces; handed in, because expressions hold templates too. */
type ParseExpression = (reader: Reader, lines: boolean) => Expression;

type Piece = TemplatePart | Directive;

const multiLine =
  'Invalid multi-line string; Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a newline character or use the "heredoc" multi-line template syntax.';
const escapes = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
]);

export function parseQuoted(reader: Reader, parse: ParseExpression): Expression {
  const start = reader.position;
  reader.take('"');
  const pieces = new Pieces();
  while (!reader.take('"')) {
    if (reader.looksAt("\n")) throw reader.fail(multiLine);
    if (reader.isAtEnd)
      throw reader.fail(
        "Unterminated template string; No closing marker was found for the string.",
        start,
        reader.position,
      );
    if (reader.take("\\")) pieces.text(readEscape(reader));
    else readPiece(reader, pieces, parse);
  }
  return templateExpression(assemble(reader, pieces.list), reader.range(start));
}

/** `<<END` and `<<-END`, the second without the indentation that all lines share. */
export function parseHeredoc(reader: Reader, parse: ParseExpression): Expression {
  const start = reader.position;
  reader.take("<<");
  const flush = reader.take("-");
  const marker = reader.identifier() ?? "";
  reader.match(/[ \t\r]*\n/y);
  const pieces = new Pieces();
  const end = new RegExp(`[ \\t]*${marker}(?=[ \\t\\r]*(\\n|$))`, "y");
  for (let lineStart = true; ;) {
    if (lineStart && reader.match(end) !== undefined) break;
    if (reader.isAtEnd)
      throw reader.fail(
        "Unterminated template string; No closing marker was found for the string.",
        start,
        reader.position,
      );
    lineStart = reader.looksAt("\n");
    readPiece(reader, pieces, parse);
  }
  if (flush) dedent(pieces.list);
  return templateExpression(assemble(reader, pieces.list), reader.range(start));
}

class Pieces {
  readonly list: Piece[] = [];
  #trimsNext = false;

  text(text: string): void {
    const kept = this.#trimsNext ? text.trimStart() : text;
    if (kept === "") return;
    this.#trimsNext = false;
    const last = this.list.at(-1);
    if (last?.kind === "text") last.text += kept;
    else this.list.push({ kind: "text", text: kept });
  }

  /** A sequence; `~` beside its braces takes the blanks there away. */
  sequence(piece: Piece, trims: { readonly before: boolean; readonly after: boolean }): void {
    const last = this.list.at(-1);
    if (trims.before && last?.kind === "text") last.text = last.text.trimEnd();
    this.list.push(piece);
    this.#trimsNext = trims.after;
  }
}

function readEscape(reader: Reader): string {
  const letter = reader.text[reader.position] ?? "";
  const hex = reader.match(/u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
  if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex.slice(1), 16));
  const known = escapes.get(letter);
  if (known === undefined)
    throw reader.fail(
      'Invalid escape sequence; The symbol "' + letter + '" is not a valid escape sequence selector.',
      reader.position - 1,
      reader.position + 1,
    );
  reader.position++;
  return known;
}

function readPiece(reader: Reader, pieces: Pieces, parse: ParseExpression): void {
  for (const mark of ["$", "%"]) {
    if (reader.take(`${mark}${mark}{`)) return pieces.text(`${mark}{`);
  }
  if (reader.take("${")) {
    const before = reader.take("~");
    reader.skip(true);
    const expression = parse(reader, true);
    return pieces.sequence({ kind: "expression", expression }, { before, after: readClose(reader) });
  }
  if (reader.take("%{")) {
    const before = reader.take("~");
    const directive = readDirective(reader, parse);
    return pieces.sequence(directive, { before, after: readClose(reader) });
  }
  pieces.text(reader.text[reader.position++] ?? "");
}

/** The closing brace; gives whether `~` stands before it. */
function readClose(reader: Reader): boolean {
  reader.skip(true);
  const trims = reader.take("~");
  if (!reader.take("}"))
    throw reader.fail(
      "Extra characters after interpolation expression; Expected a closing brace to end the interpolation expression, but found extra characters.",
    );
  return trims;
}

function readDirective(reader: Reader, parse: ParseExpression): Directive {
  reader.skip(true);
  const start = reader.position;
  const word = reader.identifier();
  reader.skip(true);
  switch (word) {
    case "if":
      return { kind: "if-start", condition: parse(reader, true) };
    case "else":
    case "endif":
    case "endfor":
      return { kind: word };
    case "for": {
      const first = reader.identifier() ?? "";
      reader.skip(true);
      let second: string | undefined;
      if (reader.take(",")) {
        reader.skip(true);
        second = reader.identifier();
        reader.skip(true);
      }
      if (reader.match(/in(?=[\s([{"])/y) === undefined)
        throw reader.fail("Invalid 'for' directive; Expected the 'in' keyword.");
      reader.skip(true);
      return {
        kind: "for-start",
        keyName: second === undefined ? undefined : first,
        valueName: second ?? first,
        collection: parse(reader, true),
      };
    }
    default:
      throw reader.fail(
        `Invalid template directive; "${word ?? ""}" is not a valid template directive.`,
        start,
        reader.position,
      );
  }
}

/** Puts directives and what stands between them together. */
function assemble(reader: Reader, pieces: readonly Piece[]): TemplatePart[] {
  let next = 0;
  const until = (...ends: readonly string[]): TemplatePart[] => {
    const parts: TemplatePart[] = [];
    for (; next < pieces.length; next++) {
      const piece = pieces[next]!;
      if (ends.includes(piece.kind)) return parts;
      switch (piece.kind) {
        case "if-start": {
          next++;
          const yes = reader.deeper(() => until("else", "endif"));
          const hasElse = pieces[next]?.kind === "else";
          if (hasElse) next++;
          parts.push({
            kind: "if",
            condition: piece.condition,
            yes,
            no: hasElse ? reader.deeper(() => until("endif")) : [],
          });
          break;
        }
        case "for-start":
          next++;
          parts.push({
            kind: "for",
            keyName: piece.keyName,
            valueName: piece.valueName,
            collection: piece.collection,
            body: reader.deeper(() => until("endfor")),
          });
          break;
        case "else":
        case "endif":
        case "endfor":
          throw reader.fail(`Unexpected ${piece.kind} directive; There is nothing that it could belong to.`);
        default:
          parts.push(piece);
      }
    }
    if (ends.length > 0) throw reader.fail(`Unterminated template directive; Expected ${ends.at(-1)}.`);
    return parts;
  };
  return until();
}

function dedent(pieces: readonly Piece[]): void {
  let lineStart = true;
  let least = Infinity;
  const eachLine = (visit: (line: string, isStart: boolean, piece: { text: string }) => string): void => {
    lineStart = true;
    for (const piece of pieces) {
      if (piece.kind !== "text") {
        lineStart = false;
        continue;
      }
      const lines = piece.text.split(/(?<=\n)/);
      piece.text = lines
        .map((line) => {
          const out = visit(line, lineStart, piece);
          lineStart = line.endsWith("\n");
          return out;
        })
        .join("");
    }
  };
  eachLine((line, isStart) => {
    if (isStart && line.trim() !== "") least = Math.min(least, line.length - line.trimStart().length);
    return line;
  });
  if (!Number.isFinite(least)) return;
  eachLine((line, isStart) => (isStart ? line.replace(new RegExp(`^[ \\t]{0,${least}}`), "") : line));
}
