import { FunctionError } from "../function.ts";
import { largestOutput } from "../output-limit.ts";

/** What a nil pointer or `reflect.TypeOf(nil).Kind()` ends in; text/template reports the panic as the function's error. */
export function nilDereference(): FunctionError {
  return new FunctionError("runtime error: invalid memory address or nil pointer dereference");
}

/** Bounds check of `value[low:high]` for a string or slice of `length` elements. Throws as the Go runtime panics. */
export function checkSlice(
  low: bigint | number,
  high: bigint | number,
  length: number,
  what: "string" | "slice",
): void {
  const from = BigInt(low);
  const to = BigInt(high);
  if (to < 0n || to > BigInt(length)) {
    const bound = to < 0n ? "" : what === "string" ? ` with length ${length}` : ` with capacity ${length}`;
    throw new FunctionError(`runtime error: slice bounds out of range [:${to}]${bound}`);
  }
  if (from < 0n) throw new FunctionError(`runtime error: slice bounds out of range [${from}:]`);
  if (from > to) throw new FunctionError(`runtime error: slice bounds out of range [${from}:${to}]`);
}

/** `strings.Repeat`, with Go's errors and a bound on the memory. */
export function repeat(text: string, count: bigint): string {
  if (count < 0n) throw new FunctionError("strings: negative Repeat count");
  if (count === 0n || text === "") return "";
  const total = BigInt(text.length) * count;
  if (total > 0x7fffffffffffffffn) throw new FunctionError("strings: Repeat output length overflow");
  if (total > BigInt(largestOutput)) throw new FunctionError(`unsupported: a string of ${total} bytes`);
  return text.repeat(Number(count));
}
