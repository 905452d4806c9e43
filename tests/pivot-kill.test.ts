import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyOf, filesOf, isFull, root, seeded, tiphys, workspaceOf } from "./pivot/workspace.ts";

const program = join(root, "packages/cli/bin/tiphys.js");
const isBuilt = existsSync(join(root, "packages/cli/dist/main.js"));
if (!isBuilt) console.warn("skipped: the command line is not built");

/** An estate whose move writes some hundred files. */
function estate(): string {
  const files: Record<string, string> = {
    "tiphys.yaml":
      "helmfile: helmfile.yaml\ngitops: { root: gitops, repoURL: https://git.example/gitops.git, targetRevision: main }\nenvironments: { dev: {}, prod: {} }\n",
    "helmfile.yaml": `environments:\n  dev: {}\n  prod: {}\n---\nreleases:\n${Array.from({ length: 30 }, (_, index) => `  - { name: web-${index}, namespace: shop, chart: ./charts/web, values: [{ index: ${index} }] }\n`).join("")}`,
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  };
  for (let index = 0; index < 150; index++)
    files[`charts/web/templates/settings-${index}.yaml`] =
      `{{- if eq .Values.index ${index}.0 }}\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n{{- end }}\n`;
  return workspaceOf(files);
}

/** Runs `migrate --write` and kills it after `delay` milliseconds; resolves to whether it had ended by itself. */
function killedAfter(folder: string, delay: number): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, "migrate", "--path", folder, "--offline", "--write"], {
      stdio: "ignore",
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), delay);
    child.once("exit", (_code, signal) => {
      clearTimeout(timer);
      resolve(signal === null);
    });
  });
}

test.skipIf(!isBuilt)(
  "killed at any moment, the tree is as before or as after, or the next run makes it so",
  { timeout: 600_000 },
  async () => {
    const before = estate();
    const original = filesOf(before);
    const done = copyOf(before);
    const started = Date.now();
    expect(await killedAfter(done, 120_000)).toBe(true);
    const duration = Date.now() - started;
    const finished = filesOf(done);
    expect(finished.size).toBeGreaterThan(original.size + 200);
    const random = seeded(3);
    const outcomes = { before: 0, between: 0, after: 0 };
    for (let run = 0; run < (isFull ? 200 : 6); run++) {
      const folder = copyOf(before);
      // Most of the time goes by before the first file is written: more of the kills fall into the end.
      await killedAfter(folder, duration * (0.4 + 0.65 * Math.sqrt(random())));
      const left = new Map([...filesOf(folder)].filter(([path]) => !path.startsWith(".tiphys/")));
      if (sameFiles(left, original)) outcomes.before++;
      else if (sameFiles(left, finished)) outcomes.after++;
      else outcomes.between++;
      const { code, stderr } = await tiphys(folder, "migrate", "--write");
      expect(code, stderr).toBe(0);
      expect(sameFiles(filesOf(folder), finished)).toBe(true);
    }
    console.log(`killed: ${JSON.stringify(outcomes)}`);
  },
);

function sameFiles(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([path, content]) => right.get(path) === content);
}
