import type { GoValue } from "@tiphys/gotemplate";
import { deepEqual } from "@tiphys/gotemplate";

type Values = Map<string, GoValue>;

export interface SplitValues {
  /** What every environment has, at every depth of maps. */
  readonly shared: Values;
  /** What is left of each environment, in the order given: `shared` overlaid with it is what was there. */
  readonly perEnvironment: readonly Values[];
}

/**
 * Splits the user-supplied values of one release into what all environments share and the rest of each. Overlaying the rest on
 * the shared part as Helm overlays value files (maps merge, everything else replaces) gives back each environment's values.
 * With one environment nothing is shared: there is nobody to share with.
 */
export function splitValues(environments: readonly Values[]): SplitValues {
  if (environments.length < 2) return { shared: new Map(), perEnvironment: environments };
  const shared = intersect(environments);
  return { shared, perEnvironment: environments.map((values) => subtract(values, shared)) };
}

function intersect(all: readonly Values[]): Values {
  const [first, ...others] = all as [Values, ...Values[]];
  const shared: Values = new Map();
  for (const [key, value] of first) {
    if (!others.every((other) => other.has(key))) continue;
    const values = [value, ...others.map((other) => other.get(key)!)];
    if (values.every((candidate) => candidate instanceof Map)) {
      const part = intersect(values as Values[]);
      // An empty map in every environment is a value; an empty overlap of different maps is nothing to share.
      if (part.size > 0 || values.every((candidate) => (candidate as Values).size === 0)) shared.set(key, part);
    } else if (values.every((candidate) => deepEqual(candidate, value))) {
      shared.set(key, value);
    }
  }
  return shared;
}

function subtract(values: Values, shared: Values): Values {
  const rest: Values = new Map();
  for (const [key, value] of values) {
    if (!shared.has(key)) {
      rest.set(key, value);
      continue;
    }
    const common = shared.get(key)!;
    if (value instanceof Map && common instanceof Map) {
      const part = subtract(value, common);
      if (part.size > 0) rest.set(key, part);
    }
  }
  return rest;
}
