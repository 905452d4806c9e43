import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type HostileChart, hostileCharts, quickHostileCharts } from "./hostile/charts.ts";
import { renderBesideSound, renderHostile, type HostileOutcome } from "./hostile/run.ts";
import { isFull, root } from "./pivot/workspace.ts";

/* Charts that want to do harm, each in a process of its own: it ends in time and in bounded memory, with an error that has a place. */

const isReady = existsSync(join(root, "packages/cli/dist/main.js")) && existsSync("/proc/self/status");
if (!isReady) console.warn("skipped: the command line is not built, or there is no /proc");

/** Seconds of processor time; a busy machine does not change them much. */
const mostSeconds = 5;
const mostMegabytes = 512;

function expectBounded(chart: HostileChart, { seconds, megabytes }: HostileOutcome): void {
  expect(seconds).toBeLessThan(chart.seconds ?? mostSeconds);
  expect(megabytes).toBeLessThan(mostMegabytes);
}

function expectOutcome({ error, output }: HostileChart, { code, stdout, stderr }: HostileOutcome): void {
  if (error === undefined) expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  else {
    expect(stderr).toMatch(error);
    expect(code).toBe(1);
  }
  if (output !== undefined) expect(stdout).toMatch(output);
}

describe.skipIf(!isReady)("hostile charts", () => {
  it.each(isFull ? hostileCharts() : quickHostileCharts())("$name", { timeout: 120_000 }, (chart) => {
    const outcome = renderHostile(chart);
    expectOutcome(chart, outcome);
    expectBounded(chart, outcome);
  });

  const failing = (isFull ? hostileCharts() : quickHostileCharts().slice(0, 2)).filter(
    ({ error, flags, seconds, isUnseenInEstates }) =>
      error !== undefined && flags === undefined && seconds === undefined && isUnseenInEstates !== true,
  );
  it.each(failing)("the next chart of the run renders after: $name", { timeout: 120_000 }, (chart) => {
    const outcome = renderBesideSound(chart);
    expect(outcome.stdout).toContain("sound-after-all");
    expect(outcome.code).not.toBe(0);
    expectBounded(chart, outcome);
  });
});
