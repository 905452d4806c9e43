import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chartArchive, indexEntry, testIo } from "../charts/testing/chart-fixtures.ts";
import { startServer } from "../charts/testing/loopback-server.ts";
import { type CommandOutcome, runCommandLine } from "../testing/run-command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "tiphys-inventory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files: Readonly<Record<string, string>> = {
  "helmfile.yaml":
    "environments: {dev: {values: [{db: {enabled: false}}]}, live: {values: [{db: {enabled: true}}]}}\n---\nhelmfiles: [apps.yaml.gotmpl]\nreleases:\n  - {name: db, namespace: data, chart: stable/db, version: 1.2.3, condition: db.enabled, labels: {kind: store}}\n",
  "apps.yaml.gotmpl":
    "environments: {dev: {}, live: {}}\n---\nreleases:\n  - {name: 'keys-{{ .Environment.Name }}', chart: ./chart, values: [nosuch.yaml], needs: [other]}\n  - {name: other, chart: ./chart, installed: false}\n",
  "named.yaml.gotmpl":
    "environments:\n  {{ .Environment.Name }}:\n    values:\n      - colour: {{ .Environment.Name }}\n---\nreleases:\n  - {name: 'web-{{ .Values.colour }}', chart: ./chart}\n",
  "looped.yaml.gotmpl":
    'environments:\n{{ range splitList " " (requiredEnv "COLOURS") }}\n  {{ . }}:\n    values:\n      - colour: {{ . }}\n{{- end }}\n---\nreleases:\n  - {name: web, chart: ./chart}\n',
  "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
  "chart/templates/keys.yaml":
    'kind: Secret\napiVersion: v1\nmetadata: {name: keys}\nstringData:\n  rsa: {{ genPrivateKey "rsa" | quote }}\n  password: {{ htpasswd "user" "secret" | quote }}\n',
  "clock/Chart.yaml": "apiVersion: v2\nname: clock\nversion: 1.0.0\n",
  "clock/templates/job.yaml":
    'kind: ConfigMap\napiVersion: v1\nmetadata: {name: job}\ndata:\n  {{ if .Values.shown }}at: {{ now | date "2006-01-02" | quote }}{{ else }}year: {{ now | date "2006" | len | quote }}{{ end }}\n',
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function inventory(...words: string[]): Promise<CommandOutcome> {
  return runCommandLine(["inventory", "--offline", "--path", folder, ...words], { cwd: folder });
}

async function rows(...words: string[]): Promise<Record<string, unknown>[]> {
  return JSON.parse((await inventory("-o", "json", ...words)).stdout) as Record<string, unknown>[];
}

describe("inventory --list", () => {
  it("says what helmfile list says, and reads neither charts nor values", async () => {
    const { code, stdout, stderr } = await inventory("--list", "-e", "live");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
      ["ENVIRONMENT", "LAYER", "RELEASE", "NAMESPACE", "CHART", "VERSION", "ENABLED", "INSTALLED"],
      ["live", "apps", "keys-live", "-", "./chart", "-", "yes", "yes"],
      ["live", "apps", "other", "-", "./chart", "-", "yes", "no"],
      ["live", "helmfile", "db", "data", "stable/db", "1.2.3", "yes", "yes"],
      [""],
    ]);
  });

  it("lists the environment default of a helmfile that declares only others", async () => {
    expect(await rows("--list", "-e", "default")).toMatchObject([
      { environment: "default", name: "keys-default" },
      { environment: "default", name: "other" },
      { environment: "default", name: "db", enabled: false },
    ]);
    expect((await inventory("--list", "-e", "prod")).stderr).toBe(
      'error: unknown environment "prod"; known are dev, live\n',
    );
  });

  it("knows environments that a template names", async () => {
    const named = await rows("--list", "-e", "blue", "-f", "named.yaml.gotmpl");
    expect(named).toMatchObject([{ environment: "blue", name: "web-blue" }]);
    const looped = ["--list", "-f", "looped.yaml.gotmpl", "--env", "COLOURS=blue green"];
    expect(await rows(...looped)).toMatchObject([{ environment: "blue" }, { environment: "green" }]);
    expect((await inventory(...looped, "-e", "values")).stderr).toBe(
      'error: unknown environment "values"; known are blue, green\n',
    );
  });

  it("lists every environment, and what a selector chooses", async () => {
    const listed = await rows("--list", "-l", "kind=store");
    expect(listed).toMatchObject([
      { environment: "dev", name: "db", enabled: false, installed: true, labels: { kind: "store", name: "db" } },
      { environment: "live", name: "db", enabled: true, file: "helmfile.yaml" },
    ]);
    expect((await inventory("--list", "-l", "kind=none")).stderr).toBe("no release matches kind=none\n");
  });
});

