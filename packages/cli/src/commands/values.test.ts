import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { type CommandOutcome, runCommandLine } from "../testing/run-command-line.ts";
import type { LeafOrigin } from "../value-origins.ts";

const estate = fileURLToPath(new URL("../../../../examples/reference-estate", import.meta.url));
const wbaas = fileURLToPath(new URL("../../../../../shared/estates/wbaas-deploy", import.meta.url));

let surroundings: Readonly<Record<string, string>> = {};

function tiphys(...argv: string[]): Promise<CommandOutcome> {
  return runCommandLine(argv, { cwd: "/", environment: surroundings });
}

async function leavesOf(...argv: string[]): Promise<Map<string, LeafOrigin>> {
  const { code, stdout, stderr } = await tiphys("values", ...argv, "--origins", "-o", "json");
  expect(code, stderr).toBe(0);
  return new Map((JSON.parse(stdout) as LeafOrigin[]).map((leaf) => [leaf.path, leaf]));
}

describe("values of the reference estate", () => {
  it("prints what Helm gets", async () => {
    const { stdout } = await tiphys("values", "acme/gateway", "-e", "dev", "--path", estate, "-o", "json");
    expect(JSON.parse(stdout)).toMatchObject({ hostname: "*.dev.acme.example", proxy: { replicas: 1 } });
  });

  it("says which file and line set a value, and what it overrode", async () => {
    const leaves = await leavesOf("gateway", "-e", "production", "--path", estate);
    const minimum = leaves.get("clientPolicy.minTlsVersion")!;
    expect(minimum.setBy).toMatchObject({
      kind: "file",
      file: "infra/kubernetes/values/production/platform/gateway.yaml",
      line: 2,
      column: 18,
    });
    expect(minimum.overrides).toMatchObject([
      { file: "infra/kubernetes/values/_shared/platform/gateway.yaml", line: 3, column: 18 },
    ]);
  });

  it("follows a template to its place and on to the environment's value", async () => {
    const hostname = (await leavesOf("gateway", "-e", "dev", "--path", estate)).get("hostname")!;
    expect(hostname.setBy).toMatchObject({
      file: "infra/kubernetes/helmfiles/values/gateway.yaml.gotmpl",
      line: 1,
      column: 11,
    });
    expect(hostname.setBy.reads).toMatchObject([
      {
        path: ".Values.domain",
        value: "dev.acme.example",
        setBy: { file: "infra/kubernetes/environments/dev.yaml", line: 1, column: 9 },
      },
    ]);
  });

  it("prints the same as text", async () => {
    const { stdout } = await tiphys("values", "gateway", "-e", "dev", "--origins", "--path", estate);
    expect(stdout).toContain(
      'hostname: "*.dev.acme.example"  # infra/kubernetes/helmfiles/values/gateway.yaml.gotmpl:1:11 reads .Values.domain (infra/kubernetes/environments/dev.yaml:1:9)\n',
    );
  });

  it("wants one environment and a release that is there", async () => {
    expect((await tiphys("values", "gateway", "--path", estate)).stderr).toContain(
      "name one environment with -e; known are local, dev, staging, production",
    );
    expect((await tiphys("values", "nosuch", "-e", "dev", "--path", estate)).stderr).toContain(
      'there is no release in dev named "nosuch"',
    );
  });
});

describe.skipIf(!existsSync(wbaas))("values of wbaas-deploy (skipped without ../shared)", () => {
  it("knows the place of every leaf of a release whose values are templates", async () => {
    const leaves = await leavesOf("default/api", "-e", "staging", "--path", wbaas);
    expect(leaves.size).toBeGreaterThan(20);
    expect([...leaves.values()].filter(({ setBy }) => setBy.line === undefined)).toEqual([]);
  });
});

