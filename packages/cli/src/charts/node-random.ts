import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { RandomSource } from "@tiphys/gotemplate";

/** Real randomness, and the platform's RSA keys: in JavaScript one takes seconds. */
export const nodeRandom: RandomSource = {
  bytes: (count) => randomBytes(count),
  rsaPrivateKey: (bits) =>
    generateKeyPairSync("rsa", {
      modulusLength: bits,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "pkcs1", format: "pem" },
    }).privateKey,
};
