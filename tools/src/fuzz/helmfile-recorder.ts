import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { hasMoreToSay, maskText, sortWanderingLines } from "../cases/helmfile/mask.ts";
import type { Recording } from "../cases/helmfile/run-case.ts";
import { defaultCommands, helmVerbs, mergeEqualTexts, verbOf } from "../cases/helmfile/recording.ts";
import type { CaseArguments, Stage } from "../cases/helmfile/stage.ts";

/** Stands before the real helm: writes down arguments and the content of value files, marked by control bytes. */
const wrapper = `#!/bin/sh
if [ -n "$RECORD_HELM_LOG" ]; then
  {
    printf '\\001C'
    for word in "$@"; do printf '\\001A%s' "$word"; done
    before=
    for word in "$@"; do
      case "$before" in --values|-f) if [ -r "$word" ]; then printf '\\001V'; cat "$word"; else printf '\\001N'; fi ;; esac
      before=$word
    done
  } >>"$RECORD_HELM_LOG"
fi
exec "$RECORD_HELM" "$@"
`;

/** Whether helmfile and helm are on PATH. */
export function hasHelmfile(): boolean {
  return spawnSync("helmfile", ["--version"]).status === 0 && findOnPath("helm") !== undefined;
}

function findOnPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Runs the real helmfile on a staged case and records what comes out, in the form that `recordCase` gives. */
export function recordRealHelmfile(stage: Stage): Recording {
  const binary = join(stage.root, "bin", "helm");
  writeFileSync(binary, wrapper);
  chmodSync(binary, 0o755);
  const files: Recording = new Map();
  const summary: Record<string, number> = {};
  for (const command of stage.args.commands ?? defaultCommands) {
    const { status, stderr } = runOne(stage, command, files);
    summary[command] = status;
    let said = mask(stage, stderr);
    if (command === "write-values") said = sortWanderingLines(said);
    if (status !== 0) files.set(`error.${command}.txt`, said);
    else if (hasMoreToSay(said)) files.set(`stderr.${command}.txt`, said);
  }
  files.set("exit.json", `${JSON.stringify(summary, null, 1)}\n`);
  mergeEqualTexts(files, Object.keys(summary).length);
  return files;
}

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const words: Readonly<Record<string, readonly string[]>> = {
  list: ["list", "--output", "json"],
  "list-table": ["list"],
  build: ["build"],
  "build-embed": ["build", "--embed-values"],
  "print-env": ["print-env"],
  "show-dag": ["show-dag"],
  template: ["template", "--concurrency", "1"],
};
const outputs: Readonly<Record<string, string>> = {
  "list-table": "list.txt",
  build: "build.yaml",
  "build-embed": "build-embedded.yaml",
  "print-env": "env.yaml",
  "show-dag": "dag.txt",
  template: "template.yaml",
};

function runOne(stage: Stage, command: string, files: Recording): Ran {
  const extra = stage.args.extra?.[command] ?? [];
  if (command === "write-values") return runWriteValues(stage, extra, files);
  const call = words[command];
  if (call === undefined) throw new Error(`unsupported: recording of ${command}`);
  const log = join(stage.root, `${command}.log`);
  const ran = runHelmfile(stage, [...call, ...extra], command === "template" ? { RECORD_HELM_LOG: log } : {});
  if (command === "list" && ran.stdout.trim() !== "")
    files.set("list.json", `${JSON.stringify(JSON.parse(mask(stage, ran.stdout)), null, 1)}\n`);
  else if (outputs[command] !== undefined && ran.stdout !== "") files.set(outputs[command]!, mask(stage, ran.stdout));
  if (command === "template") {
    const calls = readLog(stage, log);
    if (calls.length > 0) files.set("helm.json", `${JSON.stringify(calls, null, 1)}\n`);
  }
  return ran;
}

function runWriteValues(stage: Stage, extra: readonly string[], files: Recording): Ran {
  const base = join(stage.root, "values");
  const template = `${base}/${stage.args.valuesTemplate ?? "{{ .Release.Name }}"}.yaml`;
  const ran = runHelmfile(stage, ["write-values", "--concurrency", "1", "--output-file-template", template, ...extra]);
  for (const path of filesBelow(base))
    files.set(`values/${relative(base, path)}`, mask(stage, readFileSync(path, "utf8")));
  return ran;
}

function runHelmfile(stage: Stage, call: readonly string[], added: Readonly<Record<string, string>> = {}): Ran {
  const { root, args } = stage;
  const { status, stdout, stderr } = spawnSync("helmfile", ["--no-color", ...globalFlags(args), ...call], {
    cwd: join(root, "case", args.cwd ?? "."),
    env: {
      PATH: `${join(root, "bin")}:${process.env["PATH"] ?? ""}`,
      HOME: `${root}/home`,
      TMPDIR: `${root}/tmp`,
      LC_ALL: "C.UTF-8",
      TZ: "UTC",
      RECORD_HELM: findOnPath("helm"),
      HELM_CONFIG_HOME: `${root}/helm/config`,
      HELM_CACHE_HOME: `${root}/helm/cache`,
      HELM_DATA_HOME: `${root}/helm/data`,
      HELMFILE_CACHE_HOME: `${root}/helmfile`,
      KUBECONFIG: `${root}/no-kubeconfig`,
      HELMFILE_UPGRADE_NOTICE_DISABLED: "true",
      ...args.env,
      ...added,
    },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 28,
    timeout: 120_000,
  });
  return { status: status ?? -1, stdout: stdout.toString("utf8"), stderr: stderr.toString("utf8") };
}

function globalFlags(args: CaseArguments): string[] {
  const flag = (name: string, values: readonly (string | undefined)[] | undefined): string[] =>
    (values ?? []).flatMap((value) => (value === undefined ? [] : [name, value]));
  return [
    ...flag("-f", [args.file]),
    ...flag("-e", [args.environment]),
    ...flag("-l", args.selectors),
    ...flag("--state-values-file", args.stateValuesFile),
    ...flag("--state-values-set", args.stateValuesSet),
    ...flag("--state-values-set-string", args.stateValuesSetString),
    ...flag("-n", [args.namespace]),
    ...flag("--kube-context", [args.kubeContext]),
    ...(args.flags ?? []),
  ];
}

interface LoggedCall {
  readonly args: string[];
  readonly values: (string | null)[];
}

function readLog(stage: Stage, log: string): LoggedCall[] {
  if (!existsSync(log)) return [];
  const calls: LoggedCall[] = [];
  for (const entry of readFileSync(log, "utf8").split("\u0001").slice(1)) {
    const text = mask(stage, entry.slice(1));
    if (entry.startsWith("C")) calls.push({ args: [], values: [] });
    else if (entry.startsWith("A")) calls.at(-1)!.args.push(text);
    else calls.at(-1)!.values.push(entry.startsWith("V") ? text : null);
  }
  return calls.filter(({ args }) => helmVerbs.includes(verbOf(args)));
}

function mask(stage: Stage, text: string): string {
  return maskText(text, stage.root);
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}
