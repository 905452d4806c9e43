import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostileEstates } from "./hostile/estates.ts";
import { runHostile } from "./hostile/run.ts";
import { isFull, root } from "./pivot/workspace.ts";

/* Helmfiles that want to do harm, each between two sound ones and in a process of its own. */

const isReady = existsSync(join(root, "packages/cli/dist/main.js")) && existsSync("/proc/self/status");
if (!isReady) console.warn("skipped: the command line is not built, or there is no /proc");

const mostSeconds = 5;
const mostMegabytes = 512;

const sound = {
  "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
  "chart/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n",
  "first/helmfile.yaml": "releases:\n- {name: first-sound, namespace: n, chart: ../chart}\n",
  "last/helmfile.yaml": "releases:\n- {name: last-sound, namespace: n, chart: ../chart}\n",
};

const rooted = (bad: string): string => `helmfiles:\n- first/helmfile.yaml\n- bad/${bad}\n- last/helmfile.yaml\n`;

describe.skipIf(!isReady)("hostile estates", () => {
  const chosen = hostileEstates.filter(({ isQuick }) => isFull || isQuick === true);
  it.each(chosen)("$name", { timeout: 120_000 }, ({ files, words = ["inventory", "--list"], error, place }) => {
    const name = "helmfile.yaml.gotmpl" in files ? "helmfile.yaml.gotmpl" : "helmfile.yaml";
    const bad = Object.fromEntries(Object.entries(files).map(([path, content]) => [`bad/${path}`, content]));
    const outcome = runHostile({ ...sound, "helmfile.yaml": rooted(name), ...bad }, [...words, "--offline"]);
    const { code, stdout, stderr, seconds, megabytes } = outcome;
    expect(stderr).not.toMatch(/fault of tiphys|^ +at .*:\d+:\d+/m);
    if (error === undefined) expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    else {
      expect(stderr).toMatch(error);
      expect(stderr.split("\n")).toContainEqual(expect.stringMatching(place ?? new RegExp(`^ --> bad/${name}:\\d+`)));
      expect(stderr).toContain("\n  fix: ");
      expect(code).toBe(2);
    }
    expect(stdout).toContain("first-sound");
    expect(stdout).toContain("last-sound");
    expect(seconds).toBeLessThan(mostSeconds);
    expect(megabytes).toBeLessThan(mostMegabytes);
  });
});
