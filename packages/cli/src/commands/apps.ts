import { ArgoError, readClusterSecrets, readFixtures } from "@tiphys/argocd";
import type { ClusterSecret, Fixture } from "@tiphys/argocd";
import { ArgocdSide } from "@tiphys/estate";
import type { ExpandedApplication } from "@tiphys/estate";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import { HelmEngine } from "@tiphys/helm";
import { readYaml, readYamlDocuments, toPlain, writeYamlV3, YamlError } from "@tiphys/source";
import type { Diagnostic } from "@tiphys/source";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import { addWorkspaceOptions, selectEnvironments, workspaceOptions } from "../options.ts";
import { hasErrors, reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat } from "../reporters/structured.ts";
import { textTable } from "../reporters/table.ts";
import { openWorkspace, readUserFile } from "../workspace.ts";

/** `tiphys apps`: every Application of an environment, expanded offline. */
export const command: CommandModule = {
  configure(command) {
    addWorkspaceOptions(command.argument("[name]", "only this Application"), ["table", "json", "yaml"])
      .option("--clusters <file>", "cluster Secrets (YAML) for cluster generators")
      .option("--fixtures <file>", "recorded parameters of generators that need a network; format in docs/fixtures.md")
      .addHelpText(
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
  const workspace = openWorkspace(io, options);
  const { tree, estateFile, charts } = workspace;
  const engine = new HelmEngine();
  const clusters = readClusters(run);
  const fixtures = readFixtureFile(run);
  const diagnostics: Diagnostic[] = [...workspace.diagnostics];
  const applications: ExpandedApplication[] = [];
  for (const environment of selectEnvironments(options.environments, { estateFile, tree, helmfileEnvironments: [] })) {
    const side = new ArgocdSide({
      tree,
      estateFile,
      environment,
      charts,
      engine: { label: "tiphys", isSeeded: true, render: (request) => engine.render(request) },
      now: io.now(),
      clusters,
      fixtures,
    });
    diagnostics.push(...side.diagnostics);
    applications.push(...side.applications);
  }
  const name = run.arguments[0];
  const shown = name === undefined ? applications : applications.filter((application) => application.name === name);
  reportDiagnostics(diagnostics, io, tree);
  if (name !== undefined && shown.length === 0) {
    io.stderr.write(`error: there is no Application "${name}"\n`);
    return 2;
  }
  if (applications.length === 0) io.stderr.write(`no ApplicationSet or Application was found below ${workspace.root}\n`);
  io.stdout.write(printApplications(shown, format));
  return hasErrors(diagnostics) ? 2 : 0;
}

function readClusters({ io, options }: CommandRun): ClusterSecret[] {
  if (options["clusters"] === undefined) return [];
  const file = String(options["clusters"]);
  const documents = readYamlDocuments(bytesToByteString(readUserFile(io, file)));
  return readClusterSecrets(documents.map((document) => ({ value: document.value, origin: { file } })));
}

function readFixtureFile({ io, options }: CommandRun): readonly Fixture[] {
  if (options["fixtures"] === undefined) return [];
  const file = String(options["fixtures"]);
  try {
    return readFixtures(readYaml(bytesToByteString(readUserFile(io, file))), file);
  } catch (error) {
    if (error instanceof ArgoError || error instanceof YamlError) throw new UserError(`error: ${file}: ${fromByteString(error.message)}`);
    throw error;
  }
}

function printApplications(applications: readonly ExpandedApplication[], format: "table" | "json" | "yaml"): string {
  if (format === "yaml") return applications.map(({ application }) => `---\n${fromByteString(writeYamlV3(application))}`).join("");
  if (format === "json") return jsonText(applications.map(({ application, ...rest }) => ({ ...rest, application: toPlain(application) })));
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
