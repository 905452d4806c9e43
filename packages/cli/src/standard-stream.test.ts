import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const program = fileURLToPath(new URL("../bin/tiphys.js", import.meta.url));
const lines = 100_000;
let chart: string;

beforeAll(() => {
  chart = mkdtempSync(join(tmpdir(), "tiphys-stream-"));
  mkdirSync(join(chart, "templates"));
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: long\nversion: 1.0.0\n");
  writeFileSync(join(chart, "templates", "a.yaml"), `a:\n{{ range until ${lines} }}- a line of text\n{{ end }}`);
});
afterAll(() => rmSync(chart, { recursive: true, force: true }));

it("writes everything before the process ends, however slow the reader is", async () => {
  const child = spawn(process.execPath, [program, "template", "x", chart], { stdio: ["ignore", "pipe", "inherit"] });
  let length = 0;
  for await (const chunk of child.stdout) {
    length += (chunk as Buffer).length;
    if (length < 500_000) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(length).toBe("---\n# Source: long/templates/a.yaml\na:\n".length + lines * "- a line of text\n".length);
});

it("ends quietly when nobody reads on", async () => {
  const child = spawn(process.execPath, [program, "template", "x", chart], { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (data: Buffer) => (complaint += data.toString()));
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect(await ended).toEqual([0, null]);
  expect(complaint).toBe("");
});
