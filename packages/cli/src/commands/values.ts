import { fromByteString } from "@tiphys/gotemplate";
import { effectiveValues, releaseValues } from "@tiphys/helmfile";
import type { HelmfileRelease, ReleaseAnswer } from "@tiphys/helmfile";
import { readYaml, toPlain, writeYamlV3 } from "@tiphys/source";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import type { OneEnvironment } from "../helmfile-reading.ts";
import { openEnvironment } from "../helmfile-reading.ts";
import { addWorkspaceOptions, workspaceOptions } from "../options.ts";
import { otherHelmfiles } from "../other-helmfiles.ts";
import { addHelmfileOptions } from "../pivot-workspace.ts";
import { hasErrors, reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat, yamlText } from "../reporters/structured.ts";
import { withoutSecretLeaves } from "../secret-leaves.ts";
import { addSecretsOptions, hidesSecrets, maskSecrets } from "../secrets.ts";
import { leafOrigins, originsText } from "../value-origins.ts";

/** `tiphys values RELEASE -e ENV`: the values that Helm gets from helmfile, all layers and `set`s merged. */
export const command: CommandModule = {
  configure(command) {
    addSecretsOptions(
      addHelmfileOptions(
        addWorkspaceOptions(command.argument("<release>", "name, or namespace/name"), ["yaml", "json"]),
      ),
    )
      .option(
        "--origins",
        "for each leaf: the layer, file and line that set it, what a template read for it, and the layers that it overrode",
      )
      .option("--write-values", "helmfile's own merge, as helmfile write-values writes it: without set, nulls kept")
      .addHelpText(
        "after",
        "\nA release that the root helmfile does not reach is looked for in the workspace's other helmfiles.",
      );
  },
  run: showValues,
};

async function showValues(run: CommandRun): Promise<number> {
  const { io } = run;
  const format = outputFormat(workspaceOptions(run).output, ["yaml", "json"]);
  const opened = openEnvironment(run, workspaceOptions(run));
  const release = findRelease(run, opened);
  reportDiagnostics([...release.diagnostics, ...opened.workspace.diagnostics], io, opened.workspace.tree);
  io.stdout.write(valuesText(run, release, format));
  return hasErrors(release.diagnostics) ? 2 : 0;
}

function valuesText(run: CommandRun, release: HelmfileRelease, format: "yaml" | "json"): string {
  const { options } = run;
  if (options["writeValues"] === true) {
    const written = answered(releaseValues(release));
    if (format === "yaml" && !hidesSecrets(run)) return fromByteString(written);
    const shown = maskSecrets(run, toPlain(readYaml(written).value));
    return format === "json" ? jsonText(shown) : yamlText(shown);
  }
  const { values, leaves } = withoutSecretLeaves(run, answered(effectiveValues(release)));
  if (options["origins"] === true) {
    const origins = maskSecrets(run, leafOrigins(leaves));
    return format === "json" ? jsonText(origins) : originsText(origins);
  }
  if (format === "json") return jsonText(maskSecrets(run, toPlain(values)));
  if (hidesSecrets(run)) return yamlText(maskSecrets(run, toPlain(values)));
  return values.size === 0 ? "{}\n" : fromByteString(writeYamlV3(values));
}

function answered<T>(answer: ReleaseAnswer<T>): T {
  if (answer.kind === "value") return answer.value;
  throw new UserError(`error: ${answer.diagnostic.message}`);
}

function findRelease(run: CommandRun, opened: OneEnvironment): HelmfileRelease {
  const wanted = run.arguments[0] ?? "";
  const { reading, environment, workspace } = opened;
  const isWanted = ({ name, namespace }: HelmfileRelease): boolean =>
    name === wanted || `${namespace}/${name}` === wanted;
  const candidates = reading.releases.filter(isWanted);
  if (candidates.length > 1) {
    throw new UserError(
      `error: ${candidates.length} releases are named "${wanted}"; say which: ${candidates.map(({ name, namespace }) => `${namespace}/${name}`).join(", ")}`,
    );
  }
  const release = candidates[0] ?? otherHelmfiles(run, opened).find(isWanted);
  if (release !== undefined) return release;
  reportDiagnostics(reading.diagnostics, run.io, workspace.tree);
  throw new UserError(`error: there is no release "${wanted}" in ${environment.name}`);
}
