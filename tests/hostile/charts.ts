import { gzipSync } from "node:zlib";

/** A file's content, where a link leads, a size without content, or a named pipe. */
export type HostileFile = string | Uint8Array | { readonly link: string } | { readonly sparse: number } | "pipe";

/** A chart, or what surrounds it, that wants to do harm. */
export interface HostileChart {
  readonly name: string;
  /** Files by path; the chart is `c` unless `chart` says otherwise. */
  readonly files: Readonly<Record<string, HostileFile>>;
  readonly chart?: string;
  readonly flags?: readonly string[];
  /** What stderr must say: what is wrong, and where. Without it the chart must render. */
  readonly error?: RegExp;
  /** Processor time that it may take when that is more than 5 s: keys are work that honest charts ask for, too. */
  readonly seconds?: number;
  /** What stdout must hold, of a chart that renders. */
  readonly output?: RegExp;
  /** Estates leave links that lead outside, and what is no file, out of their folders: nothing fails there. */
  readonly isUnseenInEstates?: boolean;
  /** One of the few that always run. */
  readonly isQuick?: boolean;
}

const chartYaml = "apiVersion: v2\nname: c\nversion: 1.2.3\n";
const base = { "c/Chart.yaml": chartYaml };
const inTemplate = /c\/templates\/a\.yaml:1|c\/templates\/a\.yaml/;

/** A chart of one template. */
function template(name: string, text: string, more: Partial<HostileChart> = {}): HostileChart {
  return { name, files: { ...base, "c/templates/a.yaml": text }, error: inTemplate, ...more };
}

/** A chart of a values file and a template that prints it. */
function values(name: string, text: string | Uint8Array, error: RegExp | undefined): HostileChart {
  const files = { ...base, "c/values.yaml": text, "c/templates/a.yaml": "v: {{ .Values | toJson | len }}\n" };
  return error === undefined ? { name, files } : { name, files, error };
}

