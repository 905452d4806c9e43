import { generateKeyPairSync } from "node:crypto";
import type { RandomSource } from "@tiphys/gotemplate";
import { seededRandom } from "@tiphys/gotemplate";

const keys = new Map<string, string>();

/** So many keys of a length are made; a rendering that asks for more gets them again, in turn. */
const distinctKeys = 4;

/**
 * A seeded source whose RSA keys are the platform's: a few are made once in a process and given in the same order to every rendering, so that
 * two renderings agree without seconds of arithmetic. For comparing only: never for keys that somebody uses.
 */
export function seededRandomWithKeys(seed: string): RandomSource {
  const random = seededRandom(seed);
  let count = 0;
  return {
    bytes: (length) => random.bytes(length),
    rsaPrivateKey: (bits) => {
      const name = `${bits}\0${count++ % distinctKeys}`;
      let key = keys.get(name);
      if (key === undefined) keys.set(name, (key = newKey(bits)));
      return key;
    },
  };
}

/** Bits of a key that signs a certificate with SHA-256 and is made in no time. */
const shortKey = 512;

/**
 * A seeded source for who asks only whether a rendering is random, not what it says: every RSA key is the same short one, and no password
 * is hashed.
 */
export function seededRandomForSigns(seed: string): RandomSource {
  const random = seededRandom(seed);
  return {
    bytes: (length) => random.bytes(length),
    rsaPrivateKey: () => {
      let key = keys.get("short");
      if (key === undefined) keys.set("short", (key = newKey(shortKey)));
      return key;
    },
    bcryptHash: (_password, salt) => `${salt}${".".repeat(31)}`,
  };
}

function newKey(bits: number): string {
  return generateKeyPairSync("rsa", {
    modulusLength: bits,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  }).privateKey;
}
