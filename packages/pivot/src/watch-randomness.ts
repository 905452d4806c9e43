import type { RandomSource } from "@tiphys/gotemplate";

/** The same source, which tells whenever it is drawn from. */
export function watchRandomness(random: RandomSource, onUse: () => void): RandomSource {
  const { rsaPrime } = random;
  return {
    ...random,
    bytes: (count) => {
      onUse();
      return random.bytes(count);
    },
    ...(rsaPrime && {
      rsaPrime: (bits: number) => {
        onUse();
        return rsaPrime(bits);
      },
    }),
  };
}
