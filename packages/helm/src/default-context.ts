import type { CallContext, RandomSource } from "@tiphys/gotemplate";

/** Chris Doty-Humphrey's sfc32 with a fixed seed: renders are repeatable. */
function seededRandom(seed: number): RandomSource {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
  };
}

/** Clock at 1970, UTC, no environment, a fixed seed: what a render uses when the face passes nothing. */
export function defaultContext(): Omit<CallContext, "engine"> {
  return { now: 0, timeZone: "UTC", environment: new Map(), random: seededRandom(1) };
}
