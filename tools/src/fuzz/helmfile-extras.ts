import type { Random } from "./random.ts";
import type { Yaml } from "./helmfile-values.ts";

export type Entry = [string, Yaml];

/* What estates have beside the usual: rare fields of releases, helmDefaults and environments, flags, functions, and mistakes. */

const flagFields = [
  "wait",
  "waitForJobs",
  "recreatePods",
  "force",
  "atomic",
  "rollbackOnFailure",
  "cleanupOnFail",
  "forceConflicts",
  "createNamespace",
  "reuseValues",
  "disableOpenAPIValidation",
  "disableValidation",
  "insecureSkipTLSVerify",
  "plainHttp",
  "enableDNS",
  "devel",
  "skipDeps",
  "skipRefresh",
  "skipSchemaValidation",
  "deleteWait",
  "syncReleaseLabels",
  "takeOwnership",
  "disableAutoDetectedKubeVersionForDiff",
  "resolveOCIVersions",
];
const numberFields = ["timeout", "waitRetries", "historyMax", "deleteTimeout", "helmStuckGrace"];
const booleans = ["true", "false", "true", "false", "null", "yes", '"true"', "1"];
const numbers = ["0", "5", "300", "null", '"7"', "1.0", "-1", "0x10"];

/** Fields that releases and helmDefaults have in common, with values of good and sometimes bad types. */
export function sharedFields(random: Random): Entry[] {
  const entries: Entry[] = [];
  const add = (name: string, value: Yaml): void => void entries.push([name, value]);
  for (const name of random.list(0, 3, () => random.pick(flagFields))) {
    if (!entries.some(([known]) => known === name))
      add(name, random.chance(0.97) ? random.pick(booleans.slice(0, 4)) : random.pick(booleans));
  }
  if (random.chance(0.2))
    add(random.pick(numberFields), random.chance(0.95) ? random.pick(numbers.slice(0, 3)) : random.pick(numbers));
  if (random.chance(0.1)) add("cascade", random.pick(["background", "foreground", "orphan", "null", '""']));
  if (random.chance(0.05)) add("keyring", "ring.gpg");
  if (random.chance(0.05)) add("trackMode", random.pick(["helm", "kubedog", "legacy"]));
  if (random.chance(0.05)) add("suppressOutputLineRegex", { list: ['"^a"', "b"] });
  if (random.chance(0.05)) add("serverSide", random.pick(["true", '"auto"', '"false"']));
  return entries;
}

