// Loaded before the command line: tells at the end what the process took. Linux hands getrusage's peak of memory on from the parent,
// so it is read from /proc.
import { appendFileSync, readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

if (isMainThread)
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    const megabytes = Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
    const seconds = (userCPUTime + systemCPUTime) / 1e6;
    appendFileSync(process.env.USAGE_FILE, `${JSON.stringify({ megabytes, seconds })}\n`);
  });
