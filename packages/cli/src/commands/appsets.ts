import { planApplicationSets } from "@tiphys/pivot";
import type { PlannedFile } from "@tiphys/pivot";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import { collect, addWorkspaceOptions, workspaceOptions } from "../options.ts";
import { addHelmfileOptions } from "../helmfile-flags.ts";
import { openPivot } from "../pivot-workspace.ts";
import { reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat } from "../reporters/structured.ts";
import { conflicts } from "../write/conflicts.ts";
import { writeFiles } from "../write/journal.ts";

/** `tiphys appsets`: ApplicationSets, AppProjects and the parent Application, made from the components. */
export const command: CommandModule = {
  configure(command) {
    addHelmfileOptions(addWorkspaceOptions(command, ["text", "json"]))
      .option("--check", "exit with 1 when a file is missing or differs; write nothing")
      .option("--write", "write the files")
      .option(
        "--force <path>",
        "overwrite this file although it holds changes that are not ours; may be repeated",
        collect,
      );
  },
  run: writeApplicationSets,
};

async function writeApplicationSets(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["text", "json"]);
  const pivot = await openPivot(run, options);
  // A helmfile that cannot be read hides names of repositories, and so charts.
  const unread = pivot.inventory.diagnostics.filter(({ severity }) => severity === "error");
  reportDiagnostics([...pivot.diagnostics, ...unread], io, pivot.tree);
  const files = pivot.selected.flatMap((environment) => planApplicationSets(pivot, pivot.tree, environment));
  io.stdout.write(print(files, format));
  if (run.options["check"] === true) return files.length > 0 ? 1 : 0;
  if (run.options["write"] === true) {
    const refused = conflicts(pivot.workspace.root, files, (run.options["force"] as string[] | undefined) ?? []);
    if (refused.length > 0)
      throw new UserError(
        `error: nothing was written: these files hold changes that are not ours\n${refused.map((path) => `  ${path}\n`).join("")}`,
      );
    writeFiles(pivot.workspace.root, files);
    io.stderr.write(`wrote ${files.length} files below ${pivot.workspace.root}\n`);
  }
  return 0;
}

function print(files: readonly PlannedFile[], format: "text" | "json"): string {
  if (format === "json")
    return jsonText(
      files.map(({ path, content, purpose }) => ({
        path,
        purpose,
        action: content === undefined ? "delete" : "write",
      })),
    );
  if (files.length === 0) return "all ApplicationSets and AppProjects are up to date\n";
  return files.map(({ path, content }) => `${content === undefined ? "-" : "+"} ${path}\n`).join("");
}
