import { gitopsFolder } from "@tiphys/estate";
import { decide, driftFindings, findComponent, guard, planGuard, proofPairs, prove } from "@tiphys/pivot";
import type { GuardContext, PivotView } from "@tiphys/pivot";
import type { CommandModule, CommandRun } from "../command.ts";
import { addWorkspaceOptions, workspaceOptions } from "../options.ts";
import type { PivotWorkspace } from "../pivot-workspace.ts";
import { addHelmfileOptions } from "../helmfile-flags.ts";
import { openPivot } from "../pivot-workspace.ts";
import type { Diagnostic } from "@tiphys/source";
import { printFindings } from "../reporters/findings.ts";
import { outputFormat } from "../reporters/structured.ts";
import { writeFiles } from "../write/journal.ts";

/** `tiphys guard`: calls that would apply what Argo CD owns. */
export const command: CommandModule = {
  configure(command) {
    addHelmfileOptions(addWorkspaceOptions(command, ["text", "json", "sarif", "github"]))
      .option("--no-drift", "look for calls only, render nothing")
      .option("--write", "make the calls of helmfile render: write template for their verb")
      .addHelpText(
        "after",
        "\nA comment `tiphys:allow guard-helmfile-apply because …` on the line or the line above lets a call stay.\nExit code 1 when something is found.",
      );
  },
  run: findCalls,
};

async function findCalls(run: CommandRun): Promise<number> {
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["text", "json", "sarif", "github"]);
  const pivot = await openPivot(run, { ...options, offline: true });
  const view = decide(pivot);
  if (run.options["write"] === true) return makeCallsRender(run, pivot, view);
  const findings = [...guardFindings(pivot, view), ...(run.options["drift"] === false ? [] : drift(pivot, view))];
  run.io.stdout.write(printFindings(findings, format, pivot.tree));
  return findings.length > 0 ? 1 : 0;
}

/** Rewrites the calls of helmfile that would apply. What is left (helm, kubectl, drift) is for a person, and for the next run to say. */
function makeCallsRender(run: CommandRun, pivot: PivotWorkspace, view: PivotView): number {
  const files = planGuard(guardContext(pivot, view));
  writeFiles(pivot.workspace.root, files);
  run.io.stdout.write(
    files.length === 0
      ? "no call of helmfile applies\n"
      : files
          .map(({ path, calls }) => `changed ${path}: ${calls} ${calls === 1 ? "call renders" : "calls render"} now\n`)
          .join(""),
  );
  return 0;
}

/** Components that have moved and differ from Helmfile's side now. What cannot be rendered here is no finding. */
function drift(pivot: PivotWorkspace, view: PivotView): Diagnostic[] {
  const { pairs } = proofPairs(pivot, view, {
    decisions: view.decisions,
    environments: new Set(pivot.selected.map(({ name }) => name)),
  });
  return driftFindings(view, prove(pairs));
}

/** The guard's findings over a workspace, with the releases that have a component as those that moved. */
export function guardFindings(pivot: PivotWorkspace, view: PivotView): Diagnostic[] {
  return guard(guardContext(pivot, view));
}

function guardContext(pivot: PivotWorkspace, view: PivotView): GuardContext {
  const folder = gitopsFolder(pivot.estateFile);
  const migrated = view.decisions
    .filter(({ classification, component }) =>
      [...view.components.values()].some(
        (components) => findComponent(components, classification.release, component) !== undefined,
      ),
    )
    .map(({ classification }) => classification.release.name);
  return {
    tree: pivot.tree,
    migratedReleases: new Set(migrated),
    manifestFolders: [`${folder === "" ? "" : `${folder}/`}environments/`],
  };
}