/** Rare fields of a release. */
export function releaseFields(random: Random, isTemplate: boolean): Entry[] {
  const inRelease = (text: string): string => (isTemplate ? `'{{\`${text}\`}}'` : `'${text}'`);
  const all: (() => Entry)[] = [
    () => [
      "installedTemplate",
      inRelease(
        random.pick(["{{ eq .Environment.Name `dev` }}", "{{ true }}", "{{ 1 }}", "maybe", ""]).replaceAll("`", '"'),
      ),
    ],
    () => ["conditionTemplate", inRelease(random.pick(["feature.enabled", "{{ .Release.Name }}.enabled", "true"]))],
    () => ["waitTemplate", inRelease(random.pick(["{{ true }}", "false", "{{ .Values.count }}"]))],
    () => ["verifyTemplate", inRelease("{{ false }}")],
    () => ["description", random.pick(["some text", "5", '""'])],
    () => ["hooks", { list: random.list(1, 2, () => hook(random, inRelease)) }],
    () => [
      "env",
      {
        list: [
          {
            map: [
              ["name", "fromEnv"],
              ["value", random.pick(["HOME_OF", "NOSUCH"])],
            ],
          },
        ],
      },
    ],
    () => ["missingFileHandlerConfig", { map: [["ignoreMissingGitBranch", "true"]] }],
    () => [
      "set",
      {
        list: [
          {
            map: [
              ["name", random.pick(["a", "b.c", '""', "d[1]"])],
              ["value", random.pick(["null", "~", "{a: 1}", "[1]", "'{{ .Values.count }}'", "1_000"])],
            ],
          },
        ],
      },
    ],
    () => [
      "setString",
      {
        list: [
          {
            map: [
              ["name", "s"],
              ["values", { list: ["1", '"a,b"', "null"] }],
            ],
          },
        ],
      },
    ],
    () => [
      "setTemplate",
      {
        list: [
          {
            map: [
              ["name", "t"],
              ["values", { list: [inRelease("{{ .Release.Name }}"), "1"] }],
            ],
          },
        ],
      },
    ],
    () => [
      "setTemplate",
      {
        list: [
          {
            map: [
              ["name", "t"],
              ["file", inRelease("{{ .Release.Name }}.txt")],
            ],
          },
        ],
      },
    ],
    () => [
      "valuesTemplate",
      {
        list: [
          random.pick<Yaml>([
            inRelease("values/{{ .Release.Name }}.yaml"),
            {
              map: [
                [
                  "deep",
                  {
                    map: [
                      [inRelease("{{ .Release.Name }}"), inRelease("{{ .Values.tags | toJson }}")],
                      ["list", { list: [inRelease("{{ .Release.Labels.name }}"), "1", "null"] }],
                    ],
                  },
                ],
              ],
            },
          ]),
        ],
      },
    ],
    () => [
      "labels",
      {
        map: [
          ["tier", random.pick(["null", "1.50", "yes", "~", "0x1F", "2024-01-02", '""', "[a]"])],
          ["release", inRelease("{{ .Release.Name }}")],
        ],
      },
    ],
    () => [
      "values",
      {
        list: random.list(1, 3, () =>
          random.pick<Yaml>([
            "null",
            "{}",
            inRelease("values/{{ .Environment.Name }}.yaml"),
            "values/v*.yaml",
            "'values/v?.yaml'",
            "[]",
            "1",
            {
              map: [
                ["<<", "{a: 1, b: 2}"],
                ["b", "3"],
              ],
            },
            { list: ["a"] },
          ]),
        ),
      },
    ],
    () => ["values", { map: [["not", "a list"]] }],
    () => [
      "needs",
      {
        list: [
          random.pick([
            inRelease("{{ .Release.Namespace }}/db"),
            "ctx-own//db",
            "/db",
            "apps/",
            '""',
            "a/b/c/d",
            inRelease("{{ .Release.KubeContext }}/apps/db"),
            "null",
          ]),
        ],
      },
    ],
    () => [
      "condition",
      random.pick([
        "feature",
        "feature.on",
        "enabled",
        ".enabled",
        "true",
        "feature.enabled.enabled",
        "nested.inner.enabled",
        "tags.enabled",
        "count.enabled",
        "Environment.enabled",
      ]),
    ],
    () => ["installed", random.pick(["null", "yes", '"false"', "0", "off"])],
    () => [
      "namespace",
      random.pick(["null", "5", '""', "'*'", inRelease("{{ .Namespace }}"), inRelease("{{ .Release.Labels.tier }}")]),
    ],
    () => ["version", random.pick(["1.0", "1", "null", "1.10", '">=1.0.0"', inRelease(" 1.2.3 "), "^0.1"])],
    () => [
      "name",
      random.pick([
        "5",
        "null",
        inRelease("{{ .Release.Chart | base }}"),
        inRelease("x-{{ .Release.Namespace }}"),
        "true",
      ]),
    ],
    () => [
      "chart",
      random.pick([
        inRelease("../_charts/probe"),
        "../_charts/nosuch",
        "nosuch",
        "./",
        "a/b",
        "a/b/c/d",
        "../_charts/probe/",
      ]),
    ],
    () => ["kubeContext", inRelease("ctx-{{ .Environment.Name }}")],
    () => ["kubeVersion", random.pick(["1.30", "v1", '"bad"', "null"])],
    () => [
      "inherit",
      {
        list: [
          {
            map: [
              ["template", random.pick(["one", "two", "nosuch"])],
              ["except", { list: [random.pick(["needs", "values", "labels", "setString", "chart"])] }],
            ],
          },
        ],
      },
    ],
    () => ["inherit", { list: [{ map: [["template", "two"]] }, { map: [["template", "one"]] }] }],
    () => ["missingFileHandler", random.pick(["warn", '""', "null", "Warn"])],
    () => ["valuesPathPrefix", random.pick(["values/", "./", "../", inRelease("{{ .Environment.Name }}/")])],
    () => ["chartPath", "x"],
    () => ["adopt", { list: ["a/b"] }],
    () => ["unitTests", { list: ["tests"] }],
    () => ["nosuchfield", "1"],
  ];
  return random.list(1, 2, () => random.pick(all)());
}

