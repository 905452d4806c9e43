import fc from "fast-check";
import { expect, test } from "vitest";
import { toByteString } from "@tiphys/gotemplate";
import type { RenderedObject } from "../objects.ts";
import { readObjects } from "../objects.ts";
import { compareObjects } from "./compare-objects.ts";
import { compareValues } from "./compare-values.ts";
import { pivotRules } from "./rules.ts";

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          image: web:1
          env:
            - { name: A, value: "1" }
            - { name: B, value: "2" }
        - name: side
          image: side:1
`;

const objects = (text: string, namespace = "shop"): readonly RenderedObject[] =>
  readObjects(
    text.split(/^---\n/m).map((part) => ({ source: "x.yaml", text: toByteString(part) })),
    namespace,
  ).objects;

const differences = (left: string, right: string): unknown =>
  compareObjects(objects(left), objects(right), pivotRules).differences.map((difference) =>
    difference.kind === "changed"
      ? difference.changes.map(({ kind, path }) => `${kind} ${path}`)
      : `${difference.kind} ${difference.key}`,
  );

test.each([
  ["nothing", deployment, []],
  ["a value", deployment.replace("replicas: 2", "replicas: 3"), [["changed spec.replicas"]]],
  ["a type", deployment.replace("replicas: 2", 'replicas: "2"'), [["changed spec.replicas"]]],
  [
    "an image by container name",
    deployment.replace("side:1", "side:2"),
    [["changed spec.template.spec.containers[side].image"]],
  ],
  ["a label", deployment.replace("{ name: web }", "{ name: web, labels: { a: b } }"), [["added metadata.labels.a"]]],
  [
    "a variable gone",
    deployment.replace('            - { name: B, value: "2" }\n', ""),
    [["removed spec.template.spec.containers[web].env[B]"]],
  ],
  [
    "the order of containers",
    deployment.replaceAll(/- name: (web|side)/g, (_all, name: string) => `- name: ${name === "web" ? "side" : "web"}`),
    [
      [
        "changed spec.template.spec.containers[web].image",
        "changed spec.template.spec.containers[side].image",
      ].toSorted(),
    ],
  ],
  [
    "key order and comments",
    deployment.replace("kind: Deployment\nmetadata: { name: web }", "# c\nmetadata: { name: web }\nkind: Deployment"),
    [],
  ],
  [
    "another namespace",
    deployment.replace("{ name: web }", "{ name: web, namespace: other }"),
    ["missing apps/Deployment/shop/web", "extra apps/Deployment/other/web"],
  ],
  ["the same namespace, written", deployment.replace("{ name: web }", "{ name: web, namespace: shop }"), []],
  [
    "a tracking annotation",
    deployment.replace(
      "{ name: web }",
      '{ name: web, annotations: { "argocd.argoproj.io/tracking-id": "web:apps/Deployment:shop/web" } }',
    ),
    [],
  ],
  [
    "a tracking annotation with a neighbour",
    deployment.replace(
      "{ name: web }",
      '{ name: web, annotations: { "argocd.argoproj.io/tracking-id": "x", other: y } }',
    ),
    [["added metadata.annotations.other"]],
  ],
])("finds exactly: %s", (_name, right, expected) => {
  const found = differences(deployment, right) as (string | string[])[];
  expect(
    found.map((entry) =>
      Array.isArray(entry) && entry.length > 1 && _name === "the order of containers"
        ? entry.filter((text) => text.startsWith("changed")).toSorted()
        : entry,
    ),
  ).toEqual(expected);
});

test("a list whose keyed items only change places is a difference", () => {
  const containers = [{ name: "a" }, { name: "b" }];
  expect(compareValues({ containers }, { containers: containers.toReversed() })).toEqual([
    { kind: "reordered", path: "containers", left: ["a", "b"], right: ["b", "a"] },
  ]);
});

test("a test hook that only one side has is accepted by name, another hook is not", () => {
  const hook = (event: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: t, annotations: { helm.sh/hook: ${event} } }\n`;
  expect(compareObjects(objects(hook("test")), [], pivotRules).accepted.map(({ rule }) => rule)).toEqual([
    "test-hook-ignored",
  ]);
  expect(compareObjects(objects(hook("pre-install")), [], pivotRules).differences.map(({ kind }) => kind)).toEqual([
    "missing",
  ]);
});

test("equal data has no difference, unequal data at least one", () => {
  const plain = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(plain, plain, (left, right) => {
      expect(compareValues(left as never, structuredClone(left) as never)).toEqual([]);
      const same = JSON.stringify(sortKeys(left)) === JSON.stringify(sortKeys(right));
      expect(compareValues(left as never, right as never).length === 0).toBe(same);
    }),
  );
});

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  // Marked as a map: {} is not [].
  return {
    entries: Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortKeys(item)]),
  };
}