export const aliasBomb = (() => {
  const lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"];
  for (let i = 1; i < 12; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(",")}]`,
    );
  return `${lines.join("\n")}\n`;
})();
export const mergeBomb = (() => {
  const lines = ["a0: &a0 {x: 1}"];
  for (let i = 1; i < 40; i++) lines.push(`a${i}: &a${i} {<<: [*a${i - 1}, *a${i - 1}], k${i}: *a${i - 1}}`);
  return `${lines.join("\n")}\n`;
})();
const deep = 100_000;
/** Grows a variable by doubling it. */
const doubling = (step: string, start = '"x"'): string =>
  `{{ $s := ${start} }}{{ range until 60 }}{{ $s = ${step} }}{{ end }}`;

const recursion: readonly HostileChart[] = [
  template("include of itself", '{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}', { isQuick: true }),
  template("tpl of itself", "{{ tpl .Values.t . }}", {
    files: { ...base, "c/values.yaml": 't: "{{ tpl .Values.t . }}"\n', "c/templates/a.yaml": "{{ tpl .Values.t . }}" },
    isQuick: true,
  }),
  template("template of itself", '{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}', {
    isQuick: true,
  }),
  template(
    "include and tpl in turn",
    `{{ define "r" }}{{ tpl "{{ include \\"r\\" . }}" . }}{{ end }}{{ include "r" . }}`,
  ),
  template(
    "calls that multiply without a loop",
    `${Array.from({ length: 12 }, (_, i) => `{{ define "d${i}" }}${i === 0 ? "x" : `{{ include "d${i - 1}" . }}`.repeat(10)}{{ end }}`).join("")}{{ include "d11" . }}`,
  ),
  template(
    "templates that multiply without a loop",
    `${Array.from({ length: 12 }, (_, i) => `{{ define "d${i}" }}${i === 0 ? "" : `{{ template "d${i - 1}" . }}`.repeat(10)}{{ end }}`).join("")}{{ template "d11" . }}`,
  ),
  template("a template parsed again and again", '{{ range until 1000000 }}{{ tpl (printf "{{ %d }}" .) $ }}{{ end }}'),
];

const loops: readonly HostileChart[] = [
  template("a list of billions", "{{ range until 2000000000 }}{{ end }}", { isQuick: true }),
  template("a loop over a number", "{{ range 2000000000 }}x{{ end }}"),
  template("a loop over a number, of nothing", "a: b{{ range 2000000000 }}{{ end }}", { error: undefined }),
  template("loops in loops", "{{ range until 100000 }}{{ range until 100000 }}x{{ end }}{{ end }}"),
  template("untilStep", "{{ untilStep 0 2000000000 1 | len }}"),
  template("seq", "{{ seq 1 2000000000 | len }}"),
  template("uniq of many", "x: {{ uniq (until 1000000) | len }}", { error: undefined }),
  template("without of many", "x: {{ range until 3000 }}{{ $x := without (until 100000) 1 2 3 }}{{ end }}"),
  template(
    "sorting again and again",
    "x: {{ $l := until 100000 }}{{ range until 10000 }}{{ $x := sortAlpha $l }}{{ end }}",
  ),
  template("chunks of one", "x: {{ chunk 1 (until 9000000) | len }}"),
  template("endless documents", '{{ repeat 8000000 "---\\n" }}', { error: undefined }),
  template("many documents", "{{ range until 200000 }}---\na: {{ . }}\n{{ end }}", { error: undefined }),
];

const lengths: readonly HostileChart[] = [
  template("a gigabyte by repeat", '{{ repeat 1073741824 "x" }}', { isQuick: true }),
  template("a width in printf", '{{ printf "%01000000000d" 1 }}'),
  template("a precision in printf", '{{ printf "%.1000000000f" 1.0 }}'),
  template("a width by an argument", '{{ printf "%*d" 2000000000 1 }}'),
  template("indent", '{{ indent 1000000000 "x" }}'),
  template("nindent of lines", '{{ repeat 100000 "a\\n" | nindent 100000 }}'),
  template("random letters", "{{ randAlphaNum 2000000000 }}"),
  template("random bytes", "{{ randBytes 2000000000 }}"),
  template("text doubled by printf", doubling('printf "%s%s" $s $s')),
  template("text doubled by cat", doubling("cat $s $s")),
  template("text doubled by replace", doubling('replace "x" "xx" $s')),
  template("text doubled by regexReplaceAll", doubling('regexReplaceAll "x" $s "xx"')),
  template("text doubled by join", doubling('join "x" (list $s $s)')),
  template("text doubled by quote", doubling("$s | quote | quote")),
  template("text doubled by toJson", doubling("toJson (list $s $s)")),
  template("text grown by base64", doubling("b64enc $s | b64enc", '"xxxx"')),
  template("a list that doubles", `${doubling("concat $s $s", "list 1 2")}{{ $s | toYaml }}`),
  template("a list that holds itself twice", `${doubling("list $s $s", "list 1 2")}{{ $s | toYaml }}`, {
    isQuick: true,
  }),
  template("the same in an action", `${doubling("list $s $s", "list 1 2")}{{ $s }}`),
  template(
    "the same compared",
    `${doubling("list $s $s", "list 1 2")}{{ $t := deepCopy $s }}{{ if deepEqual $s $t }}x{{ end }}`,
  ),
  template("the same as a hash", `${doubling("list $s $s", "list 1 2")}{{ $s | toString | sha256sum }}`),
  template(
    "the same merged",
    `{{ $s := dict "a" 1 }}{{ range until 60 }}{{ $s = dict "a" $s "b" $s }}{{ end }}{{ mergeOverwrite (dict) $s | toJson }}`,
  ),
  template("wrapping to no width", '{{ wrapWith 0 "\\n" (repeat 1000000 "ab ") | len }}'),
  template("negative lengths", 'x: {{ trunc -9223372036854775807 "abc" }}{{ substr -5 -1 "abc" }}{{ indent -1 "x" }}'),
  template("a negative count", '{{ repeat -1 "x" }}'),
  template("chunks of nothing", "{{ chunk 0 (list 1 2) }}"),
  template("a round to a million places", "x: {{ round 1.1 1000000 }}", { error: undefined }),
  template("abbrev", 'x: {{ abbrev 2147483647 "x" }}', { error: undefined }),
];

const expressions: readonly HostileChart[] = [
  template("backtracking", 'x: {{ regexMatch "^(a+)+$" (printf "%s!" (repeat 50000 "a")) }}', {
    error: undefined,
    output: /x: false/,
    isQuick: true,
  }),
  template("repeats of repeats", '{{ regexMatch "((a{1,100}){1,100}){1,100}" "a" }}'),
  template("a thousand of a thousand", '{{ regexMatch "(x{1000}){1000}" "x" }}'),
  template(
    "optional letters",
    'x: {{ regexMatch (printf "^%s%s$" (repeat 1000 "a?") (repeat 1000 "a")) (repeat 1000 "a") }}',
    { error: undefined },
  ),
  template("alternatives", 'x: {{ regexFindAll "(a|aa|aaa|aaaa)*b" (repeat 20000 "a") -1 | len }}', {
    error: undefined,
  }),
  template("a match at every place", 'x: {{ regexFindAll "" (repeat 3000000 "a") -1 | len }}'),
  template("deep groups", `x: {{ regexMatch "${"(".repeat(5000)}${")".repeat(5000)}" "a" }}`, { error: undefined }),
  template("quadratic search", 'x: {{ regexMatch ".*.*.*=.*" (repeat 30000 "x") }}', { error: undefined }),
  template("globs with many braces", `x: {{ .Files.Glob "${"{a,b}".repeat(24)}" | len }}`, {
    files: {
      ...base,
      [`c/${"ab".repeat(12)}`]: "x",
      "c/templates/a.yaml": `x: {{ .Files.Glob "${"{a,b}".repeat(24)}" | len }}`,
    },
    error: undefined,
  }),
  template("globs with many stars", "x: 1\n", {
    files: {
      ...base,
      [`c/${"a".repeat(200)}`]: "x",
      "c/templates/a.yaml": `x: {{ .Files.Glob "${"*a".repeat(30)}b" | len }}`,
    },
    error: undefined,
  }),
  template("stars of --show-only", "x: 1\n", {
    flags: ["-s", `${"*a".repeat(30)}b`],
    error: /could not find template/,
  }),
];

const yaml: readonly HostileChart[] = [
  { ...values("an alias bomb in values", aliasBomb, /excessive aliasing/), isQuick: true },
  values("a merge bomb in values", mergeBomb, /values\.yaml.*excessive aliasing/),
  values("lists 100,000 deep", `a: ${"[".repeat(deep)}${"]".repeat(deep)}\n`, /values\.yaml/),
  values("maps 100,000 deep", `a: ${"{a: ".repeat(deep)}1${"}".repeat(deep)}\n`, /values\.yaml/),
  values("dashes 100,000 deep", `a:\n${"- ".repeat(deep)}x\n`, /values\.yaml/),
  values(
    "lines 3,000 deep",
    `${Array.from({ length: 3000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")} 1\n`,
    /values\.yaml.*nested deeper/,
  ),
  values("a NUL byte in values", "a: \0\n", /values\.yaml.*control characters are not allowed/),
  values("a number of a megabyte", `a: ${"9".repeat(1 << 20)}\n`, undefined),
  values("an exponent of a billion", "a: 1e999999999\n", undefined),
  values("a tag of a megabyte", `a: !<${"x".repeat(1 << 20)}> 1\n`, undefined),
  values("a key of a megabyte", `? ${"x".repeat(1 << 20)}\n: 1\n`, undefined),
  values(
    "50 MB of lines",
    Buffer.from(`a: 1\n${"# comment\n".repeat(5 << 20)}`),
    /unsupported: .*values\.yaml|values\.yaml.*unsupported/,
  ),
  template("an alias bomb in fromYaml", 'x: {{ .Files.Get "bomb" | fromYaml | toJson | len }}', {
    files: { ...base, "c/bomb": aliasBomb, "c/templates/a.yaml": 'x: {{ .Files.Get "bomb" | fromYaml | toJson }}\n' },
    error: undefined,
    output: /excessive aliasing/,
  }),
  template("an alias bomb in a manifest", aliasBomb, { error: /templates\/a\.yaml.*excessive aliasing/s }),
  template("a deep manifest", `a: ${"[".repeat(deep)}\n`, { error: /templates\/a\.yaml/ }),
  template(
    "deep JSON",
    'x: {{ printf "%s1%s" (repeat 100000 "[") (repeat 100000 "]") | fromJsonArray | toJson | quote }}',
    { error: undefined, output: /exceeded max depth/ },
  ),
  template(
    "a value nested by a loop",
    'x: {{ $d := dict }}{{ range until 200000 }}{{ $d = dict "a" $d }}{{ end }}{{ $d | toYaml | len }}',
    { error: undefined },
  ),
  template(
    "the same as JSON",
    'x: {{ $d := dict }}{{ range until 200000 }}{{ $d = dict "a" $d }}{{ end }}{{ $d | toJson | len }}',
    { error: undefined },
  ),
  template("the same printed", '{{ $d := dict }}{{ range until 200000 }}{{ $d = dict "a" $d }}{{ end }}{{ $d }}'),
  template(
    "the same copied",
    'x: {{ $d := dict }}{{ range until 200000 }}{{ $d = dict "a" $d }}{{ end }}{{ $x := deepCopy $d }}',
  ),
  {
    name: "an alias bomb in Chart.yaml",
    files: { "c/Chart.yaml": `${chartYaml}${aliasBomb}` },
    error: /Chart\.yaml.*excessive aliasing/,
  },
  {
    name: "a deep schema",
    files: {
      ...base,
      "c/values.yaml": "a: 1\n",
      "c/values.schema.json": `${'{"properties":{"a":'.repeat(20000)}{}${"}}".repeat(20000)}`,
    },
    error: /schema|depth/,
  },
  {
    name: "a schema that refers to itself",
    files: { ...base, "c/values.yaml": "a: 1\n", "c/values.schema.json": '{"allOf":[{"$ref":"#"}]}' },
    error: /values don't meet the specifications|schema/,
  },
  {
    name: "a schema that doubles",
    files: {
      ...base,
      "c/values.yaml": "a: 1\n",
      "c/values.schema.json": JSON.stringify({
        $ref: "#/$defs/d40",
        $defs: Object.fromEntries(
          Array.from({ length: 41 }, (_, i) => [
            `d${i}`,
            i === 0 ? {} : { allOf: [{ $ref: `#/$defs/d${i - 1}` }, { $ref: `#/$defs/d${i - 1}` }] },
          ]),
        ),
      }),
    },
    error: /values\.schema\.json/,
  },
  {
    name: "a schema from a file outside",
    files: { ...base, "c/values.schema.json": '{"$ref":"file:///etc/passwd"}' },
    error: /schema/,
  },
];

/** A tar entry; a size that is not the content's lies. */
interface Entry {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly type?: string;
  readonly size?: number;
}

function archive(entries: readonly Entry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { name, content = "", type = "0", size } of entries) {
    const body = type === "0" ? Buffer.from(content) : Buffer.alloc(0);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write("0000644\0", 100);
    header.write(`${(size ?? body.length).toString(8).padStart(11, "0")}\0`, 124);
    header.write("        ", 148);
    header.write(type, 156);
    if (type !== "0") header.write(String(content), 157);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    blocks.push(header, body, Buffer.alloc((512 - (body.length % 512)) % 512));
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const chartEntry: Entry = { name: "c/Chart.yaml", content: chartYaml };
/** Only made when it is wanted: it takes a second. */
const bomb = (size: number): Buffer => gzipSync(Buffer.alloc(size), { level: 1 });

function archiveOf(name: string, bytes: Buffer, error: RegExp | undefined): HostileChart {
  return { name, files: { "c.tgz": bytes }, chart: "c.tgz", ...(error === undefined ? {} : { error }) };
}

const archives = (): readonly HostileChart[] => [
  archiveOf("a zip bomb", bomb(1 << 30), /unable to load chart archive/),
  archiveOf("bombs in a bomb", gzipSync(bomb(400 << 20)), /unable to load chart archive/),
  archiveOf(
    "a bomb in a chart",
    archive([chartEntry, { name: "c/zeros", content: Buffer.alloc(200 << 20) }]),
    /unable to load chart archive/,
  ),
  archiveOf(
    "a bomb among the subcharts",
    archive([chartEntry, { name: "c/charts/s.tgz", content: bomb(400 << 20) }]),
    /s\.tgz|unable to load/,
  ),
  archiveOf(
    "a path to the parent",
    archive([chartEntry, { name: "c/../../evil", content: "x" }]),
    /unable to load chart archive/,
  ),
  archiveOf("an absolute path", archive([chartEntry, { name: "/etc/evil", content: "x" }]), undefined),
  archiveOf(
    "a drive's letter",
    archive([chartEntry, { name: "c/c:/evil", content: "x" }]),
    /unable to load chart archive/,
  ),
  archiveOf(
    "a link to a file outside",
    archive([chartEntry, { name: "c/templates/a.yaml", content: "/etc/passwd", type: "2" }]),
    undefined,
  ),
  archiveOf(
    "a size that lies",
    archive([chartEntry, { name: "c/x", content: "x", size: 0o7777777777 }]),
    /unable to load chart archive/,
  ),
  archiveOf(
    "100,000 files",
    archive([chartEntry, ...Array.from({ length: 100_000 }, (_, i) => ({ name: `c/f${i}`, content: "x" }))]),
    undefined,
  ),
];

const disk: readonly HostileChart[] = [
  {
    name: "a link out of the chart",
    isUnseenInEstates: true,
    files: { ...base, "c/templates/a.yaml": { link: "/etc/passwd" } },
    error: /link leads out of the chart/,
    isQuick: true,
  },
  {
    name: "a link to a folder outside",
    isUnseenInEstates: true,
    files: { ...base, "c/templates": { link: "/etc" } },
    error: /link leads out of the chart/,
  },
  {
    name: "a link to itself",
    isUnseenInEstates: true,
    files: { ...base, "c/a": { link: "a" } },
    error: /error evaluating symlink|too many/,
  },
  { name: "a link to the folder above", files: { ...base, "c/sub/up": { link: ".." } }, error: /circle/ },
  {
    name: "an endless device in the chart",
    isUnseenInEstates: true,
    files: { ...base, "c/templates/a.yaml": { link: "/dev/zero" } },
    error: /link leads out|irregular/,
  },
  {
    name: "a pipe in the chart",
    isUnseenInEstates: true,
    files: { ...base, "c/templates/a.yaml": "pipe" },
    error: /irregular file|pipe/,
  },
  { name: "an endless value file", files: { ...base }, flags: ["-f", "/dev/zero"], error: /\/dev\/zero/ },
  {
    name: "an endless file for --set-file",
    files: { ...base },
    flags: ["--set-file", "a=/dev/zero"],
    error: /\/dev\/zero/,
  },
  {
    name: "a value file of 50 MB",
    files: { ...base, v: Buffer.alloc(50 << 20, "a: 1\n") },
    flags: ["-f", "v"],
    error: /unsupported: values file v of 52428800 bytes/,
    isQuick: true,
  },
  template(
    "files out of the chart",
    'x: {{ .Files.Get "../../etc/passwd" | len }}{{ .Files.Get "/etc/passwd" | len }}{{ .Files.Glob "../**" | len }}\n',
    { error: undefined, output: /x: 000/ },
  ),
  template("a zone out of its folder", 'x: {{ dateInZone "2006" (now) "../../../etc/passwd" }}\n', {
    error: undefined,
  }),
  {
    name: "a NUL byte in a template",
    files: { ...base, "c/templates/a.yaml": "x: \0\n" },
    error: /control characters are not allowed/,
  },
  {
    name: "a NUL byte in Chart.yaml",
    files: { "c/Chart.yaml": `${chartYaml}home: \0\n` },
    error: /Chart\.yaml.*control characters/,
  },
  {
    name: "charts nested without end",
    files: Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `c/${"charts/s/".repeat(i)}Chart.yaml`,
        chartYaml.replace("name: c", i === 0 ? "name: c" : "name: s"),
      ]),
    ),
    error: /nested too deeply/,
  },
  {
    name: "a list index of millions",
    files: { ...base },
    flags: ["--set", "a[99999999]=1"],
    error: /index of 99999999 is greater than maximum/,
  },
  {
    name: "lists in lists",
    files: { ...base },
    flags: [
      "--set",
      Array.from({ length: 29 }, () => "[65535]")
        .join("")
        .replace(/^/, "a")
        .concat("=1"),
    ],
  },
  {
    name: "many long lists",
    files: { ...base },
    flags: ["--set", Array.from({ length: 200 }, (_, i) => `a${i}[65535]=1`).join(",")],
  },
  {
    name: "a name by an endless loop",
    files: { ...base },
    flags: ["--name-template", "{{ range until 2000000000 }}{{ end }}"],
    error: /unsupported|name-template/,
  },
];

