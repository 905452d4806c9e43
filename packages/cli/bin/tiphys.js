#!/usr/bin/env node
"use strict";
// CommonJS, because Node starts it some milliseconds sooner than a module.
const { loadCommandLine } = require("./load.js");

process.stdout.on("error", (error) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

async function start() {
  const { main, processIo } = await loadCommandLine();
  process.exitCode = await main(process.argv.slice(2), processIo());
}

start();
