/** Go's `strconv.FormatFloat(value, format, precision, bits)`; precision -1 is the shortest text that reads back. */
export function formatFloat(_value: number, _format = "g", _precision = -1, _bits: 32 | 64 = 64): string {
  throw new Error("not yet");
}
