import type { HelmfileOptions } from "@tiphys/helmfile";

/** Flags of a command line as written: `--name value`, `--name=value`, `--name`. */
export interface Flags {
  has(name: string): boolean;
  text(name: string): string;
  list(name: string): string[];
  /** Names that were asked for by none of the above. */
  unread(): string[];
}

const switches = new Set([
  "allow-no-matching-release", "allow-failed-releases", "sequential-helmfiles", "skip-deps", "skip-refresh", "skip-charts", "embed-values",
  "include-crds", "skip-tests", "no-hooks", "include-needs", "include-transitive-needs", "skip-needs", "skip-schema-validation", "validate",
  "skip-cleanup", "enforce-needs-are-installed", "skip-crds", "wait", "wait-for-jobs", "reuse-values", "reset-values", "hide-notes",
  "take-ownership", "sync-release-labels", "no-color", "quiet", "keep-temp-dir",
]);

export function readFlags(words: readonly string[]): Flags {
  const given = new Map<string, string[]>();
  const asked = new Set<string>();
  for (let i = 0; i < words.length; i++) {
    const [name, inline] = words[i]!.replace(/^--?/, "").split(/=(.*)/s) as [string, string?];
    const value = inline ?? (switches.has(name) ? "true" : (words[++i] ?? ""));
    given.set(name, [...(given.get(name) ?? []), value]);
  }
  const values = (name: string): string[] => {
    asked.add(name);
    return given.get(name) ?? [];
  };
  return {
    has: (name) => values(name).at(-1) === "true",
    text: (name) => values(name).at(-1) ?? "",
    list: values,
    unread: () => [...given.keys()].filter((name) => !asked.has(name)),
  };
}

/** The global flags that cases give in `flags`. Throws `unsupported: …` for others. */
export function readGlobalFlags(words: readonly string[]): Partial<HelmfileOptions> {
  const flags = readFlags(words);
  const chart = flags.text("chart");
  const level = flags.has("quiet") ? "warn" : flags.text("log-level");
  const options: Partial<HelmfileOptions> = {
    allowNoMatchingRelease: flags.has("allow-no-matching-release"),
    allowFailedReleases: flags.has("allow-failed-releases"),
    sequentialHelmfiles: flags.has("sequential-helmfiles"),
    skipDeps: flags.has("skip-deps"),
    skipRefresh: flags.has("skip-refresh"),
    ...(chart === "" ? {} : { chart }),
    ...(level === "warn" || level === "error" ? { logLevel: level } : {}),
  };
  const unread = flags.unread().filter((name) => name !== "no-color");
  if (unread.length > 0) throw new Error(`unsupported: global flag --${unread[0]}`);
  return options;
}
