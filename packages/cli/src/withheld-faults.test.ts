import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runCommandLine } from "./testing/run-command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "tiphys-withheld-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files: Readonly<Record<string, string>> = {
  "helmfile.yaml.gotmpl": `environments: {dev: {values: [env.yaml.gotmpl]}}
---
releases:
- name: web
  chart: ./chart
  values:
  - reference: ref+vault://team/web#password
  - nested: {list: [{{ exec "echo" (list "hi") | quote }}]}
    environment: {{ .Values.fromEnvironment }}
- name: db
  chart: ./chart
  secrets: [plain.yaml]
- name: free
  chart: ./chart
`,
  "remote.yaml": `environments: {dev: {values: [{a: 1}]}, far: {values: ["git::https://example.org/team/values.git@env.yaml?ref=main"]}}
---
releases:
- name: web
  chart: ./chart
  values: ["https://example.org/web.yaml", {b: 1}]
- name: free
  chart: ./chart
`,
  "env.yaml.gotmpl": 'other: 1\nfromEnvironment: {{ exec "date" (list) | quote }}\n',
  "plain.yaml": "password: hunter2\n",
  "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
  "chart/templates/values.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {{ toJson .Values }}\n",
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Each warning's first two lines: what it says, and where. */
async function warnings(...words: string[]): Promise<string[]> {
  const { stdout, stderr, code } = await runCommandLine([...words, "-e", "dev"], { cwd: folder });
  expect(code).toBe(0);
  expect(stdout + stderr).not.toContain("hunter2");
  return [...stderr.matchAll(/^warning\[(.+\n --> .+)$/gm)].map(([, text]) => text!.replace("\n --> ", " @ "));
}

const ofWeb = [
  "secret-reference]: ref+vault://team/web#password was not fetched: release web lacks reference; withheld-by-tiphys-3 stands for it @ helmfile.yaml.gotmpl:7:16",
  "exec-in-values]: date was not run: release web lacks environment; withheld-by-tiphys-1 stands for it @ env.yaml.gotmpl:2:21",
  "exec-in-values]: echo hi was not run: release web lacks nested.list[0]; withheld-by-tiphys-2 stands for it @ helmfile.yaml.gotmpl:8:24",
];

it("values names each value that waits, at the call that it waits for", async () => {
  expect(await warnings("values", "web")).toEqual(ofWeb);
  expect(await warnings("values", "free")).toEqual([]);
});

it("a file of secrets that nobody may read is named, and no line of it shown", async () => {
  const said = "sops-secrets]: plain.yaml was not decrypted: release db lacks password";
  expect(await warnings("values", "db")).toEqual([
    `${said}; withheld-by-tiphys-3 stands for it @ helmfile.yaml.gotmpl:10:3 (releases[name=db])`,
  ]);
  expect(await warnings("render", "--helmfile", "db")).toEqual([
    `${said} @ helmfile.yaml.gotmpl:10:3 (releases[name=db])`,
  ]);
});

it("render --helmfile says what its manifests lack", async () => {
  expect(await warnings("render", "--helmfile", "web", "free")).toEqual(ofWeb);
});

it("a remote values file that nothing fetches is an error, and holds its releases up", async () => {
  const run = (...words: string[]) => runCommandLine([...words, "-f", "remote.yaml", "--offline"], { cwd: folder });
  const web =
    "error[remote-file]: https://example.org/web.yaml was not fetched: release web waits for it\n --> remote.yaml:4:3";
  const values = await run("values", "web", "-e", "dev");
  expect(values).toMatchObject({ code: 2, stdout: "b: 1\n", stderr: expect.stringContaining(web) });
  expect(await run("values", "free", "-e", "dev")).toEqual({ code: 0, stdout: "{}\n", stderr: "" });
  const rendered = await run("render", "--helmfile", "--show-secrets", "-e", "dev", "web");
  expect(rendered).toMatchObject({ code: 2, stderr: expect.stringContaining(web) });
  expect((await run("values", "free", "-e", "far")).stderr).toContain(
    "git::https://example.org/team/values.git@env.yaml?ref=main was not fetched: release free waits for it",
  );
  const rows = JSON.parse((await run("inventory", "-o", "json")).stdout) as { name: string; blockers: string[] }[];
  expect(rows.map(({ name, blockers }) => [name, blockers])).toEqual(
    Array.from({ length: 2 }, () => ["web", ["remote-file"]]).concat(
      Array.from({ length: 2 }, () => ["free", ["remote-file"]]),
    ),
  );
});
