import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { MemoryTree } from "@tiphys/source";
import { loadChart, loadChartArchive } from "./chart/load.ts";
import { HelmError } from "./error.ts";
import { HelmEngine } from "./helm-engine.ts";
import { profiles } from "./profile.ts";
import type { RenderResult } from "./render-chart.ts";

const chartYaml = "apiVersion: v2\nname: c\nversion: 1.2.3\n";
const engine = new HelmEngine();

function render(files: Record<string, string>): RenderResult {
  const chart = loadChart(new MemoryTree({ "Chart.yaml": chartYaml, ...files }), "");
  return engine.render({ chart, valuesLayers: [], sets: [], release: { name: "x", namespace: "default" } });
}

/** Seconds of processor time that this process has taken: others on the machine do not count. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Renders and expects an error in time; then a sound chart must still render in the same engine. */
function expectBoundedError(files: Record<string, string>, message: RegExp): void {
  const start = processorSeconds();
  const { error } = render(files);
  expect(error?.helmText).toMatch(message);
  expect(processorSeconds() - start).toBeLessThan(5);
  expect(render({ "templates/a.yaml": "a: b\n" }).manifests).toBe("---\n# Source: c/templates/a.yaml\na: b\n");
}

describe("hostile charts end in an error within bounds", () => {
  it("include that includes itself", () => {
    expectBoundedError(
      { "templates/a.yaml": '{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}' },
      /nested reference name|maximum|exceeded/,
    );
  });
  it("tpl that calls itself", () => {
    expectBoundedError(
      { "templates/a.yaml": "{{ tpl .Values.t . }}", "values.yaml": 't: "{{ tpl .Values.t . }}"\n' },
      /nested deeper than|exceeded/,
    );
  });
  it("template that calls itself", () => {
    expectBoundedError(
      { "templates/a.yaml": '{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}' },
      /exceeded maximum template depth/,
    );
  });
  it("a string of gigabytes", () => {
    expectBoundedError({ "templates/a.yaml": '{{ repeat 2147483647 "abcdefgh" }}' }, /unsupported: a string of/);
  });
  it("a list of billions", () => {
    expectBoundedError({ "templates/a.yaml": "{{ range until 2000000000 }}{{ end }}" }, /unsupported|out of range/);
  });
  it("loops in loops, and in what tpl runs", () => {
    expectBoundedError(
      { "templates/a.yaml": "{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}" },
      /unsupported: more than 1000000 rounds of loops/,
    );
    expectBoundedError(
      { "templates/a.yaml": '{{ range until 100000 }}{{ tpl "{{ range until 10000 }}{{ end }}" $ }}{{ end }}' },
      /unsupported: more than 1000000 rounds of loops/,
    );
  });
  it.each(["toYaml", "toJson", "toPrettyJson", "print", "len | print"])("lists that double, through %s", (made) => {
    const double = (item: string): string =>
      `{{ $x := list 1 2 }}{{ range until 40 }}{{ $x = ${item} }}{{ end }}{{ $x | ${made} }}`;
    if (!made.startsWith("len"))
      expectBoundedError(
        { "templates/a.yaml": double("list $x $x") },
        /a\.yaml:1[\s\S]*unsupported: (?:(?:a string of \d+|more than \d+) bytes|a text of more than \d+ values)/,
      );
    expectBoundedError(
      { "templates/a.yaml": double("concat $x $x") },
      /a\.yaml:1[\s\S]*unsupported: more than \d+ elements of long lists/,
    );
  });
  it("a list that prints exponentially in an action", () => {
    expectBoundedError(
      { "templates/a.yaml": "{{ $x := list 1 2 }}{{ range until 40 }}{{ $x = list $x $x }}{{ end }}{{ $x }}" },
      /a\.yaml:1[\s\S]*unsupported: a text of more than \d+ values/,
    );
  });
  it("a cyclic value", () => {
    expectBoundedError(
      { "templates/a.yaml": '{{ $d := dict "a" 1 }}{{ $_ := set $d "self" $d }}{{ fail (toYaml $d) }}' },
      /execution error/,
    );
  });
  it("a chart that includes charts without end is cut", () => {
    const files: Record<string, string> = {};
    for (let depth = 0; depth < 40; depth++)
      files[`${"charts/s/".repeat(depth)}Chart.yaml`] = chartYaml.replace("c", "s");
    expect(() => loadChart(new MemoryTree(files), "")).toThrow(/nested too deeply/);
  });
  it("values nested 100,000 deep", () => {
    const chart = () =>
      loadChart(new MemoryTree({ "Chart.yaml": chartYaml, "values.yaml": `a: ${"[".repeat(100_000)}` }), "");
    expect(chart).toThrow(HelmError);
  });
  it("a YAML alias bomb", () => {
    const lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"];
    for (let i = 1; i < 10; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(",")}]`,
      );
    const chart = () => loadChart(new MemoryTree({ "Chart.yaml": chartYaml, "values.yaml": lines.join("\n") }), "");
    expect(chart).toThrow(/excessive aliasing/);
  });
  it("a values file of 50 MB", () => {
    const chart = loadChart(new MemoryTree({ "Chart.yaml": chartYaml }), "");
    const content = new Uint8Array(50 << 20).fill(10);
    const layer = { kind: "file", name: "v.yaml", origin: { file: "v.yaml" }, content } as const;
    const { error } = engine.render({
      chart,
      valuesLayers: [layer],
      sets: [],
      release: { name: "x", namespace: "default" },
    });
    expect(error?.helmText).toMatch(/unsupported: values file v.yaml of 52428800 bytes/);
    expect(error?.origin?.file).toBe("v.yaml");
  });
  it("a regular expression that backtracks without end elsewhere", () => {
    const start = processorSeconds();
    const { manifests } = render({
      "templates/a.yaml": 'x: {{ regexMatch "^(a+)+$" (printf "%s!" (repeat 50000 "a")) }}\n',
    });
    expect(manifests).toContain("x: false");
    expect(processorSeconds() - start).toBeLessThan(5);
  });
  it("a NUL byte in a template and in values", () => {
    expectBoundedError({ "templates/a.yaml": "x: \0\n" }, /control characters are not allowed/);
    expect(() => loadChart(new MemoryTree({ "Chart.yaml": chartYaml, "values.yaml": "a: \0\n" }), "")).toThrow(
      /control characters are not allowed/,
    );
  });
  it("files out of the chart", () => {
    const { manifests } = render({
      "templates/a.yaml": 'x: {{ .Files.Get "../../etc/passwd" | quote }}{{ .Files.Get "/etc/passwd" }}\n',
    });
    expect(manifests).toContain('x: ""');
  });
  it("keys of JavaScript's prototypes", () => {
    const { manifests } = render({
      "values.yaml": "__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n",
      "templates/a.yaml":
        'x: {{ .Values.__proto__.polluted }} {{ hasKey .Values "toString" }} {{ .Values.hasOwnProperty }}|\n',
    });
    expect(manifests).toContain("x: true false |");
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("hostile archives are refused", () => {
  it.each([
    ["c/../../x", /references parent directory/],
    ["c//etc/x", /absolute paths/],
    ["c/c:/foo", /illegally named files/],
    ["Chart.yaml", /content outside the base directory|not in base directory/],
  ])("%s", (name, message) => {
    expect(() => loadChartArchive(archive([[name, "x"]]))).toThrow(message);
  });
  it("a bomb, without unpacking it whole", () => {
    const bomb = gzipSync(Buffer.alloc(400 << 20));
    const start = processorSeconds();
    expect(() => loadChartArchive(bomb)).toThrow(/larger than the maximum size 104857600/);
    expect(processorSeconds() - start).toBeLessThan(5);
  });
  it("a file over 5 MiB, where Helm had that limit", () => {
    const big = archive([
      ["c/Chart.yaml", chartYaml],
      ["c/big", "x".repeat(6 << 20)],
    ]);
    expect(() => loadChartArchive(big, { profile: profiles["4.2.4"] })).toThrow(
      /larger than the maximum file size 5242880/,
    );
    expect(loadChartArchive(big).metadata.name).toBe("c");
  });
  it("bytes that are no archive", () => {
    expect(() => loadChartArchive(new Uint8Array([1, 2, 3]))).toThrow(HelmError);
    expect(() => loadChartArchive(gzipSync(Buffer.from("hello".repeat(300))))).toThrow(/invalid tar header/);
  });
  it("links hold nothing", () => {
    const chart = loadChartArchive(
      archive([
        ["c/Chart.yaml", chartYaml],
        ["c/link", "/etc/passwd", "2"],
      ]),
    );
    expect(chart.files.find((file) => file.name === "link")?.text).toBe("");
  });
});

function archive(entries: readonly (readonly [name: string, content: string, type?: string])[]): Uint8Array {
  const blocks: Buffer[] = [];
  for (const [name, content, type = "0"] of entries) {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write("0000644\0", 100);
    header.write(`${(type === "0" ? content.length : 0).toString(8).padStart(11, "0")}\0`, 124);
    header.write("        ", 148);
    header.write(type, 156);
    if (type !== "0") header.write(content, 157);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    const body = type === "0" ? Buffer.from(content) : Buffer.alloc(0);
    blocks.push(header, body, Buffer.alloc((512 - (body.length % 512)) % 512));
  }
  return new Uint8Array(gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])));
}
