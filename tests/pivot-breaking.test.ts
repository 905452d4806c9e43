import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { filesOf, tiphys, workspaceOf } from "./pivot/workspace.ts";

/** A small estate of two releases of one chart. */
const estate: Readonly<Record<string, string>> = {
  "tiphys.yaml": `apiVersion: tiphys.dev/v1alpha1
kind: Estate
helmfile: helmfile.yaml
gitops: { root: gitops, repoURL: https://git.example/gitops.git, targetRevision: main }
environments: { dev: { values: [_shared, dev], helmfile: dev } }
`,
  "helmfile.yaml": `environments:
  dev: {}
---
helmfiles:
  - path: helmfiles/50-apps.yaml
`,
  "helmfiles/50-apps.yaml": `environments:
  dev: {}
---
releases:
  - name: web
    namespace: shop
    chart: ../charts/web
    values:
      - ../values/web.yaml
  - name: worker
    namespace: shop
    chart: ../charts/web
    needs: [shop/web]
`,
  "values/web.yaml": "replicas: 2\n",
  "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "charts/web/values.yaml": "replicas: 1\n",
  "charts/web/templates/settings.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  replicas: "{{ .Values.replicas }}"
`,
};

const layer = "helmfiles/50-apps.yaml";
const replaced = (path: string, from: string, to: string): Record<string, string> => ({
  [path]: estate[path]!.replace(from, to),
});

/** What is broken, what is written, and what the message must hold: words and a place. */
const faults: readonly (readonly [
  name: string,
  changes: Record<string, string | Uint8Array>,
  message: RegExp,
  place: RegExp,
])[] = [
  [
    "a template with a syntax error",
    replaced("charts/web/templates/settings.yaml", "{{ .Values.replicas }}", "{{ .Values.replicas "),
    /unclosed action|unterminated quoted string/,
    /settings\.yaml:6/,
  ],
  [
    "a value file with a tab",
    { "values/web.yaml": "replicas: 2\nimage:\n\ttag: x\n" },
    /tab|cannot start any token/,
    /values\/web\.yaml:3/,
  ],
  [
    "a missing value file",
    replaced(layer, "../values/web.yaml", "../values/none.yaml"),
    /none\.yaml/,
    /50-apps\.yaml:\d+/,
  ],
  ["a missing chart", replaced(layer, "../charts/web", "../charts/none"), /charts\/none/, /50-apps\.yaml:\d+/],
  [
    "two releases of one name",
    replaced(layer, "name: worker", "name: web"),
    /duplicate|more than|conflict|twice|2 releases/i,
    /50-apps\.yaml/,
  ],
  ["a need that names nothing", replaced(layer, "shop/web", "shop/wbe"), /needs.*shop\/wbe/, /50-apps\.yaml:\d+/],
  [
    "a component.yaml with an unknown key",
    { "gitops/environments/dev/components/apps/x/component.yaml": "name: x\nnamspace: shop\n" },
    /unknown key "namspace"[^]*did you mean "namespace"/,
    /component\.yaml:2:1/,
  ],
  [
    "an archive with ../ in a path",
    {
      ...replaced(layer, "chart: ../charts/web\n    values", "chart: ../charts/web-1.0.0.tgz\n    values"),
      "charts/web-1.0.0.tgz": archive({
        "web/Chart.yaml": estate["charts/web/Chart.yaml"]!,
        "web/../../evil.txt": "x",
      }),
    },
    /parent directory|outside/,
    /web-1\.0\.0\.tgz/,
  ],
  [
    "a helmfile with exec",
    replaced(
      layer,
      "namespace: shop\n    chart: ../charts/web\n    values",
      'namespace: {{ exec "echo" (list "shop") }}\n    chart: ../charts/web\n    values',
    ),
    /exec/,
    /50-apps\.yaml/,
  ],
];

describe("things broken on purpose", () => {
  test("the estate is whole before", async () => {
    const folder = workspaceOf(estate);
    const { code, stderr } = await tiphys(folder, "migrate", "--write");
    expect(code, stderr).toBe(0);
    expect((await tiphys(folder, "prove")).code).toBe(0);
  });

  test.each(faults)("%s: a message with a place, and nothing is written", async (_name, changes, message, place) => {
    const folder = workspaceOf({ ...estate, ...changes });
    const before = filesOf(folder);
    const { code, stdout, stderr } = await tiphys(folder, "migrate", "--write");
    expect(stderr, stdout).toMatch(message);
    expect(stderr).toMatch(place);
    expect(code, stderr).toBeGreaterThan(0);
    expect(filesOf(folder)).toEqual(before);
  });
});

/** A .tgz with these files, whatever their names. */
function archive(files: Readonly<Record<string, string>>): Uint8Array {
  const blocks: Buffer[] = [];
  for (const [name, content] of Object.entries(files)) {
    const header = Buffer.alloc(512);
    header.write(name, 0, "latin1");
    header.write("0000644\0", 100, "latin1");
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124, "latin1");
    header.write("0", 156, "latin1");
    header.write("ustar\u000000", 257, "latin1");
    header.write("        ", 148, "latin1");
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    blocks.push(header, Buffer.concat([Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)]));
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
