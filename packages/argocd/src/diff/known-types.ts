import type { GoValue } from "@tiphys/gotemplate";
import type { StructType } from "../api/schema.ts";
import { ArgoError } from "../fault.ts";
import type { KnownTypeField, ResourceOverrides } from "../settings/resource-overrides.ts";
import { deepCopy, groupOf, isMap, kindOf, nested, setNested, type Unstructured } from "../unstructured.ts";
import { kubernetesStruct } from "./kubernetes-types.ts";
import { canonicalQuantity } from "./quantity.ts";
import { badQuantity, decodeTyped, encodeTyped, TypeMismatch } from "./typed.ts";

/** Writes a value as its Kubernetes type does. Throws `TypeMismatch`. */
type Remarshal = (value: GoValue) => GoValue;

function quantity(value: GoValue): GoValue {
  if (value === null) return "0";
  const text = typeof value === "string" || typeof value === "number" ? canonicalQuantity(String(value)) : undefined;
  if (text === undefined) throw new TypeMismatch(badQuantity);
  return text;
}

function quantities(value: GoValue): GoValue {
  if (value === null) return null;
  if (!isMap(value)) throw TypeMismatch.of(value, "v1.ResourceList", "", []);
  return new Map([...value].map(([key, item]) => [key, quantity(item)]));
}

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  "\xc2\xb5s": 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Go's time.Duration as text: `90s` becomes `1m30s`. */
function duration(value: GoValue): GoValue {
  if (typeof value !== "string" && value !== null) throw TypeMismatch.of(value, "string", "", []);
  const text = value ?? "";
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text) && text !== "0")
    throw new TypeMismatch(`time: missing unit in duration ${JSON.stringify(text)}`);
  if (!/^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|\xc2\xb5s|ms|s|m|h))+$/.test(text) && text !== "0")
    throw new TypeMismatch(`time: invalid duration ${JSON.stringify(text)}`);
  let nano = 0;
  for (const [, number, unit] of text.matchAll(/([0-9.]+)(ns|us|\xc2\xb5s|ms|s|m|h)/g))
    nano += Number(number) * (durationUnits[unit as string] as number);
  const sign = text.startsWith("-") && nano > 0 ? "-" : "";
  if (nano === 0) return "0s";
  if (nano < 1e9) {
    const [unit, size] = nano < 1e3 ? ["ns", 1] : nano < 1e6 ? ["\xc2\xb5s", 1e3] : ["ms", 1e6];
    return `${sign}${nano / (size as number)}${unit}`;
  }
  const [hours, rest] = [Math.floor(nano / 3600e9), nano % 3600e9];
  const [minutes, seconds] = [Math.floor(rest / 60e9), (rest % 60e9) / 1e9];
  return `${sign}${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${seconds}s`;
}

function struct(type: StructType): Remarshal {
  return (value) => encodeTyped(decodeTyped(value, type, { strict: false }), type);
}

/** The types that `knownTypeFields` may name; undefined for others, which upstream passes over with a warning. */
function knownType(name: string): Remarshal | undefined {
  if (name === "core/Quantity") return quantity;
  if (name === "meta/v1/Duration") return duration;
  if (name === "core/v1/ResourceList") return quantities;
  const type = name.startsWith("core/v1/") ? kubernetesStruct(`core.${name.slice("core/v1/".length)}`) : undefined;
  return type === undefined ? undefined : struct(type);
}

const rolloutPodSpec: KnownTypeField = { field: "spec.template.spec", type: "core/v1/PodSpec" };

/**
 * Rewrites fields of custom resources as Kubernetes writes its own types. Throws `ArgoError` for a field that does not fit its type.
 * Mirrors Argo CD v3.6.1 util/argo/normalizers/knowntypes_normalizer.go.
 */
export function normalizeKnownTypes(object: Unstructured, overrides: ResourceOverrides): Unstructured {
  const fields = fieldsFor(object, overrides);
  if (fields.length === 0) return object;
  const out = deepCopy(object);
  for (const { field, type } of fields) {
    const remarshal = knownType(type);
    if (remarshal === undefined) continue;
    try {
      rewrite(out, field.split("."), remarshal);
    } catch (error) {
      if (error instanceof TypeMismatch) throw new ArgoError(error.message);
      throw error;
    }
  }
  return out;
}

function fieldsFor(object: Unstructured, overrides: ResourceOverrides): readonly KnownTypeField[] {
  const [group, kind] = [groupOf(object), kindOf(object)];
  const keys = group === "" ? [kind, `/${kind}`] : [`${group}/${kind}`];
  const fields = keys
    .flatMap((key) => overrides.get(key)?.knownTypeFields ?? [])
    .filter(({ type }) => knownType(type) !== undefined);
  return fields.length === 0 && group === "argoproj.io" && kind === "Rollout" ? [rolloutPodSpec] : fields;
}

/** Lists on the way are gone through item by item. */
function rewrite(object: Map<string, GoValue>, path: readonly string[], remarshal: Remarshal): void {
  for (let length = 1; length <= path.length; length++) {
    const items = nested(object, ...path.slice(0, length));
    if (!Array.isArray(items)) continue;
    const rest = path.slice(length);
    items.forEach((item, index) => {
      if (!isMap(item)) return;
      if (rest.length === 0) items[index] = remarshal(item);
      else rewrite(item, rest, remarshal);
    });
    return;
  }
  const value = nested(object, ...path);
  if (value !== undefined) setNested(object, remarshal(value), ...path);
}
