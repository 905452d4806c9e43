import { type GoValue, toByteString } from "@tiphys/gotemplate";
import type { Origin, YamlDocument } from "@tiphys/source";
import { deepEqual } from "@tiphys/gotemplate";
import { ArgoError, NotKnownOffline } from "../fault.ts";
import { nestedSlice, nestedString } from "../unstructured.ts";

/** What a generator that needs a network got from it once; format: docs/fixtures.md. */
export interface Fixture {
  readonly generator: string;
  /** The part of the generator's specification that chooses this recording. */
  readonly spec: Map<string, GoValue>;
  /** What the remote side answered: one map per repository, pull request, decision or output. */
  readonly items: readonly Map<string, GoValue>[];
  /** The error that the generator gave instead. */
  readonly error: string;
  readonly origin: Origin;
}

/** Recordings for scmProvider, pullRequest, plugin, clusterDecisionResource and oci generators. */
export class Fixtures {
  readonly #recorded: readonly Fixture[];

  constructor(recorded: readonly Fixture[] = []) {
    this.#recorded = recorded;
  }

  /**
   * The first recording for `generator` whose `spec` is a part of `spec`. Throws `NotKnownOffline` when there is none, and the
   * recorded error as `ArgoError`.
   */
  find(generator: string, spec: Map<string, GoValue>): Fixture {
    const found = this.#recorded.find((fixture) => fixture.generator === generator && isPart(fixture.spec, spec));
    if (!found) throw new NotKnownOffline(`wanted: recorded parameters of a ${generator} generator`);
    if (found.error !== "") throw new ArgoError(found.error);
    return found;
  }
}

/** Maps by their keys, everything else by equality. */
function isPart(part: GoValue, whole: GoValue | undefined): boolean {
  if (whole === undefined) return false;
  if (part instanceof Map)
    return whole instanceof Map && [...part].every(([key, value]) => isPart(value, whole.get(key)));
  return deepEqual(part, whole);
}

/** A fixture file's recordings. Throws `ArgoError` with what is wrong in it. */
export function readFixtures(document: YamlDocument, file: string): Fixture[] {
  if (nestedString(document.value, "kind") !== "GeneratorFixtures")
    throw new ArgoError(`${file}: kind is not GeneratorFixtures`);
  return nestedSlice(document.value, "recorded").map((entry, index) => {
    const generator = nestedString(entry, "generator");
    if (!recordable.has(generator))
      throw new ArgoError(`${file}: recorded[${index}]: no generator that is recorded: ${toByteString(generator)}`);
    const items = nestedSlice(entry, "items");
    if (!items.every((item) => item instanceof Map))
      throw new ArgoError(`${file}: recorded[${index}].items: every item is a map`);
    const spec = entry instanceof Map ? entry.get("spec") : undefined;
    const place = document.originOf(["recorded", index]);
    return {
      generator,
      spec: spec instanceof Map ? spec : new Map<string, GoValue>(),
      items: items as Map<string, GoValue>[],
      error: nestedString(entry, "error"),
      origin: place ? { file, line: place.line, column: place.column } : { file },
    };
  });
}

const recordable: ReadonlySet<string> = new Set([
  "scmProvider",
  "pullRequest",
  "plugin",
  "clusterDecisionResource",
  "oci",
]);
