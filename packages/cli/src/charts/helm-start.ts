import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { bytesToByteString, FunctionError, fromByteString, toByteString } from "@tiphys/gotemplate";
import { decodeJsonAt } from "@tiphys/gotemplate/sprig";
import { formatLogLine, type Profile } from "@tiphys/helm";
import type { Io } from "../command.ts";
import { FlagError, readFlags } from "./flags/flag-reader.ts";
import { parseBool, quoted } from "./flags/flag-value.ts";
import { globalFlags } from "./flags/helm-flags.ts";
import { helmSettings, type HelmSettings } from "./helm-settings.ts";
import { systemReason } from "./system-reason.ts";

/* What Helm looks at before it reads the flags of a command (pkg/cmd/root.go, pkg/cli/environment.go, Helm 4.2.4). */

/** What holds for every command. */
export interface HelmGlobals {
  readonly settings: HelmSettings;
  readonly isDebug: boolean;
}

/** Helm ends before its command runs; `line` is all that it says, on stderr, and the exit code is 1. */
export class HelmStartError extends Error {
  override readonly name = "HelmStartError";
  readonly line: string;
  constructor(level: "INFO" | "WARN", message: string, profile: Profile, error?: string) {
    super(error ?? message);
    const attributes = error === undefined ? [] : [["error", toByteString(error)] as const];
    this.line = formatLogLine({ level, message: toByteString(message), attributes }, profile);
  }
}

/** Reads global flags and variables. Throws `HelmStartError` for a colour mode that there is not, and logins that are no JSON. */
export function startHelm(words: readonly string[], io: Io, profile: Profile): HelmGlobals {
  const { texts, switches } = readFlags(words, globalFlags, { isLenient: true });
  const color = texts.get("color") ?? "auto";
  if (!["never", "auto", "always"].includes(color)) {
    const message = `invalid color mode ${quoted(color)}: must be one of: never, auto, always`;
    throw new HelmStartError("WARN", "command failed", profile, message);
  }
  const found = helmSettings(io);
  const settings: HelmSettings = {
    ...found,
    repositoryConfig: texts.get("repository-config") ?? found.repositoryConfig,
    repositoryCache: texts.get("repository-cache") ?? found.repositoryCache,
    registryConfig: texts.get("registry-config") ?? found.registryConfig,
  };
  const reason = registryConfigFault(settings.registryConfig, io);
  if (reason !== undefined) {
    const message = `failed to decode config file ${settings.registryConfig}: invalid config format: ${reason}`;
    throw new HelmStartError("WARN", "command failed", profile, message);
  }
  const isDebug = switches.get("debug") ?? parseBool(io.environment["HELM_DEBUG"] ?? "") ?? false;
  return { settings: absolute(settings, io), isDebug };
}

/** Where Helm keeps releases; `template` keeps none, but a place that there is not ends it. Throws `HelmStartError` and `FlagError`. */
export function checkDriver(io: Io, profile: Profile): void {
  const driver = io.environment["HELM_DRIVER"] ?? "";
  if (["", "secret", "secrets", "configmap", "configmaps"].includes(driver)) return;
  if (driver === "memory" || driver === "sql")
    throw new FlagError(`unsupported: HELM_DRIVER=${driver}: no releases are kept`);
  throw new HelmStartError("INFO", `unknown driver ${quoted(driver)}`, profile);
}

function registryConfigFault(path: string, io: Io): string | undefined {
  try {
    const decoded = decodeJsonAt(bytesToByteString(readFileSync(resolve(io.cwd, path))), 0);
    return decoded === undefined ? "EOF" : undefined;
  } catch (error) {
    if (error instanceof FunctionError) return fromByteString(error.message);
    if ((error as NodeJS.ErrnoException).code === "EISDIR") return `read ${path}: ${systemReason(error)}`;
    return undefined;
  }
}

function absolute(settings: HelmSettings, io: Io): HelmSettings {
  const path = (given: string): string => (given === "" ? "" : resolve(io.cwd, given));
  return {
    ...settings,
    repositoryConfig: path(settings.repositoryConfig),
    repositoryCache: path(settings.repositoryCache),
    registryConfig: path(settings.registryConfig),
  };
}
