import { expect, test } from "vitest";
import { define, parseTemplate, TemplateSet, TraceRecorder } from "../index.ts";
import type { CallContext, GoValue } from "../index.ts";

const functions = new Map(
  [
    define("include", "func(string, interface {}) string", (context, name: string, data: GoValue) => {
      return (context.engine as TemplateSet).execute(name, data, context);
    }),
    define("nindent", "func(int, string) string", (_context, count: bigint, text: string) => {
      const pad = "\n" + " ".repeat(Number(count));
      return pad + text.replaceAll("\n", pad);
    }),
    define("upper", "func(string) string", (_context, text: string) => text.toUpperCase()),
    define("dict", "func(...interface {}) map[string]interface {}", (_context, ...args: GoValue[]) => {
      return new Map(args.flatMap((key, i) => (i % 2 === 0 ? [[key as string, args[i + 1]!]] : [])));
    }),
    define(
      "merge",
      "func(map[string]interface {}, map[string]interface {}) map[string]interface {}",
      (_context, target: Map<string, GoValue>, source: Map<string, GoValue>) => {
        for (const [key, value] of source) if (!target.has(key)) target.set(key, value);
        return target;
      },
    ),
    define("tpl", "func(string, interface {}) string", (context, text: string, data: GoValue) => {
      const inner = new TemplateSet({ functions });
      const parsed = parseTemplate("inner", text, { functions });
      inner.add(parsed);
      context.trace?.inline(parsed);
      return inner.execute("inner", data, context);
    }),
  ].map((fn) => [fn.name, fn]),
);

/** Each span of the output: its text, its place, and the values it shows. */
function traced(
  text: string,
  values: Map<string, GoValue>,
): { out: string; spans: [string, string, string][]; reads: string[]; conditions: string[] } {
  const set = new TemplateSet({ functions });
  set.add(parseTemplate("t.yaml", text, { functions }));
  const trace = new TraceRecorder();
  trace.root(values, ".Values");
  const context: CallContext = {
    now: 0,
    timeZone: "UTC",
    environment: new Map(),
    random: { bytes: (count) => new Uint8Array(count) },
    engine: set,
    trace,
  };
  const data = new Map([["Values", values]]);
  const out = set.execute("t.yaml", data, context);
  const { trace: _trace, ...untraced } = context;
  expect(set.execute("t.yaml", data, untraced)).toBe(out);
  const latest = trace.latest!;
  const spans = Array.from({ length: latest.spanCount }, (_, span): [string, string, string] => {
    const { start, end } = latest.spanAt(span);
    const origin = latest.originAt(start)!;
    return [out.slice(start, end), `${origin.template}:${origin.line}:${origin.column}`, origin.paths.join(" ")];
  });
  const conditions = spans.map((_, span) => latest.originAt(latest.spanAt(span).start)!.conditions.join(" "));
  return { out, spans, reads: [...trace.reads].map(String).sort(), conditions };
}

const values = (): Map<string, GoValue> =>
  new Map<string, GoValue>([
    ["name", "web"],
    [
      "image",
      new Map<string, GoValue>([
        ["repo", "nginx"],
        ["tag", null],
      ]),
    ],
    ["ports", [80, 443]],
    ["labels", new Map([["team", "x"]])],
  ]);

test("an action names its place and the value it shows", () => {
  const { spans, reads } = traced("a: {{ .Values.name }}\nb: {{ .Values.image.tag }}", values());
  expect(spans).toEqual([
    ["a: ", "t.yaml:1:1", ""],
    ["web", "t.yaml:1:7", ".Values.name"],
    ["\nb: ", "t.yaml:1:22", ""],
    ["<no value>", "t.yaml:2:7", ".Values.image.tag"],
  ]);
  expect(reads).toEqual([".Values.image.tag", ".Values.name"]);
});

test("an included template keeps its own places, also when indented", () => {
  const text = '{{ define "l" }}app: {{ .Values.name }}\nk: v{{ end }}x:{{ include "l" . | nindent 2 }}';
  expect(traced(text, values()).spans).toEqual([
    ["x:", "t.yaml:2:14", ""],
    ["app: ", "l:1:17", ""],
    ["web", "l:1:25", ".Values.name"],
    ["k: v", "l:2:1", ""],
  ]);
});

