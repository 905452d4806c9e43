import type { GoValue } from "@tiphys/gotemplate";
import { DecodeError, decodeStruct } from "../api/decode.ts";
import { structType } from "../api/schema.ts";
import { ArgoError, wrapError } from "../fault.ts";
import type { GeneratorSpec } from "./generator.ts";
import type { ParamSet } from "./param-set.ts";

/** The sets of one kind of generator, and the template that is to be filled with them. */
export interface TransformResult {
  readonly kind: string;
  readonly sets: readonly ParamSet[];
  readonly template: Map<string, GoValue>;
}

/** Generates a child of a matrix or merge; `outer` are the parameters that its strings are first rendered with. */
export type GenerateChild = (
  child: GeneratorSpec,
  outer: ReadonlyMap<string, GoValue> | undefined,
) => TransformResult[];

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
      if (error instanceof DecodeError)
        throw new ArgoError((key === "merge" ? mergePrefix : "") + prefix + error.message);
      throw error;
    }
  }
  return spec;
}

const nestedKinds = [
  ["matrix", "NestedMatrixGenerator", ""],
  ["merge", "NestedMergeGenerator", "error converting to nested merge generator: "],
] as const;

/** The parameters of a child that must be exactly one generator (matrix.go and merge.go, getParams). */
export function childParams(
  generate: GenerateChild,
  child: GeneratorSpec,
  outer?: ReadonlyMap<string, GoValue>,
): ParamSet[] {
  let results: TransformResult[];
  try {
    results = generate(child, outer);
  } catch (error) {
    throw wrapError("child generator returned an error on parameter generation", error);
  }
  if (results.length === 0) throw new ArgoError("child generator generated no parameters");
  if (results.length > 1) throw new ArgoError("found more than one generator in matrix.Generators");
  return [...results[0]!.sets];
}
