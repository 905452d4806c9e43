import type { Origin } from "@tiphys/source";
import type { RenderedObject } from "../objects.ts";
import { isHelmTest } from "../objects.ts";
import type { FieldChange } from "./compare-values.ts";
import { compareValues } from "./compare-values.ts";

export interface ComparedPair {
  readonly left: RenderedObject;
  readonly right: RenderedObject;
}

/** A difference that is known, named and harmless. Every rule has a row in docs/proof.md. */
export interface Rule {
  readonly name: string;
  /** Why the difference does not change what runs, one sentence. */
  readonly why: string;
  readonly changed?: (change: FieldChange, pair: ComparedPair) => boolean;
  /** An object that only the left side has. */
  readonly missing?: (object: RenderedObject) => boolean;
  /** An object that only the right side has. */
  readonly extra?: (object: RenderedObject) => boolean;
}

export interface AcceptedDifference {
  readonly rule: string;
  readonly key: string;
  /** The field, for a change inside an object. */
  readonly path?: string;
  readonly origin: Origin;
}

const trackingPaths = new Set([
  'metadata.annotations["argocd.argoproj.io/tracking-id"]',
  'metadata.annotations["argocd.argoproj.io/installation-id"]',
]);

const argoTracking: Rule = {
  name: "argo-tracking",
  why: "Argo CD marks what it applies with its own annotation.",
  changed: (change) => change.kind === "added" && trackingPaths.has(change.path),
};

const namespaceInjected: Rule = {
  name: "namespace-injected",
  why: "One side writes the namespace that the other leaves to the release or the Application; both land in the same place.",
  changed: (change, { left, right }) =>
    change.path === "metadata.namespace" && change.kind !== "changed" && left.namespace === right.namespace,
};

const testHookIgnored: Rule = {
  name: "test-hook-ignored",
  why: "A Helm test runs only when somebody calls `helm test`; neither a sync by Helmfile nor one by Argo CD applies it.",
  missing: isHelmTest,
  extra: isHelmTest,
};

const testHookConverted: Rule = {
  name: "test-hook-converted",
  why: "The Helm test became a PostSync hook, as planned.",
  changed: (change, { left, right }) =>
    isHelmTest(left) &&
    change.path.startsWith('metadata.annotations["argocd.argoproj.io/hook') &&
    change.kind === "added" &&
    annotation(right, "argocd.argoproj.io/hook") === "PostSync",
};

/** The pivot itself compares with what the conversion makes of a test; this names it in reports. */
const testHookGate: Rule = {
  name: "test-hook-gate",
  why: "The Helm test became a tracked object (a Pod became a Job), as planned: its health holds the next wave.",
};

const crdsSplit: Rule = {
  name: "crds-split",
  why: "The CRDs are in a component of their own, which is proven by itself.",
};

function annotation(object: RenderedObject, name: string): unknown {
  const metadata = object.value["metadata"] as Readonly<Record<string, unknown>> | undefined;
  return (metadata?.["annotations"] as Readonly<Record<string, unknown>> | undefined)?.[name];
}

/**
 * Random data that no seed reaches (an engine outside of this process): fields that differ between two renderings of the same
 * side. `first` and `second` are these renderings.
 */
export function randomDataRule(first: readonly RenderedObject[], second: readonly RenderedObject[]): Rule {
  const random = new Set<string>();
  const again = new Map(second.map((object) => [object.key, object]));
  for (const object of first) {
    const other = again.get(object.key);
    if (other === undefined) continue;
    for (const { path } of compareValues(object.value, other.value)) random.add(`${object.key}\0${path}`);
  }
  return {
    name: "random-data",
    why: "The chart makes this value anew on every rendering; two renderings of one side differ in it, too.",
    changed: (change, { left }) => change.kind === "changed" && random.has(`${left.key}\0${change.path}`),
  };
}

/** The rules under which Helmfile's rendering and Argo CD's count as the same. */
export const pivotRules: readonly Rule[] = [
  argoTracking,
  namespaceInjected,
  testHookConverted,
  testHookGate,
  testHookIgnored,
  crdsSplit,
];