function hook(random: Random, inRelease: (text: string) => string): Yaml {
  const argument = random.pick([
    "plain",
    inRelease("{{ .Release.Name }}"),
    inRelease("{{ .Environment.Name }}-{{ .Event.Name }}"),
    inRelease("{{ .HelmfileCommand }}"),
    inRelease("{{ .Values.nosuch }}"),
    "1",
  ]);
  return {
    map: [
      [
        "events",
        { list: random.list(1, 2, () => random.pick(["prepare", "cleanup", "presync", "postsync", "preuninstall"])) },
      ],
      ...(random.chance(0.6) ? [["showlogs", "true"] as const] : []),
      ...(random.chance(0.3) ? [["name", "told"] as const] : []),
      [
        "command",
        random.chance(0.9)
          ? "echo"
          : random.pick(["false", "nosuchcommand", '""', inRelease("{{ `echo` }}").replaceAll("`", '"')]),
      ],
      ["args", { list: [argument] }],
    ],
  };
}

/** Rare keys of a state file. */
export function stateFields(random: Random, isTemplate: boolean): Entry[] {
  const inRelease = (text: string): string => (isTemplate ? `'{{\`${text}\`}}'` : `'${text}'`);
  const all: (() => Entry)[] = [
    () => ["hooks", { list: [hook(random, inRelease)] }],
    () => ["lockFilePath", random.pick(["my.lock", "locks/{{ .Environment.Name }}.lock"].slice(0, isTemplate ? 2 : 1))],
    () => ["missingFileHandler", random.pick(["Warn", "Info", "Debug", "Error", "warn"])],
    () => ["missingFileHandlerConfig", { map: [["ignoreMissingGitBranch", "true"]] }],
    () => ["kubeVersion", random.pick(["1.30", "null", '"1.29.0"'])],
    () => ["apiVersions", { list: ["a/v1", "b/v1/C"] }],
    () => ["defaultInherit", { list: [random.pick(["one", "nosuch"])] }],
    () => ["helmBinary", "helm"],
    () => ["kustomizeBinary", "kustomize"],
    () => ["context", "x"],
    () => [
      "commonLabels",
      {
        map: [
          ["name", "common"],
          ["n", "5"],
          ["e", '""'],
          ["nothing", "null"],
        ],
      },
    ],
    () => [
      "repositories",
      {
        list: [
          {
            map: [
              ["name", "charts"],
              ["url", "registry.example.test/x"],
              ["oci", "true"],
            ],
          },
        ],
      },
    ],
    () => [
      "templates",
      {
        map: [
          [
            "one",
            {
              map: [
                ["labels", { map: [["from", "later"]] }],
                ["inherit", { list: [{ map: [["template", random.pick(["two", "one"])]] }] }],
              ],
            },
          ],
          ["two", random.pick<Yaml>(["null", "{}", { map: [["name", "'{{ .Release.Name }}-x'"]] }])],
        ],
      },
    ],
  ];
  return random.list(1, 2, () => random.pick(all)());
}

/** Entries that replace those of the same name. */
export function overlay(entries: readonly Entry[], more: readonly Entry[]): Entry[] {
  const result = new Map<string, Yaml>(entries);
  for (const [name, value] of more) result.set(name, value);
  return [...result];
}

/** A mistake somebody could make when typing. */
export function mistake(random: Random, text: string): string {
  const lines = text.split("\n");
  const at = random.below(Math.max(1, lines.length - 1));
  const line = lines[at]!;
  const changed = random.pick<() => string[]>([
    () => [],
    () => [line, line],
    () => [` ${line}`],
    () => [line.replace(/^ {1,2}/, "")],
    () => [`\t${line}`],
    () => [line.replace(":", "")],
    () => [line.replace(/: .*/, ": [1")],
    () => [line.replace(/: .*/, ": {a: 1}")],
    () => [line.replace(/: .*/, ": [a]")],
    () => [line.replace(/: .*/, ": text")],
    () => [line.replace(/: .*/, ":")],
    () => [line.replace(/(\w):/, "$1x:")],
    () => [line.replace(/^( *)- /, "$1")],
    () => [line.replace(/^( *)(\w)/, "$1- $2")],
    () => [`${line} {{ .Values.nosuch }}`],
    () => [`${line} {{ if`],
    () => [`${line} "`],
    () => [line, "..."],
    () => [line, "---"],
    () => [line.replace(/: (.*)/, ": &a $1"), "zz: *a"],
    () => [`${line} # comment: {a`],
    () => [line.replace(/: (.*)/, ": !!str $1")],
    () => [line.replace(/: (.*)/, ": 'it''s $1")],
  ])();
  return [...lines.slice(0, at), ...changed, ...lines.slice(at + 1)].join("\n");
}
