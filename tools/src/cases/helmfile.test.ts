import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { runHelmfileCase } from "./helmfile.ts";

/** Recorded with the real helmfile; they lie beside the repository and not in it. */
const folder = resolve(import.meta.dirname, "../../../../shared/cases/helmfile");
const names = existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(join(folder, name, "about.txt"))) : [];

describe("recorded helmfile cases", () => {
  it.skipIf(names.length > 0)("are not here: recorded cases of helmfile are skipped", () => {
    console.warn(`skipped: no cases in ${folder}`);
  });

  it.each(names)("%s", (name) => {
    const { verdict, detail } = runHelmfileCase(join(folder, name));
    expect(`${verdict}${verdict === "equal" ? "" : `: ${detail}`}`).toBe("equal");
  });
});
