"use strict";
/**
 * V8 starts to optimise a function after about a millisecond in it, and the compiler works beside the program. In a run of a second it takes
 * a third of the processors, more than its code gives back; with these limits, some fifteen times V8's own, a run of ten seconds takes the same
 * as before. The flag is another since Node 22; an unknown one would be complained of, so versions that nobody has tried keep their own limits.
 */
const flags = new Map([
  ["11", "--interrupt-budget=1000000"],
  ["12", "--invocation-count-for-turbofan=20000"],
  ["13", "--invocation-count-for-turbofan=20000"],
]);
const flag = flags.get(process.versions.v8.split(".")[0]);
if (flag !== undefined) require("node:v8").setFlagsFromString(flag);
