"use strict";
const { parentPort, Worker, workerData } = require("node:worker_threads");
const { loadCommandLine } = require("./load.js");

/** Helm allows 1,000 templates within each other, which can need many times the megabyte that V8 gives the main thread. */
const stackSizeMb = 64;

/** The same command line once more where the stack is deep. Resolves to its exit code. */
function runWithDeepStack(argv, stdin) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(__filename, { workerData: { argv, stdin }, resourceLimits: { stackSizeMb } });
    let exitCode;
    worker.on("message", (code) => (exitCode = code));
    worker.on("error", reject);
    // Without a message it ended itself: nobody reads its output any more.
    worker.on("exit", (code) => resolve(exitCode ?? code));
  });
}

async function start({ argv, stdin }) {
  const { main, processIo } = await loadCommandLine();
  const io = processIo();
  parentPort.postMessage(await main(argv, stdin === undefined ? io : { ...io, stdin: () => stdin }));
}

if (parentPort === null) module.exports = { runWithDeepStack };
else start(workerData);
