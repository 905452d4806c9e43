/** A program to run, as helmfile starts it: no shell. All strings are byte strings. */
export interface CommandRequest {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the process's own environment. */
  readonly environment: ReadonlyMap<string, string>;
  readonly input: string;
  /** Absolute. */
  readonly directory: string;
}

/** How a program ended. `path` is where it was found. */
export type CommandResult =
  | {
      readonly kind: "exited";
      readonly path: string;
      readonly status: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly combined: string;
    }
  | { readonly kind: "failed"; readonly message: string };

/** Runs programs for a face that was allowed to. */
export type CommandRunner = (request: CommandRequest) => CommandResult;

/** pkg/helmexec/exit_error.go of helmfile 1.8.0: what it says of a command that ended badly. */
export function exitMessage(
  request: CommandRequest,
  result: CommandResult & { readonly kind: "exited" },
  shownArgs: readonly string[],
): string {
  const lines = [`PATH:\n${indent(result.path)}`, "\n\nARGS:"];
  [request.command, ...shownArgs].forEach((arg, index) =>
    lines.push(`\n${indent(`${index}: ${arg} (${arg.length} bytes)`)}`),
  );
  lines.push(
    `\n\nERROR:\n${indent(`exit status ${result.status}`)}`,
    `\n\nEXIT STATUS\n${indent(String(result.status))}`,
  );
  if (result.stderr !== "") lines.push(`\n\nSTDERR:\n${indent(result.stderr)}`);
  if (result.combined !== "") lines.push(`\n\nCOMBINED OUTPUT:\n${indent(result.combined)}`);
  return `command "${result.path}" exited with non-zero status:\n\n${lines.join("")}`;
}

/** helmfile's indent: empty lines vanish, and so does the break before the last line. */
export function indent(text: string): string {
  const lines = text.split("\n");
  const last = lines.length - 1;
  let out = "";
  lines.forEach((line, index) => {
    if (line === "") return;
    if (index > 0 && index < last) out += "\n";
    out += `  ${line}`;
  });
  return out;
}
