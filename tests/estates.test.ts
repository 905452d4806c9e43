import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readYaml, toPlain } from "@tiphys/source";
import { type CommandOutcome, runCommandLine } from "../packages/cli/src/testing/run-command-line.ts";

/* What the real helmfile said of real estates, asked of the command line. `npm run cases -- estates FOLDER` compares all of it. */
const estates = fileURLToPath(new URL("../../shared/estates", import.meta.url));
const expected = join(estates, "expected");
const folder = mkdtempSync(join(tmpdir(), "tiphys-estates-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tiphys(...argv: string[]): Promise<CommandOutcome> {
  return runCommandLine(argv, { cwd: "/" });
}

interface InventoryRow {
  readonly name: string;
  readonly namespace: string;
  readonly enabled: boolean;
  readonly installed: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly chart: string;
  readonly version: string;
}

/** A row as `helmfile list --output json` has it. */
function listed({
  name,
  namespace,
  enabled,
  installed,
  labels,
  chart,
  version,
}: InventoryRow): Record<string, unknown> {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}:${value}`);
  return { name, namespace, enabled, installed, labels: pairs.toSorted().join(","), chart, version };
}

const byName = (a: { namespace?: unknown; name?: unknown }, b: { namespace?: unknown; name?: unknown }): number =>
  `${String(a.namespace)}/${String(a.name)}` < `${String(b.namespace)}/${String(b.name)}` ? -1 : 1;

const data = (text: string): unknown => toPlain(readYaml(text).value);

describe.skipIf(!existsSync(expected))("wbaas-deploy as helmfile recorded it (skipped without ../shared)", () => {
  const workspace = join(folder, "wbaas-deploy");
  const recordings = join(expected, "wbaas-deploy");

  /** The estate, with the charts of its own repository beside it. */
  function open(): string {
    if (existsSync(workspace)) return workspace;
    cpSync(join(estates, "wbaas-deploy"), workspace, { recursive: true, verbatimSymlinks: true });
    cpSync(join(estates, "wbstack-charts"), join(folder, "wbstack-charts"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    writeFileSync(
      join(workspace, "tiphys.yaml"),
      "apiVersion: tiphys.dev/v1alpha1\nkind: Estate\ncharts:\n  overrides:\n    wbstack/*: ../wbstack-charts/charts/*\n",
    );
    return workspace;
  }

  it.each(["local", "staging", "production"])("inventory of %s", async (environment) => {
    const { stdout } = await tiphys("inventory", "-e", environment, "-o", "json", "--offline", "--path", open());
    const recorded = JSON.parse(readFileSync(join(recordings, environment, "list.json"), "utf8")) as Record<
      string,
      unknown
    >[];
    expect((JSON.parse(stdout) as InventoryRow[]).map(listed).toSorted(byName)).toEqual(recorded.toSorted(byName));
  });

  it.each(["cert-manager/clusterissuers", "default/anubis", "argocd/argocd-config"])(
    "values of %s, as write-values merges them",
    async (release) => {
      const { stdout, stderr } = await tiphys("values", release, "-e", "staging", "--write-values", "--path", open());
      expect(stderr).toBe("");
      expect(data(stdout)).toEqual(
        data(readFileSync(join(recordings, "staging", "values", `${release}.yaml`), "utf8")),
      );
    },
  );

  it("manifests of staging, byte for byte", async () => {
    const templates = join(recordings, "staging", "template");
    const names = readdirSync(templates).flatMap((namespace) =>
      readdirSync(join(templates, namespace)).map((file) => `${namespace}/${file}`),
    );
    expect(names.length).toBeGreaterThan(3);
    const { stdout } = await tiphys("render", "--helmfile", "-e", "staging", "--offline", "--path", open());
    const missing = names.filter((name) => !stdout.includes(readFileSync(join(templates, name), "utf8")));
    expect(missing).toEqual([]);
  }, 60_000);
});

describe.skipIf(!existsSync(expected))("welkin-apps as helmfile recorded it (skipped without ../shared)", () => {
  const config = `CK8S_CONFIG_PATH=${join(expected, "welkin-apps", "config")}`;

  it("values of a release that secrets are part of", async () => {
    const argv = [
      "values",
      "dex/dex",
      "-e",
      "service_cluster",
      "--write-values",
      "--env",
      config,
      "--path",
      join(estates, "welkin-apps"),
    ];
    const recorded = data(
      readFileSync(join(expected, "welkin-apps", "service_cluster", "values", "dex", "dex.yaml"), "utf8"),
    );
    const shown = await tiphys(...argv, "--secrets", "plain", "--show-secrets");
    expect(data(shown.stdout)).toEqual(recorded);
    const withheld = await tiphys(...argv);
    expect(withheld.stdout).toContain("withheld-by-tiphys-");
    expect(Object.keys(data(withheld.stdout) as object)).toEqual(Object.keys(recorded as object));
  }, 60_000);
});
