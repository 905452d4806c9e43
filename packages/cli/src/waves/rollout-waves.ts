import { planDeletion, simulateRollout } from "@tiphys/argocd";
import type { SyncBehaviour } from "@tiphys/argocd";
import type { ArgocdSide } from "@tiphys/estate";
import type { Diagnostic } from "@tiphys/source";
import type { WaveColumn } from "../reporters/waves.ts";
import { textTable } from "../reporters/table.ts";

/** Each ApplicationSet's steps as columns of Applications; those in no step come last, with a warning. */
export function rolloutWaves(side: ArgocdSide, environment: string, diagnostics: Diagnostic[]): WaveColumn[] {
  const labels = new Map(side.applications.map((application) => [application.name, application.labels]));
  return side.applicationSets.flatMap((set) => {
    if (set.applications.length === 0) return [];
    const applications = set.applications.map((name) => ({
      name,
      labels: labels.get(name) ?? new Map<string, string>(),
    }));
    if (set.strategy.type !== "RollingSync" || set.strategy.steps === undefined) {
      return [{ environment, group: set.name, title: "all at once", items: set.applications, needs: [] }];
    }
    const { steps } = simulateRollout({ strategy: set.strategy, applications });
    const columns = set.strategy.steps.map((step, index): WaveColumn => {
      const values = step.matchExpressions
        .map(
          ({ key, operator, values: wanted }) => `${key} ${operator === "In" ? "" : `${operator} `}${wanted.join(",")}`,
        )
        .join(" and ");
      const maxUpdate = step.maxUpdate === undefined ? "" : `, maxUpdate ${step.maxUpdate}`;
      const items = set.applications.filter((name) => steps.get(name) === String(index + 1)).toSorted();
      return { environment, group: set.name, title: `step ${index + 1}: ${values}${maxUpdate}`, items, needs: [] };
    });
    const outside = set.applications.filter((name) => steps.get(name) === "-1").toSorted();
    for (const name of outside) {
      diagnostics.push({
        code: "application-in-no-step",
        severity: "warning",
        message: `Application ${name} is in no step of ApplicationSet ${set.name}: the rollout never syncs it`,
        origin: side.applications.find((application) => application.name === name)?.origin ?? set.origin,
        fix: "give it a label that a step asks for",
      });
    }
    return outside.length === 0
      ? columns
      : [...columns, { environment, group: set.name, title: "in no step", items: outside, needs: [] }];
  });
}

/** The order in which each ApplicationSet's Applications go when it is deleted: a column for each that waits for the one before. */
export function deletionWaves(side: ArgocdSide, environment: string): WaveColumn[] {
  const labels = new Map(side.applications.map((application) => [application.name, application.labels]));
  return side.applicationSets.flatMap((set) => {
    const { oneByOne, together } = planDeletion(
      set.strategy,
      set.applications.map((name) => ({ name, labels: labels.get(name) ?? new Map<string, string>() })),
    );
    const column = (title: string, items: readonly string[]): WaveColumn => ({
      environment,
      group: set.name,
      title,
      items,
      needs: [],
    });
    const columns = oneByOne.map((name, index) => column(`deletion ${index + 1}`, [name]));
    return together.length === 0
      ? columns
      : [...columns, column(oneByOne.length === 0 ? "all at once" : "then all at once", together)];
  });
}

/** The events of each ApplicationSet's rollout, played with the given durations and failures; 1 second where none is given. */
export function simulate(side: ArgocdSide, behaviour: ReadonlyMap<string, SyncBehaviour>, environment: string): string {
  const labels = new Map(side.applications.map((application) => [application.name, application.labels]));
  let text = "";
  for (const set of side.applicationSets) {
    if (set.applications.length === 0) continue;
    const applications = set.applications.map((name) => ({
      name,
      labels: labels.get(name) ?? new Map<string, string>(),
    }));
    const played = new Map(
      set.applications.map((name) => [name, { syncSeconds: 0, healthySeconds: 1, ...behaviour.get(name) }]),
    );
    const simulation = simulateRollout({ strategy: set.strategy, applications, behaviour: played });
    text += `${environment} ${set.name}: ${simulation.seconds} s\n\n`;
    text += textTable(
      ["AT", "STEP", "APPLICATION", "WHAT"],
      simulation.events.map((event) => [`${event.at} s`, event.step, event.application, event.what]),
    );
    for (const { step, by } of simulation.blocked) text += `\nstep ${step} never ends: ${by.join(", ")}\n`;
    if (simulation.neverSynced.length > 0) text += `\nnever synced: ${simulation.neverSynced.join(", ")}\n`;
    text += "\n";
  }
  return text === "" ? "no ApplicationSet makes an Application here\n" : text;
}