/** Functions that hide their errors, as Helm has them, print nothing of it. */
const silentOnCycles = ["toYaml", "toJson", "toPrettyJson", "toYamlPretty", "values | toYaml"];
const cycles: readonly HostileChart[] = [
  ...silentOnCycles,
  ...["toToml", "print", "toString | quote", "deepCopy | len", "mustToJson", "toRawJson"],
].map((made) =>
  template(
    `a value that holds itself, by ${made}`,
    `{{ $d := dict "a" 1 }}{{ $_ := set $d "self" $d }}x: {{ $d | ${made} }}`,
    silentOnCycles.includes(made) ? { error: undefined } : {},
  ),
);

const prototypeNames = ["__proto__", "constructor", "hasOwnProperty", "toString", "valueOf", "prototype"];
const prototypes: readonly HostileChart[] = [
  {
    name: "names of JavaScript's prototypes",
    files: {
      "c/Chart.yaml": `${chartYaml}annotations: {${prototypeNames.map((name) => `${name}: x`).join(", ")}}\ndependencies:\n${prototypeNames.map((name) => `- {name: s, version: 1.0.0, alias: ${name}, condition: ${name}.enabled, tags: [${name}], import-values: [${name}]}\n`).join("")}`,
      "c/charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n",
      "c/charts/s/values.yaml": `exports: {${prototypeNames.map((name) => `${name}: {${name}: 1}`).join(", ")}}\n`,
      "c/charts/s/templates/a.yaml": "x: {{ .Chart.Name }} {{ .Values | toJson | quote }}\n",
      "c/values.yaml": `global: {${prototypeNames.map((name) => `${name}: 1`).join(", ")}}\ntags: {${prototypeNames.map((name) => `${name}: true`).join(", ")}}\nplain: {a: 1}\n`,
      "c/values.schema.json": JSON.stringify({
        properties: Object.fromEntries(prototypeNames.map((name) => [name, {}])),
        required: ["plain"],
      }),
      "c/templates/a.yaml": `{{ define "__proto__" }}p{{ end }}{{ define "constructor" }}c{{ end }}x: {{ include "__proto__" . }}{{ include "constructor" . }} {{ hasKey .Values.plain "toString" }} {{ .Values.plain.hasOwnProperty }}| {{ dict "__proto__" 1 "constructor" 2 | toJson }} {{ get (dict) "valueOf" }}| {{ $d := dict }}{{ $_ := set $d "__proto__" (dict "polluted" 1) }}{{ (dict).polluted }}| {{ merge (dict) (dict "__proto__" (dict "polluted" 1)) | toJson }} {{ pluck "constructor" (dict) | len }} {{ index (dict) "toString" }}| {{ fromJson "{\\"__proto__\\": {\\"polluted\\": 1}}" | toJson }} {{ fromYaml "__proto__: {polluted: 1}" | toJson }}\n`,
      "c/templates/__proto__.yaml":
        "apiVersion: v1\nkind: __proto__\nmetadata: {name: constructor, annotations: {__proto__: x, helm.sh/hook: __proto__}}\n",
      "c/templates/constructor.yaml":
        "apiVersion: constructor\nkind: hasOwnProperty\nmetadata: {name: valueOf, annotations: {constructor: x}}\n",
    },
    flags: [
      "--set",
      "__proto__.polluted=1",
      "--set",
      "constructor.prototype.polluted=1",
      "--set-string",
      "plain.__proto__.x=1",
      "--set-json",
      '{"__proto__":{"y":1}}',
    ],
    output:
      /x: pc false \| \{"__proto__":1,"constructor":2\} \| \| \{"__proto__":\{"polluted":1\}\} 0 \| \{"__proto__":\{"polluted":1\}\} \{"__proto__":\{"polluted":1\}\}/,
    isQuick: true,
  },
];

