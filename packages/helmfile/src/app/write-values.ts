import { parseTemplate, TemplateError, TemplateSet } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { sprigFunctions } from "@tiphys/gotemplate/sprig";
import { extensionOf } from "../files/filepath.ts";
import { applyOverrides, releaseId } from "../release/overrides.ts";
import { selectedReleases } from "../release/select.ts";
import { valuesFilesOf } from "../release/values-files.ts";
import { isDesired, releaseSpecSchema } from "../spec/release-spec.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import type { Struct } from "../spec/schema.ts";
import { environmentObject } from "../state/environment.ts";
import { HelmfileError, isUserFault } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { FieldsObject, StructObject } from "../template/objects.ts";
import { mergeValues } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { triggerReleaseHooks } from "./hooks.ts";
import { startRun } from "./options.ts";
import type { HelmfileOptions, Run } from "./options.ts";
import { withPreparedCharts } from "./prepare-charts.ts";
import { runCommand } from "./result.ts";
import type { CommandOutput, CommandResult } from "./result.ts";
import { checkDuplicateIds } from "./selected-releases.ts";
import { skipsRepositories, syncRepositories } from "./sync-repositories.ts";
import { visitStates } from "./visit.ts";

export interface WriteValuesOptions {
  /** `--output-file-template`, UTF-16 as all options. */
  readonly outputFileTemplate?: string;
  /** `--values`: files merged last. */
  readonly values?: readonly string[];
}

/** `helmfile write-values`: helmfile's own merge of each release's values, as files. */
export function writeValues(
  options: HelmfileOptions,
  { outputFileTemplate = "", values = [] }: WriteValuesOptions = {},
): CommandResult {
  const run = startRun(options);
  return runCommand(run, (output) => {
    visitStates(run, { filter: true, includeNeeds: false }, (state) => {
      withPreparedCharts(
        state,
        "write-values",
        {
          preparesCharts: false,
          allowsFailed: false,
          includeNeeds: false,
          skipsPatched: false,
          syncRepositories: () => {
            if (skipsRepositories(run, state)) return;
            syncRepositories(run, state, { ociOnly: false }, (args) => output.helmCalls.push({ args, values: [] }));
          },
        },
        () => {
          writeState(run, state, { outputFileTemplate, values }, output);
        },
      );
      return false;
    });
  });
}

function writeState(run: Run, state: HelmState, options: Required<WriteValuesOptions>, output: CommandOutput): void {
  const chosen = selectedReleases(state, false);
  checkDuplicateIds(state, chosen);
  if (chosen.length === 0) return;
  state.spec.releases = chosen;
  // helmfile goes through a Go map: of two releases with one ID only the last is written, in random order.
  const byId = new Map(chosen.filter(isDesired).map((release) => [releaseId(release), release]));
  if (byId.size === 0) return;
  state.spec.releases = [...byId.values()];
  for (const release of state.spec.releases) {
    applyOverrides(state, release);
    const files = valuesFilesOf(state, release);
    for (const path of options.values) {
      const absolute = run.session.workspace.absolute(path);
      if (run.session.workspace.kind(absolute) === undefined)
        throw new HelmfileError(`stat ${absolute}: no such file or directory`, { code: "values-file-missing" });
    }
    const path = outputFilePath(state, release, options.outputFileTemplate);
    run.session.say("info", `Writing values file ${path}`);
    const extra = options.values.map((file) => ({
      path: file,
      content: run.session.readFile(file, (message) => `reading ${file}: ${message}`),
    }));
    const merged = mergeFiles(state, [...files, ...extra]);
    output.files.set(path, run.session.yaml.marshal(merged));
    try {
      triggerReleaseHooks(state, release, { name: "cleanup", command: "write-values" });
    } catch (error) {
      if (!isUserFault(error)) throw error;
      run.session.say("warn", `warn: ${error.message}\n`);
    }
  }
}

/** helmfile's merge of values files: first document, no doubled keys, mergo with override. Throws `HelmfileError`. */
export function mergeFiles(
  state: HelmState,
  files: readonly { readonly path: string; readonly content: string }[],
): ValueMap {
  const merged: ValueMap = new Map();
  for (const file of files) {
    let values: ValueMap;
    try {
      values = state.session.yaml.unmarshalMap(file.content);
    } catch (error) {
      if (!isUserFault(error)) throw error;
      throw new HelmfileError(`unmarshalling yaml ${file.path}: ${error.message}`, { code: "yaml-invalid" });
    }
    mergeValues(merged, values);
  }
  return merged;
}

/** GenerateOutputFilePath: the template sees State, Release and Environment and has only Go's own functions. */
export function outputFilePath(state: HelmState, release: ReleaseSpec, template: string): string {
  const text = template === "" ? "{{ .State.BaseName }}-{{ .State.AbsPathSHA1 }}/{{ .Release.Name }}.yaml" : template;
  const data = new FieldsObject("struct", {
    State: stateFields(state),
    Release: new StructObject(releaseSpecSchema, release as Struct, true),
    Environment: environmentObject(state.env),
  });
  return executePathTemplate(state, {
    name: "output-file",
    text,
    data,
    failure: "executing output-file template",
    parseFailure: `parsing output-file template "${text}"`,
  });
}

/** `.State` of output templates. */
export function stateFields(state: HelmState): FieldsObject {
  const absolute = state.session.workspace.absolute(state.filePath);
  const sha1sum = sprigFunctions().get("sha1sum")!;
  const hash = sha1sum.call({ ...state.session.callContext, engine: undefined }, [absolute]) as string;
  return new FieldsObject("state.state", {
    BaseName: state.filePath.slice(0, state.filePath.length - extensionOf(state.filePath).length),
    Path: state.filePath,
    AbsPath: absolute,
    AbsPathSHA1: hash.slice(0, 8),
  });
}

export interface PathTemplate {
  readonly name: string;
  readonly text: string;
  readonly data: GoValue;
  readonly failure: string;
  readonly parseFailure: string;
}

export function executePathTemplate(state: HelmState, template: PathTemplate): string {
  const functions = new Map<string, never>();
  let set: TemplateSet;
  try {
    set = new TemplateSet({ functions, name: template.name });
    set.add(parseTemplate(template.name, template.text, { functions }));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new HelmfileError(`${template.parseFailure}: ${error.message}`, { code: "template-syntax" });
  }
  try {
    return set.execute(template.name, template.data, { ...state.session.callContext, engine: undefined });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new HelmfileError(`${template.failure}: ${error.message}`, { code: "template-failed" });
  }
}
