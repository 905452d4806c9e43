/** Go's path.Match (and filepath.Match on Unix): `*`, `?`, `[a-z]`, `\x`; `*` never crosses `/`. Throws `GlobError` "syntax error in pattern". Byte strings. */
export function pathMatch(_pattern: string, _name: string): boolean {
  throw new Error("pathMatch is not finished");
}

/** A pattern that the matcher refuses, with Go's text. */
export class GlobError extends Error {
  override readonly name = "GlobError";
}
