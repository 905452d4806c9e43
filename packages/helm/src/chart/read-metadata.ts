import type { GoValue } from "@tiphys/gotemplate";
import type { Profile } from "../profile.ts";
import { decodeYaml, type Decoded, type DecodedValue, type Shape } from "../values/decode.ts";
import { emptyMetadata, type Dependency, type Maintainer, type Metadata } from "./metadata.ts";

const string: Shape = { kind: "string" };
const bool: Shape = { kind: "bool" };
const strings: Shape = { kind: "slice", type: "[]string", element: string };

function struct(type: string, fields: Record<string, Shape>): Shape {
  return { kind: "struct", type, name: type.slice(type.lastIndexOf(".") + 1), fields: new Map(Object.entries(fields)) };
}

interface ChartShapes {
  readonly metadata: Shape;
  readonly lock: Shape;
}

/** The structs of pkg/chart/v2, or those of internal/chart/v3 with the same fields. */
function chartShapes(version: "v2" | "v3"): ChartShapes {
  const maintainer = struct(`${version}.Maintainer`, { name: string, email: string, url: string });
  const dependency = struct(`${version}.Dependency`, {
    name: string,
    version: string,
    repository: string,
    condition: string,
    tags: strings,
    enabled: bool,
    "import-values": { kind: "slice", type: "[]interface {}", element: { kind: "any" } },
    alias: string,
  });
  const dependencies: Shape = { kind: "slice", type: `[]*${version}.Dependency`, element: dependency };
  return {
    metadata: struct(`${version}.Metadata`, {
      name: string,
      home: string,
      sources: strings,
      version: string,
      description: string,
      keywords: strings,
      maintainers: { kind: "slice", type: `[]*${version}.Maintainer`, element: maintainer },
      icon: string,
      apiVersion: string,
      condition: string,
      tags: string,
      appVersion: string,
      deprecated: bool,
      annotations: { kind: "map", type: "map[string]string", element: string },
      kubeVersion: string,
      dependencies,
      type: string,
    }),
    lock: struct(`${version}.Lock`, { generated: { kind: "any" }, digest: string, dependencies }),
  };
}

const shapes = { v2: chartShapes("v2"), v3: chartShapes("v3") };

/** Reads a Chart.lock for its faults alone. Throws `YamlError` and `DecodeError`. */
export function checkLock(content: string, profile: Profile, isVersion3 = false): void {
  decodeYaml(content, shapes[isVersion3 ? "v3" : "v2"].lock, profile);
}

const chartBaseShape = struct("loader.chartBase", { apiVersion: string });

/** The apiVersion of a Chart.yaml, which decides who reads the rest. Throws `YamlError` and `DecodeError`. */
export function readApiVersion(content: string, profile: Profile): string {
  const decoded = decodeYaml(content, chartBaseShape, profile);
  return decoded instanceof Map ? text(decoded as Decoded, "apiVersion") : "";
}

/** Null entries of a list, which `validateMetadata` refuses, are kept as undefined. */
export interface RawMetadata extends Omit<Metadata, "maintainers" | "dependencies"> {
  maintainers: (Maintainer | undefined)[];
  dependencies: (Dependency | undefined)[] | undefined;
}

/** Chart.yaml (or requirements.yaml) over what is known already. Throws `YamlError` and `DecodeError`. */
export function readMetadata(
  text: string,
  profile: Profile,
  {
    onto = emptyMetadata(),
    isVersion3 = false,
  }: { readonly onto?: RawMetadata | undefined; readonly isVersion3?: boolean } = {},
): RawMetadata {
  const decoded = decodeYaml(text, shapes[isVersion3 ? "v3" : "v2"].metadata, profile);
  if (!(decoded instanceof Map)) return onto;
  const fields = decoded as Decoded;
  const result: RawMetadata = { ...onto };
  for (const name of [
    "name",
    "home",
    "version",
    "description",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "kubeVersion",
    "type",
  ] as const) {
    const value = fields.get(name);
    if (typeof value === "string") result[name] = value;
  }
  if (typeof fields.get("deprecated") === "boolean") result.deprecated = fields.get("deprecated") as boolean;
  if (fields.has("sources")) result.sources = stringList(fields.get("sources"));
  if (fields.has("keywords")) result.keywords = stringList(fields.get("keywords"));
  if (fields.has("maintainers")) result.maintainers = list(fields.get("maintainers"), readMaintainer) ?? [];
  if (fields.has("annotations")) result.annotations = stringMap(fields.get("annotations"));
  if (fields.has("dependencies")) result.dependencies = list(fields.get("dependencies"), readDependency);
  return result;
}

function readMaintainer(fields: Decoded): Maintainer {
  return { name: text(fields, "name"), email: text(fields, "email"), url: text(fields, "url") };
}

function readDependency(fields: Decoded): Dependency {
  return {
    name: text(fields, "name"),
    version: text(fields, "version"),
    repository: text(fields, "repository"),
    condition: text(fields, "condition"),
    tags: stringList(fields.get("tags")),
    enabled: fields.get("enabled") === true,
    importValues: (fields.get("import-values") ?? []) as GoValue[],
    alias: text(fields, "alias"),
  };
}

function list<Item>(
  value: DecodedValue | undefined,
  read: (fields: Decoded) => Item,
): (Item | undefined)[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return (value as DecodedValue[]).map((item) => (item instanceof Map ? read(item as Decoded) : undefined));
}

function stringList(value: DecodedValue | undefined): string[] {
  return Array.isArray(value) ? (value as DecodedValue[]).map((item) => (typeof item === "string" ? item : "")) : [];
}

function stringMap(value: DecodedValue | undefined): Map<string, string> | undefined {
  if (!(value instanceof Map)) return undefined;
  return new Map([...(value as Decoded)].map(([key, item]) => [key, typeof item === "string" ? item : ""]));
}

function text(fields: Decoded, name: string): string {
  const value = fields.get(name);
  return typeof value === "string" ? value : "";
}
