import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../main.ts";
import { chartArchive, indexEntry, testIo, type TestIo } from "./testing/chart-fixtures.ts";
import { startRegistry, type LoopbackRegistry } from "./testing/loopback-registry.ts";
import { serveFiles, startServer, type LoopbackServer } from "./testing/loopback-server.ts";

/** Binaries under the names that the recording scripts give them. */
const versions = ["4.2.4", "4.3.1"].filter((version) => spawnSync(`helm-${version}`, ["version"]).status === 0);
if (versions.length === 0)
  console.warn("skipped: no helm-4.2.4 or helm-4.3.1 on PATH, so charts from elsewhere are not compared");

let io: TestIo;
let server: LoopbackServer;
let registry: LoopbackRegistry;
let digest: string;
const template = { "templates/a.yaml": "version: {{ .Chart.Version }}\nname: {{ .Release.Name }}\n" };

beforeEach(async () => {
  io = testIo();
  const files = new Map<string, string | Uint8Array>();
  registry = await startRegistry();
  let entries = "";
  for (const version of ["1.0.0", "1.1.0", "2.0.0-rc.1"]) {
    const archive = chartArchive("web", version, template);
    files.set(`/web-${version}.tgz`, archive);
    entries += indexEntry("web", version, archive);
    digest = registry.push("team/web", version, archive);
  }
  files.set("/index.yaml", `apiVersion: v1\nentries:\n  web:\n${entries}`);
  server = await startServer(serveFiles(files, "me:s3cret"));
  const config = join(io.folder, ".config/helm");
  mkdirSync(config, { recursive: true });
  writeFileSync(
    join(config, "repositories.yaml"),
    `apiVersion: ""\nrepositories:\n- {name: ours, url: "${server.url}", username: me, password: s3cret}\n`,
  );
});
afterEach(async () => {
  await Promise.all([server.close(), registry.close()]);
  io.dispose();
});

const ours = async (words: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
  io.out.length = 0;
  io.err.length = 0;
  const code = await main(["template", ...words], io);
  return { code, out: io.out.join(""), err: io.err.join("") };
};

const helms = (version: string, words: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = spawn(`helm-${version}`, [...words], {
      cwd: io.folder,
      env: { ...io.environment } as NodeJS.ProcessEnv,
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (part: Buffer) => (out += part.toString()));
    child.stderr.on("data", (part: Buffer) => (err += part.toString()));
    child.on("close", (code) => resolve({ code: code ?? -1, out, err }));
  });

/** Command lines; `REPO` and `REGISTRY` stand for the servers. */
const lines: readonly (readonly string[])[] = [
  ["x", "web", "--repo", "REPO", "--username", "me", "--password", "s3cret"],
  ["x", "web", "--repo", "REPO", "--username", "me", "--password", "s3cret", "--version", "~1.0"],
  ["x", "web", "--repo", "REPO", "--username", "me", "--password", "s3cret", "--devel"],
  ["x", "web", "--repo", "REPO", "--username", "me", "--password", "s3cret", "--version", "9"],
  ["x", "ours/web"],
  ["x", "ours/web", "--version", "1.0.0"],
  ["x", "theirs/web"],
  ["x", "web"],
  ["x", "REPO/web-1.0.0.tgz", "--username", "me", "--password", "s3cret"],
  ["x", "oci://REGISTRY/team/web", "--plain-http", "--version", "1.0.0"],
  ["x", "oci://REGISTRY/team/web", "--plain-http", "--version", "^1"],
  ["x", "oci://REGISTRY/team/web:1.1.0", "--plain-http"],
  ["x", "oci://REGISTRY/team/web@DIGEST", "--plain-http"],
];

describe("tiphys template with a chart from elsewhere", () => {
  it("renders what it fetches and brings dependencies up to date", async () => {
    expect(await ours(["x", "ours/web", "--version", "^1"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("version: 1.1.0\n") as string,
    });
    mkdirSync(join(io.folder, "app"));
    writeFileSync(
      join(io.folder, "app/Chart.yaml"),
      'apiVersion: v2\nname: app\nversion: 0.1.0\ndependencies:\n- {name: web, version: ^1, repository: "@ours"}\n',
    );
    expect(await ours(["x", "app"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("missing in charts/ directory: web") as string,
    });
    expect(await ours(["x", "app", "--dependency-update"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("# Source: app/charts/web/templates/a.yaml\nversion: 1.1.0") as string,
    });
    expect(existsSync(join(io.folder, "app/Chart.lock"))).toBe(true);
  });

  it.each(versions)("says what helm %s says", async (version) => {
    await helms(version, ["repo", "update"]);
    for (const line of lines) {
      const words = line.map((word) =>
        word.replace("REPO", server.url).replace("REGISTRY", registry.host).replace("DIGEST", digest),
      );
      const wanted = await helms(version, ["template", ...words]);
      const got = await ours([...words, "--helm-version", version]);
      expect({ line, ...got }).toEqual({ line, ...wanted });
    }
    mkdirSync(join(io.folder, "app"));
    writeFileSync(
      join(io.folder, "app/Chart.yaml"),
      'apiVersion: v2\nname: app\nversion: 0.1.0\ndependencies:\n- {name: web, version: ^1, repository: "@ours"}\n',
    );
    const wanted = await helms(version, ["template", "x", "app", "--dependency-update"]);
    rmSync(join(io.folder, "app/charts"), { recursive: true });
    expect(await ours(["x", "app", "--dependency-update", "--helm-version", version])).toEqual(wanted);
  });
});
