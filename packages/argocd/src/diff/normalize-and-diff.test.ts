import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromByteString, type GoValue } from "@tiphys/gotemplate";
import { fromPlain, toPlain } from "@tiphys/source";
import type { TrackingMethod } from "../source/tracking.ts";
import type { Unstructured } from "../unstructured.ts";
import { normalizeAndDiff, type DiffResult } from "./normalize-and-diff.ts";

interface DiffCase {
  readonly name: string;
  readonly live?: object;
  readonly target?: object;
  readonly ignoreDifferences?: object[];
  readonly argocdCm?: object;
  readonly options?: Record<string, unknown>;
  readonly expected: { readonly modified: boolean; readonly diff?: unknown; readonly error?: string };
}

const { cases } = JSON.parse(readFileSync(new URL("cases/random.json", import.meta.url), "utf8")) as {
  cases: DiffCase[];
};

function object(plain: object | undefined): Unstructured | undefined {
  return plain === undefined ? undefined : (fromPlain(plain) as Unstructured);
}

function compare({ live, target, ignoreDifferences = [], argocdCm, options = {} }: DiffCase): DiffResult {
  return normalizeAndDiff({
    live: object(live),
    target: object(target),
    ignoreDifferences: fromPlain(ignoreDifferences) as GoValue[],
    argocdCm: object(argocdCm),
    options: {
      ignoreAggregatedRoles: options["ignoreAggregatedRoles"] === true,
      ...(typeof options["trackingMethod"] === "string" && {
        trackingMethod: options["trackingMethod"] as TrackingMethod,
      }),
    },
  });
}

describe("comparisons recorded with Argo CD", () => {
  for (const diffCase of cases) {
    it(diffCase.name, () => {
      const { modified, diff, error } = compare(diffCase);
      const plain = (side: Unstructured | undefined): unknown => (side === undefined ? null : toPlain(side));
      expect({
        modified,
        ...(diff !== undefined && { diff: { live: plain(diff.live), predicted: plain(diff.predicted) } }),
        ...(error !== undefined && { error: fromByteString(error) }),
      }).toEqual(diffCase.expected);
    });
  }
});

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template: { spec: { containers: [] } } },
};

describe("comparing", () => {
  it("takes what the cluster fills in for no difference", () => {
    const live = {
      ...deployment,
      spec: { ...deployment.spec, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
    };
    expect(compare({ name: "", live, target: deployment, expected: { modified: false } }).modified).toBe(false);
  });

  it("sees a change by hand, and not where a rule ignores it", () => {
    const live = { ...deployment, spec: { ...deployment.spec, replicas: 5 } };
    const diffCase = { name: "", live, target: deployment, expected: { modified: true } };
    expect(compare(diffCase).modified).toBe(true);
    const ignoreDifferences = [{ group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] }];
    expect(compare({ ...diffCase, ignoreDifferences }).modified).toBe(false);
  });

  it("names the rule of a jq program that does not end, and compares without it", () => {
    const ignoreDifferences = [{ group: "apps", kind: "Deployment", jqPathExpressions: ["recurse(.spec?)"] }];
    const result = compare({
      name: "",
      live: deployment,
      target: deployment,
      ignoreDifferences,
      expected: { modified: false },
    });
    expect(result.modified).toBe(false);
    expect(result.warnings[0]).toMatchObject({ from: "spec.ignoreDifferences[0]", expression: "recurse(.spec?)" });
    expect(result.warnings[0]?.message).toContain("timed out");
  });

  it("gives Argo CD's text for a rule that is no jq", () => {
    const ignoreDifferences = [{ group: "*", kind: "*", jqPathExpressions: [".spec["] }];
    expect(
      compare({ name: "", live: deployment, target: deployment, ignoreDifferences, expected: { modified: false } })
        .error,
    ).toContain("unexpected token");
  });
});
