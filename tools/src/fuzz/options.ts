import { parseArgs } from "node:util";

export interface FuzzOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Inputs after which to stop, whatever the time. */
  readonly count: number;
}

/** `--seconds 60 --seed 1 --count N`, as `parseArgs` takes them. */
export const fuzzFlags = {
  seconds: { type: "string", default: "60" },
  seed: { type: "string", default: "1" },
  count: { type: "string", default: "1000000" },
} as const;

/** The options of `fuzzFlags`. Throws on anything else. */
export function fuzzOptions(args: readonly string[]): FuzzOptions {
  const { values } = parseArgs({
    args: [...args],
    options: fuzzFlags,
  });
  return { seconds: Number(values.seconds), seed: Number(values.seed), count: Number(values.count) };
}