describe("values of all releases", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiphys-values-"));
  const target = join(folder, "out");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const files: Readonly<Record<string, string>> = {
    "helmfile.yaml": [
      "environments: {dev: {}}",
      "---",
      "releases:",
      "  - {name: web, namespace: shop, chart: ./chart, values: [values.yaml.gotmpl], set: [{name: a.b, value: '1'}]}",
      "  - {name: job, chart: ./chart, labels: {kind: batch}, values: [{retries: null}]}",
      "  - {name: off, chart: ./chart, installed: false}",
      "  - {name: broken, chart: ./chart, labels: {kind: bad}, values: [nosuch.yaml]}",
      "",
    ].join("\n"),
    "values.yaml.gotmpl": "stage: {{ .Environment.Name }}\n",
    "twice.yaml":
      "helmfiles: [layer.yaml]\nreleases:\n  - {name: web, namespace: shop, chart: ./chart, values: [{from: root}]}\n",
    "layer.yaml": "releases:\n  - {name: web, namespace: shop, chart: ./chart, values: [{from: layer}]}\n",
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  const written = (path: string): string => readFileSync(join(target, path), "utf8");

  it("writes one file for each that is installed; what cannot be read hides no other", async () => {
    const { code, stderr } = await tiphys("values", "-e", "dev", "--path", folder, "--output-dir", target);
    expect(code).toBe(2);
    expect(stderr).toContain('values file matching "nosuch.yaml" does not exist');
    expect(stderr).toContain(`wrote 2 files below ${target}\n`);
    expect(written("shop/web.yaml")).toBe("a:\n    b: 1\nstage: dev\n");
    expect(written("default/job.yaml")).toBe("retries: null\n");
    expect(existsSync(join(target, "default", "off.yaml"))).toBe(false);
  });

  it("writes what is selected, as helmfile write-values does or as JSON", async () => {
    const words = ["values", "-e", "dev", "--path", folder, "--output-dir", target, "-l", "kind!=bad"];
    expect(await tiphys(...words, "--write-values")).toMatchObject({ code: 0 });
    expect(written("shop/web.yaml")).toBe("stage: dev\n");
    expect(await tiphys(...words, "-o", "json")).toMatchObject({ code: 0 });
    expect(JSON.parse(written("shop/web.json"))).toEqual({ a: { b: 1 }, stage: "dev" });
  });

  it("keeps the later of two releases with one name, as helmfile write-values does", async () => {
    const words = ["-f", "twice.yaml", "-e", "default", "--path", folder, "--output-dir", target];
    const { code, stderr } = await tiphys("values", ...words);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `two releases are shop/web.yaml: the later one stays, as with helmfile write-values\nwrote 1 files below ${target}\n`,
    });
    expect(written("shop/web.yaml")).toBe("from: root\n");
  });

  it("says what it needs", async () => {
    const values = async (...words: string[]): Promise<string> =>
      (await tiphys("values", "-e", "dev", "--path", folder, ...words)).stderr;
    expect(await values()).toBe("error: name a release, or --output-dir for the values of all\n");
    expect(await values("web", "--output-dir", target)).toContain("error: --output-dir is for all releases");
    expect(await values("--output-dir", target, "--origins")).toContain("error: --origins prints one release");
    expect(await values("--output-dir", target, "-l", "kind=none")).toBe("error: no release matches kind=none\n");
  });

  it("says which field of the environment a template read", async () => {
    const stage = (await leavesOf("web", "-e", "dev", "--path", folder)).get("stage")!;
    expect(stage.setBy).toMatchObject({
      file: "values.yaml.gotmpl",
      line: 1,
      reads: [{ path: ".Environment.Name", value: "dev" }],
    });
  });
});

describe("values of a release with secrets", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiphys-values-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const files: Readonly<Record<string, string>> = {
    "helmfile.yaml.gotmpl":
      "environments:\n  dev:\n    secrets: [env.secrets.yaml]\n---\nreleases:\n  - name: web\n    chart: ./chart\n    values: [values.yaml.gotmpl]\n    secrets: [own.secrets.yaml]\n",
    "env.secrets.yaml":
      "db:\n  password: ENC[AES256_GCM,data:cGFzc3dvcmQ=,type:str]\nsops:\n  mac: ENC[x]\n  version: 3.9.0\n",
    "own.secrets.yaml": "debug: ENC[AES256_GCM,data:x,type:bool]\nsops:\n  mac: ENC[x]\n  version: 3.9.0\n",
    "values.yaml.gotmpl": "url: postgres://app:{{ .Values.db.password }}@db\nport: 5432\n",
    "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    "bin/sops": "#!/bin/sh\nsed -e '/^sops:/,$d' -e 's/ENC.*type:bool.*/true/' -e 's/ENC.*/hunter2hunter2/'\n",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { mode: 0o755 });
  }
  const values = async (...flags: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await tiphys(
      "values",
      "web",
      "-e",
      "dev",
      "--path",
      folder,
      "-o",
      "json",
      ...flags,
    );
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  };
  const environment = { PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}` };

  it("goes on with markers for what nobody may decrypt", async () => {
    expect(await values()).toEqual({
      debug: expect.stringMatching(/^withheld-by-tiphys-\d$/),
      port: 5432,
      url: "postgres://app:withheld-by-tiphys-1@db",
    });
  });

  it("decrypts with the user's sops when told to, and shows nothing of it", async () => {
    surroundings = environment;
    expect(await values("--secrets", "sops")).toEqual({ debug: "***", port: 5432, url: "***" });
    const { stdout } = await tiphys("values", "web", "-e", "dev", "--path", folder, "--secrets", "sops", "--origins");
    expect(stdout).toBe(
      'debug: "***"  # own.secrets.yaml (secret)\nport: 5432  # values.yaml.gotmpl:2:7\nurl: "***"  # values.yaml.gotmpl:1:6 reads .Values.db.password (env.secrets.yaml (secret))\n',
    );
    expect(
      (await tiphys("values", "web", "-e", "dev", "--path", folder, "--secrets", "sops", "--write-values")).stdout,
    ).toBe("debug: '***'\nport: 5432\nurl: '***'\n");
    expect(await values("--secrets", "sops", "--show-secrets")).toEqual({
      debug: true,
      port: 5432,
      url: "postgres://app:hunter2hunter2@db",
    });
    surroundings = {};
  });

  it("shows nothing of secrets in the files of all releases either", async () => {
    surroundings = environment;
    const target = join(folder, "written");
    const { code, stderr } = await tiphys(
      ...["values", "-e", "dev", "--path", folder, "--secrets", "sops", "--write-values", "--output-dir", target],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: `wrote 1 files below ${target}\n` });
    expect(readFileSync(join(target, "default", "web.yaml"), "utf8")).toBe("debug: '***'\nport: 5432\nurl: '***'\n");
    surroundings = {};
  });

  it("reads files as they are only when they are not encrypted", async () => {
    expect((await tiphys("values", "web", "-e", "dev", "--path", folder, "--secrets", "plain")).stderr).toContain(
      "is encrypted: use --secrets sops",
    );
    expect((await tiphys("values", "web", "-e", "dev", "--path", folder, "--secrets", "maybe")).stderr).toContain(
      'error: --secrets takes placeholder, sops, plain, not "maybe"',
    );
  });
});
