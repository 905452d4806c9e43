import type { Field, GoType, ScalarType, StructType } from "../api/schema.ts";
import { coreTypes } from "./types/core-types.ts";
import { groupTypes } from "./types/group-types.ts";
import { metaTypes } from "./types/meta-types.ts";

/**
 * The Go types of Kubernetes' own kinds, as far as marshalling, defaulting and strategic merge patches look at them.
 *
 * Notation of the tables: one struct a line, its name first, then its fields: JSON name, `?` for omitempty, `!` for omitzero,
 * `:` and the type (`*T`, `[]T`, `map:T`, a struct or a scalar), then after `;` patchStrategy and after a second `;`
 * patchMergeKey. `...T` embeds T. `bytes` is []byte, `Raw` what is only carried along.
 */
const scalarKinds: Readonly<Record<string, ScalarType["kind"]>> = {
  string: "string",
  bool: "bool",
  int32: "int64",
  int64: "int64",
  float64: "opaque",
  bytes: "string",
  Quantity: "opaque",
  IntOrString: "intOrString",
  Time: "time",
  MicroTime: "time",
  Duration: "string",
  Raw: "opaque",
};

const lines = new Map<string, string>();
for (const line of [coreTypes, groupTypes, metaTypes].join("\n").split("\n")) {
  const space = line.indexOf(" ");
  if (line !== "") lines.set(space < 0 ? line : line.slice(0, space), space < 0 ? "" : line.slice(space + 1));
}

const structs = new Map<string, StructType>();

/** A struct by its name in the tables: `core.PodSpec`, `apps.Deployment`; undefined when there is none. */
export function kubernetesStruct(name: string): StructType | undefined {
  const known = structs.get(name);
  if (known !== undefined) return known;
  const line = lines.get(name);
  if (line === undefined) return undefined;
  const fields: Field[] = [];
  const byName = new Map<string, Field>();
  const struct: StructType = { kind: "struct", name, goName: name, fields, byName };
  // Declared before its fields are read: types refer to themselves.
  structs.set(name, struct);
  for (const token of line.split(" ")) addField(token, fields);
  for (const field of fields) if (!byName.has(field.name)) byName.set(field.name, field);
  return struct;
}

function addField(token: string, fields: Field[]): void {
  if (token === "") return;
  if (token.startsWith("...")) {
    const embedded = goTypeOf(token.slice(3));
    if (embedded.kind === "struct") fields.push(...embedded.fields);
    return;
  }
  const match = /^([^?!:]+)(\?)?(!)?:([^;]+)(?:;([^;]*))?(?:;(.*))?$/.exec(token);
  if (match === null) throw new Error(`bad field in the tables: ${token}`);
  const expression = match[4] as string;
  let type: GoType | undefined;
  fields.push({
    name: match[1] as string,
    omitEmpty: match[2] !== undefined,
    omitZero: match[3] !== undefined,
    get type() {
      return (type ??= goTypeOf(expression));
    },
    patchStrategy: match[5] ?? "",
    patchMergeKey: match[6] ?? "",
  });
}

function goTypeOf(expression: string): GoType {
  if (expression.startsWith("*")) {
    const element = goTypeOf(expression.slice(1));
    return { kind: "pointer", element, goName: `*${element.goName}` };
  }
  if (expression.startsWith("[]")) {
    const element = goTypeOf(expression.slice(2));
    return { kind: "slice", element, goName: `[]${element.goName}` };
  }
  if (expression.startsWith("map:")) {
    const element = goTypeOf(expression.slice(4));
    return { kind: "map", element, goName: `map[string]${element.goName}` };
  }
  const kind = scalarKinds[expression];
  if (kind !== undefined) return { kind, goName: expression };
  const struct = kubernetesStruct(expression);
  if (struct === undefined) throw new Error(`no such type in the tables: ${expression}`);
  return struct;
}

const prefixes: Readonly<Record<string, string>> = {
  "/v1": "core",
  "admissionregistration.k8s.io/v1": "admissionregistration",
  "apps/v1": "apps",
  "autoscaling/v1": "autoscaling",
  "autoscaling/v2": "autoscalingv2",
  "batch/v1": "batch",
  "certificates.k8s.io/v1": "certificates",
  "coordination.k8s.io/v1": "coordination",
  "discovery.k8s.io/v1": "discovery",
  "events.k8s.io/v1": "events",
  "networking.k8s.io/v1": "networking",
  "node.k8s.io/v1": "node",
  "policy/v1": "policy",
  "rbac.authorization.k8s.io/v1": "rbac",
  "scheduling.k8s.io/v1": "scheduling",
  "storage.k8s.io/v1": "storage",
};

/** Versions that Argo CD compiles in and the tables lack: beta and older ones. */
const otherVersions = new Set([
  "admissionregistration.k8s.io/v1alpha1", "admissionregistration.k8s.io/v1beta1", "apps/v1beta1", "apps/v1beta2", "autoscaling/v2beta1",
  "autoscaling/v2beta2", "batch/v1beta1", "certificates.k8s.io/v1alpha1", "certificates.k8s.io/v1beta1", "coordination.k8s.io/v1beta1",
  "discovery.k8s.io/v1beta1", "events.k8s.io/v1beta1", "extensions/v1beta1", "flowcontrol.apiserver.k8s.io/v1",
  "flowcontrol.apiserver.k8s.io/v1beta3", "networking.k8s.io/v1beta1", "node.k8s.io/v1beta1", "policy/v1beta1",
  "rbac.authorization.k8s.io/v1beta1", "scheduling.k8s.io/v1beta1", "storage.k8s.io/v1beta1",
]); // prettier-ignore

/** What Argo CD knows of a kind: its Go type, `custom` for kinds it compares as plain JSON, `missing` for those the tables lack. */
export function typeOfKind(group: string, version: string, kind: string): StructType | "custom" | "missing" {
  const key = `${group}/${version}`;
  if (otherVersions.has(key)) return "missing";
  const prefix = prefixes[key];
  if (prefix === undefined) return "custom";
  const struct = kubernetesStruct(`${prefix}.${kind}`);
  return struct?.byName.has("metadata") === true ? struct : "custom";
}
