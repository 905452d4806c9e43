import type { RandomSource } from "../value.ts";
import { derInteger, derSequence, integerOfBytes } from "./der.ts";
import { encodePem } from "./pem.ts";
import { hasSmallDivisor, isProbablyPrime, powerModulo, randomPrime } from "./prime.ts";
import { randomBelow } from "./random.ts";

const modulusBits = 2048;
const orderBits = 256;

/** Domain parameters as `dsa.GenerateParameters` of Go finds them: a prime p such that q divides p - 1. */
function findModulus(random: RandomSource, order: bigint): bigint | undefined {
  for (let attempt = 0; attempt < 4 * modulusBits; attempt++) {
    const candidate = integerOfBytes(random.bytes(modulusBits / 8)) | 1n | (1n << BigInt(modulusBits - 1));
    const modulus = candidate - (candidate % order) + 1n;
    if (modulus >> BigInt(modulusBits - 1) !== 1n || (modulus & 1n) === 0n) continue;
    if (!hasSmallDivisor(modulus) && isProbablyPrime(modulus, random)) return modulus;
  }
  return undefined;
}

/** A fresh DSA key (2048 bits) in the form that sprig and OpenSSL write. Takes many seconds. */
export function generateDsaKeyPem(random: RandomSource): string {
  for (;;) {
    const order = randomPrime(random, orderBits);
    const modulus = findModulus(random, order);
    if (modulus === undefined) continue;
    let generator = 1n;
    for (let base = 2n; generator === 1n; base++) generator = powerModulo(base, (modulus - 1n) / order, modulus);
    const secret = 1n + randomBelow(random, order - 1n);
    const publicKey = powerModulo(generator, secret, modulus);
    const numbers = [0n, modulus, order, generator, publicKey, secret];
    return encodePem({ type: "DSA PRIVATE KEY", bytes: derSequence(...numbers.map(derInteger)) });
  }
}
