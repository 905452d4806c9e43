import { aliasBomb, type HostileFile, mergeBomb } from "./charts.ts";

/** A helmfile that wants to do harm, or what surrounds it, between two sound ones. */
export interface HostileEstate {
  readonly name: string;
  /** Files of the folder `bad`; its helmfile is `helmfile.yaml` or `helmfile.yaml.gotmpl`. */
  readonly files: Readonly<Record<string, HostileFile>>;
  /** Command and options; default: `inventory --list`. */
  readonly words?: readonly string[];
  /** Code and text that stderr must have. Without it the helmfile must be read. */
  readonly error?: RegExp;
  /** What follows `-->`; default: a line of the helmfile. */
  readonly place?: RegExp;
  /** One of the few that always run. */
  readonly isQuick?: boolean;
}

const helmfile = "helmfile.yaml";
const template = "helmfile.yaml.gotmpl";
const release = (more = ""): string => `releases:\n- name: hostile\n  namespace: n\n  chart: ../chart\n${more}`;
const default_ = (values: string): string => `environments: {default: {values: [${values}]}}\n---\n${release()}`;
const deep = 100_000;
const brackets = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const each = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join("");
const numbered = (
  count: number,
  make: (index: number) => readonly [string, HostileFile],
): Record<string, HostileFile> => Object.fromEntries(Array.from({ length: count }, (_, index) => make(index)));

function plain(
  name: string,
  text: HostileFile,
  error: RegExp | undefined,
  more: Partial<HostileEstate> = {},
): HostileEstate {
  return {
    ...more,
    name,
    files: { [helmfile]: text, ...more.files },
    ...(error === undefined ? {} : { error }),
  };
}

function templated(name: string, text: string, error: RegExp, more: Partial<HostileEstate> = {}): HostileEstate {
  return { ...more, name, files: { [template]: text, ...more.files }, error };
}

/** A file of environment values in HCL. */
function hcl(name: string, body: string, error: RegExp): HostileEstate {
  return plain(name, default_("e.hcl"), error, { files: { "e.hcl": `${body}\n` }, place: /bad\/e\.hcl:\d+:\d+/ });
}

const links = numbered(10, (index) => [`l${index}`, { link: "." }]);
const stars = "*/".repeat(8);

const recursion: readonly HostileEstate[] = [
  plain(
    "a helmfile that names itself",
    `helmfiles: [helmfile.yaml]\n${release()}`,
    /helmfile-recursion.*recursion into/,
  ),
  plain(
    "two helmfiles that name each other",
    `helmfiles: [b.yaml]\n${release()}`,
    /helmfile-recursion.*bad\/b\.yaml -> bad\/helmfile\.yaml/,
    {
      files: { "b.yaml": "helmfiles: [helmfile.yaml, ./helmfile.yaml]\n" },
      place: /bad\/b\.yaml:1:13/,
      isQuick: true,
    },
  ),
  plain("a glob that finds itself", `helmfiles: ['*.yaml']\n${release()}`, /helmfile-recursion/, {
    files: { "b.yaml": "helmfiles: ['*.yaml']\n" },
  }),
  plain(
    "a helmfile that names the root",
    `helmfiles: [../helmfile.yaml]\n${release()}`,
    /helmfile-recursion.*helmfile\.yaml -> bad\/helmfile\.yaml -> helmfile\.yaml/,
  ),
  plain(
    "a link to the folder above",
    `helmfiles: ['loop/*.yaml']\n${release()}`,
    /helmfile-recursion.*more than 100 levels/,
    {
      files: { loop: { link: "." } },
      place: /bad\/loop\/loop/,
    },
  ),
  plain("helmfiles that double", "helmfiles: [l0.yaml]\n", /helmfile-too-large/, {
    files: numbered(40, (index) => [
      `l${index}.yaml`,
      index === 39 ? release() : `helmfiles: [l${index + 1}.yaml, ./l${index + 1}.yaml]\n`,
    ]),
    place: /bad\/l\d+\.yaml/,
    isQuick: true,
  }),
  plain("a chain of 1,000 helmfiles", "helmfiles: [l0.yaml]\n", /helmfile-recursion.*more than 100 levels/, {
    files: numbered(1000, (index) => [
      `l${index}.yaml`,
      index === 999 ? release() : `helmfiles: [l${index + 1}.yaml]\n`,
    ]),
    place: /bad\/l\d+\.yaml/,
  }),
  plain("100,000 entries", `helmfiles:\n${"- l.yaml\n".repeat(100_000)}`, /helmfile-too-large/, {
    files: { "l.yaml": release() },
    place: /bad\/l\.yaml/,
  }),
  plain("a base that is the helmfile", `bases: [helmfile.yaml]\n---\n${release()}`, /nested `base` helmfile/, {
    place: /bad\/helmfile\.yaml/,
  }),
  plain("100,000 bases", `bases:\n${"- b.yaml\n".repeat(100_000)}---\n${release()}`, undefined, {
    files: { "b.yaml": "commonLabels: {a: b}\n" },
  }),
  plain(
    "templates that inherit in a cycle",
    `templates: {a: {inherit: [{template: b}]}, b: {inherit: [{template: a}]}}\n${release("  inherit: [{template: a}]\n")}`,
    /inherit-cycle.*a->b->a/,
  ),
  plain(
    "templates that inherit twice each",
    `templates:\n${each(40, (index) => `  t${index}: {values: [{a: 1}], inherit: [${index === 0 ? "" : `{template: t${index - 1}}, {template: t${index - 1}}`}]}\n`)}${release("  inherit: [{template: t39}]\n")}`,
    /helmfile-too-large.*more than 100000 templates/,
    { isQuick: true },
  ),
  plain(
    "10,000 templates that inherit from each other",
    `templates:\n${each(10_000, (index) => `  t${index}: {inherit: [${index === 0 ? "" : `{template: t${index - 1}}`}]}\n`)}${release("  inherit: [{template: t9999}]\n")}`,
    /helmfile-too-large.*more than 500 templates/,
  ),
];

