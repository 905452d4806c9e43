import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { findProfile, HelmEngine } from "@tiphys/helm";
import { buildState, listReleases, planSync, printEnvironment, showDag, templateReleases, writeValues } from "@tiphys/helmfile";
import type { CommandResult, HelmCall, HelmfileOptions, NeedsOptions, RenderingOptions } from "@tiphys/helmfile";
import { FolderTree } from "../folder-tree.ts";
import { readFlags, readGlobalFlags } from "./flags.ts";
import type { Flags } from "./flags.ts";
import { hasMoreToSay, maskText, sortWanderingLines } from "./mask.ts";
import { casePermissions } from "./permissions.ts";
import { defaultCommands, helmVerbs, mergeEqualTexts, verbOf } from "./recording.ts";
import type { Stage } from "./stage.ts";

/** The files that a recording of the case would hold, by name. */
export type Recording = Map<string, string>;

/** Runs every command of a staged case and records what comes out, as `record.py` does with the real tool. */
export function recordCase(stage: Stage): Recording {
  const files: Recording = new Map();
  const summary: Record<string, number> = {};
  for (const command of stage.args.commands ?? defaultCommands) {
    const result = runOne(stage, command, files);
    summary[command] = result.exitCode;
    let stderr = mask(stage, result.stderr);
    if (command === "write-values") stderr = sortWanderingLines(stderr);
    if (result.exitCode !== 0) files.set(`error.${command}.txt`, stderr);
    else if (hasMoreToSay(stderr)) files.set(`stderr.${command}.txt`, stderr);
  }
  files.set("exit.json", `${JSON.stringify(summary, null, 1)}\n`);
  mergeEqualTexts(files, Object.keys(summary).length);
  return files;
}

function mask(stage: Stage, bytes: string): string {
  return maskText(Buffer.from(bytes, "latin1").toString("utf8"), stage.root);
}

function optionsOf(stage: Stage): HelmfileOptions {
  const { args, root } = stage;
  const environment = new Map(
    Object.entries({
      PATH: `${root}/bin:${process.env["PATH"] ?? ""}`,
      HOME: `${root}/home`,
      TMPDIR: `${root}/tmp`,
      LC_ALL: "C.UTF-8",
      TZ: "UTC",
      HELMFILE_CACHE_HOME: `${root}/helmfile`,
      KUBECONFIG: `${root}/no-kubeconfig`,
      HELMFILE_UPGRADE_NOTICE_DISABLED: "true",
      ...args.env,
    }),
  );
  return {
    tree: new FolderTree(root),
    root,
    workingDirectory: join("case", args.cwd ?? "."),
    ...(args.file === undefined ? {} : { file: args.file }),
    ...(args.environment === undefined ? {} : { environment: args.environment }),
    ...(args.namespace === undefined ? {} : { namespace: args.namespace }),
    ...(args.kubeContext === undefined ? {} : { kubeContext: args.kubeContext }),
    selectors: args.selectors ?? [],
    stateValuesFiles: args.stateValuesFile ?? [],
    stateValuesSet: args.stateValuesSet ?? [],
    stateValuesSetString: args.stateValuesSetString ?? [],
    environmentVariables: environment,
    permissions: casePermissions(environment, args.plugins === true),
    helmPath: `${root}/bin/helm`,
    temporaryFolder: `${root}/tmp`,
    now: Date.now(),
    random: { bytes: (count) => randomBytes(count) },
    ...readGlobalFlags(args.flags ?? []),
  };
}

