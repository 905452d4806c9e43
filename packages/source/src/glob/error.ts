/** A pattern that the matcher refuses, with the original tool's text. */
export class GlobError extends Error {
  override readonly name = "GlobError";
}
