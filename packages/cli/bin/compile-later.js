"use strict";
/**
 * V8 starts to optimise a function after about a millisecond in it, and the compiler works beside the program. In a run of a second it takes
 * a third of the processors, more than its code gives back; with seven times V8's own budget (in bytes of bytecode) a run of ten seconds
 * takes the same as before. Newer versions than Node 20's count calls instead, wait longer by themselves, and complain of a flag that they do
 * not know.
 */
if (process.versions.v8.startsWith("11.")) require("node:v8").setFlagsFromString("--interrupt-budget=500000");
