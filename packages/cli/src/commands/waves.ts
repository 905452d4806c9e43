import { unknownName } from "../unknown-name.ts";
import { objectRole, syncPlan, syncPlanOptions } from "@tiphys/argocd";
import type { ObjectRole, SyncPlan } from "@tiphys/argocd";
import type { RenderedArgoApplication } from "@tiphys/estate";
import type { GoValue } from "@tiphys/gotemplate";
import { fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic } from "@tiphys/source";
import { addArgocdOptions, applicationNames, openArgocdSides } from "../argocd-sides.ts";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import { readObjectFiles } from "../health/read-objects.ts";
import type { LiveSettings } from "../live-pairs.ts";
import { compareWithLive, liveSettings, wantedObjects } from "../live-pairs.ts";
import { collect, workspaceOptions } from "../options.ts";
import { addHelmfileOptions } from "../helmfile-flags.ts";
import { openPivot } from "../pivot-workspace.ts";
import { hasErrors, reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat } from "../reporters/structured.ts";
import type { WaveColumn } from "../reporters/waves.ts";
import { printWaves } from "../reporters/waves.ts";
import { textTable } from "../reporters/table.ts";
import { helmfileLevels } from "../waves/helmfile-levels.ts";
import { deletionWaves, rolloutWaves, simulate } from "../waves/rollout-waves.ts";

const formats = ["text", "json", "mermaid", "dot", "svg"] as const;

/** `tiphys waves`: the order of a rollout, of one Application's sync, or of helmfile's `needs`. */
export const command: CommandModule = {
  configure(command) {
    addHelmfileOptions(addArgocdOptions(command, formats))
      .option("--app <name>", "the sync plan of one Application: phases, waves, hooks, what never runs")
      .option(
        "--live <folder>",
        "with --app: manifests of live objects (kubectl get -o yaml); what is gone from Git is pruned",
      )
      .option("--prune", "with --app: prune, whatever the Application's sync policy says")
      .option("--helmfile", "the levels of helmfile's needs instead, layer by layer")
      .option("--deletion", "the order in which Applications go when their ApplicationSet is deleted")
      .option("--simulate", "play the rollout event by event")
      .option(
        "--takes <app=seconds>",
        "with --simulate: seconds until this Application is healthy; may be repeated",
        collect,
      )
      .option(
        "--fails <name=sync|health>",
        "with --simulate: this Application's sync fails, or it never becomes healthy; with --app the same of an object, by its name in the plan; may be repeated",
        collect,
      )
      .addHelpText(
        "after",
        [
          "\nA step ends when each of its Applications has been Synced and Healthy once. So a PostSync hook does not hold the next",
          "step, and an Application that degrades later stops nothing. Argo CD syncs many Applications twice in one rollout, hooks",
          "included: it overlooks an operation that starts within the second in which it was asked for.",
        ].join("\n"),
      );
  },
  run: showWaves,
};

async function showWaves(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, formats);
  if (run.options["helmfile"] === true) {
    const pivot = await openPivot(run, { ...options, offline: true });
    reportDiagnostics(pivot.inventory.diagnostics, io, pivot.tree);
    const columns = pivot.selected.flatMap((environment) =>
      helmfileLevels(pivot.inventory, environment.name, options.selectors),
    );
    io.stdout.write(printWaves(columns, format));
    return hasErrors(pivot.inventory.diagnostics) ? 2 : 0;
  }
  const { workspace, sides, settings, diagnostics: faults } = openArgocdSides(run, options);
  const { tree } = workspace;
  const diagnostics: Diagnostic[] = [...faults];
  const columns: WaveColumn[] = [];
  for (const { environment, side } of sides) {
    const name = run.options["app"];
    if (name !== undefined) {
      const application = side.applications.find((candidate) => candidate.name === name);
      if (application === undefined) continue;
      reportDiagnostics(diagnostics, io, tree);
      return printSyncPlan(run, side.render(application), liveSettings(settings));
    }
    if (run.options["simulate"] === true) io.stdout.write(simulate(side, behaviours(run), environment.name));
    else if (run.options["deletion"] === true) columns.push(...deletionWaves(side, environment.name));
    else columns.push(...rolloutWaves(side, environment.name, diagnostics));
  }
  reportDiagnostics(diagnostics, io, tree);
  if (run.options["app"] !== undefined)
    throw unknownName("Application", String(run.options["app"]), applicationNames(sides));
  if (run.options["simulate"] !== true) io.stdout.write(printWaves(columns, format));
  return hasErrors(diagnostics) ? 2 : 0;
}

