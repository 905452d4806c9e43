import { mergedSources, noSources } from "../provenance/environment-sources.ts";
import type { EnvironmentSources } from "../provenance/environment-sources.ts";
import type { Withheld } from "../session/withheld.ts";
import { FieldsObject } from "../template/objects.ts";
import { castKeys } from "../values/cast-keys.ts";
import { mergeMaps } from "../values/merge-maps.ts";
import { copyMap } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";

/* pkg/environment/environment.go of helmfile 1.8.0. */

/** The chosen environment with its values, level by level. */
export interface Environment {
  name: string;
  kubeContext: string;
  values: ValueMap;
  defaults: ValueMap;
  /** `--state-values-set`: lists merge item by item. */
  cliOverrides: ValueMap;
  /** What the values of each level were made of. */
  sources: EnvironmentSources;
  /** Files that were not fetched, so that values may be missing. */
  remotes: readonly Withheld[];
}

export function newEnvironment(name: string): Environment {
  return {
    name,
    kubeContext: "",
    values: new Map(),
    defaults: new Map(),
    cliOverrides: new Map(),
    sources: noSources,
    remotes: [],
  };
}

export function copyEnvironment(environment: Environment): Environment {
  const { name, kubeContext, values, defaults, cliOverrides, sources, remotes } = environment;
  return {
    name,
    kubeContext,
    values: copyMap(values),
    defaults: copyMap(defaults),
    cliOverrides: copyMap(cliOverrides),
    sources,
    remotes,
  };
}

/** `base` with `other` on top, level by level. */
export function mergeEnvironments(
  base: Environment | undefined,
  other: Environment | undefined,
): Environment | undefined {
  if (base === undefined) return other === undefined ? undefined : copyEnvironment(other);
  const out = copyEnvironment(base);
  if (other === undefined) return out;
  if (other.name !== "") out.name = other.name;
  if (other.kubeContext !== "") out.kubeContext = other.kubeContext;
  out.values = mergeMaps(out.values, other.values);
  out.defaults = mergeMaps(out.defaults, other.defaults);
  out.cliOverrides = mergeMaps(out.cliOverrides, other.cliOverrides, "merge");
  out.sources = joinSources(out.sources, other.sources);
  out.remotes = joinRemotes(out.remotes, other.remotes);
  return out;
}

/** Both lists, each file once. */
export function joinRemotes(lower: readonly Withheld[], higher: readonly Withheld[]): readonly Withheld[] {
  return higher.length === 0 ? lower : [...new Set([...lower, ...higher])];
}

/** The sources of two environments whose levels are merged one by one. */
export function joinSources(lower: EnvironmentSources, higher: EnvironmentSources): EnvironmentSources {
  return {
    defaults: mergedSources("maps", lower.defaults, higher.defaults),
    values: mergedSources("maps", lower.values, higher.values),
    cliOverrides: mergedSources("items", lower.cliOverrides, higher.cliOverrides),
  };
}

/** What templates see as `.Values`: defaults < values < command line. A copy. */
export function mergedValues(environment: Environment): ValueMap {
  const levels = mergeMaps(mergeMaps(new Map(), environment.defaults), environment.values);
  return castKeys(mergeMaps(levels, environment.cliOverrides, "merge")) as ValueMap;
}

const shared = new WeakMap<Environment, ValueMap>();

/** `mergedValues`, the same map each time: for who writes neither into it nor, any more, into the environment. */
export function sharedValues(environment: Environment): ValueMap {
  let values = shared.get(environment);
  if (values === undefined) shared.set(environment, (values = mergedValues(environment)));
  return values;
}

/** The environment as `.Environment` of a template. */
export function environmentObject(environment: Environment): FieldsObject {
  return new FieldsObject("environment.Environment", {
    Name: environment.name,
    KubeContext: environment.kubeContext,
    Values: environment.values,
    Defaults: environment.defaults,
    CLIOverrides: environment.cliOverrides,
  });
}

/** The dot of state files and environment value files (pkg/state/types.go `EnvironmentTemplateData`). */
export function environmentTemplateData(environment: Environment, namespace: string, values: ValueMap): FieldsObject {
  const shown = { ...environment, values: mergeMaps(environment.values, environment.cliOverrides, "merge") };
  const fields = { Environment: environmentObject(shown), Namespace: namespace, Values: values, StateValues: values };
  return new FieldsObject("*state.EnvironmentTemplateData", fields, "ptr");
}
