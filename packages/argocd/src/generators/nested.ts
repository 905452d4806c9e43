import type { GoValue } from "@tiphys/gotemplate";
import { DecodeError, decodeStruct } from "../api/decode.ts";
import { structType } from "../api/schema.ts";
import { ArgoError } from "../fault.ts";

/**
 * A child of a matrix or merge generator as a generator of its own: a nested matrix or merge is JSON in the CRD and is decoded
 * here (matrix.go, nestedGeneratorSpec). Throws `ArgoError`; `mergePrefix` goes before what is wrong with a merge.
 */
export function childSpec(child: Map<string, GoValue>, mergePrefix = ""): Map<string, GoValue> {
  const spec = new Map(child);
  for (const [key, type, prefix] of nestedKinds) {
    const raw = child.get(key);
    if (raw === undefined) continue;
    try {
      spec.set(key, decodeStruct(raw, structType(type)));
    } catch (error) {
      if (error instanceof DecodeError) throw new ArgoError((key === "merge" ? mergePrefix : "") + prefix + error.message);
      throw error;
    }
  }
  return spec;
}

const nestedKinds = [
  ["matrix", "NestedMatrixGenerator", ""],
  ["merge", "NestedMergeGenerator", "error converting to nested merge generator: "],
] as const;