const sizes: readonly HostileEstate[] = [
  plain("10,000 files", "helmfiles: [helmfile.d]\n", undefined, {
    files: numbered(9990, (index) => [
      `helmfile.d/${index}.yaml`,
      `releases: [{name: h${index}, namespace: n, chart: ../../chart}]\n`,
    ]),
  }),
  plain(
    "100,000 releases",
    `releases:\n${each(100_000, (index) => `- {name: r${index}, chart: ../chart}\n`)}`,
    /helmfile-too-large/,
    { place: /bad\/helmfile\.yaml/ },
  ),
  templated(
    "100,000 releases by a loop",
    "releases:\n{{ range until 100000 }}- {name: r{{ . }}, namespace: n, chart: ../chart}\n{{ end }}",
    /helmfile-too-large/,
    { place: /bad\/helmfile\.yaml\.gotmpl/ },
  ),
  plain(
    "10,000 environments",
    `environments:\n${each(10_000, (index) => `  e${index}: {}\n`)}  default: {}\n---\n${release()}`,
    undefined,
  ),
  plain("50 MB of environment values", default_("big.yaml"), /unsupported: it has \d+ bytes/, {
    files: { "big.yaml": `a: 1\n${"# comment\n".repeat(5 << 20)}` },
    place: /bad\/big\.yaml/,
  }),
  plain("a helmfile of 50 MB", `${release()}${"# comment\n".repeat(5 << 20)}`, /unsupported: it has \d+ bytes/, {
    place: /bad\/helmfile\.yaml/,
  }),
  plain("a helmfile of 5 GB", { sparse: 5e9 }, /unsupported: it has 5000000000 bytes/, {
    place: /bad\/helmfile\.yaml/,
  }),
  plain("100,000 parts", `${release()}${"---\ncommonLabels: {a: b}\n".repeat(100_000)}`, undefined),
  plain(
    "100,000 sets",
    release(`  set:\n${each(100_000, (index) => `  - {name: a.b${index}, value: x}\n`)}`),
    undefined,
  ),
];

const yaml: readonly HostileEstate[] = [
  plain("an alias bomb in a helmfile", `${aliasBomb}${release()}`, /helmfile-invalid.*excessive aliasing/, {
    isQuick: true,
  }),
  plain("a merge bomb in a helmfile", `${mergeBomb}${release()}`, /helmfile-invalid.*excessive aliasing/),
  plain("an alias bomb in environment values", default_("e.yaml"), /yaml-invalid.*excessive aliasing\n/, {
    files: { "e.yaml": aliasBomb },
    place: /bad\/e\.yaml:\d+/,
  }),
  plain(
    "an alias bomb in a lock file",
    `repositories: [{name: a, url: https://a.example}]\n${release().replace("../chart", "a/b")}`,
    /lock-invalid.*excessive aliasing/,
    {
      files: { "helmfile.lock": aliasBomb },
      place: /bad\/helmfile\.lock:\d+/,
    },
  ),
  plain("lists 100,000 deep", `x: ${brackets(deep)}\n${release()}`, /exceeded max depth/),
  plain("dashes 100,000 deep", `x:\n${"- ".repeat(deep)}\n${release()}`, /exceeded max depth/),
  plain("environment values 9,000 maps deep", default_("e.yaml"), /yaml-invalid.*nested deeper than 1000 levels/, {
    files: { "e.yaml": `a: ${"{a: ".repeat(9000)}1${"}".repeat(9000)}` },
    place: /bad\/e\.yaml:1/,
    isQuick: true,
  }),
  plain(
    "no UTF-8",
    Buffer.concat([Buffer.from(release('  labels: {a: "')), Buffer.from([0xff, 0x80]), Buffer.from('"}\n')]),
    /UTF-8/,
  ),
  plain("a NUL byte", release('  labels: {a: "\0"}\n'), /control characters/),
  plain("a tab", release("\tlabels: {a: b}\n"), /tab character/),
  plain("lines of Windows", release().replaceAll("\n", "\r\n"), undefined),
];

