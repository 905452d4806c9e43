import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fromByteString, toByteString } from "@tiphys/gotemplate";
import { runKustomize } from "./kustomize.ts";
import type { Answer, Permissions, RunResult, CommandRequest } from "@tiphys/helmfile";

const latin1 = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString("latin1");

/** What a case allows: its commands run in its own folder, references resolve, secrets are read by the stub of the plugin. */
export function casePermissions(environment: ReadonlyMap<string, string>, hasSecretsPlugin: boolean): Permissions {
  return {
    exec: (request) => runCommand(request, environment),
    pull: pullOffline,
    kustomize: runKustomize,
    refs: (reference) => ({ kind: "failed", message: `no provider registered for scheme "${reference.scheme}"` }),
    decrypt: ({ content }) => (hasSecretsPlugin ? { kind: "value", value: content } : { kind: "failed", message: "plugin secrets not installed" }),
  };
}

/** What Helm says where there is no network: cases are recorded without one. */
function pullOffline(args: readonly string[]): Answer<undefined> {
  const [, host = "", path = ""] = /^oci:\/\/([^/]+)\/([^@]*)/.exec(args[1] ?? "") ?? [];
  const version = args[args.indexOf("--version") + 1] ?? "latest";
  const url = `https://${host}/v2/${path}/manifests/${version}`;
  return { kind: "failed", message: `failed to perform "FetchReference" on source: Get "${url}": dial tcp: lookup ${host.split(":")[0]} on 0.0.0.0:53: no such host` };
}

function runCommand(request: CommandRequest, environment: ReadonlyMap<string, string>): RunResult {
  const command = fromByteString(request.command);
  const path = findExecutable(command, environment.get("PATH") ?? "", request.directory);
  if (path === undefined) {
    const reason = command.includes("/") ? `fork/exec ${command}: no such file or directory` : `exec: ${JSON.stringify(command)}: executable file not found in $PATH`;
    return { kind: "failed", message: toByteString(`unexpected error: ${reason}`) };
  }
  const added = [...request.environment].map(([name, value]) => [fromByteString(name), fromByteString(value)]);
  const result = spawnSync(path, request.args.map(fromByteString), {
    argv0: command,
    cwd: fromByteString(request.directory),
    env: Object.fromEntries([...environment, ...added]),
    input: Buffer.from(request.input, "latin1"),
    timeout: 60_000,
  });
  const stdout = latin1(result.stdout);
  const stderr = latin1(result.stderr);
  return { kind: "exited", path: toByteString(path), status: result.status ?? -1, stdout, stderr, combined: stdout + stderr };
}

function findExecutable(command: string, path: string, directory: string): string | undefined {
  const candidates = command.includes("/") ? [resolve(directory, command)] : path.split(delimiter).map((folder) => join(folder, command));
  const found = candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
  return found === undefined ? undefined : command.includes("/") ? command : found;
}
