/** Go's `strconv.Quote` on a byte string. */
export function quoteGo(_text: string): string {
  throw new Error("not yet");
}
