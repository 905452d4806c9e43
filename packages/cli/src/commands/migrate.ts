import type { MigrationPlan, PivotView } from "@tiphys/pivot";
import { decide, planClean, planMigration, proofPairs, prove, releaseSettings } from "@tiphys/pivot";
import type { Diagnostic } from "@tiphys/source";
import type { CommandModule, CommandRun, Io } from "../command.ts";
import { UserError } from "../command.ts";
import { collect, addWorkspaceOptions, workspaceOptions } from "../options.ts";
import type { PivotWorkspace } from "../pivot-workspace.ts";
import { addHelmfileOptions } from "../helmfile-flags.ts";
import { openPivot } from "../pivot-workspace.ts";
import { hasErrors, reportDiagnostics } from "../reporters/diagnostics.ts";
import { printPlan } from "../reporters/plan.ts";
import { outputFormat } from "../reporters/structured.ts";
import { assertLayers, selectReleases } from "../select-releases.ts";
import { conflicts } from "../write/conflicts.ts";
import { writeFiles } from "../write/journal.ts";

/** `tiphys migrate`: plans the move of layers or releases; `--write` does it. */
export const command: CommandModule = {
  configure(command) {
    addHelmfileOptions(addWorkspaceOptions(command, ["text", "json", "markdown"]))
      .option("--layer <name>", "only this helmfile layer; may be repeated", collect)
      .option("--plan", "show the plan and write nothing (the default)")
      .option("--write", "write the files of the plan")
      .option(
        "--clean",
        "instead: delete manifests.yaml beside charts and value files that nothing reads, where the proof allows it",
      )
      .option("--keep-going", "move what can move although files of other releases are broken")
      .option(
        "--force <path>",
        "overwrite this file although it holds changes that are not ours; may be repeated",
        collect,
      )
      .addHelpText(
        "after",
        "\nAll files of a run are replaced at once; a run that is killed is finished or undone by the next one.",
      );
  },
  run: migrate,
};

async function migrate(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["text", "json", "markdown"]);
  if (run.options["write"] === true && options.ref !== undefined)
    throw new UserError("error: --write works on the work tree, not on --ref");
  const pivot = await openPivot(run, options);
  const view = decide(pivot);
  if (run.options["clean"] === true) return clean(run, pivot, view);
  const layers = (run.options["layer"] as string[] | undefined) ?? [];
  assertLayers(pivot.inventory.layerOrder, layers);
  const chosen = selectReleases(view.decisions, options.selectors);
  const plan = planMigration(pivot, view, {
    layers,
    releases:
      options.selectors.length === 0
        ? undefined
        : new Set(chosen.map(({ classification }) => classification.release.id)),
    environments: pivot.selected.map(({ name }) => name),
  });
  const diagnostics: Diagnostic[] = [...pivot.diagnostics, ...plan.diagnostics, ...withoutRepository(pivot)];
  reportDiagnostics(diagnostics, io, pivot.tree);
  const hasFaults = hasErrors(
    run.options["keepGoing"] === true ? [...pivot.diagnostics, ...view.diagnostics] : diagnostics,
  );
  if (plan.moves.length === 0)
    throw new UserError(hasFaults ? "error: no release could be read" : "error: no release matches");
  io.stdout.write(printPlan(plan, format, pivot.tree));
  if (hasFaults) {
    if (run.options["write"] !== true) return 2;
    const isKept = run.options["keepGoing"] === true;
    const fix = isKept
      ? "mend them; an environment that nobody uses is left out by naming the others under `environments` in tiphys.yaml"
      : "mend them, leave the releases with Helmfile in tiphys.yaml, or move the others with --keep-going";
    throw new UserError(`error: nothing was written because of the errors above\n  fix: ${fix}`);
  }
  if (run.options["write"] === true) write(io, pivot, plan, (run.options["force"] as string[] | undefined) ?? []);
  return everythingIsHeldUp(plan, pivot) ? 1 : 0;
}

/** Argo CD refuses sources without an address, so what is written would not work as it is. */
function withoutRepository({ estateFile }: PivotWorkspace): Diagnostic[] {
  if (estateFile.gitops.repoURL !== "") return [];
  return [
    {
      severity: "warning",
      code: "gitops-address-unknown",
      message:
        "the ApplicationSets get an empty repoURL, which Argo CD refuses: the address of the GitOps repository is not known",
      fix: "set gitops.repoURL in tiphys.yaml (tiphys init writes one) and migrate again",
    },
  ];
}

/** `--clean`: proves first, then takes away what nothing reads. */
function clean(run: CommandRun, pivot: PivotWorkspace, view: PivotView): number {
  const { io } = run;
  const { pairs, diagnostics } = proofPairs(pivot, view, {
    decisions: view.decisions,
    environments: new Set(pivot.environments.map(({ name }) => name)),
  });
  reportDiagnostics([...pivot.diagnostics, ...view.diagnostics, ...diagnostics], io, pivot.tree);
  const plan = planClean(pivot, view, prove(pairs));
  for (const { path } of plan.files) io.stdout.write(`- ${path}\n`);
  for (const { path, reason } of plan.held) io.stdout.write(`  ${path} stays: ${reason}\n`);
  if (plan.files.length === 0 && plan.held.length === 0) io.stdout.write("nothing to clean\n");
  if (hasErrors([...view.diagnostics, ...diagnostics]))
    throw new UserError("error: nothing was deleted because of the errors above");
  if (run.options["write"] === true && plan.files.length > 0) {
    writeFiles(pivot.workspace.root, plan.files);
    io.stderr.write(`deleted ${plan.files.length} files below ${pivot.workspace.root}\n`);
  }
  return plan.held.length > 0 ? 1 : 0;
}

/** Whether nothing that was asked for can move, although tiphys.yaml does not say that it stays. */
function everythingIsHeldUp({ moves }: MigrationPlan, { estateFile }: PivotWorkspace): boolean {
  const wanted = moves.filter(
    ({ classification }) => releaseSettings(estateFile, classification.release)?.source !== "stay",
  );
  return wanted.length > 0 && wanted.every(({ classification }) => classification.class === "stays");
}

function write(io: Io, pivot: PivotWorkspace, plan: MigrationPlan, forced: readonly string[]): void {
  const refused = conflicts(pivot.workspace.root, plan.files, forced);
  if (refused.length > 0) {
    const names = refused.map((path) => `  ${path}\n`).join("");
    throw new UserError(
      `error: nothing was written: these files hold changes that are not ours\n${names}  fix: commit or remove them, or name each with --force PATH`,
    );
  }
  writeFiles(pivot.workspace.root, plan.files);
  io.stderr.write(
    plan.files.length === 0
      ? "nothing to write: all is as planned\n"
      : `wrote ${plan.files.length} files below ${pivot.workspace.root}\n`,
  );
}
