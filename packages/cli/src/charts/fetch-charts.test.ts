import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChartReference } from "@tiphys/helm";
import { loadChartArchive } from "@tiphys/helm";
import { fetchCharts, repositoryReference } from "./fetch-charts.ts";
import { helmSettings } from "./helm-settings.ts";
import { repositoryEntry } from "./repositories-file.ts";
import { chartArchive, indexEntry, testIo, type TestIo } from "./testing/chart-fixtures.ts";
import { startRegistry, type LoopbackRegistry, type RegistryBehaviour } from "./testing/loopback-registry.ts";
import { certificateFile, serveFiles, startServer, type LoopbackServer } from "./testing/loopback-server.ts";

let io: TestIo;
const servers: LoopbackServer[] = [];

beforeEach(() => {
  io = testIo();
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  io.dispose();
});

const serve = async (...given: Parameters<typeof startServer>): Promise<LoopbackServer> => {
  const server = await startServer(...given);
  servers.push(server);
  return server;
};

const registry = async (behaviour?: RegistryBehaviour): Promise<LoopbackRegistry> => {
  const server = await startRegistry(behaviour);
  servers.push(server);
  return server;
};

const fromRepository = (repoURL: string, chart: string, version = ""): ChartReference => ({
  kind: "repository",
  repoURL,
  chart,
  version,
});
const fromRegistry = (host: string, path: string, version = ""): ChartReference => ({
  kind: "oci",
  reference: `oci://${host}/${path}`,
  version,
});

/** `name@version` of each fetched chart, or the message. */
async function fetchOne(
  reference: ChartReference,
  options: Partial<Parameters<typeof fetchCharts>[1]> = {},
): Promise<string> {
  const { fetched, diagnostics } = await fetchCharts([reference], { io, ...options });
  if (diagnostics[0] !== undefined) return diagnostics[0].message;
  const [place] = [...fetched.values()];
  const { metadata } = loadChartArchive(place!.tree.read(place!.path)!);
  return `${metadata.name}@${metadata.version}`;
}

function repositoryFiles(versions: readonly string[], extra = ""): Map<string, string | Uint8Array> {
  const archives = versions.map((version) => ({ version, bytes: chartArchive("web", version) }));
  const entries = archives.map(({ version, bytes }) => indexEntry("web", version, bytes)).join("");
  return new Map<string, string | Uint8Array>([
    ["/charts/index.yaml", `apiVersion: v1\nentries:\n${extra}  web:\n${entries}generated: "2026-01-01T00:00:00Z"\n`],
    ...archives.map(({ version, bytes }): [string, Uint8Array] => [`/charts/web-${version}.tgz`, bytes]),
  ]);
}