test("a variable, with and range carry the path along", () => {
  const text =
    "{{ $n := .Values.name }}{{ $n }}{{ with .Values.image.repo }} {{ . }}{{ end }}{{ range $i, $p := .Values.ports }} {{ $p }}{{ end }}{{ range .Values.labels }} {{ . }}{{ end }}";
  expect(
    traced(text, values())
      .spans.filter(([text]) => text !== " ")
      .map(([shown, , paths]) => [shown, paths]),
  ).toEqual([
    ["web", ".Values.name"],
    ["nginx", ".Values.image.repo"],
    ["80", ".Values.ports[0]"],
    ["443", ".Values.ports[1]"],
    ["x", ".Values.labels.team"],
  ]);
});

test("a text that is changed otherwise counts as made by the call", () => {
  const text = '{{ define "l" }}app: {{ .Values.name }}{{ end }}{{ include "l" . | upper }}';
  expect(traced(text, values()).spans).toEqual([["APP: WEB", "t.yaml:1:52", ".Values.name"]]);
});

test("index, template and conditions are followed", () => {
  const text =
    '{{ define "d" }}{{ .name }}{{ end }}{{ if .Values.image }}{{ index .Values "image" "repo" }}{{ end }}{{ template "d" .Values }}';
  const { spans, reads } = traced(text, values());
  expect(spans.map(([shown, place]) => [shown, place])).toEqual([
    ["nginx", "t.yaml:1:62"],
    ["web", "d:1:20"],
  ]);
  expect(reads).toContain(".Values.image.repo");
  expect(reads).toContain(".Values.image");
});

test("a trace follows its text when ends are cut", () => {
  const set = new TemplateSet({ functions });
  set.add(parseTemplate("t", "\n\na: {{ .b }}\n", { functions }));
  const trace = new TraceRecorder();
  const out = set.execute("t", new Map([["b", "c"]]), {
    now: 0,
    timeZone: "UTC",
    environment: new Map(),
    random: { bytes: (count) => new Uint8Array(count) },
    engine: undefined,
    trace,
  });
  expect(trace.latest!.of(out.trim())!.originAt(3)).toMatchObject({ line: 3, column: 7 });
  expect(trace.latest!.of("something else")).toBeUndefined();
});

/** Of the spans that show something: the text and what was read for it. */
function shown(text: string): [string, string][] {
  return traced(text, values())
    .spans.filter(([text]) => text.trim() !== "")
    .map(([text, , paths]) => [text, paths]);
}

test("what a map is made of is known entry by entry, also behind a variable", () => {
  const text =
    '{{ define "d" }}{{ .a }}{{ .b.repo }}{{ end }}{{ include "d" (dict "a" .Values.name "b" .Values.image) }}{{ $d := dict "a" .Values.name "b" .Values.image }} {{ $d.a }}';
  expect(shown(text)).toEqual([
    ["web", ".Values.name"],
    ["nginx", ".Values.image.repo"],
    ["web", ".Values.name"],
  ]);
});

test("a scalar as the dot of a template is known", () => {
  const text = '{{ define "d" }}{{ . }}{{ end }}{{ template "d" .Values.name }} {{ include "d" .Values.image.repo }}';
  expect(shown(text)).toEqual([
    ["web", ".Values.name"],
    ["nginx", ".Values.image.repo"],
  ]);
});

test("a merged map leads to the maps that it was made of", () => {
  const text = '{{ $m := merge (dict "x" .Values.name) .Values.image }}{{ $m.repo }}';
  expect(shown(text)[0]![1].split(" ")).toContain(".Values.image.repo");
});

test("conditions around a text and around an assignment are told", () => {
  const text =
    "{{ $x := 1 }}{{ if .Values.name }}a{{ else }}b{{ $x = 2 }}{{ end }}{{ range .Values.ports }}r{{ end }}{{ $x }}";
  const { spans, conditions } = traced(text, values());
  expect(spans.map(([text], span) => [text, conditions[span]])).toEqual([
    ["a", ".Values.name"],
    ["r", ".Values.ports"],
    ["r", ".Values.ports"],
    ["1", ".Values.name"],
  ]);
});

test("what a function makes of an include's text depends on all that was read in it", () => {
  const text = '{{ define "l" }}{{ if .Values.name }}x{{ end }}{{ end }}{{ include "l" . | upper }}';
  expect(shown(text)).toEqual([["X", ".Values.name"]]);
});

test("a text given to tpl stands where tpl is called, and reads what it reads", () => {
  const { spans } = traced('{{ tpl "{{ .Values.name }}!" . }}', values());
  expect(spans).toEqual([
    ["web", "t.yaml:1:4", ".Values.name"],
    ["!", "t.yaml:1:4", ""],
  ]);
});
