import type { RandomSource } from "../value.ts";

/** A random whole number from 0 to `bound` - 1, every one as likely as the others. */
export function randomBelow(random: RandomSource, bound: bigint): bigint {
  if (bound <= 1n) return 0n;
  const bits = (bound - 1n).toString(2).length;
  const count = Math.ceil(bits / 8);
  const mask = 0xff >> (count * 8 - bits);
  for (;;) {
    const bytes = random.bytes(count);
    let value = BigInt(bytes[0]! & mask);
    for (let i = 1; i < count; i++) value = (value << 8n) | BigInt(bytes[i]!);
    if (value < bound) return value;
  }
}

/** `count` characters, each drawn from `alphabet`. */
export function randomText(random: RandomSource, alphabet: string, count: number): string {
  const limit = 256 - (256 % alphabet.length);
  let out = "";
  while (out.length < count) {
    for (const byte of random.bytes(Math.min(count - out.length, 4096))) {
      if (byte < limit) out += alphabet[byte % alphabet.length]!;
    }
  }
  return out;
}
