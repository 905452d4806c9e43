import { GlobError, pathMatch } from "@tiphys/source";
import { HelmError } from "../error.ts";

/** Rules of .helmignore (pkg/ignore/rules.go, Helm 4.2.4). */
export interface IgnoreRules {
  /** Whether the file or folder at `path` is left out. */
  ignores(path: string, isDirectory: boolean): boolean;
}

interface Rule {
  readonly matches: (path: string) => boolean;
  /** A rule `!x` ignores all that does *not* match x: Helm's inverted negation. */
  readonly negate: boolean;
  readonly onlyDirectories: boolean;
  /** Match against the last part of the path alone. */
  readonly baseNameOnly: boolean;
}

/** The rules in `text` (a byte string; "" for none) and then Helm's default rule `templates/.?*`. Throws `HelmError`. */
export function parseIgnoreRules(text: string): IgnoreRules {
  const rules: Rule[] = [];
  const lines = text.replace(/^\u00ef\u00bb\u00bf/, "").split("\n");
  for (const line of [...lines, "templates/.?*"]) {
    const rule = parseRule(line);
    if (rule) rules.push(rule);
  }
  return { ignores: (path, isDirectory) => ignores(rules, path, isDirectory) };
}

function parseRule(line: string): Rule | undefined {
  let pattern = line.trim();
  if (pattern === "" || pattern.startsWith("#")) return undefined;
  if (pattern.includes("**")) throw new HelmError("chart-ignore", "double-star (**) syntax is not supported");
  try {
    pathMatch(pattern, "abc");
  } catch (error) {
    if (error instanceof GlobError) throw new HelmError("chart-ignore", error.message);
    throw error;
  }
  const negate = pattern.startsWith("!");
  if (negate) pattern = pattern.slice(1);
  const onlyDirectories = pattern.endsWith("/");
  if (onlyDirectories) pattern = pattern.slice(0, -1);
  const rooted = pattern.startsWith("/");
  if (rooted) pattern = pattern.slice(1);
  return { matches: matcherOf(pattern), negate, onlyDirectories, baseNameOnly: !rooted && !pattern.includes("/") };
}

/** `filepath.Match` of a pattern. Most are a name or an ending, which every file of a chart is compared with. */
function matcherOf(pattern: string): Rule["matches"] {
  if (/^[\w.+~/-]+$/.test(pattern)) return (path) => path === pattern;
  if (/^\*[\w.+~-]+$/.test(pattern)) {
    const ending = pattern.slice(1);
    return (path) => path.endsWith(ending) && !path.slice(0, -ending.length).includes("/");
  }
  return (path) => {
    try {
      return pathMatch(pattern, path);
    } catch {
      return false;
    }
  };
}

function ignores(rules: readonly Rule[], path: string, isDirectory: boolean): boolean {
  if (path === "" || path === "." || path === "./") return false;
  const baseName = path.slice(path.lastIndexOf("/") + 1);
  for (const rule of rules) {
    if (rule.negate) {
      if (rule.onlyDirectories && !isDirectory) return true;
      if (!rule.matches(rule.baseNameOnly ? baseName : path)) return true;
      continue;
    }
    if (rule.onlyDirectories && !isDirectory) continue;
    if (rule.matches(rule.baseNameOnly ? baseName : path)) return true;
  }
  return false;
}