describe("chart repositories", () => {
  it.each([
    ["", "web@1.10.0"],
    ["1.2.0", "web@1.2.0"],
    ["~1.2", "web@1.2.3"],
    [">=1.0.0-0", "web@2.0.0-rc.1"],
    ["^1 <1.10", "web@1.2.3"],
  ])("takes the version that %j means", async (version, wanted) => {
    const server = await serve(serveFiles(repositoryFiles(["1.2.0", "1.10.0", "2.0.0-rc.1", "1.2.3"])));
    expect(await fetchOne(fromRepository(`${server.url}/charts`, "web", version))).toBe(wanted);
  });

  it("names the chart, the repository and the versions there are when none fits", async () => {
    const server = await serve(serveFiles(repositoryFiles(["1.0.0"])));
    const { diagnostics } = await fetchCharts([fromRepository(`${server.url}/charts`, "web", "9")], { io });
    expect(diagnostics).toEqual([
      expect.objectContaining({
        code: "chart-version-missing",
        fix: "the repository has 1.0.0",
        message: expect.stringContaining(
          `chart "web" version "9" not found in ${server.url}/charts repository`,
        ) as string,
      }),
    ]);
  });

  it("takes an archive by its own address", async () => {
    const server = await serve(serveFiles(repositoryFiles(["1.0.0"])));
    expect(await fetchOne({ kind: "url", url: `${server.url}/charts/web-1.0.0.tgz` })).toBe("web@1.0.0");
    expect(await fetchOne({ kind: "url", url: `${server.url}/charts/none.tgz?token=s3cret` })).toMatch(
      /none.tgz\?… could not be fetched: .* 404 Not Found$/,
    );
  });

  it("goes on with the others and asks for the index once", async () => {
    const server = await serve(serveFiles(repositoryFiles(["1.0.0", "2.0.0"])));
    const references = ["1.0.0", "2.0.0", "3.0.0"].map((version) =>
      fromRepository(`${server.url}/charts`, "web", version),
    );
    const { fetched, diagnostics } = await fetchCharts([...references, references[0]!], { io });
    expect([fetched.size, diagnostics.length]).toEqual([2, 1]);
    expect(server.seen.filter(({ path }) => path.endsWith("index.yaml"))).toHaveLength(1);
  });

  it("fetches nothing offline, also not from the cache", async () => {
    const server = await serve(serveFiles(repositoryFiles(["1.0.0"])));
    const wanted = [fromRepository(`${server.url}/charts`, "web")];
    expect((await fetchCharts(wanted, { io })).fetched.size).toBe(1);
    const requests = server.seen.length;
    expect(await fetchCharts(wanted, { io, offline: true })).toEqual({ fetched: new Map(), diagnostics: [] });
    expect(server.seen).toHaveLength(requests);
  });

  it("downloads again only what changed, and does without the cache", async () => {
    const files = repositoryFiles(["1.0.0"]);
    const server = await serve(serveFiles(files));
    const reference = fromRepository(`${server.url}/charts`, "web");
    await fetchOne(reference);
    await fetchOne(reference);
    expect(
      server.seen.map(
        ({ path, headers }) => `${path} ${headers["if-none-match"] === undefined ? "full" : "conditional"}`,
      ),
    ).toEqual(["/charts/index.yaml full", "/charts/web-1.0.0.tgz full", "/charts/index.yaml conditional"]);
    for (const [path, content] of repositoryFiles(["1.0.1"])) files.set(path, content);
    expect(await fetchOne(reference)).toBe("web@1.0.1");
    rmSync(join(io.folder, "cache"), { recursive: true });
    expect(await fetchOne(reference)).toBe("web@1.0.1");
    writeFileSync(join(io.folder, "file"), "");
    expect(await fetchOne(reference, { cacheFolder: join(io.folder, "file/cache") })).toBe("web@1.0.1");
  });

  it("does not trust damaged files of the cache", async () => {
    const server = await serve(serveFiles(repositoryFiles(["1.0.0"])));
    const reference = fromRepository(`${server.url}/charts`, "web");
    await fetchOne(reference);
    const folder = join(io.folder, "cache/tiphys/sha256");
    const content = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(content).toHaveLength(2);
    for (const entry of content) writeFileSync(join(entry.parentPath, entry.name), "damaged");
    expect(await fetchOne(reference)).toBe("web@1.0.0");
    expect(readFileSync(join(content[0]!.parentPath, content[0]!.name), "latin1")).not.toBe("damaged");
  });

  it("refuses an archive that is not what the index says", async () => {
    const files = repositoryFiles(["1.0.0"]);
    files.set("/charts/web-1.0.0.tgz", chartArchive("web", "1.0.0", { "templates/evil.yaml": "a: b" }));
    const server = await serve(serveFiles(files));
    expect(await fetchOne(fromRepository(`${server.url}/charts`, "web"))).toMatch(
      /has digest [0-9a-f]{64}, but the repository's index says/,
    );
  });

  it("reads JSON and flow style indexes whole", async () => {
    const archive = chartArchive("web", "1.0.0");
    const index = {
      apiVersion: "v1",
      entries: { web: [{ name: "web", version: "1.0.0", urls: ["a/web.tgz"] }], __proto__: [] },
    };
    for (const text of [JSON.stringify(index), `apiVersion: v1\nentries: ${JSON.stringify(index.entries)}\n`]) {
      const server = await serve(
        serveFiles(
          new Map<string, string | Uint8Array>([
            ["/index.yaml", text],
            ["/a/web.tgz", archive],
          ]),
        ),
      );
      expect(await fetchOne(fromRepository(server.url, "web"))).toBe("web@1.0.0");
    }
  });

  it("says when there is no index", async () => {
    const server = await serve(
      serveFiles(
        new Map([
          ["/a/index.yaml", "<html>login</html>"],
          ["/b/index.yaml", "entries:\n  web: []\n"],
        ]),
      ),
    );
    expect(await fetchOne(fromRepository(`${server.url}/a`, "web"))).toContain(
      "is not a valid chart repository or cannot be reached",
    );
    expect(await fetchOne(fromRepository(`${server.url}/b`, "web"))).toContain("no API version specified");
    expect(await fetchOne(fromRepository(`${server.url}/c`, "web"))).toContain(
      `failed to fetch ${server.url}/c/index.yaml : 404 Not Found`,
    );
    await server.close();
    expect(await fetchOne(fromRepository(server.url, "web"))).toContain(
      `dial tcp ${server.host}: connect: connection refused`,
    );
  });

  it("gives up what stays silent, and what is too large", async () => {
    const silent = await serve(() => undefined);
    expect(await fetchOne(fromRepository(silent.url, "web"), { idleTimeout: 100 })).toContain(
      "timed out after 0.1 s of silence",
    );
    const large = await serve((request, response) => {
      if (request.url === "/index.yaml") response.end(String(repositoryFiles(["1.0.0"]).get("/charts/index.yaml")));
      else response.writeHead(200, { "content-length": String(200 * 1024 * 1024) }).flushHeaders();
    });
    expect(await fetchOne(fromRepository(large.url, "web"))).toContain("is larger than 104857600 bytes");
  });

  it("reads over TLS with the given authority, and not without", async () => {
    const server = await serve(serveFiles(repositoryFiles(["1.0.0"])), { tls: true });
    const reference = fromRepository(`${server.url}/charts`, "web");
    expect(await fetchOne(reference)).toContain("self-signed certificate");
    expect(await fetchOne(reference, { access: { caFile: certificateFile } })).toBe("web@1.0.0");
    expect(await fetchOne(reference, { access: { insecureSkipTLSVerify: true } })).toBe("web@1.0.0");
  });

  it("streams an index of 60 MB in little memory", async () => {
    const archive = chartArchive("web", "1.0.0");
    const filler = Array.from(
      { length: 60 },
      (_, at) => `  filler-${at}:\n${indexEntry(`filler-${at}`, "1.0.0", archive).repeat(4000)}`,
    );
    const parts = ["apiVersion: v1\nentries:\n", ...filler, `  web:\n${indexEntry("web", "1.0.0", archive)}`];
    const server = await serve((request, response) => {
      if (request.url === "/index.yaml") {
        for (const part of parts) response.write(part);
        response.end();
      } else response.end(archive);
    });
    const before = process.memoryUsage().heapUsed;
    expect(await fetchOne(fromRepository(server.url, "web"))).toBe("web@1.0.0");
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(120 * 1024 * 1024);
  });
});

