import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { runCommandLine } from "./testing/run-command-line.ts";

const before = fileURLToPath(new URL("../../../examples/reference-estate", import.meta.url));
const after = fileURLToPath(new URL("../../../examples/reference-gitops", import.meta.url));
const empty = mkdtempSync(join(tmpdir(), "tiphys-unknown-name-"));
afterAll(() => rmSync(empty, { recursive: true, force: true }));

test.each([
  [
    "inventory -e locl",
    'unknown environment "locl"; known are local, dev, staging, production',
    'did you mean "local"?',
  ],
  ["values keyclok -e local --offline", 'there is no release in local named "keyclok"', 'did you mean "keycloak"?'],
  ["render keyclok --helmfile -e local --offline", 'there is no release "keyclok"', 'did you mean "keycloak"?'],
  ["render --layer 24-aut --helmfile -e local --offline", 'there is no layer "24-aut"', 'did you mean "24-auth"?'],
  [
    "apps platform-keyclok -e local --offline",
    'there is no Application "platform-keyclok"',
    'did you mean "platform-keycloak"?',
  ],
  [
    "waves --app platform-keyclok -e local --offline",
    'there is no Application "platform-keyclok"',
    'did you mean "platform-keycloak"?',
  ],
  [
    "diff platform-keyclok --live . -e local --offline",
    'there is no Application "platform-keyclok"',
    'did you mean "platform-keycloak"?',
  ],
  [
    "render platform-keyclok -e local --offline",
    'there is no Application "platform-keyclok"',
    'did you mean "platform-keycloak"?',
  ],
])("%s", { timeout: 60_000 }, async (line, message, fix) => {
  const cwd = message.includes("Application") ? after : before;
  const { code, stdout, stderr } = await runCommandLine(line.split(" "), { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(`error: ${message}\n  fix: ${fix}\n`);
});

test("a folder with nothing in it is not called sound without a word", async () => {
  const said = `no ApplicationSet or Application was found below ${empty}\n`;
  expect(await runCommandLine(["check"], { cwd: empty })).toEqual({ code: 0, stdout: "nothing found\n", stderr: said });
  const { code, stderr } = await runCommandLine(["render"], { cwd: empty });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: no ApplicationSet or Application was found\n {2}fix: name the workspace/);
});
