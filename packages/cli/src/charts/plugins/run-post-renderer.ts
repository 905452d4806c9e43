import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { bytesToByteString, fromByteString, quoteGo, toByteString } from "@tiphys/gotemplate";
import { expandVariables } from "@tiphys/gotemplate/sprig";
import { trimSpace, type ChartWarning, type PostRenderer } from "@tiphys/helm";
import type { Io } from "../../command.ts";
import { findExecutable } from "../executable.ts";
import { mostPostRendered, tooMuchPostRendered } from "../post-renderer.ts";
import { systemReason } from "../system-reason.ts";
import type { Plugin } from "./find-plugin.ts";
import type { PlatformCommand } from "./metadata.ts";

/* pkg/postrenderer/postrenderer.go and internal/plugin/runtime_subprocess.go, subprocess_commands.go (Helm 4.2.4). */

export interface PluginCall {
  readonly plugin: Plugin;
  /** `--post-renderer-args`. */
  readonly args: readonly string[];
  readonly io: Io;
  /** `--debug`. */
  readonly isDebug: boolean;
}

/** Runs a post-renderer plugin over the manifests. */
export function runPostRenderer(
  call: PluginCall,
  manifests: string,
  log: (line: ChartWarning) => void,
): ReturnType<PostRenderer> {
  const { name } = call.plugin;
  const made = invoke(call, manifests, log);
  if (typeof made === "string") return { error: `failed to invoke post-renderer plugin ${quoteGo(name)}: ${made}` };
  const text = bytesToByteString(made);
  if (trimSpace(text) === "") return { error: `post-renderer ${quoteGo(name)} produced empty output` };
  return { manifests: text };
}

/** What the command printed, or why not. */
function invoke(call: PluginCall, manifests: string, log: (line: ChartWarning) => void): Uint8Array | string {
  const { plugin, io, args } = call;
  const environment = { ...io.environment, HELM_PLUGIN_NAME: plugin.name, HELM_PLUGIN_DIR: plugin.directory };
  const [main, ...rest] = commandWords(plugin, environment);
  if (main === undefined) return "failed to prepare plugin command: no plugin command is applicable";
  const words = [...rest, ...args];
  const debug = (message: string, ...attributes: (readonly [string, string])[]): void => {
    if (call.isDebug) log({ level: "DEBUG", message, attributes: [["pluginName", plugin.name], ...attributes] });
  };
  const found = main === "" || main.includes("/") ? { path: main } : findExecutable(main, io);
  const shown = toByteString(["path" in found ? found.path : main, ...words].join(" "));
  debug("executing plugin command", ["command", shown]);
  if ("reason" in found) return toByteString(found.reason);
  if (main === "") return "exec: no command";
  const { status, stdout, ...ended } = spawnSync(resolve(io.cwd, found.path), words, {
    cwd: io.cwd,
    env: environment as NodeJS.ProcessEnv,
    input: Buffer.from(manifests, "latin1"),
    maxBuffer: mostPostRendered,
  });
  const fault = ended.error as NodeJS.ErrnoException | undefined;
  if (fault?.code === "ENOBUFS") return tooMuchPostRendered;
  // A program need not read what it gets.
  if (fault !== undefined && fault.code !== "EPIPE")
    return toByteString(`fork/exec ${found.path}: ${systemReason(fault)}`);
  if (status === 0) return stdout;
  const reason = status === null ? `signal: ${ended.signal}` : `exit status ${status}`;
  debug("plugin execution failed", ["error", reason], ["exitCode", String(status ?? -1)], ["stderr", ""]);
  return `plugin ${quoteGo(plugin.name)} exited with error`;
}

/** The command for this platform, its variables filled in. */
function commandWords(plugin: Plugin, environment: Readonly<Record<string, string | undefined>>): string[] {
  const command = platformCommandOf(plugin.platformCommand);
  if (command === undefined || command.command.split(" ")[0] === "") return [];
  const valueOf = (name: string): string => toByteString(environment[fromByteString(name)] ?? "");
  return [...command.command.split(" "), ...(command.args ?? [])].map((word) =>
    fromByteString(expandVariables(word, valueOf)),
  );
}

const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", ppc64: "ppc64le" };

/** `getPlatformCommand`: the first for system and architecture, else the first for the system, else the first for any. */
function platformCommandOf(commands: readonly PlatformCommand[]): PlatformCommand | undefined {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const architecture = architectures[process.arch] ?? process.arch;
  const equal = (a: string, b: string): boolean => a.toLowerCase() === b;
  const forSystem = commands.filter(({ os }) => equal(os, system));
  return (
    forSystem.find(({ arch }) => equal(arch, architecture)) ??
    forSystem.find(({ arch }) => arch === "") ??
    commands.find(({ os, arch }) => os === "" && arch === "")
  );
}
