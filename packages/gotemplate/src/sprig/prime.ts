import type { RandomSource } from "../value.ts";
import { integerOfBytes } from "./der.ts";
import { randomBelow } from "./random.ts";

/** Random prime numbers and arithmetic modulo a number, on bigints. Time depends on the secrets: not for a server. */

let smallPrimes: readonly number[] | undefined;

function primesBelow(limit: number): number[] {
  const composite = new Uint8Array(limit);
  const primes: number[] = [];
  for (let i = 2; i < limit; i++) {
    if (composite[i]) continue;
    primes.push(i);
    for (let j = i * i; j < limit; j += i) composite[j] = 1;
  }
  return primes;
}

/** `base` to the power of `exponent` modulo `modulus`, four bits at a time. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const table = [1n % modulus];
  for (let i = 1; i < 16; i++) table.push((table[i - 1]! * base) % modulus);
  let result = table[0]!;
  for (const digit of exponent.toString(16)) {
    for (let i = 0; i < 4; i++) result = (result * result) % modulus;
    const power = Number.parseInt(digit, 16);
    if (power !== 0) result = (result * table[power]!) % modulus;
  }
  return result;
}

/** The inverse of `value` modulo `modulus`; undefined when there is none. */
export function inverseModulo(value: bigint, modulus: bigint): bigint | undefined {
  let [remainder, next] = [modulus, ((value % modulus) + modulus) % modulus];
  let [coefficient, nextCoefficient] = [0n, 1n];
  while (next !== 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [coefficient, nextCoefficient] = [nextCoefficient, coefficient - quotient * nextCoefficient];
  }
  return remainder === 1n ? ((coefficient % modulus) + modulus) % modulus : undefined;
}

function passesFermat(candidate: bigint): boolean {
  const exponent = (candidate - 1n).toString(2);
  let result = 1n;
  for (const bit of exponent) {
    result = result * result;
    if (bit === "1") result <<= 1n;
    result %= candidate;
  }
  return result === 1n;
}

function passesMillerRabin(candidate: bigint, base: bigint): boolean {
  let odd = candidate - 1n;
  let twos = 0;
  while ((odd & 1n) === 0n) {
    odd >>= 1n;
    twos++;
  }
  let value = powerModulo(base, odd, candidate);
  if (value === 1n || value === candidate - 1n) return true;
  for (let i = 1; i < twos; i++) {
    value = (value * value) % candidate;
    if (value === candidate - 1n) return true;
  }
  return false;
}

/** Whether a large odd number is prime, but for a chance that does not matter. */
export function isProbablyPrime(candidate: bigint, random: RandomSource): boolean {
  if (!passesFermat(candidate)) return false;
  for (let round = 0; round < 5; round++) {
    if (!passesMillerRabin(candidate, 2n + randomBelow(random, candidate - 4n))) return false;
  }
  return true;
}

/** Whether a number of more than 15 bits has a small divisor. */
export function hasSmallDivisor(candidate: bigint): boolean {
  smallPrimes ??= primesBelow(4000);
  return smallPrimes.some((prime) => candidate % BigInt(prime) === 0n);
}

/** A random prime of exactly `bits` bits with its two highest bits set, so that two of them multiply to full length. */
export function randomPrime(random: RandomSource, bits: number): bigint {
  smallPrimes ??= primesBelow(4000);
  for (;;) {
    const start =
      BigInt.asUintN(bits, integerOfBytes(random.bytes(Math.ceil(bits / 8)))) | (3n << BigInt(bits - 2)) | 1n;
    const remainders = smallPrimes.map((prime) => Number(start % BigInt(prime)));
    for (let step = 0; step < 1 << 16; step += 2) {
      if (smallPrimes.some((prime, i) => (remainders[i]! + step) % prime === 0)) continue;
      const candidate = start + BigInt(step);
      if (candidate >> BigInt(bits) !== 0n) break;
      if (isProbablyPrime(candidate, random)) return candidate;
    }
  }
}
