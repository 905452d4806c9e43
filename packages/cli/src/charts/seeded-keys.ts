import { generatePrimeSync } from "node:crypto";
import type { RandomSource } from "@tiphys/gotemplate";
import { seededRandom } from "@tiphys/gotemplate";

const primes = new Map<string, bigint>();

/** So many primes of a length are made, for half as many keys; a rendering that asks for more gets them again, in turn. */
const distinctPrimes = 8;

/**
 * A seeded source whose RSA primes are the platform's: a few are made once in a process and given in the same order to every rendering, so that
 * two renderings agree without seconds of arithmetic. For comparing only: never for keys that somebody uses.
 */
export function seededRandomWithKeys(seed: string): RandomSource {
  const random = seededRandom(seed);
  let count = 0;
  return { bytes: (length) => random.bytes(length), rsaPrime: (bits) => keptPrime(bits, count++ % distinctPrimes) };
}

const publicExponent = 65_537n;

/** Bits of the primes of a key that signs a certificate with SHA-256 and is made in no time. */
const shortPrime = 256;

/**
 * A seeded source for who asks only whether a rendering is random, not what it says: every RSA key is the same short one, and no password
 * is hashed.
 */
export function seededRandomForSigns(seed: string): RandomSource {
  const random = seededRandom(seed);
  let count = 0;
  return {
    bytes: (length) => random.bytes(length),
    rsaPrime: () => keptPrime(shortPrime, count++ % 2),
    bcryptHash: (_password, salt) => `${salt}${".".repeat(31)}`,
  };
}

function keptPrime(bits: number, index: number): bigint {
  const name = `${bits} ${index}`;
  let prime = primes.get(name);
  // Where the exponent divides what is one less, no key comes of a prime, and who gets the same ones again would ask for ever.
  while (prime === undefined || prime % publicExponent === 1n) prime = generatePrimeSync(bits, { bigint: true });
  primes.set(name, prime);
  return prime;
}
