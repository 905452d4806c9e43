import { existsSync, statSync } from "node:fs";
import { dirname, basename, resolve } from "node:path";
import type { ResourceHealth, ResourceHealthOptions, ResourceOverrides } from "@tiphys/argocd";
import {
  applicationHealth,
  resourceHealth,
  resourceOverrides,
  SettingsError,
  shippedHealthScripts,
} from "@tiphys/argocd";
import { fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic } from "@tiphys/source";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import type { ArgocdCm } from "../health/argocd-cm.ts";
import { readArgocdCm } from "../health/argocd-cm.ts";
import type { ReadObject } from "../health/read-objects.ts";
import { readObjectFiles } from "../health/read-objects.ts";
import { runSuites } from "../health/suites.ts";
import { reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat } from "../reporters/structured.ts";
import { textTable } from "../reporters/table.ts";
import { DiskTree } from "../trees/disk-tree.ts";

/** `tiphys health`: Argo CD's verdict on stored objects; `tiphys health test` runs unit tests of health checks. */
export const command: CommandModule = {
  configure(command) {
    command
      .argument("<paths...>", "files or folders of manifests, - for standard input; or: test FOLDER")
      .option("--argocd-cm <file>", "ConfigMap argocd-cm with health checks of your own")
      .option("--argocd <folder>", "checkout of Argo CD, for the Lua checks that ship with it")
      .option("-o, --output <format>", "output format: table, json (default: table)")
      .addHelpText(
        "after",
        "\nExit code 0: healthy; 1: something is not; 2: errors.\n`tiphys health test FOLDER` runs suites in Argo CD's own layout: GROUP/KIND/health_test.yaml beside health.lua.",
      );
  },
  run: async (run) => (run.arguments[0] === "test" ? testChecks(run) : judge(run)),
};

function judge(run: CommandRun): number {
  const { io } = run;
  const format = outputFormat(run.options["output"], ["table", "json"]);
  const objects = run.arguments.flatMap((path) => readObjectFiles(io, path));
  if (objects.length === 0) throw new UserError("error: no objects were found");
  const file = run.options["argocdCm"];
  const argocdCm = file === undefined ? undefined : readArgocdCm(io, String(file));
  const options = healthOptions(run, argocdCm);
  const verdicts: Judged[] = objects.map((object) => ({ object, verdict: resourceHealth(object.value, options) }));
  const failed = failedChecks(verdicts, argocdCm);
  reportDiagnostics(failed, io, new DiskTree(io.cwd));
  const whole = applicationHealth(
    objects.map(({ value }) => ({ live: value })),
    options,
  );
  const rows = verdicts.map(({ object, verdict }) => ({
    file: object.origin.file,
    line: object.origin.line,
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
    status: verdict.unsupported !== undefined ? "Unsupported" : (verdict.health?.status ?? "-"),
    message: fromByteString(verdict.unsupported ?? verdict.error ?? verdict.health?.message ?? ""),
    ...(verdict.place === undefined ? {} : { place: verdict.place }),
  }));
  if (format === "json")
    io.stdout.write(jsonText({ status: whole.status, message: fromByteString(whole.message), objects: rows }));
  else {
    io.stdout.write(
      textTable(
        ["KIND", "NAMESPACE", "NAME", "HEALTH", "MESSAGE"],
        rows.map((row) => [row.kind, row.namespace || "-", row.name, row.status, row.message]),
      ),
    );
    io.stdout.write(
      `\nas one Application: ${whole.status}${whole.message === "" ? "" : `, ${fromByteString(whole.message)}`}\n`,
    );
  }
  if (rows.some(({ status }) => status === "Unsupported")) {
    io.stderr.write(
      "warning: some kinds are judged by Lua checks that ship with Argo CD: name a checkout with --argocd\n",
    );
    return 2;
  }
  if (failed.length > 0) return 2;
  return whole.status === "Healthy" ? 0 : 1;
}

interface Judged {
  readonly object: ReadObject;
  readonly verdict: ResourceHealth;
}

function healthOptions({ io, options }: CommandRun, argocdCm: ArgocdCm | undefined): ResourceHealthOptions {
  const folder = options["argocd"];
  return {
    now: io.now(),
    ...(argocdCm === undefined ? {} : { overrides: overridesOf(argocdCm) }),
    ...(folder === undefined ? {} : { shipped: shippedScripts(resolve(io.cwd, String(folder))) }),
  };
}

function overridesOf({ value, file }: ArgocdCm): ResourceOverrides {
  try {
    return resourceOverrides(value);
  } catch (error) {
    if (error instanceof SettingsError)
      throw new UserError(`error: ${file}: data.${error.key}: ${fromByteString(error.message)}`);
    throw error;
  }
}

/** The checks that could not be run: Argo CD then calls the object's health Unknown. */
function failedChecks(judged: readonly Judged[], argocdCm: ArgocdCm | undefined): Diagnostic[] {
  return judged.flatMap(({ object, verdict }): Diagnostic[] => {
    const { error, place } = verdict;
    if (error === undefined) return [];
    const isOwn = argocdCm !== undefined && place !== undefined && !place.from.endsWith(".lua");
    const message = `the health check of ${object.kind} ${object.name} failed: ${fromByteString(error)}`;
    const script = isOwn ? argocdCm.scriptPlace(place.from, place.line) : undefined;
    return [
      {
        code: "health-check-failed",
        severity: "error",
        message,
        origin: script ?? object.origin,
        ...(script === undefined ? {} : { related: [{ origin: object.origin, message: "judging this object" }] }),
        fix: "correct the script; `tiphys health test` runs its tests. Argo CD gives it one second",
      },
    ];
  });
}

/** A checkout, or its `resource_customizations` folder itself. */
function shippedScripts(folder: string): ReturnType<typeof shippedHealthScripts> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UserError(`error: --argocd: there is no folder ${folder}`);
  if (basename(folder) === "resource_customizations") return shippedHealthScripts(new DiskTree(dirname(folder)));
  const tree = new DiskTree(folder);
  if (tree.kind("resource_customizations") !== "directory")
    throw new UserError(`error: --argocd: ${folder} has no resource_customizations`);
  return shippedHealthScripts(tree);
}

function testChecks(run: CommandRun): number {
  const { io } = run;
  const folder = run.arguments[1];
  if (folder === undefined) throw new UserError("error: usage: tiphys health test FOLDER");
  const root = resolve(io.cwd, folder);
  if (!existsSync(root) || !statSync(root).isDirectory()) throw new UserError(`error: there is no folder ${folder}`);
  const results = runSuites(root, io.now());
  if (results.length === 0) throw new UserError(`error: no health_test.yaml below ${folder}`);
  const failed = results.filter(({ problems }) => problems.length > 0);
  if (outputFormat(run.options["output"], ["table", "json"]) === "json") io.stdout.write(jsonText(results));
  else {
    for (const { name, problems } of failed)
      io.stdout.write(`FAIL ${name}\n${problems.map((problem) => `     ${problem}\n`).join("")}`);
    io.stdout.write(`${results.length - failed.length} passed, ${failed.length} failed\n`);
  }
  return failed.length > 0 ? 1 : 0;
}
