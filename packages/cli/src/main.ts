import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { commands } from "./commands.ts";
import type { CommandEntry, Io } from "./command.ts";
import { FileTreeError } from "@tiphys/source";
import { UserError } from "./command.ts";
import { standardStream } from "./standard-stream.ts";
import { systemReason } from "./charts/system-reason.ts";
import { version } from "./version.ts";
import { unlockAll } from "./write/lock.ts";

/**
 * Runs one command line and resolves to its exit code: 0 done or nothing found, 1 findings or differences, 2 error.
 * `argv` has neither the interpreter nor the script. Only this module knows exit codes.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const program = new Command("tiphys");
  program
    .description("From Helmfile to Argo CD ApplicationSets with Helm sources: inventory, migrate, prove.")
    .version(version, "-v, --version", "print the version")
    .helpCommand("help [command]", "help for a command")
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      getOutHelpWidth: () => (io.stdout.isTTY ? (process.stdout.columns ?? 80) : 80),
      writeErr: (text) => io.stderr.write(text.startsWith("error:") ? `${text.trimEnd()}\n` : text),
    })
    .addHelpText(
      "after",
      "\nOptions stand behind the command. Exit codes: 0 done or nothing found, 1 findings or differences, 2 error.",
    );
  let exitCode = 0;
  const wanted = commandWord(argv);
  for (const entry of commands) {
    const command = program.command(entry.name).description(entry.summary).exitOverride();
    command.configureOutput(program.configureOutput());
    if (wanted === entry.name) {
      exitCode = 0;
      await attach(command, entry, { io, argv, done: (code) => (exitCode = code) });
    }
  }
  if (argv.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    if (argv[0] === "help" && wanted !== undefined) assertCommand(wanted, program);
    assertOptionsBehind(argv[0]!, program, wanted);
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    return reportError(error, io);
  } finally {
    unlockAll();
  }
}

/** `tiphys --path x inventory`: only --version and --help stand before the command. */
function assertOptionsBehind(first: string, program: Command, wanted: string | undefined): void {
  if (!first.startsWith("-") || wanted === undefined || first === "-h" || first === "--help") return;
  if (program.options.some((option) => option.short === first || option.long === first)) return;
  throw new UserError(
    `error: unknown option '${first}'; options stand behind the command, as in: tiphys inventory --path FOLDER`,
  );
}

/** `help` of a command that is not there says so, as the command itself would. */
function assertCommand(name: string, program: Command): void {
  if (program.commands.some((command) => command.name() === name)) return;
  throw new UserError(`error: unknown command '${name}'; tiphys --help lists them`);
}

/** The command that `argv` names, also behind `help`. */
function commandWord(argv: readonly string[]): string | undefined {
  const words = argv.filter((word) => !word.startsWith("-"));
  return words[0] === "help" ? words[1] : words[0];
}

interface Attachment {
  readonly io: Io;
  readonly argv: readonly string[];
  readonly done: (exitCode: number) => void;
}

async function attach(command: Command, entry: CommandEntry, { io, argv, done }: Attachment): Promise<void> {
  const module = await entry.load();
  module.configure(command);
  command.action(async () => {
    const rawArguments = argv.slice(argv.indexOf(entry.name) + 1);
    done(await module.run({ io, arguments: command.args, options: command.opts(), rawArguments }));
  });
}

function reportError(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    io.stderr.write(error.message.endsWith("\n") ? error.message : `${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof FileTreeError) {
    io.stderr.write(`error: ${error.message}\n`);
    return 2;
  }
  if (error instanceof Error && "syscall" in error && "path" in error) {
    io.stderr.write(`error: ${String(error.path)}: ${systemReason(error)}\n`);
    return 2;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(`error: this is a fault of tiphys ${version}, not of your files:\n${text}\n`);
  return 2;
}

/** The process's own streams, folder, variables and clock. */
export function processIo(): Io {
  return {
    stdout: standardStream(1),
    stderr: standardStream(2),
    stdin: () => readFileSync(0),
    cwd: process.cwd(),
    environment: process.env,
    now: Date.now,
  };
}
