import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChartRounds } from "./helm-charts.ts";
import { knownReasons } from "./helm-reasons.ts";
import { HelmSide, OurSide } from "./helm-sides.ts";
import { TemplateRounds, type Difference, type RoundResult } from "./helm-templates.ts";
import { fuzzOptions } from "./options.ts";
import { Random } from "./random.ts";

/** After so many differences there is enough to look at. */
const enough = 40;

/** One chart in so many templates, when both are wanted: a chart costs as much as dozens of templates. */
const templatesPerChart = 15;

/**
 * Renders random templates, many in one run, and random charts with random flags with the helm binary on PATH and with ours.
 * `--charts` and `--templates` do only the one. Prints shrunk differences, those with a known reason only by number.
 * Exit code 1 when there is any other, 2 without helm.
 */
export async function fuzzHelm(args: readonly string[]): Promise<number> {
  const only = (["charts", "templates"] as const).find((word) => args.includes(`--${word}`));
  const options = fuzzOptions(args.filter((word) => word !== `--${only}`));
  const version = spawnSync("helm", ["version", "--template", "{{.Version}}"], { encoding: "utf8" });
  if (version.status !== 0) {
    console.log("skipped: helm is not on PATH");
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "tiphys-fuzz-"));
  const profile = version.stdout.trim().replace(/^v/, "");
  const templates = new TemplateRounds(new HelmSide(folder), new OurSide(profile));
  const charts = new ChartRounds(folder, profile);
  const totals = { templates: emptyTotal(), charts: emptyTotal() };
  const until = Date.now() + options.seconds * 1000;
  const found = (): number => totals.templates.differences + totals.charts.differences;
  try {
    for (
      let round = 0;
      Date.now() < until && totals.templates.count + totals.charts.count < options.count && found() < enough;
      round++
    ) {
      const kind = only ?? (totals.charts.count * templatesPerChart < totals.templates.count ? "charts" : "templates");
      const random = new Random(options.seed * 1_000_003 + round);
      add(totals[kind], kind === "charts" ? await charts.round(random) : templates.round(random));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const [kind, { count, failed, differences, explained, refused }] of Object.entries(totals)) {
    if (count === 0) continue;
    console.log(
      `${count} ${kind} (${failed} of them errors), ${differences} differences, ${explained} explained, ${refused} beyond a limit, seed ${options.seed}`,
    );
  }
  return found() === 0 ? 0 : 1;
}

interface Total {
  count: number;
  failed: number;
  refused: number;
  differences: number;
  explained: number;
}

function emptyTotal(): Total {
  return { count: 0, failed: 0, refused: 0, differences: 0, explained: 0 };
}

function add(total: Total, result: RoundResult): void {
  total.count += result.count;
  total.failed += result.failed;
  total.refused += result.refused;
  for (const difference of result.differences) {
    if (knownReasons.some(({ explains }) => explains(difference))) total.explained++;
    else report(difference, ++total.differences);
  }
}

function report(difference: Difference, number: number): void {
  console.log(`--- ${number}: ${difference.input}`);
  console.log(`  helm: ${JSON.stringify(difference.helm).slice(0, 600)}`);
  console.log(`  ours: ${JSON.stringify(difference.ours).slice(0, 600)}`);
}
