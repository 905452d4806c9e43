/** bmatcuk/doublestar v4 Match on `/` paths: `**`, `{a,b}`, classes. Throws `GlobError` on a bad pattern. */
export function doublestarMatch(_pattern: string, _name: string): boolean {
  throw new Error("doublestarMatch is not finished");
}
