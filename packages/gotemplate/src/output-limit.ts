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
