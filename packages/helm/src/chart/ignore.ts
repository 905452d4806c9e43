import { GlobError, pathMatch } from "@tiphys/source";
import { HelmError } from "../error.ts";

/** Rules of .helmignore (pkg/ignore/rules.go, Helm 4.2.4). */
export interface IgnoreRules {
  /** Whether the file or folder at `path` is left out. */
  ignores(path: string, isDirectory: boolean): boolean;
}

interface Rule {
  readonly pattern: string;
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
  return { pattern, negate, onlyDirectories, baseNameOnly: !rooted && !pattern.includes("/") };
}

function ignores(rules: readonly Rule[], path: string, isDirectory: boolean): boolean {
  if (path === "" || path === "." || path === "./") return false;
  for (const rule of rules) {
    if (rule.negate) {
      if (rule.onlyDirectories && !isDirectory) return true;
      if (!matches(rule, path)) return true;
      continue;
    }
    if (rule.onlyDirectories && !isDirectory) continue;
    if (matches(rule, path)) return true;
  }
  return false;
}

function matches(rule: Rule, path: string): boolean {
  try {
    return pathMatch(rule.pattern, rule.baseNameOnly ? path.slice(path.lastIndexOf("/") + 1) : path);
  } catch {
    return false;
  }
}
