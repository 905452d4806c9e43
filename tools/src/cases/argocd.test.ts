import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { argocdRunners } from "./argocd.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Our own cases (each once a difference to Argo CD), and the recorded ones beside the repository. */
describe.each([
  "packages/argocd/cases",
  "../shared/cases/argocd",
  "../shared/cases/argocd-real",
  "../shared/cases/argocd-rollout",
  "../shared/cases/argocd-sync-plan",
])("%s", (path) => {
  const folder = join(root, path);
  if (!existsSync(folder)) {
    it.skip(`${path} is not there`, () => {});
    return;
  }
  it.each([...cases(folder)])("%s", (name) => {
    const place = join(folder, name);
    const result = argocdRunners.find((runner) => runner.matches(place))!.run(place);
    expect(`${result.verdict} ${result.detail ?? ""}`.trim()).toBe("equal");
  });
});

function* cases(folder: string, below = ""): Generator<string> {
  for (const name of readdirSync(join(folder, below)).sort()) {
    const path = below === "" ? name : `${below}/${name}`;
    if (!statSync(join(folder, path)).isDirectory()) continue;
    if (argocdRunners.some((runner) => runner.matches(join(folder, path)))) yield path;
    else yield* cases(folder, path);
  }
}
