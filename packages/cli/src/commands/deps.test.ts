import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unpackTar } from "modern-tar";
import { chartArchive, indexEntry, testIo, type TestIo } from "../charts/testing/chart-fixtures.ts";
import { startRegistry, type LoopbackRegistry } from "../charts/testing/loopback-registry.ts";
import { serveFiles, startServer, type LoopbackServer } from "../charts/testing/loopback-server.ts";
import { main } from "../main.ts";

const hasHelm = spawnSync("helm", ["version", "--short"], { encoding: "utf8" }).stdout?.startsWith("v4.") === true;
if (!hasHelm) console.warn("skipped: helm 4 is not on PATH, so its dependency command is not compared");

let io: TestIo;
let server: LoopbackServer;
let registry: LoopbackRegistry;

beforeEach(async () => {
  io = testIo();
  const files = new Map<string, string | Uint8Array>();
  const versions = ["1.0.0", "1.1.0", "2.0.0-rc.1"].map((version) => ({
    version,
    bytes: chartArchive("web", version),
  }));
  for (const { version, bytes } of versions) files.set(`/charts/web-${version}.tgz`, bytes);
  const entries = versions.map(({ version, bytes }) => indexEntry("web", version, bytes)).join("");
  files.set("/charts/index.yaml", `apiVersion: v1\nentries:\n  web:\n${entries}generated: "2026-01-01T00:00:00Z"\n`);
  server = await startServer(serveFiles(files));
  registry = await startRegistry();
  for (const version of ["0.1.0", "0.2.0+build.1"])
    registry.push("team/cache", version.replace("+", "_"), chartArchive("cache", version));
});
afterEach(async () => {
  await Promise.all([server.close(), registry.close()]);
  io.dispose();
});

const put = (path: string, content: string): void => {
  mkdirSync(join(io.folder, path, ".."), { recursive: true });
  writeFileSync(join(io.folder, path), content);
};

/** A chart with dependencies, each a flow map. */
function putChart(dependencies: readonly string[], apiVersion = "v2"): void {
  const list = dependencies.map((each) => `- {${each}}\n`).join("");
  if (apiVersion === "v2") put("app/Chart.yaml", `apiVersion: v2\nname: app\nversion: 0.1.0\ndependencies:\n${list}`);
  else {
    put("app/Chart.yaml", "apiVersion: v1\nname: app\nversion: 0.1.0\n");
    put("app/requirements.yaml", `dependencies:\n${list}`);
  }
}

function putLibrary(): void {
  put(
    "library/Chart.yaml",
    "apiVersion: v2\nname: library\nversion: 0.3.0\ndescription: some long text that sigs yaml would have to fold if it were any longer than eighty\nkeywords: [b, a]\nannotations: {z: '1', a: x}\nmaintainers:\n- {name: me, email: me@example.com}\n",
  );
  put("library/values.yaml", "# comment\na: 1\n");
  put("library/values.schema.json", "{}\n");
  put("library/templates/a.yaml", "k: v\n");
  put(`library/files/${"long-".repeat(30)}name.txt`, "text\n");
  put("library/files/übung.txt", "text\n");
  put("library/.helmignore", "*.bak\n");
  put("library/old.bak", "no");
  put("library/charts/inner/Chart.yaml", "apiVersion: v2\nname: inner\nversion: 1.0.0\n");
  put("library/charts/inner/values.yaml", "b: 2\n");
}

const ours = async (...words: string[]): Promise<{ code: number; out: string; err: string }> => {
  io.out.length = 0;
  io.err.length = 0;
  const code = await main(["deps", ...words], io);
  return { code, out: io.out.join(""), err: io.err.join("") };
};

const helms = (...words: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = spawn("helm", ["dependency", ...words], {
      cwd: io.folder,
      env: { ...io.environment } as NodeJS.ProcessEnv,
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (part: Buffer) => (out += part.toString()));
    child.stderr.on("data", (part: Buffer) => (err += part.toString()));
    child.on("close", (code) => resolve({ code: code ?? -1, out, err }));
  });

const lock = (): string =>
  readFileSync(join(io.folder, "app/Chart.lock"), "utf8").replace(/^generated: .*$/m, "generated: TIME");
const charts = (): string[] => readdirSync(join(io.folder, "app/charts")).sort();

async function archiveContents(path: string): Promise<unknown[]> {
  const entries = await unpackTar(gunzipSync(readFileSync(path)));
  return entries.map(({ header, data }) => [header.name, header.mode, Buffer.from(data ?? []).toString()]);
}

