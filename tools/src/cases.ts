import { runArgocdCases, runArgocdHealthCases } from "./cases/argocd.ts";
import { runEstateCases } from "./cases/estates.ts";
import { runHelmfileCases } from "./cases/helmfile.ts";

/** `npm run cases -- KIND FOLDER …`: the first word picks the runner. */
const kinds: Readonly<Record<string, (args: string[]) => number>> = {
  argocd: runArgocdCases,
  "argocd-health": runArgocdHealthCases,
  estates: runEstateCases,
  helmfile: runHelmfileCases,
};

const [kind = "", ...args] = process.argv.slice(2);
const run = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
if (run) process.exitCode = run(args);
else {
  console.error(`usage: npm run cases -- ${Object.keys(kinds).join("|")} FOLDER`);
  process.exitCode = 2;
}
