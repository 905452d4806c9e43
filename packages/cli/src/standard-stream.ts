import { fstatSync, writeSync } from "node:fs";
import type { Io } from "./command.ts";

/** How long a full pipe that does not wait is left to its reader before the next try, in milliseconds. */
const pause = 2;

/**
 * Standard output (1) or standard error (2), written at once and in order. Node's own streams would load its network modules, which takes
 * longer than rendering a small chart. A reader that has gone ends the process quietly, as it does for `helm template | head`.
 */
export function standardStream(descriptor: 1 | 2): Io["stdout"] {
  return {
    write: (data) => writeAll(descriptor, typeof data === "string" ? Buffer.from(data) : data),
    get isTTY() {
      return isTerminal(descriptor);
    },
  };
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE" || code === "EOF") process.exit(0);
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
}

function isTerminal(descriptor: number): boolean {
  try {
    // Only a character device can be one; for all others the terminal's module need not be loaded.
    return fstatSync(descriptor).isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(descriptor);
  } catch {
    return false;
  }
}
