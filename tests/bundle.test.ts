import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tiphys-bundle-"));
const cli = join(folder, "node_modules", "tiphys");
const chart = join(folder, "chart");

/** Runs the copied command line, whose bundle has no modules beside it to fall back on. */
function tiphys(...args: string[]): string {
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache") };
  return execFileSync(process.execPath, [join(cli, "bin", "tiphys.js"), ...args], {
    encoding: "utf8",
    env,
    stdio: "pipe",
  });
}

function bundleFolder(): string {
  return join(cli, "dist", "bundle", readFileSync(join(cli, "dist", "bundle", "current"), "utf8"));
}

function codeFolder(): string {
  return join(
    bundleFolder(),
    readdirSync(bundleFolder()).find((name) => name.startsWith("code-"))!,
  );
}

/** `npm test` builds first; vitest alone may run where nothing was built. */
const isBuilt = existsSync(join(root, "packages/cli/dist/main.js"));
if (!isBuilt) console.warn("skipped: nothing is built, run npm test");

beforeAll(() => {
  if (!isBuilt) return;
  // Other runs in this tree may be writing a new bundle: this one is built for the test alone.
  const script = `import(${JSON.stringify(join(root, "scripts/bundle.mjs"))}).then((module) => module.bundle({ into: process.argv[1] }))`;
  execFileSync(process.execPath, ["-e", script, join(cli, "dist", "bundle")]);
  cpSync(join(root, "packages/cli/bin"), join(cli, "bin"), { recursive: true });
  cpSync(join(root, "packages/cli/package.json"), join(cli, "package.json"));
  mkdirSync(join(chart, "templates"), { recursive: true });
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: small\nversion: 0.1.0\n");
  writeFileSync(join(chart, "values.yaml"), "name: grüße\n");
  const template =
    'a: {{ .Values.name | quote }}\nb: {{ regexReplaceAll "\\\\pN+" "a1b22" "-" }}\nc: {{ sha256sum "x" }}\n';
  writeFileSync(join(chart, "templates", "a.yaml"), template);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const expected = `---
# Source: small/templates/a.yaml
a: "grüße"
b: a-b-
c: 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881
`;

test.runIf(isBuilt)("the bundle renders alone, with the libraries that are loaded on demand", () => {
  expect(tiphys("template", "x", chart)).toBe(expected);
});

test.runIf(isBuilt)("compiled code is kept, used and, when it is damaged or another bundle's, ignored", () => {
  tiphys("template", "x", chart);
  const kept = readdirSync(codeFolder());
  expect(kept).toContain("main.cjs");
  expect(kept).toContain("library-re2js.cjs");
  writeFileSync(join(codeFolder(), "main.cjs"), "not compiled code");
  cpSync(join(codeFolder(), "library-re2js.cjs"), join(codeFolder(), "library-noble-hashes-sha2-js.cjs"));
  expect(tiphys("template", "x", chart)).toBe(expected);
});

test.runIf(isBuilt)("every command starts from the bundle", () => {
  for (const line of tiphys("--help").split("\n")) {
    const name = /^ {2}([a-z-]+) {2,}/.exec(line)?.[1];
    if (name !== undefined && name !== "help") expect(tiphys(name, "--help"), name).toContain(`Usage: tiphys ${name}`);
  }
});

test.runIf(isBuilt)("no file of the bundle uses another before it has asked for it", () => {
  for (const name of readdirSync(bundleFolder()).filter((file) => file.endsWith(".cjs"))) {
    const code = readFileSync(join(bundleFolder(), name), "utf8");
    for (const [, part] of code.matchAll(/^let (require_\w+);$/gm))
      expect(code, name).not.toMatch(new RegExp(`(?<![\\w$])${part}\\.`));
  }
});

test.runIf(isBuilt)(
  "what renderings said is remembered, without a value; what is damaged or foreign in it is rendered again",
  () => {
    const estate = join(folder, "estate");
    mkdirSync(estate);
    const release = "releases: [{ name: web, namespace: shop, chart: ../chart, values: [{ name: hunter2 }] }]\n";
    writeFileSync(join(estate, "helmfile.yaml"), release);
    const kind =
      "kind: {{ if .Values.broken }}{{ fail .Values.name }}{{ else }}Service{{ end }}\nmetadata: { name: x }\n";
    cpSync(chart, join(estate, "chart"), { recursive: true });
    writeFileSync(join(estate, "helmfile.yaml"), release.replace("../chart", "./chart"));
    writeFileSync(join(estate, "chart", "templates", "a.yaml"), kind);
    const inventory = (): string => tiphys("inventory", "--path", estate, "--offline", "-o", "json");
    const kept = join(folder, "cache", "tiphys", "renderings");
    const file = (): string =>
      join(
        kept,
        readdirSync(kept).find((name) => name.endsWith(".json"))!,
      );
    const first = inventory();
    const remembered = readFileSync(file(), "utf8");
    expect(remembered).toContain('"Service"');
    expect(remembered).not.toContain("hunter2");
    expect(inventory()).toBe(first);
    // It is what the answer comes from.
    writeFileSync(file(), remembered.replace('"hooks":[]', '"hooks":[["Job","pre-install"]]'));
    expect(inventory()).toContain("helm-hooks");
    const others = [
      "{",
      "7",
      "null",
      remembered.replace('"Service"', '"no kind"'),
      remembered.replace('["Service"]', "5"),
    ];
    for (const other of others) {
      writeFileSync(file(), other);
      expect(inventory(), other).toBe(first);
    }
    writeFileSync(join(estate, "chart", "templates", "a.yaml"), kind.replace("Service", "CustomResourceDefinition"));
    expect(inventory()).toContain("ships-crds");
    // A failure's message may hold a value.
    writeFileSync(join(estate, "chart", "values.yaml"), "broken: true\n");
    expect(inventory()).toContain("chart-invalid");
    expect(readFileSync(file(), "utf8")).not.toContain("hunter2");
  },
);

test.runIf(isBuilt)("a thousand templates within each other render, and an endless chain of them is refused", () => {
  const deep = join(folder, "deep");
  mkdirSync(join(deep, "templates"), { recursive: true });
  writeFileSync(join(deep, "Chart.yaml"), "apiVersion: v2\nname: deep\nversion: 0.1.0\n");
  const call = 'include "d" (dict "n" (sub (int $.n) 1) "x" 1) | indent 0';
  const define = `{{- define "d" }}{{ if gt (int .n) 0 }}{{ with .x }}{{ ${call} }}{{ end }}{{ else }}end{{ end }}{{ end }}`;
  writeFileSync(
    join(deep, "templates", "_d.tpl"),
    `${define}{{ define "endless" }}{{ template "endless" . }}{{ end }}`,
  );
  writeFileSync(
    join(deep, "templates", "a.yaml"),
    'x: {{ include "d" (dict "n" .Values.n "x" 1) }}{{ if .Values.endless }}{{ template "endless" . }}{{ end }}\n',
  );
  expect(tiphys("template", "x", deep, "--set", "n=998")).toBe("---\n# Source: deep/templates/a.yaml\nx: end\n");
  const stderr = expect.stringContaining("exceeded maximum template depth (100000)");
  expect(() => tiphys("template", "x", deep, "--set", "n=1,endless=true")).toThrow(
    expect.objectContaining({ status: 1, stderr }),
  );
});

test("a bundle older than what tsc wrote is not used", () => {
  const old = join(folder, "old", "cli");
  cpSync(join(root, "packages/cli/bin"), join(old, "bin"), { recursive: true });
  mkdirSync(join(old, "dist", "bundle"), { recursive: true });
  writeFileSync(join(old, "dist", "bundle", "current"), "gone");
  writeFileSync(join(old, "dist", ".tsbuildinfo"), "");
  writeFileSync(join(old, "package.json"), '{ "type": "module" }');
  const modules = "export const main = async () => 7; export const processIo = () => undefined;";
  writeFileSync(join(old, "dist", "main.js"), modules);
  utimesSync(join(old, "dist", "bundle", "current"), 1, 1);
  expect(() => execFileSync(process.execPath, [join(old, "bin", "tiphys.js")])).toThrow(
    expect.objectContaining({ status: 7 }),
  );
});
