#!/usr/bin/env node
"use strict";
// CommonJS, because Node starts it some milliseconds sooner than a module.
require("./compile-later.js");
const { loadCommandLine } = require("./load.js");

async function start() {
  const { main, processIo, build } = await loadCommandLine();
  const argv = process.argv.slice(2);
  const io = processIo();
  let stdin;
  const exitCode = await main(argv, {
    ...io,
    build,
    stdin: () => (stdin ??= io.stdin()),
    withDeepStack: () => require("./deep-stack.js").runWithDeepStack(argv, stdin),
  });
  // All output is written; what V8 would still tidy up goes with the process.
  process.exit(exitCode);
}

start();
