import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { CommandOutcome } from "../packages/cli/src/testing/run-command-line.ts";
import { runCommandLine } from "../packages/cli/src/testing/run-command-line.ts";

/*
 * Whatever is wrong with one Application or ApplicationSet: an error with its code, its place and what to do, soon and without much
 * memory, while the others go on.
 */

const repository = "https://github.com/acme/estate.git";
const root = mkdtempSync(join(tmpdir(), "tiphys-bad-input-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const application = (name: string, spec: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: web}
${spec}`;

const source = (path: string, helm = ""): string =>
  `  source: {repoURL: ${repository}, path: ${path}, targetRevision: HEAD${helm}}\n`;

interface SetParts {
  readonly options?: string;
  readonly generator?: string;
  readonly name?: string;
  readonly spec?: string;
}

/** An ApplicationSet; its generator stands in line 7, the Application's name in the line after. */
function applicationSet({ options = "", generator, name = "{{ .name }}", spec = "" }: SetParts): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: many, namespace: argocd}
spec: {goTemplate: true, ${options}generators: [
${generator ?? "  {list: {elements: [{name: one}, {name: two}]}}"}
], template: {
  metadata: {name: ${JSON.stringify(name)}},
  spec: {project: default, destination: {server: "https://kubernetes.default.svc", namespace: web},
    source: {repoURL: ${JSON.stringify(repository)}, path: charts/web, targetRevision: HEAD}}}${spec === "" ? "}" : `, ${spec}}`}
`;
}

const gitFiles = `  {git: {repoURL: ${JSON.stringify(repository)}, revision: HEAD, files: [{path: "params/*.yaml"}]}}`;

/** Aliases of aliases: ten to the tenth values. */
const bomb = `bomb0: &b0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from(
  { length: 10 },
  (_, index) => `bomb${index + 1}: &b${index + 1} [${Array<string>(10).fill(`*b${index}`).join(",")}]\n`,
).join("")}`;

const good = {
  "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "charts/web/templates/config.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!}\n",
  "apps/good.yaml": application("good", source("charts/web")),
};

