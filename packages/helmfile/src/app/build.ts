import { joinPaths } from "../files/filepath.ts";
import { encodeStruct } from "../spec/encode.ts";
import { helmStateSchema } from "../spec/helm-state.ts";
import type { Struct } from "../spec/schema.ts";
import type { GoValue } from "@tiphys/gotemplate";
import { renderValuesFile } from "../release/values-files.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError, isUserFault } from "../state/error.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";
import { resolveFile } from "../state/storage.ts";
import { startRun } from "./options.ts";
import type { HelmfileOptions } from "./options.ts";
import { offlinePreparation } from "./charts.ts";
import { withPreparedCharts } from "./prepare-charts.ts";
import { runCommand } from "./result.ts";
import type { CommandResult } from "./result.ts";
import { scratchHelm } from "./template.ts";
import type { RenderingOptions } from "./template.ts";
import { visitStates } from "./visit.ts";

export interface BuildOptions {
  readonly embedValues?: boolean;
  /** Makes the charts that helmfile makes while it builds, whose faults are the command's. */
  readonly rendering?: RenderingOptions;
}

/** `helmfile build`: the merged state of every file as YAML. */
export function buildState(
  options: HelmfileOptions,
  { embedValues = false, rendering }: BuildOptions = {},
): CommandResult {
  const run = startRun(options);
  return runCommand(run, (output) => {
    const helm = rendering && scratchHelm(run.session, rendering);
    const print = (text: string): void => void (output.stdout += text);
    visitStates(run, { filter: true, includeNeeds: false }, (state) => {
      withPreparedCharts(state, "build", offlinePreparation(run, state, { skipsPatched: true, helm, print }), () => {
        if (embedValues) embedAllValues(state);
        output.stdout += `---\n#  Source: ${fullFilePath(state)}\n\n${stateToYaml(state)}`;
      });
      return false;
    });
  });
}

/** The state as `build` prints it. */
export function stateToYaml(state: HelmState): string {
  const spec = { ...state.spec, filepath: state.filePath, renderedvalues: state.renderedValues };
  return encodeStruct(state.session.yaml, helmStateSchema, spec as Struct);
}

/** HelmState.FullFilePath: doubles the folder for files that were read by absolute path, as helmfile does. */
export function fullFilePath(state: HelmState): string {
  const { basePath, filePath } = state;
  const { workingDirectory } = state.session.workspace;
  if (basePath !== "" && filePath.startsWith(`${basePath}/`)) return joinPaths(workingDirectory, filePath);
  return joinPaths(workingDirectory, basePath, filePath);
}

function embedAllValues(state: HelmState): void {
  for (const release of releasesOf(state)) {
    release.values = embed(state, release, release.values);
    release.secrets = embed(state, release, release.secrets);
  }
}

function embed(state: HelmState, release: ReleaseSpec, entries: readonly GoValue[] | undefined): GoValue[] | undefined {
  const embedded: GoValue[] = [];
  for (const entry of entries ?? []) {
    if (typeof entry !== "string") {
      embedded.push(entry);
      continue;
    }
    const paths = resolveFile(state, release.missingFileHandler?.value, "values", release.valuesPathPrefix + entry);
    if (paths === undefined) continue;
    if (paths.length > 1)
      throw new HelmfileError(
        "glob patterns in release values and secrets is not supported yet. please submit a feature request if necessary",
        { code: "values-glob" },
      );
    embedded.push(loadEmbedded(state, release, { entry, path: paths[0]! }));
  }
  return embedded.length === 0 ? undefined : embedded;
}

function loadEmbedded(
  state: HelmState,
  release: ReleaseSpec,
  { entry, path }: { readonly entry: string; readonly path: string },
): GoValue {
  let text: string;
  try {
    text = renderValuesFile(state, release, path);
  } catch (error) {
    if (!isUserFault(error)) throw error;
    throw new HelmfileError(
      `failed to render values files "${entry}": ${error.message}`,
      error instanceof HelmfileError ? error : {},
    );
  }
  return state.session.yaml.unmarshalMap(text);
}