describe("tiphys deps", () => {
  it("updates from repositories, registries and folders, and writes the lock", async () => {
    putLibrary();
    putChart([
      `name: web, version: ^1, repository: "${server.url}/charts", alias: front, condition: front.enabled, tags: [a]`,
      `name: cache, version: ">=0.1", repository: "oci://${registry.host}/team"`,
      'name: library, version: "~0.3", repository: "file://../library"',
    ]);
    const result = await ours("update", "app");
    expect(result).toEqual({
      code: 0,
      err: "",
      out: expect.stringContaining(
        `Downloading web from repo ${server.url}/charts\nDownloading cache from repo oci://${registry.host}/team\nPulled: `,
      ) as string,
    });
    expect(charts()).toEqual(["cache-0.2.0+build.1.tgz", "library-0.3.0.tgz", "web-1.1.0.tgz"]);
    expect(lock()).toMatch(
      /^dependencies:\n- name: web\n {2}repository: http:.*\n {2}version: 1\.1\.0\n(?:.*\n)*digest: sha256:[0-9a-f]{64}\ngenerated: TIME\n$/,
    );
    expect(readFileSync(join(io.folder, "app/Chart.lock"), "utf8")).toContain(
      'generated: "2026-01-02T03:04:05.678Z"\n',
    );
    const width = `${server.url}/charts`.length;
    const row = (name: string, version: string, repository: string, status: string): string =>
      `${name.padEnd(7)}\t${version.padEnd(7)}\t${repository.padEnd(width)}\t${status.padEnd(6)}\n`;
    expect((await ours("list", "app")).out).toBe(
      row("NAME", "VERSION", "REPOSITORY", "STATUS") +
        row("web", "^1", `${server.url}/charts`, "ok") +
        row("cache", ">=0.1", `oci://${registry.host}/team`, "ok") +
        row("library", "~0.3", "file://../library", "ok") +
        "\n",
    );
  });

  it("leaves charts/ as it was when a download fails", async () => {
    put("app/charts/web-1.0.0.tgz", "");
    writeFileSync(join(io.folder, "app/charts/web-1.0.0.tgz"), chartArchive("web", "1.0.0"));
    putChart([
      `name: web, version: ^1, repository: "${server.url}/charts"`,
      `name: cache, version: "7.0.0", repository: "oci://${registry.host}/team"`,
    ]);
    const result = await ours("update", "app");
    expect(result.code).toBe(1);
    expect(result.err).toMatch(/^Error: could not download oci:.*manifest unknown/);
    expect(charts()).toEqual(["web-1.0.0.tgz"]);
    expect(existsSync(join(io.folder, "app/Chart.lock"))).toBe(false);
  });

  it("does not let a repository choose where files go", async () => {
    const archive = chartArchive("web", "1.0.0");
    const evil = await startServer((request, response) => {
      const index = `apiVersion: v1\nentries:\n  web:\n${indexEntry("web", "1.0.0", archive, "a/..%2f..%2fevil.tgz")}`;
      response.end(request.url === "/index.yaml" ? index : archive);
    });
    putChart([`name: web, version: ^1, repository: "${evil.url}"`]);
    const result = await ours("update", "app");
    await evil.close();
    expect(result.err).toContain("the address names no file");
    expect(existsSync(join(io.folder, "evil.tgz"))).toBe(false);
  });

  it("logs in at the registry that the chart names", async () => {
    const closed = await startRegistry({ login: "me:s3cret" });
    closed.push("team/cache", "0.1.0", chartArchive("cache", "0.1.0"));
    putChart([`name: cache, version: "^0", repository: "oci://${closed.host}/team"`]);
    const results = [
      await ours("update", "app"),
      await ours("update", "app", "--username", "me", "--password", "s3cret"),
    ];
    await closed.close();
    expect(results[0]!.err).toContain("could not retrieve list of tags for repository");
    expect(results[0]!.err).toContain("response status code 401");
    expect(results[1]).toMatchObject({ code: 0, err: "" });
    expect(results[1]!.out).not.toContain("s3cret");
  });

  it("refuses what it does not do, by name", async () => {
    putChart([`name: web, version: 1.0.0, repository: "${server.url}/charts"`]);
    expect(await ours("update", "app", "--verify")).toMatchObject({
      code: 1,
      err: expect.stringContaining("unsupported: --verify") as string,
    });
    expect(await ours("prune", "app")).toMatchObject({
      code: 2,
      err: expect.stringContaining("deps has no prune") as string,
    });
  });
});

