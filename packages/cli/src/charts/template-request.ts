import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import {
  fromByteString,
  parseTemplate,
  TemplateError,
  TemplateSet,
  toByteString,
  type GoValue,
} from "@tiphys/gotemplate";
import { sprigFunctions } from "@tiphys/gotemplate/sprig";
import type { SetFlag } from "@tiphys/helm";
import { readYaml, YamlError } from "@tiphys/source";
import type { Io } from "../command.ts";
import { TemplateArgumentError } from "./argument-error.ts";
import { isGiven, type ParsedFlags } from "./flags/flag-reader.ts";
import { parseBool, quoted } from "./flags/flag-value.ts";
import { localTimeZone } from "./local-time-zone.ts";

/* What `helm template` makes of its words before it loads the chart (pkg/cmd/install.go, pkg/action/install.go). */

/** `NameAndChart`: the release's name and the chart's reference. Throws `TemplateArgumentError`. */
export function nameAndChart(flags: ParsedFlags, io: Io): { name: string; chart: string } {
  const [first, second, ...others] = flags.positional;
  const generates = flags.switches.get("generate-name") === true;
  const nameTemplate = flags.texts.get("name-template") ?? "";
  if (others.length > 0) {
    throw TemplateArgumentError.of(`expected at most two arguments, unexpected arguments: ${others.join(", ")}`);
  }
  if (second !== undefined) {
    if (generates) throw new TemplateArgumentError("cannot set --generate-name and also specify a name");
    if (nameTemplate !== "") throw new TemplateArgumentError("cannot set --name-template and also specify a name");
    return { name: toByteString(first!), chart: second };
  }
  // Helm names the release `release-name` beforehand, so --generate-name alone changes nothing.
  const name = nameTemplate === "" ? "release-name" : renderName(toByteString(nameTemplate), io);
  return { name, chart: first! };
}

function renderName(text: string, io: Io): string {
  const functions = sprigFunctions();
  const environment = new Map<string, string>();
  for (const [key, value] of Object.entries(io.environment)) {
    if (value !== undefined) environment.set(toByteString(key), toByteString(value));
  }
  try {
    const set = new TemplateSet({ functions, name: "name-template" });
    set.add(parseTemplate("name-template", text, { functions }));
    return set.execute("name-template", null, {
      now: io.now(),
      timeZone: localTimeZone(io),
      environment,
      random: { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) },
      engine: undefined,
    });
  } catch (error) {
    if (error instanceof TemplateError) throw new TemplateArgumentError(error.message);
    throw error;
  }
}

/** The local path of a chart; undefined when it must come from a repository or registry. Throws `TemplateArgumentError`. */
export function localChart(chart: string, flags: ParsedFlags, io: Io): string | undefined {
  const name = chart.trim();
  if ((flags.texts.get("repo") ?? "") !== "") return undefined;
  const path = resolve(io.cwd, name);
  const stats = name === "" ? undefined : statSync(path, { throwIfNoEntry: false });
  if (stats !== undefined) {
    if (flags.switches.get("verify") !== true) return path;
    if (stats.isDirectory()) throw new TemplateArgumentError("unpacked charts cannot be verified");
    throw new TemplateArgumentError("unsupported: --verify: provenance files are not checked");
  }
  if (isAbsolute(name) || name.startsWith(".")) throw TemplateArgumentError.of(`path ${quoted(name)} not found`);
  return undefined;
}

const setKinds = ["set-json", "set", "set-string", "set-file", "set-literal"] as const;

/** All `--set…` flags. */
export function setFlags(flags: ParsedFlags): SetFlag[] {
  return setKinds.flatMap((kind) =>
    (flags.lists.get(kind) ?? []).map((expression): SetFlag => ({
      kind,
      expression: toByteString(expression),
      origin: { file: `--${kind}` },
    })),
  );
}

/** The namespace: `--namespace`, `HELM_NAMESPACE`, that of the current context in the kubeconfig, or `default`. */
export function namespaceOf(flags: ParsedFlags, io: Io): string {
  const given = flags.texts.get("namespace") ?? io.environment["HELM_NAMESPACE"] ?? "";
  return toByteString(given !== "" ? given : (contextNamespace(flags, io) ?? "default"));
}

