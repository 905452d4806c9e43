import type { YamlNode } from "@tiphys/source";
import { HelmfileError } from "../state/error.ts";
import { YamlTypeError } from "./decode.ts";
import type { Unmarshaler, Unmarshalers } from "./decode.ts";
import { subHelmfileSpecMapSchema, subHelmfileSpecSchema } from "./helm-state.ts";
import type { SubHelmfileSpec } from "./helm-state.ts";
import { inheritSchema } from "./release-spec.ts";
import { anyType, zeroStruct } from "./schema.ts";
import type { GoType, Struct } from "./schema.ts";

/* The UnmarshalYAML methods of pkg/state/state.go, helmfile 1.8.0. */

/** Words that `inherits:` of a `helmfiles:` entry knows, in helmfile's order. */
export const allowedInherits = [
  "repositories",
  "helmDefaults",
  "commonLabels",
  "apiVersions",
  "kubeVersion",
  "templates",
  "environments",
];

const stringList: GoType = { kind: "slice", of: { kind: "string" } };
const inheritType: GoType = { kind: "struct", schema: inheritSchema };
const subHelmfileType: GoType = { kind: "struct", schema: subHelmfileSpecMapSchema };

const inherits: Unmarshaler = (_node, again) => {
  try {
    return again({ kind: "slice", of: inheritType });
  } catch (error) {
    if (!(error instanceof YamlTypeError)) throw error;
    return [again(inheritType)];
  }
};

const defaultInherits: Unmarshaler = (_node, again) => {
  let names: string[];
  try {
    names = again(stringList) as string[];
  } catch (error) {
    if (!(error instanceof YamlTypeError)) throw error;
    names = [again({ kind: "string" }) as string];
  }
  const trimmed = names.map((name) => name.trim()).filter((name) => name !== "");
  return trimmed.length === 0 ? undefined : trimmed;
};

const subHelmfile: Unmarshaler = (node: YamlNode, again) => {
  const value = again(anyType);
  let spec = zeroStruct(subHelmfileSpecSchema) as SubHelmfileSpec;
  if (typeof value === "string") spec.path = value;
  else if (value instanceof Map) spec = again(subHelmfileType) as Struct as SubHelmfileSpec;
  checkSubHelmfile(spec, node);
  return spec;
};

function checkSubHelmfile(spec: SubHelmfileSpec, _node: YamlNode): void {
  const list = (items: readonly string[] | undefined): string => `[${(items ?? []).join(" ")}]`;
  if (spec.selectors !== undefined && spec.path === "")
    throw new HelmfileError(`found 'selectors' definition without path: ${list(spec.selectors)}`);
  if (spec.selectorsInherited && (spec.selectors ?? []).length > 0) {
    throw new HelmfileError(
      `you cannot use 'SelectorsInherited: true' along with and explicit selector for path: ${spec.path}`,
    );
  }
  if ((spec.inherits ?? []).length > 0 && spec.path === "")
    throw new HelmfileError(`found 'inherits' definition without path: ${list(spec.inherits)}`);
  for (const word of spec.inherits ?? []) {
    if (allowedInherits.includes(word)) continue;
    throw new HelmfileError(
      `invalid inherits entry "${word}" for path "${spec.path}": allowed values are ${list(allowedInherits)}`,
    );
  }
}

export const stateUnmarshalers: Unmarshalers = new Map([
  ["state.Inherits", inherits],
  ["state.DefaultInherits", defaultInherits],
  ["state.SubHelmfileSpec", subHelmfile],
]);
