import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knownReasons } from "./helm-reasons.ts";
import { HelmSide, OurSide } from "./helm-sides.ts";
import { TemplateRounds, type Difference } from "./helm-templates.ts";
import { fuzzOptions } from "./options.ts";
import { Random } from "./random.ts";

/** After so many differences there is enough to look at. */
const enough = 40;

/**
 * Renders random templates with the helm binary on PATH and with ours, many in one run. Prints shrunk differences, those with a
 * known reason only by number. Exit code 1 when there is any other, 2 without helm.
 */
export function fuzzHelm(args: readonly string[]): number {
  const options = fuzzOptions(args);
  const version = spawnSync("helm", ["version", "--template", "{{.Version}}"], { encoding: "utf8" });
  if (version.status !== 0) {
    console.log("skipped: helm is not on PATH");
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "tiphys-fuzz-"));
  const templates = new TemplateRounds(new HelmSide(folder), new OurSide(version.stdout.trim().replace(/^v/, "")));
  const total = { count: 0, failed: 0, differences: 0, explained: 0, refused: 0 };
  const until = Date.now() + options.seconds * 1000;
  try {
    for (let round = 0; Date.now() < until && total.count < options.count && total.differences < enough; round++) {
      const result = templates.round(new Random(options.seed * 1_000_003 + round));
      total.count += result.count;
      total.failed += result.failed;
      total.refused += result.refused;
      for (const difference of result.differences) {
        if (knownReasons.some(({ explains }) => explains(difference))) total.explained++;
        else report(difference, ++total.differences);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${total.count} templates (${total.failed} of them errors on both sides), ${total.differences} differences, ${total.explained} explained, ${total.refused} beyond a limit, seed ${options.seed}`);
  return total.differences === 0 ? 0 : 1;
}

function report(difference: Difference, number: number): void {
  console.log(`--- ${number}: ${difference.input}`);
  console.log(`  helm: ${JSON.stringify(difference.helm).slice(0, 600)}`);
  console.log(`  ours: ${JSON.stringify(difference.ours).slice(0, 600)}`);
}
