import { quoteGo } from "@tiphys/gotemplate";
import { dereference, findField, type GoType } from "../api/schema.ts";
import { ArgoError } from "../fault.ts";

/** What a Go type says of one of its fields: the field's type and its struct tags patchStrategy and patchMergeKey. */
export interface PatchMetadata {
  readonly type: GoType;
  readonly strategy: string;
  readonly retainKeys: boolean;
  readonly mergeKey: string;
}

/**
 * Of a field that holds a map. Throws `ArgoError` when the type has no such field.
 * Upstream: apimachinery v0.37.1 third_party/forked/golang/json/fields.go, LookupPatchMetadataForStruct.
 */
export function metadataForStruct(type: GoType, key: string): PatchMetadata {
  const holder = dereference(type);
  if (reflectKind(holder) === "interface") return { type: holder, strategy: "", retainKeys: false, mergeKey: "" };
  if (reflectKind(holder) !== "struct")
    throw new ArgoError(`merging an object in json but data type is not struct, instead is: ${reflectKind(holder)}`);
  const field = holder.kind === "struct" ? findField(holder, key) : undefined;
  if (field === undefined)
    throw new ArgoError(
      `unable to find api field in struct ${holder.goName.replace(/^.*\./, "")} for the json field ${quoteGo(key)}`,
    );
  const strategies = field.patchStrategy.split(",");
  return {
    type: field.type,
    strategy: strategies.find((strategy) => strategy !== "retainKeys") ?? "",
    retainKeys: strategies.includes("retainKeys"),
    mergeKey: field.patchMergeKey,
  };
}

/** Of a field that holds a list; `type` is that of its items. Throws `ArgoError`. Upstream: strategicpatch/meta.go, LookupPatchMetadataForSlice. */
export function metadataForSlice(type: GoType, key: string): PatchMetadata {
  const field = metadataForStruct(type, key);
  const inner = dereference(field.type);
  if (inner.kind === "slice") {
    if (inner.element.kind === "slice") throw new ArgoError("unexpected slice of slice");
    return { ...field, type: inner.element };
  }
  if (field.type.kind === "pointer" || inner.kind === "opaque") return { ...field, type: inner };
  throw new ArgoError(`expected slice or array type, but got: ${reflectKind(type)}`);
}

/** The reflect kind of a type; what the tables only carry along counts as an interface. */
export function reflectKind(type: GoType): string {
  switch (type.kind) {
    case "pointer":
      return "ptr";
    case "intOrString":
    case "time":
    case "json":
    case "rawObject":
      return "struct";
    case "opaque":
      return type.goName === "Quantity" ? "struct" : type.goName === "float64" ? "float64" : "interface";
    default:
      return type.kind;
  }
}
