import { library } from "./sprig/libraries.ts";
import { byteStringToBytes, type RandomSource, toByteString } from "./value.ts";

/**
 * A random source that gives the same sequence for the same seed: SHA-256 over the seed's hash and a counter.
 * Keys made from it are the same again, too, because it leaves their generation to JavaScript. Not for real secrets
 * unless the seed is one.
 */
export function seededRandom(seed: string): RandomSource {
  let key: Uint8Array | undefined;
  let counter = 0n;
  let block: Uint8Array = new Uint8Array();
  let at = 0;
  const nextBlock = (): void => {
    const { sha256 } = library("@noble/hashes/sha2.js");
    key ??= sha256(byteStringToBytes(toByteString(`tiphys seed\n${seed}`)));
    const input = new Uint8Array(key.length + 8);
    input.set(key);
    new DataView(input.buffer).setBigUint64(key.length, counter++);
    block = sha256(input);
    at = 0;
  };
  return {
    bytes(count) {
      const out = new Uint8Array(count);
      for (let filled = 0; filled < count;) {
        if (at === block.length) nextBlock();
        const part = block.subarray(at, at + count - filled);
        out.set(part, filled);
        filled += part.length;
        at += part.length;
      }
      return out;
    },
  };
}
