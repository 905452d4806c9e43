import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runHelmfileCase } from "./helmfile.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Our own cases: each was once a difference to the real helmfile. */
describe("packages/helmfile/cases", () => {
  const folder = join(root, "packages/helmfile/cases");
  it.each(readdirSync(folder).filter((name) => existsSync(join(folder, name, "about.txt"))))("%s", (name) => {
    const result = runHelmfileCase(join(folder, name));
    expect(`${result.verdict} ${result.detail ?? ""}`.trim()).toBe("equal");
  });
});
