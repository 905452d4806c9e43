import { fromByteString } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import type { HelmSource, Installation } from "@tiphys/helm";
import { defaultProfile, HelmEngine, HelmError, mergeLayers } from "@tiphys/helm";
import { toPlain, writeYamlV3 } from "@tiphys/source";
import type { Diagnostic } from "@tiphys/source";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import { addWorkspaceOptions, workspaceOptions } from "../options.ts";
import type { PivotWorkspace } from "../pivot-workspace.ts";
import { addHelmfileOptions, openPivot } from "../pivot-workspace.ts";
import { hasErrors, reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat } from "../reporters/structured.ts";
import { otherHelmfiles } from "../other-helmfiles.ts";
import { leafOrigins } from "../value-origins.ts";

/** `tiphys values RELEASE -e ENV`: the values that Helm gets from helmfile, all layers and `set`s merged. */
export const command: CommandModule = {
  configure(command) {
    addHelmfileOptions(addWorkspaceOptions(command.argument("<release>", "name, or namespace/name"), ["yaml", "json"]))
      .option("--origins", "for each leaf: the layer, file and line that set it, and the layers that it overrode")
      .addHelpText("after", "\nA release that the root helmfile does not reach is looked for in the workspace's other helmfiles.");
  },
  run: showValues,
};

async function showValues(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["yaml", "json"]);
  const pivot = await openPivot(run, { ...options, offline: true });
  if (pivot.selected.length !== 1) throw new UserError(`error: name one environment with -e; known are ${pivot.environments.map(({ name }) => name).join(", ")}`);
  const name = run.arguments[0] ?? "";
  const found = findRelease(run, pivot, name);
  reportDiagnostics([...found.diagnostics, ...pivot.workspace.diagnostics], io, pivot.tree);
  const { source } = found.installation;
  if (source.kind !== "helm") throw new UserError(`error: ${name} is no Helm release`);
  const values = merge(source);
  if (run.options["origins"] === true) {
    const origins = leafOrigins(source, pivot.tree);
    io.stdout.write(format === "json" ? jsonText(origins) : origins.map((leaf) => `${leaf.path}: ${JSON.stringify(leaf.value)}  # ${leaf.origin}${leaf.overrides.length > 0 ? `, over ${leaf.overrides.join(", ")}` : ""}\n`).join(""));
  } else io.stdout.write(format === "json" ? jsonText(toPlain(values)) : values.size === 0 ? "{}\n" : fromByteString(writeYamlV3(values)));
  return hasErrors(found.diagnostics) ? 2 : 0;
}

function merge(source: HelmSource): Map<string, GoValue> {
  const engine = new HelmEngine();
  try {
    return mergeLayers(source.valuesLayers, source.sets, (text) => engine.readValues(text, defaultProfile));
  } catch (error) {
    if (error instanceof HelmError) throw new UserError(`error: ${fromByteString(error.message)}`);
    throw error;
  }
}

interface FoundRelease {
  readonly installation: Installation;
  readonly diagnostics: readonly Diagnostic[];
}

function findRelease(run: CommandRun, pivot: PivotWorkspace, wanted: string): FoundRelease {
  const environment = pivot.selected[0]!.name;
  const isWanted = (release: { readonly name: string; readonly namespace: string }): boolean =>
    release.name === wanted || `${release.namespace}/${release.name}` === wanted;
  const candidates = pivot.inventory.releases.flatMap((release) =>
    isWanted(release) ? release.occurrences.filter((occurrence) => occurrence.environment === environment) : [],
  );
  if (candidates.length > 1) {
    throw new UserError(`error: ${candidates.length} releases are named "${wanted}"; say which: ${candidates.map(({ installation }) => `${installation.namespace}/${installation.name}`).join(", ")}`);
  }
  const own = candidates[0];
  if (own !== undefined) return { installation: own.installation, diagnostics: own.diagnostics };
  const other = otherHelmfiles(run, pivot).find(isWanted);
  if (other !== undefined) return other;
  const faults = pivot.inventory.diagnostics;
  reportDiagnostics(faults, run.io, pivot.tree);
  throw new UserError(`error: there is no release "${wanted}" in ${environment}`);
}