function contextNamespace(flags: ParsedFlags, io: Io): string | undefined {
  const flag = flags.texts.get("kubeconfig") ?? "";
  const listed = flag !== "" ? flag : (io.environment["KUBECONFIG"] ?? "");
  const home = io.environment["HOME"] ?? homedir();
  const files = listed !== "" ? listed.split(":").filter((file) => file !== "") : [join(home, ".kube", "config")];
  let current = flags.texts.get("kube-context") ?? io.environment["HELM_KUBECONTEXT"] ?? "";
  const namespaces = new Map<string, string>();
  for (const file of files) {
    const config = readConfig(resolve(io.cwd, file));
    if (!config) continue;
    const name = config.get("current-context");
    if (current === "" && typeof name === "string") current = name;
    const contexts = config.get("contexts");
    for (const entry of Array.isArray(contexts) ? contexts : []) {
      const context = entry instanceof Map ? entry.get("context") : undefined;
      const contextName = entry instanceof Map ? entry.get("name") : undefined;
      const namespace = context instanceof Map ? context.get("namespace") : undefined;
      if (typeof contextName !== "string" || namespaces.has(contextName)) continue;
      namespaces.set(contextName, typeof namespace === "string" ? namespace : "");
    }
  }
  const found = namespaces.get(current) ?? "";
  return found === "" ? undefined : fromByteString(found);
}

function readConfig(path: string): Map<string, GoValue> | undefined {
  try {
    const { value } = readYaml(readFileSync(path, "latin1"));
    return value instanceof Map ? value : undefined;
  } catch (error) {
    if (error instanceof YamlError || (error as { code?: string }).code !== undefined) return undefined;
    throw error;
  }
}

/** Labels that Helm keeps for itself. */
const systemLabels = ["name", "owner", "status", "version", "createdAt", "modifiedAt"];

/** Whether `--labels` names one of Helm's own. */
export function checkLabels(flags: ParsedFlags): void {
  const names = (flags.lists.get("labels") ?? []).map((pair) => pair.slice(0, pair.indexOf("=")));
  if (!names.some((name) => systemLabels.includes(name))) return;
  throw new TemplateArgumentError(
    `user supplied labels contains system reserved label name. System labels: [${systemLabels.join(" ")}]`,
  );
}

/** Flags of which only one may be given, in the order of cobra's looking at them. */
const exclusiveFlags = [
  ["force", "force-conflicts"],
  ["force-replace", "force-conflicts"],
  ["validate", "dry-run"],
] as const;

/** cobra's `ValidateFlagGroups`. Throws `TemplateArgumentError`. */
export function checkFlagGroups(flags: ParsedFlags): void {
  for (const group of exclusiveFlags) {
    const given = group.filter((name) => isGiven(flags, name)).sort();
    if (given.length < 2) continue;
    throw new TemplateArgumentError(
      `if any flags in the group [${group.join(" ")}] are set none of the others can be; [${given.join(" ")}] were all set`,
    );
  }
}

/** `cmdGetDryRunFlagStrategy` (pkg/cmd/helpers.go): what is said of the flag. Throws `TemplateArgumentError` for what `template` cannot do. */
export function dryRunWarning(flags: ParsedFlags): string | undefined {
  const value = flags.texts.get("dry-run") ?? "client";
  if (value === "client") return undefined;
  if (value === "server") throw new TemplateArgumentError("unsupported: --dry-run=server: a cluster is never asked");
  if (value === "unset") return "--dry-run is deprecated and should be replaced with '--dry-run=client'";
  const isOn = parseBool(value);
  if (isOn === true)
    return `boolean '--dry-run=${value}' flag is deprecated and must be replaced with '--dry-run=client'`;
  const allowed = value === "none" || isOn === false ? '"server" or "client"' : '"none", "server", or "client"';
  throw TemplateArgumentError.of(`invalid dry-run value (${quoted(value)}). Must be ${allowed}`);
}
