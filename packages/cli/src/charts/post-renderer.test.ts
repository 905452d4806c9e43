import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCommandLine } from "../testing/run-command-line.ts";

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tiphys-post-"));
  const files = {
    "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    "c/templates/a.yaml": "a: b\n",
    "p/endless/plugin.yaml":
      "apiVersion: v1\nname: endless\ntype: postrenderer/v1\nruntime: subprocess\nversion: 1.0.0\nruntimeConfig:\n  platformCommand: [{command: 'yes'}]\n",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

it.each([
  [
    "4.3.1",
    "endless",
    /failed to invoke post-renderer plugin "endless": unsupported: it printed more than 67108864 bytes/,
  ],
  [
    "3.19.4",
    "yes",
    /error while running command [^ ]*yes\. error output:\n: unsupported: it printed more than 67108864 bytes/,
  ],
])("a post-renderer that prints without end, as Helm %s", async (version, name, message) => {
  const words = ["template", "x", "c", "--helm-version", version, "--allow-exec", "--post-renderer", name];
  const environment = { PATH: process.env["PATH"], HELM_PLUGINS: join(cwd, "p") };
  const { code, stdout, stderr } = await runCommandLine(words, { cwd, environment });
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});