describe("charts of repositories with a login", () => {
  it("are fetched with what the helmfile says, or with the variables that stand in for it", async () => {
    const archive = chartArchive("web", "1.0.0");
    const server = await startServer((request, response) => {
      const isKnown = request.headers.authorization === `Basic ${Buffer.from("me:s3cret").toString("base64")}`;
      if (!isKnown) return void response.writeHead(401).end();
      const index = `apiVersion: v1\nentries:\n  web:\n${indexEntry("web", "1.0.0", archive)}`;
      response.end(request.url === "/index.yaml" ? index : archive);
    });
    const io = testIo();
    try {
      const reasons = async (login: string, ...words: string[]): Promise<unknown> => {
        writeFileSync(
          join(io.folder, "helmfile.yaml"),
          `repositories:\n  - {name: our-own, url: "${server.url}"${login}}\nreleases:\n  - {name: web, chart: our-own/web, version: 1.0.0}\n`,
        );
        rmSync(join(io.folder, "cache"), { recursive: true, force: true });
        const { environment, folder: cwd } = io;
        const outcome = await runCommandLine(["inventory", "-o", "json", ...words], { cwd, environment });
        return (JSON.parse(outcome.stdout) as { blockers: unknown }[]).map(({ blockers }) => blockers);
      };
      expect(await reasons("")).toEqual([["chart-wanted"]]);
      expect(await reasons(", username: me, password: s3cret")).toEqual([[]]);
      expect(await reasons(", username: me", "--env", "OUR_OWN_PASSWORD=s3cret")).toEqual([[]]);
    } finally {
      io.dispose();
      await server.close();
    }
  });
});

describe("reasons that renderings give", () => {
  const helmfile = (releases: string): void =>
    writeFileSync(join(folder, "helmfile.yaml"), `environments: {dev: {}, live: {}}\n---\nreleases:\n${releases}`);

  it("finds random data without making keys, in every environment alike", async () => {
    helmfile("  - {name: keys, chart: ./chart}\n");
    const reasons = (await rows()).map((row) => row["reasons"]);
    expect(reasons).toEqual([expect.arrayContaining(["random-data"]), expect.arrayContaining(["random-data"])]);
  });

  it("calls a chart random that shows the time, and not one that only asks for it", async () => {
    helmfile(
      "  - {name: shown, chart: ./clock, values: [{shown: true}]}\n  - {name: asked, chart: ./clock, values: [{shown: false}]}\n",
    );
    const found = new Map((await rows("-e", "dev")).map((row) => [row["name"], row["reasons"]]));
    expect(found.get("shown")).toContain("random-data");
    expect(found.get("asked")).not.toContain("random-data");
  });

  it("holds up what the helmfile makes anew whenever it runs, and nothing beside it", async () => {
    writeFileSync(
      join(folder, "helmfile.yaml.gotmpl"),
      `environments: {dev: {}}
---
releases:
- {name: password, chart: ./clock, values: [{shown: false, password: '{{ randAlphaNum 8 }}'}]}
- {name: today, chart: ./clock, values: [{shown: false, today: '{{ now | date "2006-01-02" }}'}]}
- {name: "named-{{ uuidv4 }}", chart: ./clock, values: [{shown: false}]}
- {name: length, chart: ./clock, values: [{shown: false, length: {{ randAlphaNum 8 | len }}}]}
- {name: plain, chart: ./clock, values: [{shown: false}]}
`,
    );
    const found = (await rows("-f", "helmfile.yaml.gotmpl")).map(({ name, blockers }) => [
      String(name).slice(0, 6),
      blockers,
    ]);
    expect(found).toEqual([
      ["passwo", ["random-values"]],
      ["today", ["random-values"]],
      ["named-", ["random-values"]],
      ["length", []],
      ["plain", []],
    ]);
  });

  it("holds up random data that would be committed", async () => {
    helmfile("  - {name: keys, chart: ./chart}\n  - {name: asked, chart: ./clock, values: [{shown: false}]}\n");
    writeFileSync(join(folder, "tiphys.yaml"), "releases: {'*': {source: rendered}}\n");
    try {
      const found = new Map((await rows("-e", "dev")).map((row) => [row["name"], row["blockers"]]));
      expect(found).toEqual(
        new Map([
          ["keys", ["random-data-in-git"]],
          ["asked", []],
        ]),
      );
    } finally {
      rmSync(join(folder, "tiphys.yaml"));
    }
  });
});
