import { fromByteString, toByteString } from "@tiphys/gotemplate";

/** Compares UTF-16 names by their UTF-8 bytes, as Go and Git sort. */
export function compareBytewise(a: string, b: string): number {
  const left = toByteString(a);
  const right = toByteString(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** UTF-16 names in the order of their UTF-8 bytes. */
export function sortedBytewise(names: Iterable<string>): string[] {
  return Array.from(names, toByteString).sort().map(fromByteString);
}
