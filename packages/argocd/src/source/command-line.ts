import { quoteGo } from "@tiphys/gotemplate";

/** A command as Argo CD logs it. Upstream: Argo CD v3.6.1 util/exec/exec.go GetCommandArgsToLog. */
export function commandLine(args: readonly string[]): string {
  return args.map((arg) => (arg === "" ? '""' : /[\s\x85\xa0]/.test(arg) ? quoteGo(arg) : arg)).join(" ");
}

/** What a failed command looks like in an error: its arguments as they are. Upstream: util/exec/exec.go CmdError. */
export function commandFailure(args: readonly string[], stderr: string, exitCode = 1): string {
  const text = stderr.trim();
  return `\`${args.join(" ")}\` failed exit status ${exitCode}${text === "" ? "" : `: ${text}`}`;
}
