import { checkEstate, gitopsFolder, readComponents } from "@tiphys/estate";
import type { Diagnostic } from "@tiphys/source";
import { addArgocdOptions, openArgocdSides } from "../argocd-sides.ts";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import { liveSettings, withoutExcluded } from "../live-pairs.ts";
import { collect, workspaceOptions } from "../options.ts";
import { printFindings } from "../reporters/findings.ts";
import { outputFormat } from "../reporters/structured.ts";

const severities = ["error", "warning", "info"] as const;

/** `tiphys check`: every rule over Argo CD's side. */
export const command: CommandModule = {
  configure(command) {
    addArgocdOptions(command, ["text", "json", "sarif", "github", "junit"])
      .option("--severity <least>", "error, warning or info: findings below do not count and are not shown", "warning")
      .option("--ignore <code>", "leave this rule out; may be repeated", collect)
      .addHelpText("after", "\nThe rules are in docs/diagnostics.md. Exit code 1 when something is found.");
  },
  run: check,
};

async function check(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["text", "json", "sarif", "github", "junit"]);
  const least = severities.indexOf(String(run.options["severity"]) as (typeof severities)[number]);
  if (least < 0) throw new UserError(`error: --severity is one of ${severities.join(", ")}`);
  const ignored = new Set((run.options["ignore"] as string[] | undefined) ?? []);
  const { workspace, sides, settings, diagnostics } = openArgocdSides(run, options);
  const { tree, estateFile } = workspace;
  const findings: Diagnostic[] = [...diagnostics];
  const folder = gitopsFolder(estateFile);
  const controller = liveSettings(settings);
  for (const { environment, side, applications } of sides) {
    const components = readComponents({
      tree,
      environment: environment.name,
      folder: `${folder === "" ? "" : `${folder}/`}environments/${environment.name}/components`,
    });
    const looks = applications.map((application) => withoutExcluded(side.render(application), controller));
    findings.push(
      ...components.diagnostics,
      ...looks.flatMap(({ diagnostics: excluded }) => excluded),
      ...checkEstate({
        tree,
        estateFile,
        environment: environment.name,
        side,
        rendered: looks.map(({ rendered }) => rendered),
        components: components.components,
      }),
    );
  }
  const shown = withoutRepeats(findings).filter(
    ({ code, severity }) => severities.indexOf(severity) <= least && !ignored.has(code),
  );
  if (sides.every(({ side }) => side.applications.length === 0))
    io.stderr.write(`no ApplicationSet or Application was found below ${workspace.root}\n`);
  io.stdout.write(printFindings(shown, format, tree));
  return shown.length > 0 ? 1 : 0;
}

/** The same chart in four environments says the same four times. */
function withoutRepeats(findings: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = `${finding.code}\0${finding.message}\0${finding.origin?.file ?? ""}\0${finding.origin?.line ?? 0}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
