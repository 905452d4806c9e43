import { gitopsFolder } from "@tiphys/estate";
import type { Component } from "@tiphys/estate";
import { InvalidArgumentError } from "commander";
import {
  decide,
  findComponent,
  isLeft,
  pivotStatus,
  planApplicationSets,
  proofPairs,
  prove,
  summarize,
} from "@tiphys/pivot";
import type { PivotView, StatusLine } from "@tiphys/pivot";
import type { CommandModule, CommandRun } from "../command.ts";
import { addWorkspaceOptions, workspaceOptions } from "../options.ts";
import { addHelmfileOptions } from "../helmfile-flags.ts";
import { openPivot } from "../pivot-workspace.ts";
import { reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat, yamlText } from "../reporters/structured.ts";
import { markdownTable, textTable } from "../reporters/table.ts";
import { guardFindings } from "./guard.ts";

/** `tiphys status`: the pivot's definition of done, line by line, with evidence. */
export const command: CommandModule = {
  configure(command) {
    addHelmfileOptions(addWorkspaceOptions(command, ["text", "json", "yaml", "markdown"])).option(
      "--fail-under <count>",
      "exit with 1 when fewer lines are done",
      wholeNumber,
    );
  },
  run: showStatus,
};

async function showStatus(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["text", "json", "yaml", "markdown"]);
  const pivot = await openPivot(run, options);
  const view = decide(pivot);
  const environments = new Set(pivot.selected.map(({ name }) => name));
  const decisions = view.decisions.filter(({ classification }) => !isLeft(classification));
  const { pairs, diagnostics } = proofPairs(pivot, view, { decisions, environments });
  const folder = gitopsFolder(pivot.estateFile);
  // An environment without releases is read, and empty.
  const unread = pivot.inventory.diagnostics.filter(
    ({ severity, code }) => severity === "error" && code !== "no-matching-release",
  );
  const lines = pivotStatus({
    tree: pivot.tree,
    helmfiles: pivot.inventory.helmfiles,
    guardFindings: guardFindings(pivot, view),
    staleApplicationSets: pivot.selected
      .flatMap((environment) => planApplicationSets(pivot, pivot.tree, environment))
      .map(({ path }) => path),
    classifications: view.decisions.map(({ classification }) => classification),
    components: componentsByRelease(view),
    allComponents: [...view.components.values()].flat(),
    proofs: summarize(prove(pairs)),
    gitopsFolder: folder === "" ? "" : `${folder}/`,
    unread,
  });
  reportDiagnostics([...pivot.diagnostics, ...pivot.inventory.diagnostics, ...diagnostics], io, pivot.tree);
  io.stdout.write(print(lines, format));
  if (unread.length > 0) return 2;
  const done = lines.filter(({ state }) => state === "done").length;
  return done < ((run.options["failUnder"] as number | undefined) ?? 0) ? 1 : 0;
}

function wholeNumber(value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new InvalidArgumentError("it must be a whole number.");
}

function componentsByRelease(view: PivotView): Map<string, Component[]> {
  return new Map(
    view.decisions.map(({ classification, component }) => [
      classification.release.id,
      [...view.components.values()].flatMap(
        (components) => findComponent(components, classification.release, component) ?? [],
      ),
    ]),
  );
}

function print(lines: readonly StatusLine[], format: "text" | "json" | "yaml" | "markdown"): string {
  if (format === "json") return jsonText(lines);
  if (format === "yaml") return yamlText(lines);
  const mark = { done: "done", open: "OPEN", unknown: "?" };
  const rows = lines.map((line) => [mark[line.state], line.title, line.evidence, line.command]);
  const headings = ["STATE", "WHAT", "EVIDENCE", "SHOWN BY"];
  const done = lines.filter(({ state }) => state === "done").length;
  const closing = `${done} of ${lines.length} done\n`;
  return format === "markdown"
    ? `${markdownTable(headings, rows)}\n${closing}`
    : `${textTable(headings, rows)}\n${closing}`;
}
