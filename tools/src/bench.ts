import { benchArgocd } from "./bench/argocd.ts";
import { benchHelm } from "./bench/helm.ts";
import { benchHelmfile } from "./bench/helmfile.ts";
import { benchPivot } from "./bench/pivot.ts";
import { benchSource } from "./bench/source.ts";

/** `npm run bench -- KIND …`: what a thing costs, beside the peer it is measured against. */
const kinds: Readonly<Record<string, (args: readonly string[]) => number>> = {
  helm: benchHelm,
  helmfile: benchHelmfile,
  argocd: benchArgocd,
  pivot: benchPivot,
  source: benchSource,
};

const [kind = "", ...args] = process.argv.slice(2);
const run = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
if (run) process.exitCode = run(args);
else {
  console.error(`usage: npm run bench -- ${Object.keys(kinds).join("|")}`);
  process.exitCode = 2;
}
