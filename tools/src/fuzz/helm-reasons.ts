import type { Difference } from "./helm-templates.ts";

/** A difference that is meant, by the name it has in docs/helm-differences.md. */
export interface KnownReason {
  readonly name: string;
  readonly explains: (difference: Difference) => boolean;
}

const sorted = (text: string): string =>
  text
    .split(/[\s[\]]+/)
    .sort()
    .join(" ");
const withoutSums = (text: string): string => text.replace(/[0-9a-f]{40,}/g, "0").replace(/\d{6,}/g, "0");
const withoutDigits = (text: string): string => text.replace(/[\d.]+/g, "0");

/** What the fuzzer may find that stays as it is. */
export const knownReasons: readonly KnownReason[] = [
  {
    name: "clock",
    explains: ({ input, helm, ours }) =>
      /\b(?:date|dateInZone|htmlDate|dateModify|unixEpoch|now|ago)\b/.test(input) &&
      withoutDigits(helm) === withoutDigits(ours),
  },
  {
    name: "addresses",
    // Sums over texts that hold the address of .Capabilities.
    explains: ({ input, helm, ours }) =>
      /sum\b/.test(input) &&
      /(?:^|[ (])(?:\.|\$|\.Capabilities)(?:[ )|]|$)/.test(input) &&
      withoutSums(helm) === withoutSums(ours),
  },
  {
    name: "map order",
    explains: ({ input, helm, ours }) => /\b(?:keys|values)\b/.test(input) && sorted(helm) === sorted(ours),
  },
];
