import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type CommandOutcome, runCommandLine } from "./testing/run-command-line.ts";

const base = mkdtempSync(join(tmpdir(), "tiphys-flags-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const folder = join(base, "workspace");

const releases = (chart: string): string =>
  `environments: {dev: {values: [{name: web, list: [x, y], n: 1}]}}\n---\nreleases:\n- name: {{ .Values.name }}\n  chart: ${chart}\n  values:\n  - values: {{ .Values | toJson }}\n    token: {{ env "TOKEN" | quote }}\n    more: {{ env "MORE" | quote }}\n`;
const files: Readonly<Record<string, string>> = {
  "workspace/helmfile.yaml.gotmpl": releases("./chart"),
  "workspace/more/other.yaml.gotmpl": releases("../chart"),
  "workspace/chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
  "workspace/first.env": "# a comment\nexport TOKEN=\"a b\" # and one behind\nMORE='1\n2'\n\nEMPTY=\n",
  "workspace/second.env": "TOKEN=second\n",
  "workspace/bad.env": "TOKEN=x\nMORE='1\n2'\nno assignment\n",
  "outside.yaml": "list: [z]\nfile: true\n",
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(base, path)), { recursive: true });
  writeFileSync(join(base, path), text);
}

function run(command: string, ...words: string[]): Promise<CommandOutcome> {
  return runCommandLine([command, "-e", "dev", "-o", "json", ...words], { cwd: folder });
}

async function values(...words: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run("values", "web", ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

it("reads variables from files, the later above the earlier and --env above all", async () => {
  expect(await values("--env-file", "first.env")).toMatchObject({ token: "a b", more: "1\n2" });
  expect(await values("--env-file", "first.env", "--env-file", "second.env")).toMatchObject({ token: "second" });
  expect(await values("--env", "TOKEN=mine", "--env-file", "second.env")).toMatchObject({ token: "mine", more: "" });
});

it("takes state values from the command line and from files anywhere", async () => {
  const set = ["--state-values-set", "list[1]=q,n=2", "--state-values-set-string", "s=3"];
  expect(await values(...set)).toMatchObject({ values: { list: ["x", "q"], n: 2, s: "3" } });
  const file = ["--state-values-file", join("..", "outside.yaml")];
  expect(await values(...file, ...set)).toMatchObject({ values: { list: ["z", "q"], file: true, s: "3" } });
});

it("begins with the helmfile that --file names", async () => {
  const listed = async (...words: string[]): Promise<unknown> =>
    (JSON.parse((await run("inventory", "--list", ...words)).stdout) as { layer: string }[]).map(({ layer }) => layer);
  expect(await listed("--file", "more/other.yaml.gotmpl")).toEqual(["other"]);
  expect(await listed("--file", "more")).toEqual(["other"]);
  expect(await listed("-f", "more/other.yaml.gotmpl", "--path", folder)).toEqual(["other"]);
});

it.each([
  [
    ["--env-file", "bad.env"],
    "error: --env-file bad.env: this line is no NAME=VALUE\n --> bad.env:4\n  fix: write NAME=VALUE, or # in front of a comment; quotes must be closed\n",
  ],
  [["--env-file", "no.env"], `error: --env-file no.env: there is no ${join(folder, "no.env")}\n`],
  [["--env-file", "chart"], "error: --env-file chart: is a directory\n"],
  [["--state-values-set", "a"], 'error: --state-values-set a: no "=" in it\n'],
  [["--state-values-file", "no.yaml"], `error: --state-values-file no.yaml: there is no ${join(folder, "no.yaml")}\n`],
  [["-f", "no.yaml"], `error: --file no.yaml: there is no ${join(folder, "no.yaml")}\n`],
  [["-f", "../x"], `error: --file ../x is outside of the workspace ${folder}\n  fix: name its root with --path\n`],
])("%j is refused", async (words, stderr) => {
  expect(await run("inventory", ...words)).toMatchObject({ code: 2, stdout: "", stderr });
});
