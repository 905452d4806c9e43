import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { CommandRunner } from "@tiphys/helmfile";

/** Runs commands that the user allowed, in their folder below `root`, without a shell. Output is limited to 64 MiB, time to a minute. */
export function commandRunner(root: string): CommandRunner {
  return (request) => {
    const command = fromByteString(request.command);
    const result = spawnSync(command, request.args.map(fromByteString), {
      cwd: resolve(root, fromByteString(request.directory)),
      input: Buffer.from(request.input, "latin1"),
      env: {
        ...process.env,
        ...Object.fromEntries(
          [...request.environment].map(([name, value]) => [fromByteString(name), fromByteString(value)]),
        ),
      },
      timeout: 60_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (result.error !== undefined)
      return { kind: "failed", message: `exec: "${request.command}": ${result.error.message}` };
    const stdout = bytesToByteString(result.stdout);
    const stderr = bytesToByteString(result.stderr);
    return {
      kind: "exited",
      path: request.command,
      status: result.status ?? 1,
      stdout,
      stderr,
      combined: stdout + stderr,
    };
  };
}
