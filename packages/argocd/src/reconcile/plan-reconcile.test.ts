import { fromPlain, toPlain } from "@tiphys/source";
import { describe, expect, it } from "vitest";
import { expandApplicationSet } from "../application-set.ts";
import type { Unstructured } from "../unstructured.ts";
import { planReconcile, type ReconcileOptions } from "./plan-reconcile.ts";

const object = (value: unknown) => fromPlain(value) as Unstructured;
const set = (spec: object = {}) =>
  object({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "ApplicationSet",
    metadata: { name: "set" },
    spec: {
      generators: [{ list: { elements: [{ name: "a" }, { name: "b" }] } }],
      template: {
        metadata: { name: "{{name}}", labels: { own: "1" } },
        spec: {
          project: "default",
          destination: { name: "in-cluster" },
          source: { repoURL: "r", path: "p", helm: {} },
        },
      },
      ...spec,
    },
  });
const application = (name: string, metadata: object = {}, spec: object = {}) =>
  object({
    metadata: { name, labels: { own: "1" }, finalizers: ["resources-finalizer.argocd.argoproj.io"], ...metadata },
    spec: { project: "default", destination: { name: "in-cluster" }, source: { repoURL: "r", path: "p" }, ...spec },
  });

const plan = (applicationSet: Unstructured, live: Unstructured[], more: Partial<ReconcileOptions> = {}) => {
  const expansion = expandApplicationSet({
    document: { value: applicationSet, origin: { file: "set.yaml" } },
    repositories: () => undefined,
  });
  return planReconcile({ applicationSet, expansion, live, ...more });
};
const short = ({ actions }: ReturnType<typeof plan>) =>
  actions.map(({ name, action, changes }) => (changes ? [name, action, changes] : [name, action]));

describe("planReconcile", () => {
  it("creates, updates and deletes by name", () => {
    const live = [application("a", {}, { source: { repoURL: "r", path: "old" } }), application("gone")];
    expect(short(plan(set(), live))).toEqual([
      ["a", "update", ["spec.source.path"]],
      ["b", "create"],
      ["gone", "delete"],
    ]);
  });

  it("sees no difference in blocks that say nothing", () => {
    expect(short(plan(set(), [application("a", {}, { syncPolicy: {} }), application("b")]))).toEqual([
      ["a", "none"],
      ["b", "none"],
    ]);
  });

  it("removes labels and annotations that nothing preserves", () => {
    const live = [
      application("a", {
        labels: { own: "1", theirs: "x" },
        annotations: { "argocd.argoproj.io/refresh": "hard", note: "y" },
      }),
    ];
    expect(short(plan(set(), live))[0]).toEqual([
      "a",
      "update",
      ["metadata.annotations.note", "metadata.labels.theirs"],
    ]);
    expect(short(plan(set({ preservedFields: { labels: ["theirs"], annotations: ["note"] } }), live))[0]).toEqual([
      "a",
      "none",
    ]);
  });

  it("keeps the finalizers of deletion hooks", () => {
    const live = [
      application("a", { finalizers: ["post-delete-finalizer.argocd.argoproj.io/cleanup"] }, { project: "other" }),
    ];
    const { actions } = plan(set(), live);
    expect((toPlain(actions[0]!.written!) as { metadata: { finalizers: string[] } }).metadata.finalizers).toEqual([
      "resources-finalizer.argocd.argoproj.io",
      "post-delete-finalizer.argocd.argoproj.io/cleanup",
    ]);
  });

  it("ignores differences by pointer, for one Application or for all", () => {
    const live = [
      application("a", {}, { source: { repoURL: "r", path: "old" } }),
      application("b", {}, { source: { repoURL: "r", path: "old" } }),
    ];
    const rules = [{ name: "a", jsonPointers: ["/spec/source/path"] }];
    expect(short(plan(set({ ignoreApplicationDifferences: rules }), live))).toEqual([
      ["a", "none"],
      ["b", "update", ["spec.source.path"]],
    ]);
  });

  it.each([
    ["create-only", undefined, ["none", "create", "none"]],
    ["create-update", undefined, ["update", "create", "none"]],
    ["create-delete", undefined, ["none", "create", "delete"]],
    ["create-only", "sync", ["update", "create", "delete"]],
  ] as const)("policy %s under the controller's %s", (applicationsSync, policy, wanted) => {
    const live = [application("a", {}, { project: "other" }), application("gone")];
    const { actions } = plan(set({ syncPolicy: { applicationsSync } }), live, policy ? { policy } : {});
    expect(actions.map(({ action }) => action)).toEqual(wanted);
  });

  it("touches nothing when the set fails", () => {
    const broken = set({ generators: [{ list: { elements: [{ name: 1 }] } }] });
    expect(short(plan(broken, [application("a"), application("gone")]))).toEqual([
      ["a", "none"],
      ["gone", "none"],
    ]);
  });
});
