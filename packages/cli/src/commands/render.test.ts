import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type CommandOutcome, runCommandLine } from "../testing/run-command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "tiphys-render-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files: Readonly<Record<string, string>> = {
  "helmfile.yaml.gotmpl":
    'environments: {dev: {}, live: {}}\n---\nreleases:\n  - {name: web, chart: ./chart, installed: {{ eq .Environment.Name "live" "default" }}, labels: {kind: web}}\n',
  "broken.yaml.gotmpl":
    "environments: {dev: {}, live: {values: [{port: 80}]}}\n---\nreleases:\n  - {name: web, chart: ./chart, values: [{port: {{ .Values.port }}}]}\n",
  "plain.yaml": "releases:\n  - {name: web, chart: ./chart}\n",
  "forced.yaml": "releases:\n  - {name: web, chart: ./chart, forceNamespace: shop}\n",
  "lacking.yaml":
    "releases:\n  - {name: set, chart: ./chart, set: [{name: a, file: nosuch.txt}]}\n  - {name: file, chart: ./chart, values: [nosuch.yaml]}\n  - {name: whole, chart: ./chart}\n",
  "needy.yaml":
    "environments: {default: {values: [{off: {enabled: false}}]}}\n---\nreleases:\n  - {name: needy, chart: ./chart, needs: [nosuch]}\n  - {name: free, chart: ./chart}\n  - {name: off, chart: ./chart, condition: off.enabled}\n",
  "environments/aws/values.yaml": "region: north\n",
  "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
  "chart/templates/kube.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube}\ndata: {kube: {{ .Capabilities.KubeVersion.Version }}}\n",
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function render(...words: string[]): Promise<CommandOutcome> {
  return runCommandLine(["render", "--helmfile", "--show-secrets", "--offline", "--path", folder, ...words], {
    cwd: folder,
  });
}

describe("render --helmfile", () => {
  it("ends well where nothing is installed, as helmfile template does", async () => {
    expect(await render("-e", "dev")).toEqual({ code: 0, stdout: "", stderr: "no release is installed\n" });
  });

  it("says so when nothing is of the name, label or layer that was asked for", async () => {
    const nothing = { code: 2, stdout: "", stderr: "error: nothing matches\n" };
    const unknown = await render("-e", "live", "other");
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toMatch(/^error: there is no release "other"\n/);
    expect(await render("-e", "live", "-l", "kind=other")).toEqual(nothing);
    const layer = await render("-e", "live", "--layer", "other");
    expect(layer).toMatchObject({ code: 2, stdout: "" });
    expect(layer.stderr).toMatch(/^error: there is no layer "other"\n/);
  });

  it("renders the environment default of a helmfile that declares only others", async () => {
    expect(await render("-e", "default")).toEqual({
      code: 0,
      stdout:
        "---\n# Source: chart/templates/kube.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube}\ndata: {kube: v1.37.0}\n\n",
      stderr: "",
    });
  });

  it("reads no environment but the one that is asked for", async () => {
    const { code, stderr } = await render("-f", "broken.yaml.gotmpl", "-e", "live");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect((await render("-f", "broken.yaml.gotmpl")).stderr).toContain("error[template-failed]");
  });

  it("looks only at the needs of what is selected, and refuses where no release is enabled", async () => {
    expect(await render("-f", "needy.yaml", "-l", "name=free")).toMatchObject({ code: 0, stderr: "" });
    expect(await render("-f", "needy.yaml", "-l", "name=needy")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("error[needs-unknown]"),
    });
    expect(await render("-f", "needy.yaml", "-l", "name=off")).toMatchObject({
      code: 2,
      stderr: "error: nothing matches\n",
    });
  });

  it("prints no release whose values it cannot read, and every other", async () => {
    const { code, stdout, stderr } = await render("-f", "lacking.yaml");
    expect(code).toBe(2);
    expect(stderr).toContain("error[set-file-missing]: failed parsing --set-file data: open ");
    expect(stderr).toContain("error[values-file-missing]: ");
    expect(stderr).toContain(" --> lacking.yaml:2:5 (releases[name=set])\n");
    expect(stdout.match(/^---$/gm)).toHaveLength(1);
  });

  it("does not take folders named environments for those of a helmfile", async () => {
    const plain = await render("-f", "plain.yaml");
    expect(plain).toMatchObject({ code: 0, stdout: expect.stringContaining("# Source: chart/templates/kube.yaml") });
    expect(await render("-f", "plain.yaml", "-e", "default")).toEqual(plain);
  });

  it("renders as the Helm that --helm-version names, also what is patched afterwards", async () => {
    expect((await render("-f", "forced.yaml", "--helm-version", "4.2.4")).stdout).toContain("{kube: v1.36.0}");
    expect((await render("-e", "live", "--helm-version", "4.2.4")).stdout).toContain("{kube: v1.36.0}");
    expect((await render("-e", "live", "--helm-version", "3.19.4")).stdout).toContain("{kube: v1.34.0}");
    expect(await render("--helm-version", "2.1.0")).toEqual({
      code: 2,
      stdout: "",
      stderr: 'error: unknown Helm version "2.1.0": use 4.3.1, 4.2.4, 4.2.3 or 3.19.4\n',
    });
  });
});
