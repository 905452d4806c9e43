import { generateKeyPairSync } from "node:crypto";
import type { RandomSource } from "@tiphys/gotemplate";
import { seededRandom } from "@tiphys/gotemplate";

const keys = new Map<string, string>();

/**
 * A seeded source whose RSA keys are the platform's: the first, second, … key of a seed are made once in a process and given again
 * to whoever asks with that seed, so that two renderings agree without seconds of arithmetic in JavaScript.
 */
export function seededRandomWithKeys(seed: string): RandomSource {
  const random = seededRandom(seed);
  let count = 0;
  return {
    bytes: (length) => random.bytes(length),
    rsaPrivateKey: (bits) => {
      const name = `${seed}\0${bits}\0${count++}`;
      let key = keys.get(name);
      if (key === undefined) keys.set(name, (key = newKey(bits)));
      return key;
    },
  };
}

function newKey(bits: number): string {
  return generateKeyPairSync("rsa", {
    modulusLength: bits,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  }).privateKey;
}
