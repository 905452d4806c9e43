import { main } from "../main.ts";

/** What a command line ended with. */
export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a command line runs. */
export interface Surroundings {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970 UTC; default 0. */
  readonly now?: number;
}

/** Runs one command line in this process, without a terminal and with an empty stdin. */
export async function runCommandLine(
  words: readonly string[],
  { cwd, environment = {}, now = 0 }: Surroundings,
): Promise<CommandOutcome> {
  let stdout = "";
  let stderr = "";
  const text = (data: string | Uint8Array): string =>
    typeof data === "string" ? data : Buffer.from(data).toString("utf8");
  const code = await main([...words], {
    stdout: { write: (data) => void (stdout += text(data)), isTTY: false },
    stderr: { write: (data) => void (stderr += text(data)), isTTY: false },
    stdin: () => new Uint8Array(),
    cwd,
    environment,
    now: () => now,
  });
  return { code, stdout, stderr };
}
