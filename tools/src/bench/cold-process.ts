import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The command line as a user starts it. */
export const tiphysBinary = fileURLToPath(new URL("../../../packages/cli/bin/tiphys.js", import.meta.url));

/** What the command line does to V8 before anything else. */
export const v8Settings = fileURLToPath(new URL("../../../packages/cli/bin/compile-later.js", import.meta.url));

/** What one process took from its start to its end. */
export interface ProcessCost {
  readonly wallMs: number;
  /** Of all processors, with its own children; undefined without GNU time. */
  readonly cpuMs?: number;
  readonly peakMB?: number;
  readonly status: number;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const gnuTime = "/usr/bin/time";

/**
 * Runs a program to its end, its output thrown away. Without NODE_EXTRA_CA_CERTS: Node 20 reads and parses all the system's certificates
 * at every start where it is set, which takes longer than all else that Node does.
 */
export function runCold(command: string, args: readonly string[], options: ProcessOptions = {}): ProcessCost {
  const measured = existsSync(gnuTime);
  const line = measured ? [gnuTime, "-f", "\ncost %U %S %M", command, ...args] : [command, ...args];
  const began = performance.now();
  const { status, stderr, error } = spawnSync(line[0]!, line.slice(1), {
    ...options,
    env: { ...(options.env ?? process.env), NODE_EXTRA_CA_CERTS: undefined },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "latin1",
    maxBuffer: 1 << 28,
  });
  const wallMs = performance.now() - began;
  if (error) throw error;
  const cost = /\ncost ([\d.]+) ([\d.]+) (\d+)\s*$/.exec(stderr);
  const more =
    cost === null ? {} : { cpuMs: (Number(cost[1]) + Number(cost[2])) * 1000, peakMB: Number(cost[3]) / 1024 };
  return { wallMs, ...more, status: status ?? -1, stderr: cost === null ? stderr : stderr.slice(0, cost.index) };
}

/** The quickest of several runs: what else the machine does only ever adds. */
export function quickest(repeats: number, run: () => ProcessCost): ProcessCost {
  let best = run();
  for (let index = 1; index < repeats; index++) {
    const next = run();
    if (next.wallMs < best.wallMs) best = next;
  }
  return best;
}

export function isOnPath(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).error === undefined;
}
