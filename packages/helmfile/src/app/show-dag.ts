import { isUserFault } from "../state/error.ts";
import { releaseId } from "../release/overrides.ts";
import { planReleases } from "../release/plan.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";
import { startRun } from "./options.ts";
import type { HelmfileOptions } from "./options.ts";
import { offlinePreparation } from "./charts.ts";
import { withPreparedCharts } from "./prepare-charts.ts";
import { runCommand } from "./result.ts";
import type { CommandResult } from "./result.ts";
import { formatTabbed } from "./table.ts";
import { scratchHelm } from "./template.ts";
import type { RenderingOptions } from "./template.ts";
import { visitStates } from "./visit.ts";

/** `helmfile show-dag`: one table per state file. Faults of chart preparation are swallowed, as helmfile does; `rendering` finds those of charts that it makes. */
export function showDag(options: HelmfileOptions, rendering?: RenderingOptions): CommandResult {
  const run = startRun(options);
  return runCommand(run, (output) => {
    const helm = rendering && scratchHelm(run.session, rendering);
    const print = (text: string): void => void (output.stdout += text);
    visitStates(run, { filter: true, includeNeeds: false }, (state) => {
      let planFault: unknown;
      try {
        withPreparedCharts(
          state,
          "show-dag",
          offlinePreparation(run, state, { skipsPatched: false, helm, print }),
          () => {
            try {
              output.stdout += formatDag(state);
            } catch (error) {
              planFault = error;
              throw error;
            }
          },
        );
      } catch (error) {
        if (error === planFault || !isUserFault(error)) throw error;
      }
      return false;
    });
  });
}

function formatDag(state: HelmState): string {
  const groups = planReleases(state, {
    selected: releasesOf(state),
    includeNeeds: true,
    skipNeeds: false,
    includeTransitiveNeeds: true,
  });
  const rows = groups.flatMap((group, index) =>
    group.map((release) => [String(index + 1), releaseId(release), (release.needs ?? []).join(", ")]),
  );
  return `${formatTabbed([["GROUP", "RELEASE", "DEPENDENCIES"], ...rows])}\n`;
}
