import { unknownName } from "../unknown-name.ts";
import type { ExpandedApplication } from "@tiphys/estate";
import { fromByteString } from "@tiphys/gotemplate";
import { toPlain, writeYamlV3 } from "@tiphys/source";
import { addArgocdOptions, applicationNames, openArgocdSides } from "../argocd-sides.ts";
import type { CommandModule, CommandRun } from "../command.ts";
import { workspaceOptions } from "../options.ts";
import { hasErrors, reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat } from "../reporters/structured.ts";
import { textTable } from "../reporters/table.ts";

/** `tiphys apps`: every Application of an environment, expanded offline. */
export const command: CommandModule = {
  configure(command) {
    addArgocdOptions(command.argument("[name]", "only this Application"), ["table", "json", "yaml"]).addHelpText(
      "after",
      "\n-o yaml prints the Applications as Argo CD would create them; -o json adds the parameters and files behind each.",
    );
  },
  run: async (run) => expandApplications(run),
};

async function expandApplications(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["table", "json", "yaml"]);
  const { workspace, sides, diagnostics } = openArgocdSides(run, options);
  const applications = sides.flatMap((each) => each.applications);
  const name = run.arguments[0];
  const shown = name === undefined ? applications : applications.filter((application) => application.name === name);
  reportDiagnostics(diagnostics, io, workspace.tree);
  if (name !== undefined && shown.length === 0) throw unknownName("Application", name, applicationNames(sides));
  if (applications.length === 0)
    io.stderr.write(`no ApplicationSet or Application was found below ${workspace.root}\n`);
  io.stdout.write(printApplications(shown, format));
  return hasErrors(diagnostics) ? 2 : 0;
}

function printApplications(applications: readonly ExpandedApplication[], format: "table" | "json" | "yaml"): string {
  if (format === "yaml")
    return applications.map(({ application }) => `---\n${fromByteString(writeYamlV3(application))}`).join("");
  if (format === "json")
    return jsonText(applications.map(({ application, ...rest }) => ({ ...rest, application: toPlain(application) })));
  return textTable(
    ["ENVIRONMENT", "APPLICATION", "PROJECT", "NAMESPACE", "WAVE", "MADE BY", "FROM"],
    applications.map((application) => [
      application.environment,
      application.name,
      application.project,
      application.namespace,
      application.labels.get("wave") ?? application.labels.get("rolloutPhase") ?? "-",
      application.parents.join(", ") || "(a file)",
      application.origin.file,
    ]),
  );
}
