import type { GoValue } from "@tiphys/gotemplate";
import { encodeJson } from "@tiphys/gotemplate/sprig";
import { mergedValues } from "../state/environment.ts";
import { HelmfileError, NoMatchingHelmfileError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { fullFilePath } from "./build.ts";
import { startRun } from "./options.ts";
import type { HelmfileOptions } from "./options.ts";
import { runCommand } from "./result.ts";
import type { CommandOutput, CommandResult } from "./result.ts";
import { visitStates } from "./visit.ts";

/** `helmfile print-env`: name and values of every file's environment. */
export function printEnvironment(
  options: HelmfileOptions,
  { output = "" }: { readonly output?: string } = {},
): CommandResult {
  const run = startRun(options);
  return runCommand(run, (result) => {
    const documents: string[] = [];
    const isJson = output === "json";
    if (isJson) result.stdout += "[\n";
    try {
      visitStates(run, { filter: false, includeNeeds: false }, (state) => {
        printState(state, output, documents, result);
        return false;
      });
    } catch (error) {
      if (!(error instanceof NoMatchingHelmfileError)) throw error;
    } finally {
      if (isJson) result.stdout += "\n]\n";
    }
  });
}

function printState(state: HelmState, output: string, documents: string[], result: CommandOutput): void {
  const { env } = state;
  const shown = new Map<string, GoValue>([
    ["filePath", fullFilePath(state)],
    ["name", env.name],
    ["values", mergedValues(env)],
    ...(env.kubeContext === "" ? [] : ([["kubeContext", env.kubeContext]] as const)),
  ]);
  const isFirst = documents.length === 0;
  switch (output) {
    case "json":
      result.stdout += `${isFirst ? "" : ",\n"}  ${encodeJson(shown, { indent: "  " }).replaceAll("\n", "\n  ")}`;
      break;
    case "yaml":
    case "":
      result.stdout += `${isFirst ? "" : "---\n"}${state.session.yaml.marshal(shown)}`;
      break;
    default:
      throw new HelmfileError(`unsupported output format: ${output} (supported: yaml, json)`, {
        code: "option-invalid",
      });
  }
  documents.push(state.filePath);
}
