import { planFreeze } from "@tiphys/pivot";
import type { CommandModule, CommandRun } from "../command.ts";
import { addWorkspaceOptions, workspaceOptions } from "../options.ts";
import { addHelmfileOptions } from "../helmfile-flags.ts";
import { openPivot } from "../pivot-workspace.ts";
import { reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat } from "../reporters/structured.ts";
import { writeFiles } from "../write/journal.ts";

/** `tiphys freeze`: marks the helmfiles render-only, with policy texts, a render script and a wrapper. */
export const command: CommandModule = {
  configure(command) {
    addHelmfileOptions(addWorkspaceOptions(command, ["text", "json"]))
      .option("--check", "exit with 1 when something is not frozen; write nothing")
      .option("--write", "write the files");
  },
  run: freeze,
};

async function freeze(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["text", "json"]);
  const pivot = await openPivot(run, { ...options, offline: true });
  reportDiagnostics(pivot.inventory.diagnostics, io, pivot.tree);
  const files = planFreeze({ tree: pivot.tree, helmfiles: pivot.inventory.helmfiles, root: pivot.helmfile });
  if (format === "json") io.stdout.write(jsonText(files.map(({ path, change }) => ({ path, change }))));
  else
    io.stdout.write(
      files.length === 0
        ? "all helmfiles are render-only\n"
        : files.map(({ path, change }) => `${change.padEnd(7)} ${path}\n`).join(""),
    );
  if (run.options["check"] === true) return files.length > 0 ? 1 : 0;
  if (run.options["write"] === true) {
    writeFiles(pivot.workspace.root, files);
    io.stderr.write(`wrote ${files.length} files below ${pivot.workspace.root}\n`);
  }
  return 0;
}