const evaluation: readonly HostileEstate[] = [
  hcl("HCL brackets 100,000 deep", `values {\n a = ${brackets(deep)}\n}`, /hcl-invalid.*nested deeper than 200 levels/),
  hcl(
    "HCL parentheses 100,000 deep",
    `values {\n a = ${"(".repeat(deep)}1${")".repeat(deep)}\n}`,
    /hcl-invalid.*nested deeper than/,
  ),
  hcl("HCL signs 100,000 deep", `values {\n a = ${"!".repeat(deep)}true\n}`, /hcl-invalid.*nested deeper than/),
  hcl(
    "HCL templates 30,000 deep",
    `values {\n a = ${'"${'.repeat(30_000)}1${'}"'.repeat(30_000)}\n}`,
    /hcl-invalid.*nested deeper than/,
  ),
  hcl(
    "HCL directives 30,000 deep",
    `values {\n a = "${"%{ if true }".repeat(30_000)}x${"%{ endif }".repeat(30_000)}"\n}`,
    /hcl-invalid.*nested deeper than/,
  ),
  hcl(
    "HCL loops in loops",
    "values {\n a = [for x in range(1000): [for y in range(1000): [for z in range(1000): z]]]\n}",
    /more than 1000000 rounds/,
  ),
  hcl(
    "HCL text that doubles",
    `locals {\n l0 = "xxxxxxxxxx"\n${each(40, (index) => ` l${index + 1} = "\${local.l${index}}\${local.l${index}}"\n`)}}\nvalues {\n a = local.l40\n}`,
    /values of more than \d+ characters/,
  ),
  hcl(
    "HCL lists that double",
    `locals {\n l0 = [1]\n${each(40, (index) => ` l${index + 1} = [local.l${index}, local.l${index}]\n`)}}\nvalues {\n a = local.l40\n}`,
    /values of more than \d+ characters/,
  ),
  hcl("HCL calls that double", `values {\n a = ${"try(".repeat(60)}1${")".repeat(60)}\n}`, /no expression succeeded/),
  hcl(
    "an HCL product of billions",
    "values {\n a = setproduct(range(1000), range(1000), range(1000))\n}",
    /values of more than \d+ characters/,
  ),
  hcl("an HCL width of billions", 'values {\n a = format("%02000000000d", 1)\n}', /values of more than \d+ characters/),
  hcl(
    "an HCL indent of billions",
    'values {\n a = indent(2000000000, "x\\ny")\n}',
    /values of more than \d+ characters/,
  ),
  hcl("HCL chunks of almost nothing", "values {\n a = chunklist([1, 2], 0.0000000001)\n}", /whole number/),
  hcl("HCL numbers out of range", 'values {\n a = cidrhost("10.0.0.0/8", 0.5)\n}', /out of range/),
  hcl(
    "an HCL pattern that backtracks",
    `values {\n a = regex("^(a+)+$", "${"a".repeat(50_000)}!")\n}`,
    /pattern did not match/,
  ),
  hcl(
    "20,000 HCL values in a circle",
    `values {\n${each(20_000, (index) => ` a${index} = hv.a${(index + 1) % 20_000}\n`)}}`,
    /more than 200 variables/,
  ),
  templated("tpl of itself", `${release()}# {{ tpl (readFile "t") . }}\n`, /template-failed/, {
    files: { t: '{{ tpl (readFile "t") . }}' },
  }),
  templated("include of itself, twice", `${release()}# {{ include "a" . }}\n`, /template-failed/, {
    files: {
      "_h.tpl":
        '{{ define "a" }}{{ include "b" . }}{{ include "b" . }}{{ end }}{{ define "b" }}{{ include "a" . }}{{ include "a" . }}{{ end }}',
    },
  }),
  templated(
    "includes that multiply",
    `${each(12, (index) => `{{ define "d${index}" }}${index === 0 ? "x" : `{{ include "d${index - 1}" . }}`.repeat(10)}{{ end }}`)}\n${release()}# {{ include "d11" . | len }}\n`,
    /template-failed/,
  ),
  templated("a list of billions", `${release()}# {{ range until 2000000000 }}{{ end }}\n`, /template-failed/),
  templated(
    "text that doubles",
    `${release()}# {{ $s := "x" }}{{ range until 60 }}{{ $s = printf "%s%s" $s $s }}{{ end }}\n`,
    /template-failed/,
  ),
  templated(
    "lists that double",
    `${release()}# {{ $s := list 1 2 }}{{ range until 60 }}{{ $s = list $s $s }}{{ end }}{{ $s | toYaml | len }}\n`,
    /template-failed/,
  ),
  templated(
    "a map that holds itself",
    `${release()}# {{ $s := dict }}{{ $_ := set $s "a" $s }}{{ $s | toYaml | len }}\n`,
    /template-failed/,
  ),
  templated(
    "a template parsed again and again",
    `${release()}# {{ range until 1000000 }}{{ $x := tpl (printf "{{ %d }}" .) $ }}{{ end }}\n`,
    /template-failed/,
  ),
];