const costs: readonly HostileChart[] = [
  template("1,000 RSA keys", '{{ range until 1000 }}{{ $x := genPrivateKey "rsa" }}{{ end }}', { seconds: 25 }),
  template("1,000 certificate authorities", '{{ range until 1000 }}{{ $x := genCA "x" 1 }}{{ end }}', { seconds: 25 }),
  template("1,000 bcrypt sums", '{{ range until 1000 }}{{ $x := bcrypt "x" }}{{ end }}', { seconds: 25 }),
  template("1,000 htpasswd lines", '{{ range until 1000 }}{{ $x := htpasswd "u" "p" }}{{ end }}', { seconds: 25 }),
  template(
    "1,000 derived passwords",
    '{{ range until 1000 }}{{ $x := derivePassword 1 "long" "p" "u" "s" }}{{ end }}',
    { seconds: 25 },
  ),
  template("a certificate of a million years", '{{ $x := genSelfSignedCert "x" nil nil 365000000 }}x: 1', {
    error: undefined,
  }),
  template(
    "certificates for 100,000 names",
    '{{ $n := list }}{{ range until 100000 }}{{ $n = append $n "x.example.com" }}{{ end }}{{ $x := genCA "x" 1 }}x: 1',
  ),
  template(
    "hashes of long texts",
    '{{ $s := repeat 30000000 "x" }}{{ range until 10000 }}{{ $x := sha512sum $s }}{{ end }}',
  ),
  template("a version of a megabyte", 'x: {{ semverCompare (printf ">=%s" (repeat 1000000 "1")) "1.2.3" }}'),
  template("a range of many parts", 'x: {{ semverCompare (repeat 20000 ">=1.2.3 || ") "1.2.3" }}'),
  template("numbers without end", "x: {{ mul 9223372036854775807 9223372036854775807 }} {{ 99999999999999999999 }}"),
  template("a long decimal", 'x: {{ addf (repeat 1000000 "9") 1 }}', { error: undefined }),
  template("a long duration", 'x: {{ duration (repeat 1000000 "9") }}', { error: undefined }),
  {
    name: "10,000 dependencies",
    error: /Chart\.yaml: more than 5000 subcharts/,
    files: {
      "c/Chart.yaml": `${chartYaml}dependencies:\n${Array.from({ length: 10_000 }, (_, i) => `- {name: s, version: 1.0.0, alias: a${i}}\n`).join("")}`,
      "c/charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n",
      "c/charts/s/templates/a.yaml": "a: {{ .Chart.Name }}\n",
    },
  },
  {
    name: "aliases that multiply",
    files: {
      ...Object.fromEntries(
        Array.from({ length: 8 }, (_, i) => [
          `c/${"charts/s/".repeat(i)}Chart.yaml`,
          `apiVersion: v2\nname: ${i === 0 ? "c" : "s"}\nversion: 1.0.0\n${i === 7 ? "" : `dependencies:\n${Array.from({ length: 10 }, (_entry, at) => `- {name: s, version: 1.0.0, alias: a${at}}\n`).join("")}`}`,
        ]),
      ),
      [`c/${"charts/s/".repeat(7)}templates/a.yaml`]: "a: b\n",
    },
    error: /Chart\.yaml: more than 5000 subcharts/,
  },
];

