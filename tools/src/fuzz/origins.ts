import { parseArgs } from "node:util";
import { randomEstate, recordedEstates, referenceEstates } from "./origin-estates.ts";
import type { OriginEstate } from "./origin-estates.ts";
import { fuzzFlags } from "./options.ts";
import { Random } from "./random.ts";
import { corpusRenders, FieldOrigins } from "./field-origins.ts";
import { ValueOrigins } from "./value-origins.ts";
import type { OriginTally } from "./value-origins.ts";

/**
 * `npm run fuzz -- origins [--only reference|recorded|random]`: says of every place that origins name whether it is true, by changing what is written
 * there. Needs no other tool. Exit code 1 when a place was wrong or missing.
 */
export function fuzzOrigins(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...fuzzFlags,
      only: { type: "string", default: "" },
      chart: { type: "string", default: "" },
    },
  });
  const seed = Number(values.seed);
  const tally: OriginTally = { counts: new Map(), wrong: [] };
  const until = Date.now() + Number(values.seconds) * 1000;
  const wanted = (kind: string): boolean => values.only === "" || values.only === kind;
  const given = [...(wanted("reference") ? referenceEstates() : []), ...(wanted("recorded") ? recordedEstates() : [])];
  const renders = wanted("corpus") ? corpusRenders().filter(({ id }) => id.includes(values.chart)) : [];
  let estates = 0;
  let charts = 0;
  for (let round = 0; Date.now() < until && estates + charts < Number(values.count); round++) {
    const random = new Random(seed * 1_000_003 + round);
    if (renders.length > 0 && (values.only === "corpus" || round % 2 === 1)) {
      new FieldOrigins(random.pick(renders), random, tally).check(8, until);
      charts++;
      continue;
    }
    const estate = estateOf(round, random, { given, takesRandom: wanted("random") });
    new ValueOrigins(estate, random, tally).check(6, until);
    estates++;
  }
  for (const [name, count] of [...tally.counts].toSorted()) console.log(`${String(count).padStart(6)}  ${name}`);
  for (const line of tally.wrong.slice(0, 60)) console.log(`WRONG  ${line}`);
  console.log(
    `${estates} estates, ${charts} charts, ${[...tally.counts.values()].reduce((sum, count) => sum + count, 0)} checks, ${tally.wrong.length} wrong, seed ${seed}`,
  );
  return tally.wrong.length === 0 && estates + charts > 0 ? 0 : 1;
}

function estateOf(
  round: number,
  random: Random,
  { given, takesRandom }: { readonly given: readonly OriginEstate[]; readonly takesRandom: boolean },
): OriginEstate {
  if (given.length > 0 && (!takesRandom || round % 4 === 0))
    return given[(takesRandom ? round / 4 : round) % given.length]!;
  return randomEstate(`random ${round}`, random);
}
