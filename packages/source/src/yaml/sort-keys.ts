import { fromByteString } from "@tiphys/gotemplate";

const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

function isLetter(rune: number): boolean {
  if (rune < 128) return (rune >= 97 && rune <= 122) || (rune >= 65 && rune <= 90);
  return letter.test(String.fromCodePoint(rune));
}

function isDigit(rune: number): boolean {
  if (rune < 128) return rune >= 48 && rune <= 57;
  return digit.test(String.fromCodePoint(rune));
}

function runesOf(text: string): number[] {
  const runes: number[] = [];
  for (const character of fromByteString(text)) runes.push(character.codePointAt(0)!);
  return runes;
}

const ascii = /^[\x00-\x7f]*$/;

/**
 * Keys in go-yaml's natural order (sorter.go): runs of digits by value, letters behind everything else. The order has circles
 * (`a10` < `a1b` < `a2` < `a10`), where Go's result is random; sorting by bytes first makes ours the same every time.
 */
export function sortKeys(keys: string[], v3: boolean): string[] {
  if (keys.length < 2) return keys;
  if (!isSortedByBytes(keys)) keys.sort();
  // Mostly both orders are the same.
  if (keys.every((key, index) => index === 0 || !isLess(key, keys[index - 1]!, v3))) return keys;
  return keys.sort((a, b) => (isLess(a, b, v3) ? -1 : isLess(b, a, v3) ? 1 : 0));
}

function isSortedByBytes(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return false;
  return true;
}

function isLess(a: string, b: string, v3: boolean): boolean {
  // The first difference decides between two ASCII letters: no arrays of runes for the usual key.
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    if (left < 128 && right < 128 && isLetter(left) && isLetter(right)) return left < right;
    const both = ascii.test(a) && ascii.test(b);
    return isLessFrom(both ? charactersOf(a) : runesOf(a), both ? charactersOf(b) : runesOf(b), v3);
  }
  return a.length < b.length;
}

function charactersOf(text: string): number[] {
  const out: number[] = [];
  for (let i = 0; i < text.length; i++) out.push(text.charCodeAt(i));
  return out;
}

function isLessFrom(a: number[], b: number[], v3: boolean): boolean {
  let digits = false;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const left = a[i]!;
    const right = b[i]!;
    if (left === right) {
      if (v3) digits = isDigit(left);
      continue;
    }
    const leftLetter = isLetter(left);
    const rightLetter = isLetter(right);
    if (leftLetter && rightLetter) return left < right;
    // Only v3 looks at what stood before: inside a number's surroundings a letter comes first.
    if (leftLetter || rightLetter) return digits ? leftLetter : rightLetter;
    return isLessNumber(a, b, i);
  }
  return a.length < b.length;
}

function isLessNumber(a: number[], b: number[], i: number): boolean {
  let leftValue = 0n;
  let rightValue = 0n;
  if (a[i] === 48 || b[i] === 48) {
    for (let j = i - 1; j >= 0 && isDigit(a[j]!); j--) {
      if (a[j] !== 48) {
        leftValue = rightValue = 1n;
        break;
      }
    }
  }
  let leftEnd = i;
  let rightEnd = i;
  for (; leftEnd < a.length && isDigit(a[leftEnd]!); leftEnd++)
    leftValue = BigInt.asIntN(64, leftValue * 10n + BigInt(a[leftEnd]! - 48));
  for (; rightEnd < b.length && isDigit(b[rightEnd]!); rightEnd++)
    rightValue = BigInt.asIntN(64, rightValue * 10n + BigInt(b[rightEnd]! - 48));
  if (leftValue !== rightValue) return leftValue < rightValue;
  if (leftEnd !== rightEnd) return leftEnd < rightEnd;
  return a[i]! < b[i]!;
}