describe.skipIf(!hasHelm)("beside helm dependency", () => {
  /** Runs both from the same start and compares what they say and leave; ours afterwards, so its state stays. */
  async function expectSame(...words: string[]): Promise<void> {
    const [before, after] = [
      join(io.folder, "../", `${io.folder}-before`),
      join(io.folder, "../", `${io.folder}-helm`),
    ];
    cpSync(io.folder, before, { recursive: true });
    try {
      const wanted = await helms(...words);
      cpSync(io.folder, after, { recursive: true });
      for (const name of readdirSync(io.folder)) rmSync(join(io.folder, name), { recursive: true });
      cpSync(before, io.folder, { recursive: true });
      const got = await ours(...words);
      const plain = (text: string): string =>
        text.replaceAll(/^time=.*\n|^\d{4}\/.*\n|^level=.*\n|^warning: a valid.*\n/gm, "");
      expect({ ...got, err: plain(got.err) }).toEqual({ ...wanted, err: plain(wanted.err) });
      for (const name of ["Chart.lock", "requirements.lock"]) {
        const [left, right] = [io.folder, after].map((folder) => join(folder, "app", name));
        expect(existsSync(left!)).toBe(existsSync(right!));
        if (!existsSync(left!)) continue;
        const read = (path: string): string => readFileSync(path, "utf8").replace(/^generated: .*$/m, "");
        expect(read(left!)).toBe(read(right!));
      }
      const [mine, theirs] = [join(io.folder, "app/charts"), join(after, "app/charts")];
      expect(existsSync(mine)).toBe(existsSync(theirs));
      if (!existsSync(mine)) return;
      expect(readdirSync(mine).sort()).toEqual(readdirSync(theirs).sort());
      for (const name of readdirSync(mine).filter((each) => each.endsWith(".tgz"))) {
        expect(await archiveContents(join(mine, name))).toEqual(await archiveContents(join(theirs, name)));
      }
    } finally {
      rmSync(before, { recursive: true, force: true });
      rmSync(after, { recursive: true, force: true });
    }
  }

  const web = (version: string, rest = ""): string =>
    `name: web, version: "${version}", repository: "${server.url}/charts"${rest}`;

  it("with an unmanaged repository, then its lock", async () => {
    putChart([
      web(
        "^1",
        ", alias: front, condition: front.enabled, tags: [a, b], import-values: [data, {child: x, parent: '<&>'}]",
      ),
    ]);
    await expectSame("list", "app");
    await expectSame("update", "app");
    await expectSame("list", "app");
    await expectSame("update", "app");
    await expectSame("build", "app");
    await expectSame("update", "app", "--skip-refresh");
  });

  it("with repositories.yaml: aliases, build, a stale lock", async () => {
    put(".config/helm/repositories.yaml", `apiVersion: ""\nrepositories:\n- name: ours\n  url: ${server.url}/charts\n`);
    putChart([
      'name: web, version: ^1, repository: "@ours"',
      'name: web, version: "1.0.0", alias: old, repository: "alias:ours"',
    ]);
    await expectSame("update", "app");
    await expectSame("build", "app");
    rmSync(join(io.folder, "app/charts"), { recursive: true });
    await expectSame("build", "app", "--skip-refresh");
    putChart(['name: web, version: ^2, repository: "@ours"']);
    await expectSame("build", "app");
    await expectSame("update", "app");
    putChart(['name: web, version: "1.1.0", repository: "@ours"']);
    await expectSame("update", "app");
    put("elsewhere.yaml", "repositories: []\n");
    await expectSame("update", "app", "--repository-config", join(io.folder, "elsewhere.yaml"));
  });

  it("with folders", async () => {
    putLibrary();
    putChart(['name: library, version: "~0.3", repository: "file://../library"']);
    await expectSame("update", "app");
    await expectSame("build", "app");
    await expectSame("update", "app", "--debug");
    putChart(['name: library, version: "9", repository: "file://../library"']);
    await expectSame("update", "app");
    putChart(['name: library, version: "9", repository: "file://../nowhere"']);
    await expectSame("update", "app");
  });

  it("with a registry", async () => {
    const cache = (version: string): string =>
      `name: cache, version: "${version}", repository: "oci://${registry.host}/team"`;
    putChart([cache(">=0.1")]);
    await expectSame("update", "app", "--plain-http");
    await expectSame("build", "app", "--plain-http");
    putChart([cache("0.1.0")]);
    await expectSame("update", "app", "--plain-http");
  });

  it("with charts that lie unpacked in charts/", async () => {
    put("app/charts/inner/Chart.yaml", "apiVersion: v2\nname: inner\nversion: 1.0.0\n");
    put("app/charts/other/Chart.yaml", "apiVersion: v2\nname: other\nversion: 1.0.0\n");
    put("app/charts/x/file", "");
    rmSync(join(io.folder, "app/charts/x"), { recursive: true });
    putChart(['name: inner, version: "^1"', 'name: absent, version: "^1"']);
    await expectSame("list", "app");
    await expectSame("update", "app");
    putChart(['name: inner, version: "^1"']);
    await expectSame("update", "app");
    putChart(['name: inner, version: "^2"']);
    await expectSame("list", "app");
    await expectSame("list", "app", "--max-col-width", "9");
    await expectSame("build", "app");
    await expectSame("update", "app");
  });

  it("with requirements.yaml", async () => {
    putChart([web("^1")], "v1");
    await expectSame("update", "app");
    await expectSame("list", "app");
    await expectSame("build", "app");
  });

  it("with what is wrong", async () => {
    await expectSame("update", "nowhere");
    await expectSame("list", "nowhere");
    await expectSame("build", "nowhere");
    put("app/file", "");
    await expectSame("update", "app/file");
    put("app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 0.1.0\n");
    await expectSame("update", "app");
    await expectSame("list", "app");
    putChart([web("foo bar")]);
    await expectSame("update", "app");
    putChart(['name: web, version: "1", repository: stable']);
    await expectSame("update", "app");
    putChart(['name: web, version: "1", repository: "@none"']);
    await expectSame("update", "app");
    putChart([web("^1").replace("name: web", "name: none")]);
    await expectSame("update", "app");
  });
});
