import { isUserFault, NoMatchingHelmfileError } from "../state/error.ts";
import type { Run } from "./options.ts";

/** One call of helm that a command makes. Byte strings. */
export interface HelmCall {
  readonly args: readonly string[];
  /** Content of each `--values` file, in order; undefined when there is no such file. */
  readonly values: readonly (string | undefined)[];
}

/** What a helmfile command does. Texts are byte strings. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly helmCalls: readonly HelmCall[];
  /** Files that the command writes: path → content. */
  readonly files: ReadonlyMap<string, string>;
}

/** What a command has said and done so far. */
export class CommandOutput {
  stdout = "";
  readonly helmCalls: HelmCall[] = [];
  readonly files = new Map<string, string>();
}

/** Runs a command's body and turns its fault into exit code and message, as helmfile's main does. */
export function runCommand(run: Run, body: (output: CommandOutput) => void): CommandResult {
  const output = new CommandOutput();
  const done = (exitCode: number, message = ""): CommandResult => ({
    exitCode,
    stdout: output.stdout,
    stderr: run.session.log.join("") + (message === "" ? "" : `${message}\n`),
    helmCalls: output.helmCalls,
    files: output.files,
  });
  try {
    body(output);
    return done(0);
  } catch (error) {
    if (error instanceof NoMatchingHelmfileError) return done(run.allowNoMatchingRelease ? 0 : 3, error.message);
    if (!isUserFault(error)) throw error;
    return done(1, error.message);
  }
}
