import type { Command } from "commander";

/** The outside world as a command sees it; tests pass their own. */
export interface Io {
  /** Writes data. Byte strings go through `bytes`. */
  readonly stdout: { write(data: string | Uint8Array): void; readonly isTTY: boolean };
  readonly stderr: { write(data: string | Uint8Array): void; readonly isTTY: boolean };
  /** All of standard input; called only by commands that were told to read `-`. */
  readonly stdin: () => Uint8Array;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Names this program's code: a build that differs in anything has another. Absent where nobody knows. */
  readonly build?: string;
  /** Runs the whole command line once more where the stack is deep, and resolves to its exit code. Absent where it already is. */
  readonly withDeepStack?: () => Promise<number>;
}

export interface CommandRun {
  readonly io: Io;
  /** Positional arguments in order. */
  readonly arguments: readonly string[];
  /** Options by camel-cased name, as commander gives them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The raw words after the command's name, for commands where the order of flags matters. */
  readonly rawArguments: readonly string[];
}

/** One command: its words for `--help`, and what it does. Every module in `commands/` exports one of these as `command`. */
export interface CommandModule {
  /** Adds arguments, options and help text to the commander command that carries its name. */
  readonly configure: (command: Command) => void;
  /** Does the work. Resolves to the exit code: 0 done or nothing found, 1 findings or differences, 2 error. */
  readonly run: (run: CommandRun) => Promise<number>;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** A fault of the user that ends the command: its text goes to stderr as it is, the exit code is 2 unless given. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly exitCode: number;
  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}
