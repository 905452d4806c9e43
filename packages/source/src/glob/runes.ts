import { fromByteString } from "@tiphys/gotemplate";

/** The code points of a byte string. */
export function runesOf(bytes: string): number[] {
  const text = fromByteString(bytes);
  const runes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i)!;
    if (code > 0xffff) i++;
    runes.push(code);
  }
  return runes;
}
