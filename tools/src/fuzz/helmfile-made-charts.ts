import type { Entry } from "./helmfile-extras.ts";
import type { Random } from "./random.ts";
import type { Yaml } from "./helmfile-values.ts";

/** Where files of a release are written, and what its charts are called from there. */
export interface ChartScene {
  readonly files: Map<string, string>;
  /** Folder of the state file, "" or ending in a slash. */
  readonly folder: string;
  /** The probe chart as the state file names it. */
  readonly probe: string;
  readonly name: string;
  readonly isTemplate: boolean;
}

/** Fields with which helmfile makes a chart of its own: patches, transformers, dependencies, folders of manifests. */
export function madeChartFields(random: Random, scene: ChartScene): Entry[] {
  const all: (() => Entry)[] = [
    () => ["strategicMergePatches", { list: [strategicPatch(random, scene)] }],
    () => ["jsonPatches", { list: [jsonPatch(random, scene)] }],
    () => ["transformers", { list: [transformer(random, scene)] }],
    () => ["forceNamespace", "forced"],
    () => ["dependencies", { list: [dependency(random, scene)] }],
    () => ["chart", manifests(random, scene)],
    () => ["chart", kustomization(scene)],
  ];
  return random.list(1, 2, () => random.pick(all)());
}

function patchText(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}-values\ndata:\n  patched: "1"\n`;
}

function strategicPatch(random: Random, { files, folder, name, isTemplate }: ChartScene): Yaml {
  switch (random.below(4)) {
    case 0:
      files.set(`${folder}patches/${name}.yaml`, patchText(name));
      return `patches/${name}.yaml`;
    case 1:
      files.set(`${folder}patches/${name}.yaml.gotmpl`, patchText("{{ .Release.Name }}"));
      return `patches/${name}.yaml.gotmpl`;
    case 2:
      return {
        map: [
          ["apiVersion", "v1"],
          ["kind", "ConfigMap"],
          ["metadata", { map: [["name", `${name}-values`]] }],
          ["$patch", "delete"],
        ],
      };
    default:
      return {
        map: [
          ["apiVersion", "v1"],
          ["kind", "ConfigMap"],
          [
            "metadata",
            {
              map: [
                ["name", `${name}-values`],
                ["labels", { map: [["patched", isTemplate ? "'{{ .Environment.Name }}'" : '"yes"']] }],
              ],
            },
          ],
        ],
      };
  }
}

function jsonPatch(random: Random, { files, folder, name }: ChartScene): Yaml {
  const target: Yaml = {
    map: [
      ["version", "v1"],
      ["kind", "ConfigMap"],
      ["name", `${name}-values`],
    ],
  };
  if (random.chance(0.3)) {
    files.set(`${folder}patches/${name}.json.yaml`, "- op: add\n  path: /metadata/annotations\n  value: {a: b}\n");
    return {
      map: [
        ["target", target],
        ["path", `patches/${name}.json.yaml`],
      ],
    };
  }
  const operation: Yaml = random.pick<Yaml>([
    {
      map: [
        ["op", "add"],
        ["path", "/data/added"],
        ["value", random.pick(["text", '"1"', '"{{`{{`}}"', "'a: b'"].slice(0, 2))],
      ],
    },
    {
      map: [
        ["op", "remove"],
        ["path", random.pick(["/data/values", "/metadata/labels/kubernetes"])],
      ],
    },
    {
      map: [
        ["op", "replace"],
        ["path", "/metadata/labels/kubernetes"],
        ["value", "none"],
      ],
    },
  ]);
  return {
    map: [
      ["target", target],
      ["patch", { list: [operation] }],
    ],
  };
}

function transformer(random: Random, { files, folder, name }: ChartScene): Yaml {
  const kind = random.pick(["LabelTransformer", "AnnotationsTransformer"]);
  const [key, path] =
    kind === "LabelTransformer" ? ["labels", "metadata/labels"] : ["annotations", "metadata/annotations"];
  if (random.chance(0.3)) {
    files.set(
      `${folder}patches/${name}.transformer.yaml`,
      `apiVersion: builtin\nkind: ${kind}\nmetadata:\n  name: any\n${key}:\n  area: north\nfieldSpecs:\n- path: ${path}\n  create: true\n`,
    );
    return `patches/${name}.transformer.yaml`;
  }
  return {
    map: [
      ["apiVersion", "builtin"],
      ["kind", kind],
      ["metadata", { map: [["name", "any"]] }],
      [key!, { map: [["area", "north"]] }],
      [
        "fieldSpecs",
        {
          list: [
            {
              map: [
                ["path", path!],
                ["create", "true"],
              ],
            },
          ],
        },
      ],
    ],
  };
}

function dependency(random: Random, { probe }: ChartScene): Yaml {
  return {
    map: [
      ["chart", probe],
      ...(random.chance(0.6) ? [["alias", "extra"] as const] : []),
      ...(random.chance(0.6) ? [["version", random.pick(["0.1.0", "~0.1", '"*"', '""'])] as const] : []),
    ],
  };
}

function manifests(random: Random, { files, folder }: ChartScene): string {
  files.set(
    `${folder}manifests/config.yaml`,
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: plain\ndata:\n  text: ${random.pick(["a", '"1"', "'{{ .Values.x }}'"])}\n`,
  );
  if (random.chance(0.5))
    files.set(
      `${folder}manifests/more.yaml`,
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: plain\n  namespace: fixed\nspec: {ports: [{port: 80}]}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: second}\n",
    );
  return "./manifests";
}

function kustomization({ files, folder }: ChartScene): string {
  files.set(
    `${folder}custom/kustomization.yaml`,
    "resources:\n- config.yaml\ncommonAnnotations:\n  made: kustomize\nnamePrefix: pre-\n",
  );
  files.set(
    `${folder}custom/config.yaml`,
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: plain\ndata:\n  b: x\n  a: y\n",
  );
  return "./custom";
}