const outside = [
  "/dev/zero",
  "/proc/self/mem",
  "/etc/passwd",
  "../../../../../../etc/passwd",
  "pipe",
  ".",
  "sparse",
  "link",
  "loop",
];
const strange: Readonly<Record<string, HostileFile>> = {
  pipe: "pipe",
  sparse: { sparse: 5e9 },
  link: { link: "/dev/zero" },
  loop: { link: "loop" },
};
const disk: readonly HostileEstate[] = [
  ...outside.flatMap((path) => [
    templated(
      `readFile of ${path}`,
      `${release()}# {{ readFile "${path}" | len }}\n`,
      /template-failed.*(open|read) /,
      { files: strange },
    ),
    plain(`environment values of ${path}`, default_(`"${path}"`), /values-file-missing|file-missing/, {
      files: strange,
      place: /bad/,
    }),
    plain(`a base of ${path}`, `bases: ["${path}"]\n---\n${release()}`, /file-missing/, { files: strange, place: /./ }),
    plain(
      `a helmfile of ${path}`,
      `helmfiles: ["${path}"]\n---\n${release()}`,
      /sub-helmfile-missing|helmfile-recursion|file-missing/,
      { files: strange, place: /bad/ },
    ),
    plain(`values of ${path}`, release(`  values: ["${path}"]\n`), /values-file|file-missing/, {
      files: strange,
      place: /bad/,
      words: ["render", "--helmfile", "--show-secrets"],
    }),
  ]),
  plain(
    "helmfiles along links that lead up",
    `helmfiles: ['${stars}v.yaml']\n`,
    /glob-invalid.*more than 20000 paths match/,
    { files: { ...links, "v.yaml": release() }, isQuick: true },
  ),
  plain(
    "environment values along links that lead up",
    default_(`'${stars}v.yaml'`),
    /glob-invalid.*more than 20000 paths match/,
    { files: { ...links, "v.yaml": "a: 1\n" }, place: /bad\/helmfile\.yaml/ },
  ),
  plain(
    "values along links that lead up",
    release(`  values: ['${stars}v.yaml']\n`),
    /glob-invalid.*more than 20000 paths match/,
    { files: { ...links, "v.yaml": "a: 1\n" }, words: ["render", "--helmfile", "--show-secrets"] },
  ),
  plain("a pattern that does not end", "helmfiles: ['[']\n", /glob-invalid.*syntax error in pattern/),
];

const releases: readonly HostileEstate[] = [
  plain(
    "releases that need each other",
    "releases:\n- {name: a, namespace: n, chart: ../chart, needs: [n/b]}\n- {name: b, namespace: n, chart: ../chart, needs: [n/a]}\n",
    /needs-cycle.*a -> b -> a/,
    { words: ["waves", "--helmfile"] },
  ),
  plain(
    "a release that needs itself",
    "releases:\n- {name: a, namespace: n, chart: ../chart, needs: [n/a]}\n",
    /needs-cycle.*a -> a/,
    { words: ["waves", "--helmfile"], isQuick: true },
  ),
  plain("a need of nobody", "releases:\n- {name: a, namespace: n, chart: ../chart, needs: [n/b]}\n", /needs-unknown/, {
    words: ["waves", "--helmfile"],
  }),
  plain(
    "a chain of 9,000 needs",
    `releases:\n${each(9000, (index) => `- {name: r${index}, namespace: n, chart: ../chart, needs: [${index === 0 ? "" : `n/r${index - 1}`}]}\n`)}`,
    undefined,
    { words: ["waves", "--helmfile"] },
  ),
  plain(
    "two releases of one name",
    "releases:\n- {name: a, namespace: n, chart: ../chart}\n- {name: a, namespace: n, chart: ../chart}\n",
    /release-duplicate/,
  ),
];

export const hostileEstates: readonly HostileEstate[] = [
  ...recursion,
  ...sizes,
  ...yaml,
  ...evaluation,
  ...disk,
  ...releases,
];