/** Through a post-renderer that changes nothing. */
function postRendered(name: string, text: string, error: RegExp): HostileChart {
  const plugin = "apiVersion: v1\nname: same\ntype: postrenderer/v1\nruntime: subprocess\nversion: 1.0.0\n";
  const files = {
    ...base,
    "c/templates/a.yaml": text,
    ".local/share/helm/plugins/same/plugin.yaml": `${plugin}runtimeConfig:\n  platformCommand: [{command: cat}]\n`,
  };
  return { name, files, error, flags: ["--allow-exec", "--post-renderer", "same"] };
}

const postRenderers: readonly HostileChart[] = [
  postRendered("a long list to a post-renderer", "a:\n{{ range until 900000 }}- b # c\n{{ end }}", inTemplate),
  postRendered("long texts to a post-renderer", 'a: {{ repeat 20000000 "x" }}\n', inTemplate),
  postRendered("nesting to a post-renderer", 'a: {{ repeat 50000 "[" }}{{ repeat 50000 "]" }}\n', inTemplate),
  postRendered("an alias bomb to a post-renderer", `${aliasBomb}metadata: *a0\n`, inTemplate),
];

const folders: readonly HostileChart[] = [
  ...recursion,
  ...loops,
  ...lengths,
  ...expressions,
  ...yaml,
  ...disk,
  ...cycles,
  ...prototypes,
  ...costs,
  ...postRenderers,
];

/** Every hostile chart; archives are made when this is called. */
export function hostileCharts(): readonly HostileChart[] {
  return [...folders, ...archives()];
}

/** The few that always run. */
export function quickHostileCharts(): readonly HostileChart[] {
  return folders.filter(({ isQuick }) => isQuick === true);
}
