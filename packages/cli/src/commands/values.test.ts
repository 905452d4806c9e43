import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { main } from "../main.ts";
import type { LeafOrigin } from "../value-origins.ts";

const estate = fileURLToPath(new URL("../../../../examples/reference-estate", import.meta.url));
const wbaas = fileURLToPath(new URL("../../../../../shared/estates/wbaas-deploy", import.meta.url));

async function tiphys(...argv: string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  let stdout = "";
  let stderr = "";
  const text = (data: string | Uint8Array): string => (typeof data === "string" ? data : Buffer.from(data).toString("utf8"));
  const code = await main(argv, {
    stdout: { write: (data) => void (stdout += text(data)), isTTY: false },
    stderr: { write: (data) => void (stderr += text(data)), isTTY: false },
    stdin: () => new Uint8Array(),
    cwd: "/",
    environment: {},
    now: () => 0,
  });
  return { code, stdout, stderr };
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
    expect(minimum.setBy).toMatchObject({ kind: "file", file: "infra/kubernetes/values/production/platform/gateway.yaml", line: 2, column: 18 });
    expect(minimum.overrides).toMatchObject([{ file: "infra/kubernetes/values/_shared/platform/gateway.yaml", line: 3, column: 18 }]);
  });

  it("follows a template to its place and on to the environment's value", async () => {
    const hostname = (await leavesOf("gateway", "-e", "dev", "--path", estate)).get("hostname")!;
    expect(hostname.setBy).toMatchObject({ file: "infra/kubernetes/helmfiles/values/gateway.yaml.gotmpl", line: 1, column: 11 });
    expect(hostname.setBy.reads).toMatchObject([{ path: ".Values.domain", value: "dev.acme.example", setBy: { file: "infra/kubernetes/environments/dev.yaml", line: 1, column: 9 } }]);
  });

  it("prints the same as text", async () => {
    const { stdout } = await tiphys("values", "gateway", "-e", "dev", "--origins", "--path", estate);
    expect(stdout).toContain('hostname: "*.dev.acme.example"  # infra/kubernetes/helmfiles/values/gateway.yaml.gotmpl:1:11 reads .Values.domain (infra/kubernetes/environments/dev.yaml:1:9)\n');
  });

  it("wants one environment and a release that is there", async () => {
    expect((await tiphys("values", "gateway", "--path", estate)).stderr).toContain("name one environment with -e; known are local, dev, staging, production");
    expect((await tiphys("values", "nosuch", "-e", "dev", "--path", estate)).stderr).toContain('there is no release "nosuch" in dev');
  });
});

describe.skipIf(!existsSync(wbaas))("values of wbaas-deploy (skipped without ../shared)", () => {
  it("knows the place of every leaf of a release whose values are templates", async () => {
    const leaves = await leavesOf("default/api", "-e", "staging", "--path", wbaas);
    expect(leaves.size).toBeGreaterThan(20);
    expect([...leaves.values()].filter(({ setBy }) => setBy.line === undefined)).toEqual([]);
  });
});
