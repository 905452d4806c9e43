import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommandLine } from "../packages/cli/src/testing/run-command-line.ts";

const isOnPath = (program: string): boolean => spawnSync(program, ["--help"], { stdio: "ignore" }).error === undefined;
const hasHelmfile = isOnPath("helmfile") && isOnPath("helm");
if (!hasHelmfile) console.warn("skipped: helmfile or helm is not on PATH");

const folder = mkdtempSync(join(tmpdir(), "tiphys-reference-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!hasHelmfile)("the reference estate by helmfile and by render --helmfile", () => {
  beforeAll(() => {
    cpSync(fileURLToPath(new URL("../examples/reference-estate", import.meta.url)), folder, { recursive: true });
    // The one chart that a registry has: the copy beside the others, for both.
    const layer = join(folder, "infra/kubernetes/helmfiles/22-control-plane.yaml");
    const text = readFileSync(layer, "utf8");
    const local = text
      .replace("oci://docker.io/envoyproxy/gateway-helm", "../charts/third_party/gateway-helm")
      .replace(/^ *version: 1\.5\.4\n/m, "");
    expect(local).not.toBe(text);
    writeFileSync(layer, local);
  });

  it.each(["local", "dev", "staging", "production"])(
    "say the same of %s, byte for byte",
    async (environment) => {
      const real = spawnSync("helmfile", ["-e", environment, "--skip-deps", "template"], {
        cwd: join(folder, "infra/kubernetes"),
        encoding: "utf8",
        maxBuffer: 1 << 26,
      });
      expect(real.status, real.stderr).toBe(0);
      const { code, stdout, stderr } = await runCommandLine(
        ["render", "--helmfile", "-e", environment, "--offline", "--allow-exec", "--path", folder],
        { cwd: "/" },
      );
      expect(code, stderr).toBe(0);
      expect(withoutRandom(stdout)).toBe(withoutRandom(real.stdout));
    },
    120_000,
  );
});

/** grafana's chart makes its password. */
function withoutRandom(manifests: string): string {
  return manifests.replaceAll(/(admin-password: ")[^"]{40,}"/g, '$1"');
}
