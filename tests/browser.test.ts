import { existsSync } from "node:fs";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { chromium } from "playwright-core";
import { rolldown } from "rolldown";
import { beforeAll, expect, test } from "vitest";

const source = (path: string): string => fileURLToPath(new URL(`../packages/${path}`, import.meta.url));
const entry = fileURLToPath(new URL("browser-entry.ts", import.meta.url));

/** Bundles the entry from the sources as a page would get it. Fails on anything that only Node has. */
async function bundle(): Promise<string> {
  const build = await rolldown({
    input: entry,
    platform: "browser",
    transform: { define: { "import.meta": "{}" } },
    plugins: [
      {
        name: "workspace",
        async resolveId(id, importer) {
          const [, name, door] = /^@tiphys\/([a-z]+)(?:\/([a-z]+))?$/.exec(id) ?? [];
          if (name !== undefined)
            return source(`${name}/src/${door === undefined ? "index" : door === "sprig" ? "sprig/index" : door}.ts`);
          if (!id.startsWith("node:") && !builtinModules.includes(id)) return null;
          // A package may name a stand-in for browsers, as bcryptjs does.
          const resolved = await this.resolve(id, importer, { skipSelf: true });
          if (resolved !== null && resolved.external === false && resolved.id !== id) return resolved;
          throw new Error(`${importer ?? "?"} imports ${id}, which no browser has`);
        },
      },
    ],
  });
  const { output } = await build.generate({ format: "iife", name: "tiphys" });
  await build.close();
  return output[0].code;
}

const files = {
  "Chart.yaml": "apiVersion: v2\nname: page\nversion: 1.2.3\n",
  "values.yaml": "greeting: grüße\nreplicas: 2\nlabels: {app: page}\n",
  "values.schema.json": '{"properties": {"replicas": {"type": "integer", "minimum": 1}}}',
  "templates/_helpers.tpl": '{{ define "labels" }}{{ toYaml .Values.labels }}{{ end }}',
  "templates/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name | trunc 63 }}
  labels: {{- include "labels" . | nindent 4 }}
  annotations:
    checksum: {{ .Values.greeting | sha256sum }}
    password: {{ derivePassword 1 "long" "a" "b" "c" }}
    replaced: {{ regexReplaceAll "[^a-z-_]+" "a1b22" "-" }}
    day: {{ date "2006-01-02" 0 }}
    text: {{ tpl "{{ .Values.greeting }}" . | quote }}
    new: {{ semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version }}
spec:
  replicas: {{ .Values.replicas }}
`,
};

const manifests = `---
# Source: page/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: demo
  labels:
    app: page
  annotations:
    checksum: 8285d1ad84c6b6e475d3b50dbf90389c8c7a07a278d9ae46d5698cbe872e3834
    password: NameLetbDewr8_
    replaced: a-b-
    day: 1970-01-01
    text: "grüße"
    new: true
spec:
  replicas: 3
`;

const refusal =
  /^values don't meet the specifications of the schema\(s\) in the following chart\(s\):\npage:\n- at '\/replicas': minimum: got 0, want 1\n/;

let code: string;
beforeAll(async () => {
  code = await bundle();
}, 60_000);

test("gotemplate and helm bundle without Node's modules and render with what every JavaScript world has", () => {
  const world = createContext({ TextEncoder, TextDecoder, URL, setTimeout });
  runInContext(code, world);
  const render = runInContext("tiphys.render", world) as (files: object, values: string) => string;
  expect(render(files, "replicas: 3\n")).toBe(manifests);
  expect(render(files, "replicas: 0\n")).toMatch(refusal);
});

const browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);
if (browser === undefined) console.warn("skipped: no Chromium in /usr/bin");

test.runIf(browser !== undefined)(
  "a page in headless Chromium renders the same",
  async () => {
    const chrome = await chromium.launch({ executablePath: browser!, args: ["--no-sandbox"] });
    try {
      const page = await chrome.newPage();
      await page.addScriptTag({ content: code });
      const inPage = (values: string): Promise<string> =>
        page.evaluate(
          ([given, text]) =>
            (globalThis as unknown as { tiphys: { render(files: object, values: string): string } }).tiphys.render(
              given,
              text,
            ),
          [files, values] as const,
        );
      expect(await inPage("replicas: 3\n")).toBe(manifests);
      expect(await inPage("replicas: 0\n")).toMatch(refusal);
    } finally {
      await chrome.close();
    }
  },
  60_000,
);
