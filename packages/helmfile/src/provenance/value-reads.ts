import { formatGo, fromByteString } from "@tiphys/gotemplate";
import type { GoValue, ValuePath } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import type { Environment } from "../state/environment.ts";
import { isMap } from "../values/mergo.ts";
import { sourceOrigins, valueAt } from "./environment-sources.ts";
import type { EnvironmentSource, Reads, SeenEnvironment, ValueSteps } from "./environment-sources.ts";

/** A value that a template read, and who set it. */
export interface ValueRead {
  /** `.Values.domain`. */
  readonly path: string;
  /** Undefined when there is none. */
  readonly value: GoValue | undefined;
  /**
   * All entries of environments, layers and the command line that say something of it; the winner last. Of a map that was read as a whole
   * all that it was merged from.
   */
  readonly origins: readonly EnvironmentOrigin[];
}

/** Who set a value that templates see below `.Values`. */
export interface EnvironmentOrigin {
  readonly kind: EnvironmentSource["kind"];
  readonly value: GoValue;
  /** Where it is written; in a `.gotmpl` file the place of the template that made it. */
  readonly origin: Origin;
  /** What that template read. */
  readonly reads: readonly ValueRead[];
  /** What decided that it wrote this. */
  readonly conditions: readonly ValueRead[];
}

interface MadeValue {
  readonly path: ValueSteps;
  readonly value: GoValue;
}

/** What was read to make a value, and what decided that it was made, with who set it. */
export function explainReads(
  reads: readonly Reads[],
  made: MadeValue,
): { readonly reads: ValueRead[]; readonly conditions: ValueRead[] } {
  return {
    reads: reads.flatMap(({ paths, seen }) => paths.map((path) => explainRead(seen, path, made))),
    conditions: reads.flatMap(({ conditions, seen }) => conditions.map((path) => explainRead(seen, path, noValue))),
  };
}

/** Conditions put nothing out. */
const noValue: MadeValue = { path: [], value: null };

function explainRead(seen: SeenEnvironment, read: ValuePath, made: MadeValue): ValueRead {
  const path = fromByteString(read.toString());
  const at = stepsOf(read);
  if (at === undefined) return { path, value: environmentFields.get(path)?.(seen.environment), origins: [] };
  const values = at.root === "Values" ? seen.values : seen.environment.values;
  const value = valueAt(values, at.steps);
  if (value === undefined) return { path, value, origins: [] };
  return explainPart(seen, { path, value, ...at }, made) ?? { path, value, origins: originsAt(seen, at) };
}

interface ReadAt {
  readonly root: "Values" | "Environment.Values";
  readonly steps: ValueSteps;
}

function originsAt({ environment }: SeenEnvironment, { root, steps }: ReadAt): EnvironmentOrigin[] {
  return sourceOrigins(environment, root, steps).map(({ kind, value, origin, reads }) => ({
    kind,
    value,
    origin,
    ...explainReads(reads, { path: steps, value }),
  }));
}

/** Of a map or list that a template put out as a whole: the value in it that became what was made, found by the end of its path. */
function explainPart(
  seen: SeenEnvironment,
  read: ReadAt & { readonly path: string; readonly value: GoValue },
  made: MadeValue,
): ValueRead | undefined {
  const isFull = isMap(read.value) ? read.value.size > 0 : Array.isArray(read.value) && read.value.length > 0;
  for (let start = 0; isFull && start < made.path.length; start++) {
    const below = made.path.slice(start);
    const value = valueAt(read.value, below);
    if (value === undefined || isMap(value) || formatGo("%v", [value]) !== formatGo("%v", [made.value])) continue;
    const path =
      read.path + below.map((step) => (typeof step === "number" ? `[${step}]` : `.${fromByteString(step)}`)).join("");
    return { path, value, origins: originsAt(seen, { root: read.root, steps: [...read.steps, ...below] }) };
  }
  return undefined;
}

/** What templates read of the environment besides its values. */
const environmentFields: ReadonlyMap<string, (environment: Environment) => GoValue> = new Map([
  [".Environment.Name", ({ name }) => name],
  [".Environment.KubeContext", ({ kubeContext }) => kubeContext],
]);

/** The steps below `.Values` or the like; undefined for what is read elsewhere. */
function stepsOf(path: ValuePath): ReadAt | undefined {
  const [root, ...steps] = path.segments();
  if (root === ".Values") return { root: "Values", steps };
  if (root !== ".Environment" || (steps.length > 0 && steps[0] !== "Values")) return undefined;
  // Of the environment as a whole only its values come from files.
  return { root: "Environment.Values", steps: steps.slice(1) };
}