function behaviours({ options }: CommandRun): Map<string, { healthySeconds?: number; fails?: "sync" | "health" }> {
  const result = new Map<string, { healthySeconds?: number; fails?: "sync" | "health" }>();
  for (const assignment of (options["takes"] as string[] | undefined) ?? []) {
    const match = /^(.+)=(\d+(?:\.\d+)?)$/.exec(assignment);
    if (match === null) throw new UserError(`error: --takes takes APP=SECONDS, not "${assignment}"`);
    result.set(match[1]!, { ...result.get(match[1]!), healthySeconds: Number(match[2]) });
  }
  for (const assignment of (options["fails"] as string[] | undefined) ?? []) {
    const match = /^(.+)=(sync|health)$/.exec(assignment);
    if (match === null) throw new UserError(`error: --fails takes NAME=sync or NAME=health, not "${assignment}"`);
    result.set(match[1]!, { ...result.get(match[1]!), fails: match[2] as "sync" | "health" });
  }
  return result;
}

function printSyncPlan(run: CommandRun, rendered: RenderedArgoApplication, controller: LiveSettings): number {
  const { io, options } = run;
  const { application } = rendered;
  if (rendered.status !== "rendered") {
    reportDiagnostics(rendered.diagnostics, io);
    return 2;
  }
  const { targets, diagnostics } = wantedObjects(rendered, controller);
  reportDiagnostics(diagnostics, io);
  const failures = new Map([...behaviours(run)].map(([name, { fails }]) => [name, fails]));
  const planOptions = syncPlanOptions(application.application);
  const plan = syncPlan(targets, options["live"] === undefined ? [] : liveObjects(run, rendered, controller), {
    ...planOptions,
    prune: planOptions.prune === true || options["prune"] === true,
    failureOf: (object) => {
      const at = failures.get(fromByteString(objectRole(object).object));
      return at === undefined ? undefined : { at, message: at === "sync" ? "does not apply" : "is not healthy" };
    },
  });
  io.stdout.write(options["output"] === "json" ? jsonText(plan) : syncPlanText(application.name, plan));
  return 0;
}

/** What of a folder the Application owns or wants. */
function liveObjects(
  { io, options }: CommandRun,
  rendered: RenderedArgoApplication,
  controller: LiveSettings,
): Map<string, GoValue>[] {
  const live = readObjectFiles(io, String(options["live"])).map(({ value }) => value);
  return compareWithLive(rendered, live, controller).pairs.flatMap((pair) =>
    pair.live === undefined ? [] : [pair.live],
  );
}

function syncPlanText(name: string, plan: SyncPlan): string {
  const rows = plan.steps.flatMap((step) =>
    step.tasks.map((task, index) => [index === 0 ? step.phase : "", index === 0 ? String(step.wave) : "", task]),
  );
  let text = `${name}\n\n${textTable(["PHASE", "WAVE", "OBJECT"], rows)}`;
  if (plan.phase !== "Succeeded") text += `\n${plan.phase.toLowerCase()}: ${fromByteString(plan.message)}\n`;
  const onFailure = plan.objects.filter(({ hook }) => hook.includes("SyncFail"));
  if (onFailure.length > 0 && !plan.steps.some(({ phase }) => phase === "SyncFail"))
    text += `\nrun when a sync fails:\n${onFailure.map(({ object }) => `  ${object}\n`).join("")}`;
  const never = plan.objects.filter((object) => object.ignored || object.skipped);
  if (never.length > 0)
    text += `\nnever run by a sync:\n${never.map((object: ObjectRole) => `  ${object.object}${object.onDeletion.length > 0 ? ` (on deletion: ${object.onDeletion.join(", ")})` : ""}\n`).join("")}`;
  const hooksOnly =
    plan.objects.length > 0 &&
    plan.objects.every((object) => object.hook.length > 0 || object.ignored || object.skipped);
  if (hooksOnly) text += "\nonly hooks: Argo CD reports Synced and runs none of them on its own\n";
  return text;
}