function workspace(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, name.replaceAll(/[^a-z]+/g, "-"));
  for (const [path, text] of Object.entries({ ...good, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

interface BadInput {
  readonly files: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  readonly code: string;
  /** What follows `-->`. */
  readonly place: string;
  readonly says: RegExp;
  readonly exitCode?: number;
  /** What of stdout shows that the rest went on; default: the good Application. */
  readonly goesOn?: RegExp;
}

const apps = ["apps"];
const render = ["render", "--show-secrets"];

const inputs: Readonly<Record<string, BadInput>> = {
  "a templatePatch that is not YAML": {
    files: { "apps/set.yaml": applicationSet({ spec: 'templatePatch: "spec: [{{ .name }}"' }) },
    code: "applicationset-generates-nothing",
    place: "apps/set.yaml:9:119",
    says: /error while converting template to json .*did not find expected ',' or '\]'/,
  },
  "a templatePatch that is no Application": {
    files: { "apps/set.yaml": applicationSet({ spec: 'templatePatch: "spec: {source: {{ .name }}}"' }) },
    code: "applicationset-generates-nothing",
    place: "apps/set.yaml:9:119",
    says: /invalid templatePatch .*cannot unmarshal string into Go struct field Application\.spec\.source/,
  },
  "a template that yields an empty name": {
    files: { "apps/set.yaml": applicationSet({ generator: '  {list: {elements: [{name: one}, {name: ""}]}}' }) },
    code: "application-refused",
    place: "apps/set.yaml:5:35",
    says: /contains an application with no name/,
    goesOn: /good[^]*\bone\b/,
  },
  "two Applications with one name": {
    files: { "apps/set.yaml": applicationSet({ name: "web" }) },
    code: "application-refused",
    place: "apps/set.yaml:5:22",
    says: /contains applications with duplicate name: web/,
  },
  "a parameter that is missing": {
    files: {
      "apps/set.yaml": applicationSet({
        options: "goTemplateOptions: [missingkey=error], ",
        generator: "  {list: {elements: [{name: one}, {nam: two}]}}",
      }),
    },
    code: "applicationset-generates-nothing",
    place: "apps/set.yaml:7:20",
    says: /map has no entry for key "name"[^]*fix: give the parameter in every set/,
  },
  "a template that does not parse": {
    files: { "apps/set.yaml": applicationSet({ name: "{{ .name" }) },
    code: "applicationset-generates-nothing",
    place: "apps/set.yaml:7:20",
    says: /unclosed action/,
  },
  "a template that never ends": {
    files: {
      "apps/set.yaml": applicationSet({ name: '{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}' }),
    },
    code: "applicationset-generates-nothing",
    place: "apps/set.yaml:7:20",
    says: /exceeded maximum template depth/,
  },
  "a field that the CRD does not know": {
    files: { "apps/set.yaml": applicationSet({}).replace("project: default", "projct: default") },
    code: "applicationset-refused",
    place: "apps/set.yaml:8:9",
    says: /spec\.template\.spec\.project: Required value[^]*unknown field "spec\.template\.spec\.projct"/,
  },
  "a selector with an unknown operator": {
    files: {
      "apps/set.yaml": applicationSet({
        generator: "  {list: {elements: [{name: one}]}, selector: {matchExpressions: [{key: name, operator: Is}]}}",
      }),
    },
    code: "applicationset-generates-nothing",
    place: "apps/set.yaml:5:3",
    says: /"Is" is not a valid pod selector operator/,
  },
  "a million results of a matrix": {
    files: {
      "apps/set.yaml": applicationSet({
        generator: `  {matrix: {generators: [${["a", "b"]
          .map(
            (key) =>
              `{list: {elements: [${Array.from({ length: 1000 }, (_, index) => `{${key}: "${index}"}`).join()}]}}`,
          )
          .join()}]}}`,
        name: "{{ .a }}-{{ .b }}",
      }),
    },
    code: "applicationset-generates-nothing",
    place: "apps/set.yaml:5:3",
    says: /unsupported: 1000000 sets of parameters, more than 100000[^]*fix: split the generator/,
  },
  "a parameter file of fifty megabytes": {
    files: {
      "apps/set.yaml": applicationSet({ generator: gitFiles }),
      "params/large.yaml": `name: x\nitems:\n${"- {key: value, other: [1, 2, 3]}\n".repeat(1_600_000)}`,
    },
    code: "applicationset-generates-nothing",
    place: "params/large.yaml",
    says: /unsupported: the parameter file params\/large\.yaml has 52800015 bytes/,
  },
  "a parameter file that explodes": {
    files: { "apps/set.yaml": applicationSet({ generator: gitFiles }), "params/bomb.yaml": `name: x\n${bomb}` },
    code: "applicationset-generates-nothing",
    place: "params/bomb.yaml",
    says: /document contains excessive aliasing[^]*fix: write the values out/,
  },
  "a parameter file that is nested without end": {
    files: {
      "apps/set.yaml": applicationSet({ generator: gitFiles }),
      "params/deep.yaml": `name: x\ndeep: ${"[".repeat(200_000)}`,
    },
    code: "applicationset-generates-nothing",
    place: "params/deep.yaml:2",
    says: /exceeded max depth of 10000/,
  },
  "an ApplicationSet that explodes": {
    files: { "apps/set.yaml": `${bomb}${applicationSet({})}` },
    code: "manifest-not-yaml",
    place: "apps/set.yaml:2",
    says: /document contains excessive aliasing/,
  },
  "an ApplicationSet that is not YAML": {
    files: { "apps/set.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: x\nspec: [\n" },
    code: "manifest-not-yaml",
    place: "apps/set.yaml:3",
    says: /did not find expected ',' or '}'/,
  },
  "Applications that produce each other": {
    files: {
      "apps/first.yaml": application("first", source("loop/first")),
      "loop/first/second.yaml": application("second", source("loop/second")),
      "loop/second/first.yaml": application("first", source("loop/first")),
    },
    code: "applications-in-a-cycle",
    place: "apps/first.yaml:1:1",
    says: /Application argocd\/first → Application argocd\/second → Application argocd\/first produce each other/,
  },
  "a $ref that names nothing": {
    files: {
      "apps/bad.yaml": application(
        "bad",
        `  sources:\n    - repoURL: ${repository}\n      path: charts/web\n      helm:\n        valueFiles: [$values/a.yaml]\n    - {repoURL: ${repository}, ref: vals}\n`,
      ),
    },
    words: render,
    code: "application-failed",
    place: "apps/bad.yaml:11:22",
    says: /source referenced "\$values", which is not one of the available sources \(\$vals\)[^]*fix: name a source with this `ref`/,
  },
  "a value file that is not there": {
    files: {
      "apps/bad.yaml": application("bad", source("charts/web", ", helm: {valueFiles: [a.yaml, b.yaml]}")),
      "charts/web/a.yaml": "",
    },
    words: render,
    code: "application-failed",
    place: "apps/bad.yaml:7:125",
    says: /charts\/web\/b\.yaml: no such file or directory[^]*fix: add the file/,
  },
  "a value file that explodes": {
    files: {
      "apps/bad.yaml": application("bad", source("charts/web", ", helm: {valueFiles: [bomb.yaml]}")),
      "charts/web/bomb.yaml": bomb,
    },
    words: render,
    code: "application-failed",
    place: "charts/web/bomb.yaml",
    says: /document contains excessive aliasing[^]*needed by bad/,
  },
  "a manifest that explodes": {
    files: {
      "apps/bad.yaml": application("bad", source("plain")),
      "plain/bomb.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n${bomb}`,
    },
    words: render,
    code: "application-failed",
    place: "plain/bomb.yaml",
    says: /Failed to unmarshal "bomb\.yaml".*excessive aliasing[^]*needed by bad/,
  },
  "a chart that is not there": {
    files: { "apps/bad.yaml": application("bad", source("charts/none")) },
    words: render,
    code: "application-failed",
    place: "apps/bad.yaml:7:63",
    says: /charts\/none: app path does not exist/,
  },
  "a template of a chart that fails": {
    files: {
      "apps/bad.yaml": application("bad", source("charts/bad")),
      "charts/bad/Chart.yaml": "apiVersion: v2\nname: other\nversion: 1.0.0\n",
      "charts/bad/templates/x.yaml": 'a: 1\nb: {{ fail "no" }}\n',
    },
    words: render,
    code: "application-failed",
    place: "charts/bad/templates/x.yaml:2:7",
    says: /execution error at \(other\/templates\/x\.yaml:2:6\): no[^]*needed by bad/,
  },
  "an object that is there twice": {
    files: {
      "apps/bad.yaml": application("bad", source("plain")),
      "plain/twice.yaml": ["1", "2"]
        .map((value) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice}\ndata: {value: "${value}"}\n`)
        .join("---\n"),
    },
    words: ["check"],
    code: "object-repeated",
    place: "apps/bad.yaml:1:1",
    says: /\/ConfigMap\/web\/twice appears 2 times, and only the last one is applied/,
    exitCode: 1,
  },
  "a jq program that does not parse": {
    files: {
      "apps/good.yaml": `${good["apps/good.yaml"]}  ignoreDifferences: [{kind: ConfigMap, jqPathExpressions: [".data.["]}]\n`,
      ...live(),
    },
    words: ["diff", "--live", "live"],
    code: "comparison-failed",
    place: "apps/good.yaml:8:22",
    says: /unexpected token "\)"/,
    goesOn: /^$/,
  },
  ...Object.fromEntries(
    [
      ["a jq program that never ends", "def f: f; f"],
      ["a jq program that repeats without end", "last(repeat(1))"],
      ["a jq program that fills the memory", "[range(1e12)]"],
      ["a jq program that counts without end", "reduce range(1e12) as $i (0; . + 1)"],
      ["a jq program that doubles without end", "[.,.] | until(false; [.,.])"],
    ].map(([name, expression]) => [
      name,
      {
        files: {
          "apps/good.yaml": `${good["apps/good.yaml"]}  ignoreDifferences:\n    - {kind: ConfigMap, jqPathExpressions: [${JSON.stringify(expression)}]}\n`,
          ...live(),
        },
        words: ["diff", "--live", "live"],
        code: "ignore-rule-failed",
        place: "apps/good.yaml:9:7",
        says: /JQ patch /,
        exitCode: 1,
        goesOn: /data\.long: ""/,
      },
    ]),
  ),
};

/** The good ConfigMap as the cluster has it, with another value. */
function live(): Record<string, string> {
  const id = "good:/ConfigMap:web/good";
  return {
    "live/config.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good, namespace: web, annotations: {argocd.argoproj.io/tracking-id: "${id}"}}\ndata: {long: ""}\n`,
  };
}

/** Milliseconds that a run may take; the machine may be busy with other tests. */
const soon = 60_000;

describe("Argo CD's side goes on", { timeout: soon }, () => {
  test.for(Object.entries(inputs))("with %s", async ([name, { files, words = apps, ...wanted }]) => {
    const outcome = await runCommandLine(words, { cwd: workspace(name, files) });
    const isCheck = words[0] === "check";
    const said = isCheck ? outcome.stdout : outcome.stderr;
    expect(said).toMatch(new RegExp(`^(?:error|warning)\\[${wanted.code}\\]`, "m"));
    expect(said).toContain(`--> ${wanted.place}\n`);
    expect(said).toMatch(wanted.says);
    expect(said).toContain("  fix: ");
    if (!isCheck) expect(outcome.stdout).toMatch(wanted.goesOn ?? /\bgood\b/);
    expect(outcome.code).toBe(wanted.exitCode ?? 2);
  });
});

test("a jq program with an expensive regular expression is soon done", { timeout: soon }, async () => {
  const expression = '.data | select([.long * 1000 | scan("(a|a)*(a|a)*b|(?:a*)*c")] != [])';
  const cwd = workspace("regular expression", {
    "apps/good.yaml": `${good["apps/good.yaml"]}  ignoreDifferences: [{kind: ConfigMap, jqPathExpressions: [${JSON.stringify(expression)}]}]\n`,
    ...live(),
  });
  const outcome = await runCommandLine(["diff", "--live", "live"], { cwd });
  expect([outcome.code, outcome.stdout]).toEqual([1, expect.stringContaining('data.long: ""')]);
});

const scripts: Readonly<Record<string, { readonly script: string; readonly line: number; readonly says: RegExp }>> = {
  "loops forever": {
    script: "local x = 0\nwhile true do\n  x = x + 1\nend",
    line: 3,
    says: /context deadline exceeded/,
  },
  "fills tables": {
    script: "local t = {}\nwhile true do\n  t[#t + 1] = {#t}\nend",
    line: 3,
    says: /more than 256 MiB/,
  },
  "doubles a string": { script: 'local s = "x"\nwhile true do s = s .. s end', line: 2, says: /more than 256 MiB/ },
  "calls itself": { script: "local function f() return 1 + f() end\nreturn f()", line: 1, says: /stack overflow/ },
  "matches forever": {
    script: 'local s = "a"\nfor i = 1, 16 do s = s .. s end\nreturn {status = string.match(s, ".-.-.-.-.-b")}',
    line: 3,
    says: /context deadline exceeded/,
  },
  "does not parse": { script: "local hs = {\nif x then", line: 2, says: /syntax error/ },
};

const objects = `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: thing}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: good}\nspec: {type: LoadBalancer}\n`;

const healthWorkspace = (name: string, script: string): string =>
  workspace(name, {
    "objects.yaml": objects,
    "cm.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\ndata:\n  resource.customizations.useOpenLibs.example.com_Thing: "true"\n  resource.customizations.health.example.com_Thing: |\n${script.replaceAll(/^/gm, "    ")}\n`,
  });

describe("health goes on", { timeout: soon }, () => {
  test.for(Object.entries(scripts))("with a check that %s", async ([name, { script, line, says }]) => {
    const cwd = healthWorkspace(`health ${name}`, script);
    const outcome = await runCommandLine(["health", "objects.yaml", "--argocd-cm", "cm.yaml"], { cwd });
    expect(outcome.stderr).toMatch(/^error\[health-check-failed\]: the health check of Thing thing failed: /);
    expect(outcome.stderr).toMatch(says);
    expect(outcome.stderr).toContain(`--> cm.yaml:${6 + line}:1\n`);
    expect(outcome.stdout).toMatch(/Thing +- +thing +Unknown/);
    expect(outcome.stdout).toMatch(/Service +- +good +Progressing/);
    expect(outcome.code).toBe(2);
  });
});

const binary = fileURLToPath(new URL("../packages/cli/bin/tiphys.js", import.meta.url));
const heapMegabytes = 400;

/** A process of its own with little memory. */
function runSmall(words: readonly string[], cwd: string): CommandOutcome {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${heapMegabytes}`, binary, ...words],
    {
      cwd,
      encoding: "utf8",
      timeout: soon,
    },
  );
  return { code: status ?? -1, stdout, stderr };
}

describe(`${heapMegabytes} MB are enough`, { timeout: 2 * soon }, () => {
  const hungry = [
    "a million results of a matrix",
    "a parameter file of fifty megabytes",
    "a parameter file that explodes",
    "a value file that explodes",
    "a manifest that explodes",
    "a jq program that fills the memory",
    "a jq program that doubles without end",
  ];
  test.for(hungry)("for %s", (name) => {
    const { files, words = apps, exitCode = 2 } = inputs[name]!;
    const outcome = runSmall(words, workspace(`small ${name}`, files));
    expect([outcome.code, outcome.stderr]).toEqual([exitCode, expect.stringMatching(inputs[name]!.says)]);
  });

  test.for(["fills tables", "doubles a string"])("for a check that %s", (name) => {
    const cwd = healthWorkspace(`small health ${name}`, scripts[name]!.script);
    const outcome = runSmall(["health", "objects.yaml", "--argocd-cm", "cm.yaml"], cwd);
    expect([outcome.code, outcome.stderr]).toEqual([2, expect.stringMatching(scripts[name]!.says)]);
  });
});
