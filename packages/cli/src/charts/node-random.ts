import { generatePrimeSync, randomBytes } from "node:crypto";
import type { RandomSource } from "@tiphys/gotemplate";
import type { Io } from "../command.ts";
import { localTimeZone } from "./local-time-zone.ts";

/**
 * Real randomness, and OpenSSL's primes: JavaScript takes seconds to find those of one key. Two of them take half as long as OpenSSL takes for
 * a whole key, whose primes it builds around others (SP 800-56B).
 */
export const nodeRandom: RandomSource = {
  bytes: (count) => randomBytes(count),
  rsaPrime: (bits) => generatePrimeSync(bits, { bigint: true }),
};

/** Clock, zone and randomness of what somebody may apply: what `helm` and `helmfile` would take. */
export function liveContext(io: Io): {
  readonly now: number;
  readonly timeZone: string;
  readonly random: RandomSource;
} {
  return { now: io.now(), timeZone: localTimeZone(io), random: nodeRandom };
}
