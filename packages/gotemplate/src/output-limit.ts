/** The longest text that one function may make, in bytes. Go would go on until memory ends; here hostile templates end in an error. */
export const largestOutput = 32 * 1024 * 1024;

/** What would be too long. No error of Go's, so that functions which turn those into an empty text pass it on. */
export class OutputTooLong extends Error {
  override readonly name = "OutputTooLong";
}

/** `text`, unless it is too long. A value that holds another twice, and that one a third twice, prints exponentially. Throws `OutputTooLong`. */
export function limited(text: string): string {
  if (text.length > largestOutput) throw new OutputTooLong(`unsupported: a string of ${text.length} bytes`);
  return text;
}

/** `parts.join(separator)`, unless that is too long; then nothing is joined. Throws `OutputTooLong`. */
export function joinLimited(parts: readonly string[], separator: string): string {
  let length = 0;
  for (const part of parts) length += part.length + separator.length;
  if (length > largestOutput + separator.length) throw new OutputTooLong(`unsupported: a string of ${length} bytes`);
  return parts.join(separator);
}

const mostValues = 4_000_000;

/** Counts the values that one text is made of: small ones that hold each other twice take long before their text does. */
export class ValueCount {
  #count = 0;

  /** So many more. Throws `OutputTooLong`. */
  add(values: number): void {
    this.#count += values;
    if (this.#count > mostValues) throw new OutputTooLong(`unsupported: a text of more than ${mostValues} values`);
  }
}

const pieceLength = 32 * 1024;

/**
 * `convert` of a byte string, of a long one piece by piece and each piece cut between runes: a text that grows letter by letter is
 * held as a tree of letters, many times its size. Throws `OutputTooLong`.
 */
export function inPieces(text: string, convert: (piece: string) => string): string {
  if (text.length <= pieceLength) return convert(text);
  const pieces: string[] = [];
  let length = 0;
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + pieceLength, text.length);
    while (end < text.length && (text.charCodeAt(end) & 0xc0) === 0x80) end++;
    const piece = convert(text.slice(at, end));
    length += piece.length;
    if (length > largestOutput) throw new OutputTooLong(`unsupported: a string of more than ${largestOutput} bytes`);
    // Looked into, the tree becomes one string.
    piece.charCodeAt(0);
    pieces.push(piece);
    at = end;
  }
  return pieces.join("");
}
