import type { Recording } from "./run-case.ts";

/** What is run of a case whose `args.json` does not say. */
export const defaultCommands: readonly string[] = ["list", "build", "write-values", "show-dag", "template"];

/** The helm calls of `template` that are kept. */
export const helmVerbs: readonly string[] = ["template", "dependency", "repo", "pull", "registry", "fetch"];

/** The verb of a helm call, behind its global flags. */
export function verbOf(args: readonly string[]): string {
  return args.find((arg, index) => !arg.startsWith("-") && (index === 0 || !["--kube-context", "--kubeconfig"].includes(args[index - 1]!))) ?? "";
}

/** One `error.txt` when every command failed alike, one `stderr.txt` when every other one said the same. */
export function mergeEqualTexts(files: Recording, commands: number): void {
  const errors = [...files.keys()].filter((name) => name.startsWith("error."));
  if (errors.length === commands && new Set(errors.map((name) => files.get(name))).size === 1) {
    files.set("error.txt", files.get(errors[0]!)!);
    for (const name of errors) files.delete(name);
  }
  const said = [...files.keys()].filter((name) => name.startsWith("stderr."));
  if (said.length > 1 && said.length + errors.length === commands && new Set(said.map((name) => files.get(name))).size === 1) {
    files.set("stderr.txt", files.get(said[0]!)!);
    for (const name of said) files.delete(name);
  }
}