describe("credentials", () => {
  const entry = (url: string, extra = {}): ReturnType<typeof repositoryEntry> =>
    repositoryEntry({ url, username: "me", password: "s3cret", ...extra });

  it("come from repositories.yaml, the estate, the command line or the URL", async () => {
    const server = await serve(serveFiles(repositoryFiles(["1.0.0"]), "me:s3cret"));
    const url = `${server.url}/charts`;
    const reference = fromRepository(url, "web");
    expect(await fetchOne(reference)).toContain("401 Unauthorized");
    expect(await fetchOne(reference, { repositories: [entry(`${url}/`)] })).toBe("web@1.0.0");
    expect(await fetchOne(reference, { access: { username: "me", password: "s3cret" } })).toBe("web@1.0.0");
    expect(await fetchOne(fromRepository(url.replace("http://", "http://me:s3cret@"), "web"))).toBe("web@1.0.0");
    const config = join(io.folder, ".config/helm");
    mkdirSync(config, { recursive: true });
    writeFileSync(
      join(config, "repositories.yaml"),
      `repositories:\n- name: ours\n  url: ${url}\n  username: me\n  password: s3cret\n`,
    );
    expect(await fetchOne(reference)).toBe("web@1.0.0");
    expect(repositoryReference(helmSettings(io), "ours/web", "1")).toEqual(fromRepository(url, "web", "1"));
    expect(repositoryReference(helmSettings(io), "theirs/web", "1")).toBeUndefined();
  });

  it("never go to another origin, by URL or by redirect, and never into messages", async () => {
    const files = repositoryFiles(["1.0.0"]);
    const other = await serve(serveFiles(files));
    const direct = await serve(
      serveFiles(
        new Map([
          [
            "/index.yaml",
            String(files.get("/charts/index.yaml")).replace("web-1.0.0.tgz", `${other.url}/charts/web-1.0.0.tgz`),
          ],
        ]),
        "me:s3cret",
      ),
    );
    const redirecting = await serve((request, response) =>
      response.writeHead(302, { location: `${other.url}/charts${request.url}` }).end(),
    );
    expect(await fetchOne(fromRepository(direct.url, "web"), { repositories: [entry(direct.url)] })).toBe("web@1.0.0");
    expect(
      await fetchOne(fromRepository(redirecting.url, "web"), {
        repositories: [entry(redirecting.url)],
        cacheFolder: join(io.folder, "other"),
      }),
    ).toBe("web@1.0.0");
    expect(redirecting.seen.every(({ authorization }) => authorization !== undefined)).toBe(true);
    expect(other.seen.length).toBeGreaterThan(2);
    expect(other.seen.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    const message = await fetchOne(
      fromRepository(direct.url.replace("http://", "http://me:wrong-s3cret@").concat("?token=s3cret"), "web"),
    );
    expect(message).toContain("401 Unauthorized");
    expect(message).not.toContain("s3cret");
  });

  it("go along with pass_credentials_all", async () => {
    const files = repositoryFiles(["1.0.0"]);
    const other = await serve(serveFiles(files, "me:s3cret"));
    const index = String(files.get("/charts/index.yaml")).replace("web-1.0.0.tgz", `${other.url}/charts/web-1.0.0.tgz`);
    const server = await serve(serveFiles(new Map([["/index.yaml", index]])));
    expect(await fetchOne(fromRepository(server.url, "web"), { repositories: [entry(server.url)] })).toContain("401");
    expect(
      await fetchOne(fromRepository(server.url, "web"), {
        repositories: [entry(server.url, { passCredentialsAll: true })],
      }),
    ).toBe("web@1.0.0");
  });

  it("do not leave https for plain http elsewhere", async () => {
    const server = await serve(
      (_, response) => response.writeHead(302, { location: "http://charts.example.com/index.yaml" }).end(),
      { tls: true },
    );
    expect(await fetchOne(fromRepository(server.url, "web"), { access: { caFile: certificateFile } })).toContain(
      "refused: http://charts.example.com/index.yaml is plain http",
    );
  });
});

describe("registries", () => {
  it.each([
    ["", "web@1.2.0+build.5"],
    ["1.0.0", "web@1.0.0"],
    ["1.2.0+build.5", "web@1.2.0+build.5"],
    ["~1.1", "web@1.1.1"],
  ])("takes the version that %j means, through pages of tags", async (version, wanted) => {
    const server = await registry({ pageSize: 2 });
    for (const each of ["1.0.0", "1.1.0", "1.1.1", "1.2.0+build.5", "2.0.0-rc.1"])
      server.push("team/web", each.replace("+", "_"), chartArchive("web", each));
    server.push("team/web", "latest", chartArchive("web", "9.9.9"));
    expect(await fetchOne(fromRegistry(server.host, "team/web", version))).toBe(wanted);
  });

  it("takes a tag or digest in the reference, an index of manifests, and the old media type", async () => {
    const server = await registry();
    const digest = server.push("web", "1.0.0", chartArchive("web", "1.0.0"), { layerType: "application/tar+gzip" });
    server.push("web", "2.0.0", chartArchive("web", "2.0.0"), { asIndex: true });
    expect(await fetchOne(fromRegistry(server.host, "web:2.0.0"))).toBe("web@2.0.0");
    expect(await fetchOne(fromRegistry(server.host, `web@${digest}`))).toBe("web@1.0.0");
    expect(await fetchOne(fromRegistry(server.host, "web:2.0.0", "1.0.0"))).toContain(
      "chart reference and version mismatch: 1.0.0 is not 2.0.0",
    );
    expect(await fetchOne(fromRepository(`oci://${server.host}`, "web", "2.0.0"))).toBe("web@2.0.0");
  });

  it("gets layers from the cache by their digest, but asks for the manifest", async () => {
    const server = await registry();
    server.push("web", "1.0.0", chartArchive("web", "1.0.0"));
    await fetchOne(fromRegistry(server.host, "web", "1.0.0"));
    await fetchOne(fromRegistry(server.host, "web", "1.0.0"));
    expect(server.seen.map(({ path }) => path.replace(/sha256:.*/, "DIGEST"))).toEqual([
      "/v2/web/manifests/1.0.0",
      "/v2/web/blobs/DIGEST",
      "/v2/web/manifests/1.0.0",
    ]);
  });

  it("refuses what has another digest, is no chart, or is not there", async () => {
    const server = await registry();
    const archive = chartArchive("web", "1.0.0");
    server.push("web", "1.0.0", archive);
    server.push("image", "1.0.0", archive, { configType: "application/vnd.oci.image.config.v1+json" });
    server.push("layer", "1.0.0", archive, { layerType: "application/vnd.oci.image.layer.v1.tar" });
    server.blobs.set(`sha256:${createHash("sha256").update(archive).digest("hex")}`, Buffer.alloc(archive.length));
    expect(await fetchOne(fromRegistry(server.host, "web", "1.0.0"))).toContain("does not match sha256:");
    expect(await fetchOne(fromRegistry(server.host, "image", "1.0.0"))).toContain(
      "could not load config with mediatype application/vnd.cncf.helm.config.v1+json",
    );
    expect(await fetchOne(fromRegistry(server.host, "layer", "1.0.0"))).toContain(
      "manifest does not contain a layer with mediatype",
    );
    expect(await fetchOne(fromRegistry(server.host, "none", "1.0.0"))).toContain(
      "response status code 404: manifest unknown: manifest unknown",
    );
    expect(await fetchOne(fromRegistry(server.host, "web", "^7"))).toContain(
      "could not locate a version matching provided version string ^7",
    );
    expect(await fetchOne(fromRegistry(server.host, "Web"))).toContain('invalid repository "Web"');
  });

  it("gets anonymous tokens, and tokens for a login, over TLS", async () => {
    const server = await registry({ flow: "bearer", anonymous: true, tls: true });
    server.push("web", "1.0.0", chartArchive("web", "1.0.0"));
    expect(await fetchOne(fromRegistry(server.host, "web"), { access: { caFile: certificateFile } })).toBe("web@1.0.0");
    const token = server.seen.find(({ path }) => path.startsWith("/token"))!;
    expect(new URL(token.path, server.url).searchParams.getAll("scope")).toEqual(["repository:web:pull"]);
    expect(token.authorization).toBeUndefined();
  });

  it.each(["basic", "bearer"] as const)("logs in by %s with each kind of docker configuration", async (flow) => {
    const server = await registry({ flow, login: "me:s3cret" });
    server.push("web", "1.0.0", chartArchive("web", "1.0.0"));
    const reference = fromRegistry(server.host, "web", "1.0.0");
    const config = (name: string, content: object): void => {
      mkdirSync(join(io.folder, name, ".."), { recursive: true });
      writeFileSync(join(io.folder, name), JSON.stringify(content));
    };
    expect(await fetchOne(reference)).toMatch(/401/);
    config(".docker/config.json", { auths: { [server.host]: { auth: Buffer.from("me:s3cret").toString("base64") } } });
    expect(await fetchOne(reference)).toBe("web@1.0.0");
    config(".docker/config.json", {
      auths: { [`https://${server.host}/v1/`]: { username: "me", password: "s3cret" } },
    });
    expect(await fetchOne(reference)).toBe("web@1.0.0");
    const helper = join(io.folder, "bin/docker-credential-tiphys-test");
    mkdirSync(join(io.folder, "bin"));
    writeFileSync(
      helper,
      `#!/bin/sh\nread server\n[ "$1 $server" = "get ${server.host}" ] && echo '{"Username":"me","Secret":"s3cret"}' || { echo "credentials not found in native keychain"; exit 1; }\n`,
    );
    chmodSync(helper, 0o755);
    const environment = { ...io.environment, PATH: `${join(io.folder, "bin")}:${io.environment["PATH"]}` };
    for (const content of [{ credHelpers: { [server.host]: "tiphys-test" } }, { credsStore: "tiphys-test" }]) {
      config(".config/helm/registry/config.json", content);
      rmSync(join(io.folder, ".docker"), { recursive: true, force: true });
      expect(await fetchOne(reference, { io: { ...io, environment } })).toBe("web@1.0.0");
    }
    const absent = await fetchOne(reference);
    expect(absent).toContain("docker-credential-tiphys-test failed");
    config(".config/helm/registry/config.json", { credsStore: "../evil" });
    expect(await fetchOne(reference)).toContain("its name is not one of a program");
  });

  it("exchanges an identity token", async () => {
    const server = await registry({ flow: "bearer", refreshToken: "identity" });
    server.push("web", "1.0.0", chartArchive("web", "1.0.0"));
    writeFileSync(
      join(io.folder, "config.json"),
      JSON.stringify({ auths: { [server.host]: { identitytoken: "identity" } } }),
    );
    expect(
      await fetchOne(fromRegistry(server.host, "web"), {
        settings: { registryConfig: join(io.folder, "config.json") },
      }),
    ).toBe("web@1.0.0");
  });

  it("keeps credentials from where blobs are, from other realms, and from registries that only an index names", async () => {
    const blobs = new Map<string, Uint8Array>();
    const storage = await serve((request, response) =>
      response.end(blobs.get(request.url!.slice(1).replace(/\?.*/, ""))),
    );
    const server = await registry({ login: "me:s3cret", blobOrigin: storage.url });
    server.push("web", "1.0.0", chartArchive("web", "1.0.0"));
    for (const [digest, bytes] of server.blobs) blobs.set(digest, bytes);
    const access = { username: "me", password: "s3cret" };
    expect(await fetchOne(fromRegistry(server.host, "web", "1.0.0"), { access })).toBe("web@1.0.0");
    expect(storage.seen.map(({ authorization }) => authorization)).toEqual([undefined]);

    const evil = await registry({ flow: "bearer", realm: "http://169.254.169.254/latest" });
    expect(await fetchOne(fromRegistry(evil.host, "web", "1.0.0"), { access })).toContain(
      'bearer realm host "169.254.169.254" is a loopback',
    );

    const named = await registry({ login: "me:s3cret" });
    const index = `apiVersion: v1\nentries:\n  web:\n${indexEntry("web", "1.0.0", Buffer.from(""), `oci://${named.host}/web:1.0.0`)}`;
    const repository = await serve(serveFiles(new Map([["/index.yaml", index]])));
    expect(await fetchOne(fromRepository(repository.url, "web"), { access })).toContain("401");
    expect(named.seen.every(({ authorization }) => authorization === undefined)).toBe(true);
  });
});

describe("proxies", () => {
  it("speaks through HTTP_PROXY and HTTPS_PROXY, but not to this machine or to what NO_PROXY names", async () => {
    const archive = chartArchive("web", "1.0.0");
    const index = `apiVersion: v1\nentries:\n  web:\n${indexEntry("web", "1.0.0", archive)}`;
    const proxy = await serve((request, response) => {
      expect(request.headers["proxy-authorization"]).toBe(`Basic ${Buffer.from("me:s3cret").toString("base64")}`);
      response.end(request.url === "http://charts.test/index.yaml" ? index : archive);
    });
    const environment = {
      ...io.environment,
      HTTP_PROXY: `http://me:s3cret@${proxy.host}`,
      https_proxy: "socks5://127.0.0.1:1",
      NO_PROXY: "inside.invalid",
    };
    const through = { io: { ...io, environment } };
    expect(await fetchOne(fromRepository("http://charts.test", "web"), through)).toBe("web@1.0.0");
    expect(await fetchOne(fromRepository("http://a.inside.invalid", "web"), through)).toContain("no such host");
    expect(await fetchOne(fromRepository("https://charts.test", "web"), through)).toContain(
      "unsupported: proxies by socks5:// (socks5://127.0.0.1:1/)".replace("/)", ""),
    );
    const direct = await serve(serveFiles(repositoryFiles(["1.0.0"])));
    expect(await fetchOne(fromRepository(`${direct.url}/charts`, "web"), through)).toBe("web@1.0.0");
  });
});

it("tunnels to https through HTTPS_PROXY", async () => {
  const target = await serve(serveFiles(repositoryFiles(["1.0.0"])), { tls: true });
  const asked: string[] = [];
  const proxy = createHttpServer();
  const sockets = new Set<Duplex>();
  proxy.on("connect", (request, socket: Duplex) => {
    asked.push(`${request.url} ${request.headers["proxy-authorization"]}`);
    if (request.url !== "charts.test:443") {
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const onward = connect(Number(new URL(target.url).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    for (const each of [socket, onward]) sockets.add(each.on("error", () => undefined));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as { port: number };
  try {
    const environment = { ...io.environment, HTTPS_PROXY: `http://me:s3cret@127.0.0.1:${port}` };
    const through = { io: { ...io, environment }, access: { insecureSkipTLSVerify: true } };
    expect(await fetchOne(fromRepository("https://charts.test/charts", "web"), through)).toBe("web@1.0.0");
    expect(asked).toEqual(Array(2).fill(`charts.test:443 Basic ${Buffer.from("me:s3cret").toString("base64")}`));
    const refused = await fetchOne(fromRepository("https://other.test", "web"), through);
    expect(refused).toContain(`proxy http://127.0.0.1:${port}/ did not connect to other.test:443: 403 Forbidden`);
    expect(
      await fetchOne(fromRepository("https://charts.test/charts", "web"), {
        io: { ...io, environment },
        cacheFolder: join(io.folder, "none"),
      }),
    ).toContain("certificate");
  } finally {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  }
});

const hasRegistry = spawnSync("registry", ["--version"]).status === 0;
const hasHelm = spawnSync("helm", ["version"]).status === 0;
if (!hasRegistry || !hasHelm) console.warn("skipped: the distribution registry or helm is not on PATH");

describe.skipIf(!hasRegistry || !hasHelm)("the distribution registry", () => {
  it("serves what helm push gave it", async () => {
    const port = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, "127.0.0.1", () => {
        const { port: free } = probe.address() as { port: number };
        probe.close(() => resolve(free));
      });
    });
    const config = join(io.folder, "registry.yml");
    writeFileSync(
      config,
      `version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: ${io.folder}/store}}\nhttp: {addr: "127.0.0.1:${port}"}\n`,
    );
    const server = spawn("registry", ["serve", config], { stdio: "ignore" });
    try {
      const environment = { ...process.env, ...io.environment, OTEL_TRACES_EXPORTER: "none" };
      for (const version of ["1.0.0", "1.1.0+build.7", "2.0.0-rc.1"]) {
        const file = join(io.folder, `web-${version}.tgz`);
        writeFileSync(file, chartArchive("web", version));
        let pushed = spawnSync("helm", ["push", file, `oci://127.0.0.1:${port}/team`, "--plain-http"], {
          env: environment,
        });
        for (let tries = 0; pushed.status !== 0 && tries < 50; tries++) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          pushed = spawnSync("helm", ["push", file, `oci://127.0.0.1:${port}/team`, "--plain-http"], {
            env: environment,
          });
        }
        expect(pushed.stderr.toString() + pushed.stdout.toString()).toContain("Pushed");
      }
      expect(await fetchOne(fromRegistry(`127.0.0.1:${port}`, "team/web"))).toBe("web@1.1.0+build.7");
      expect(await fetchOne(fromRegistry(`127.0.0.1:${port}`, "team/web", "1.0.0"))).toBe("web@1.0.0");
      expect(await fetchOne(fromRegistry(`127.0.0.1:${port}`, "team/web", ">1-0"))).toBe("web@2.0.0-rc.1");
      expect(await fetchOne(fromRegistry(`127.0.0.1:${port}`, "team/web", "3.0.0"))).toContain("manifest unknown");
    } finally {
      server.kill();
    }
  });
});
