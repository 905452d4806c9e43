import type { GoValue } from "@tiphys/gotemplate";
import { structType } from "../api/schema.ts";
import { ArgoError, ArgoPanic, wrapError } from "../fault.ts";
import { mergeTemplates } from "../template/merge-templates.ts";
import { renderStruct } from "../template/render.ts";
import { clusterDecisionResourceGenerator } from "./cluster-decision-resource.ts";
import { clustersGenerator } from "./clusters.ts";
import { flattenToStrings } from "./flatten.ts";
import type { Generator, GeneratorContext, GeneratorSpec } from "./generator.ts";
import { gitGenerator } from "./git.ts";
import { listGenerator } from "./list.ts";
import { matrixParams } from "./matrix.ts";
import { mergeParams } from "./merge.ts";
import type { GenerateChild, TransformResult } from "./nested.ts";
import { ociGenerator } from "./oci.ts";
import type { ParamSet } from "./param-set.ts";
import { pluginGenerator } from "./plugin.ts";
import { pullRequestGenerator } from "./pull-request.ts";
import { scmProviderGenerator } from "./scm-provider.ts";
import { labelSelector } from "./selector.ts";

/** How deep matrix and merge may still nest: below two levels there are only plain generators (generators/utils.go). */
type Level = 0 | 1 | 2;

/** Kinds in the order of the fields of Go's struct. */
const kinds = [
  "list",
  "clusters",
  "git",
  "scmProvider",
  "clusterDecisionResource",
  "pullRequest",
  "matrix",
  "merge",
  "plugin",
  "oci",
];

const plainGenerators: ReadonlyMap<string, Generator> = new Map(
  [
    listGenerator,
    clustersGenerator,
    gitGenerator,
    scmProviderGenerator,
    clusterDecisionResourceGenerator,
    pullRequestGenerator,
    pluginGenerator,
    ociGenerator,
  ].map((generator) => [generator.name, generator]),
);

export interface TransformOptions {
  readonly base: Map<string, GoValue>;
  readonly outer?: ReadonlyMap<string, GoValue>;
  readonly level: Level;
}

/**
 * applicationset/generators/generator_spec_processor.go, Transform: one entry of `generators` (each kind in it) to parameter sets,
 * filtered by its selector. Throws the first error.
 */
export function transform(
  requested: GeneratorSpec,
  context: GeneratorContext,
  options: TransformOptions,
): TransformResult[] {
  const selects = selectorOf(requested.spec);
  const results: TransformResult[] = [];
  let firstError: unknown;
  for (const kind of kinds) {
    if (!(requested.spec.get(kind) instanceof Map)) continue;
    try {
      results.push(transformKind(kind, requested, context, options, selects));
    } catch (error) {
      if (error instanceof ArgoPanic || !(error instanceof ArgoError)) throw error;
      firstError ??= error;
    }
  }
  if (firstError) throw firstError;
  return results;
}

type Filter = (params: ReadonlyMap<string, GoValue>) => boolean;

function selectorOf(spec: Map<string, GoValue>): Filter {
  const written = spec.get("selector");
  if (!(written instanceof Map)) return () => true;
  try {
    const selects = labelSelector(written, { anyValue: true });
    return (params) => selects(flattenToStrings(params));
  } catch (error) {
    throw wrapError("error parsing label selector", error);
  }
}

function transformKind(
  kind: string,
  requested: GeneratorSpec,
  context: GeneratorContext,
  options: TransformOptions,
  selects: Filter,
): TransformResult {
  const own = (requested.spec.get(kind) as Map<string, GoValue>).get("template");
  const template = mergeTemplates(own instanceof Map ? own : new Map(), options.base);
  const interpolated = interpolate(requested, context, options.outer);
  const specification: GeneratorSpec = {
    spec: interpolated.get(kind) as Map<string, GoValue>,
    path: [...requested.path, kind],
  };
  const sets = generate(kind, specification, context, options.level).filter(({ params }) => selects(params));
  return { kind, sets, template };
}

/** The generator with its strings rendered with the outer generator's parameters (utils.go, RenderGeneratorParams). */
function interpolate(
  requested: GeneratorSpec,
  context: GeneratorContext,
  outer: ReadonlyMap<string, GoValue> | undefined,
): Map<string, GoValue> {
  if (outer === undefined || outer.size === 0) return requested.spec;
  try {
    return renderStruct(requested.spec, structType("ApplicationSetGenerator"), outer, context.replacer);
  } catch (error) {
    throw wrapError("failed to replace parameters in generator", error);
  }
}

function generate(kind: string, specification: GeneratorSpec, context: GeneratorContext, level: Level): ParamSet[] {
  const plain = plainGenerators.get(kind);
  if (plain) return plain.generate(specification, context);
  if (level === 2) throw new ArgoPanic("runtime error: invalid memory address or nil pointer dereference");
  const child: GenerateChild = (spec, outer) =>
    transform(spec, context, {
      base: new Map(),
      level: (level + 1) as Level,
      ...(outer === undefined ? {} : { outer }),
    });
  return kind === "matrix" ? matrixParams(specification, context, child) : mergeParams(specification, context, child);
}