function runOne(stage: Stage, command: string, files: Recording): CommandResult {
  const flags = readFlags(stage.args.extra?.[command] ?? []);
  // A flag of some commands as well as a global one.
  const options: HelmfileOptions = { ...optionsOf(stage), ...(flags.has("skip-deps") ? { skipDeps: true } : {}) };
  const keep = (name: string, result: CommandResult): CommandResult => {
    if (result.stdout !== "") files.set(name, mask(stage, result.stdout));
    return result;
  };
  switch (command) {
    case "list": {
      const result = listReleases(options, { output: "json", skipCharts: flags.has("skip-charts") });
      if (result.stdout.trim() !== "") files.set("list.json", `${JSON.stringify(JSON.parse(mask(stage, result.stdout)), null, 1)}\n`);
      return result;
    }
    case "list-table":
      return keep("list.txt", listReleases(options, { skipCharts: flags.has("skip-charts") }));
    case "build":
      return keep("build.yaml", buildState(options, { embedValues: flags.has("embed-values"), rendering: renderingOf() }));
    case "build-embed":
      return keep("build-embedded.yaml", buildState(options, { embedValues: true, rendering: renderingOf() }));
    case "print-env":
      return keep("env.yaml", printEnvironment(options, { output: flags.text("output") }));
    case "show-dag":
      return keep("dag.txt", showDag(options, renderingOf()));
    case "write-values": {
      const base = join(stage.root, "values");
      const template = stage.args.valuesTemplate ?? "{{ .Release.Name }}";
      const result = writeValues(options, { outputFileTemplate: `${base}/${template}.yaml`, values: flags.list("values") });
      for (const [path, content] of result.files) files.set(`values/${path.slice(base.length + 1)}`, mask(stage, content));
      return result;
    }
    case "template":
      return keep("template.yaml", runTemplate(stage, options, flags, files));
    case "sync": {
      const result = planSync(options, renderingOf(), { ...needsOf(flags), ...syncOptionsOf(flags) });
      files.set("helm-sync.json", helmCallsText(stage, result.helmCalls, ["upgrade", "list", "uninstall", "repo"]));
      return keep("sync.txt", result);
    }
    default:
      throw new Error(`unsupported: command ${command}`);
  }
}

const engine = new HelmEngine();

function renderingOf(): RenderingOptions {
  return { engine, profile: findProfile("4.2.4")! };
}

function runTemplate(stage: Stage, options: HelmfileOptions, flags: Flags, files: Recording): CommandResult {
  const result = templateReleases(options, renderingOf(), {
    ...needsOf(flags),
    values: flags.list("values"),
    set: flags.list("set"),
    args: flags.text("args"),
    outputDir: flags.text("output-dir"),
    outputDirTemplate: flags.text("output-dir-template"),
    validate: flags.has("validate"),
    includeCrds: flags.has("include-crds"),
    noHooks: flags.has("no-hooks"),
    skipTests: flags.has("skip-tests"),
    postRenderer: flags.text("post-renderer"),
    postRendererArgs: flags.list("post-renderer-args"),
    kubeVersion: flags.text("kube-version"),
    showOnly: flags.list("show-only"),
    skipSchemaValidation: flags.has("skip-schema-validation"),
    templateArgs: flags.text("template-args"),
  });
  if (result.helmCalls.length > 0) files.set("helm.json", helmCallsText(stage, result.helmCalls, helmVerbs));
  const { collect } = stage.args;
  for (const [path, content] of collect === undefined ? [] : result.files) {
    if (path.startsWith(`${collect}/`)) files.set(`template/${path.slice(collect!.length + 1)}`, mask(stage, content));
  }
  return result;
}

function needsOf(flags: Flags): NeedsOptions {
  return {
    includeNeeds: flags.has("include-needs"),
    includeTransitiveNeeds: flags.has("include-transitive-needs"),
    enforceNeedsAreInstalled: flags.has("enforce-needs-are-installed"),
    ...(flags.text("skip-needs") === "" ? {} : { skipNeeds: flags.has("skip-needs") }),
  };
}

function syncOptionsOf(flags: Flags): Parameters<typeof planSync>[2] {
  return {
    values: flags.list("values"),
    set: flags.list("set"),
    args: flags.text("args"),
    syncArgs: flags.text("sync-args"),
    skipCrds: flags.has("skip-crds"),
    wait: flags.has("wait"),
    waitForJobs: flags.has("wait-for-jobs"),
    timeout: Number(flags.text("timeout") || "0"),
    reuseValues: flags.has("reuse-values"),
    resetValues: flags.has("reset-values"),
    postRenderer: flags.text("post-renderer"),
    postRendererArgs: flags.list("post-renderer-args"),
    hideNotes: flags.has("hide-notes"),
    takeOwnership: flags.has("take-ownership"),
    serverSide: flags.text("server-side"),
    skipSchemaValidation: flags.has("skip-schema-validation"),
    syncReleaseLabels: flags.has("sync-release-labels"),
    description: flags.text("description"),
    trackMode: flags.text("track-mode"),
  };
}

/** The helm calls of some verbs, as the recording keeps them. */
function helmCallsText(stage: Stage, calls: readonly HelmCall[], verbs: readonly string[]): string {
  const kept = calls.filter(({ args }) => verbs.includes(verbOf(args)));
  const shown = kept.map(({ args, values }) => ({ args: args.map((arg) => mask(stage, arg)), values: values.map((text) => (text === undefined ? null : mask(stage, text))) }));
  return `${JSON.stringify(shown, null, 1)}\n`;
}
