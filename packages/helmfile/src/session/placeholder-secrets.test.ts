import { MemoryTree } from "@tiphys/source";
import { describe, expect, it } from "vitest";
import { effectiveValues } from "../app/effective-values.ts";
import { readHelmfile } from "../app/read-helmfile.ts";
import type { Permissions } from "./session.ts";

const files = {
  "helmfile.yaml.gotmpl": [
    "environments:",
    "  dev:",
    "    values: [env.yaml]",
    "    secrets: [env.secrets.yaml, plain.secrets.yaml]",
    "---",
    "releases:",
    "  - name: web",
    "    chart: ./chart",
    "    values:",
    "      - values.yaml.gotmpl",
    "    secrets:",
    "      - own.secrets.yaml",
  ].join("\n"),
  "env.yaml": "user: app\n",
  "env.secrets.yaml":
    "db:\n  password: ENC[AES256_GCM,data:x,type:str]\n  host_unencrypted: db.local\nsops:\n  mac: ENC[x]\n  version: 3.9.0\n",
  "plain.secrets.yaml": "token: clear\n",
  "values.yaml.gotmpl":
    'url: postgres://{{ .Values.user }}:{{ .Values.db.password }}@{{ .Values.db.host_unencrypted }}\nhasToken: {{ ne .Values.token "clear" }}\n',
  "own.secrets.yaml": "api:\n  key: ENC[AES256_GCM,data:x,type:str]\nsops:\n  mac: ENC[x]\n",
  "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
};

function leavesOf(permissions: Permissions): Map<string, unknown> {
  const { releases, diagnostics } = readHelmfile({ tree: new MemoryTree(files), environment: "dev", permissions });
  expect(diagnostics).toEqual([]);
  expect(releases[0]!.diagnostics).toEqual([]);
  const answer = effectiveValues(releases[0]!);
  if (answer.kind === "failed") throw new Error(answer.diagnostic.message);
  return new Map(answer.value.leaves.map(({ path, value }) => [path.join("."), value]));
}

describe("secrets that nobody may decrypt", () => {
  it("leave their keys, so that templates go on with markers", () => {
    expect(Object.fromEntries(leavesOf({}))).toEqual({
      url: "postgres://app:withheld-by-tiphys-1@db.local",
      hasToken: true,
      "api.key": expect.stringMatching(/^withheld-by-tiphys-\d+$/),
    });
  });

  it("are named by the release that they reach, and never handed to what renders it", () => {
    const [release] = readHelmfile({ tree: new MemoryTree(files), environment: "dev" }).releases;
    expect(release!.withheld.map(({ code, what }) => `${code} ${what}`)).toEqual([
      "sops-secrets env.secrets.yaml",
      "sops-secrets own.secrets.yaml",
    ]);
    const { source } = release!.installation;
    expect(source.kind === "helm" && source.valuesLayers.map(({ origin }) => origin.file)).toEqual([
      "values.yaml.gotmpl",
    ]);
  });

  it("are read by whoever is allowed to", () => {
    const leaves = leavesOf({
      decrypt: ({ path }) => ({
        kind: "value",
        value: path.endsWith("own.secrets.yaml") ? "api: {key: k}" : "db: {password: p, host_unencrypted: h}\ntoken: t",
      }),
    });
    expect(Object.fromEntries(leaves)).toEqual({ url: "postgres://app:p@h", hasToken: true, "api.key": "k" });
  });
});
