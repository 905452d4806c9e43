import { fromPlain, MemoryTree, toPlain } from "@tiphys/source";
import { describe, expect, it } from "vitest";
import { expandApplicationSet } from "./application-set.ts";
import { type ArgoDocument, discoverArgo } from "./discover.ts";

const manifest = (kind: string, name: string, spec: object = {}) => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind,
  metadata: { name },
  spec,
});
const text = (...objects: object[]) => objects.map((object) => JSON.stringify(object)).join("\n---\n");
const documents = (...objects: object[]): ArgoDocument[] =>
  objects.map((object) => ({ value: fromPlain(object) as ArgoDocument["value"], origin: { file: "rendered" } }));

const generating = manifest("ApplicationSet", "set", {
  generators: [{ list: { elements: [{ name: "a" }, { name: "b" }] } }],
  template: {
    metadata: { name: "{{name}}" },
    spec: { project: "default", destination: {}, source: { repoURL: "r", path: "p" } },
  },
});

describe("discoverArgo", () => {
  const discover = (files: Record<string, string>, rendered: Record<string, ArgoDocument[]> = {}) => {
    const tree = new MemoryTree(files);
    return discoverArgo({
      tree,
      expand: (document) => expandApplicationSet({ document, repositories: () => ({ tree }) }),
      render: ({ name }) => ({ documents: rendered[name] ?? [] }),
    });
  };

  it("follows sets and applications of applications to any depth", () => {
    const { nodes, cycles, diagnostics } = discover(
      {
        "root.yaml": text(manifest("AppProject", "p"), manifest("Application", "root")),
        "chart/Chart.yaml": "",
        "chart/templates/x.yaml": "kind: Application argoproj.io/ {{ nope",
      },
      { root: documents(generating), b: documents(manifest("Application", "deep")) },
    );
    expect(nodes.map(({ id, parents }) => [id, [...parents]])).toEqual([
      ["AppProject argocd/p", []],
      ["Application argocd/a", ["ApplicationSet argocd/set"]],
      ["Application argocd/b", ["ApplicationSet argocd/set"]],
      ["Application argocd/deep", ["Application argocd/b"]],
      ["Application argocd/root", []],
      ["ApplicationSet argocd/set", ["Application argocd/root"]],
    ]);
    expect(nodes[1]!.generated && toPlain(nodes[1]!.generated.params)).toEqual({ name: "a" });
    expect(nodes[4]!.origin).toEqual({ file: "root.yaml", line: 3, column: 1 });
    expect([cycles, diagnostics]).toEqual([[], []]);
  });

  it("finds applications that produce each other", () => {
    const { cycles, diagnostics } = discover(
      { "a.yaml": text(manifest("Application", "a")) },
      {
        a: documents(manifest("Application", "b")),
        b: documents(manifest("Application", "a"), manifest("Application", "b")),
      },
    );
    expect(cycles).toEqual([["Application argocd/a", "Application argocd/b"], ["Application argocd/b"]]);
    // b may well manage itself.
    expect(diagnostics.map(({ code }) => code)).toEqual(["applications-in-a-cycle"]);
  });

  it("reports a broken file and goes on", () => {
    const { nodes, diagnostics } = discover({
      "bad.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\n\tx",
      "good.yaml": text(manifest("Application", "good")),
    });
    expect(nodes).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ code: "manifest-not-yaml", origin: { file: "bad.yaml" } }]);
  });

  it("says when two files declare the same, and what is refused of a set", () => {
    const set = {
      ...generating,
      spec: {
        ...generating.spec,
        generators: [{ list: { elements: [{ name: "a" }, { name: "" }, { name: "b" }, { name: "b" }] } }],
      },
    };
    const { nodes, diagnostics } = discover({ "a.yaml": text(set), "b.yaml": text(set) });
    expect(nodes.map(({ id }) => id)).toEqual(["Application argocd/a", "ApplicationSet argocd/set"]);
    expect(diagnostics.map(({ code, origin }) => [code, origin?.file])).toEqual([
      ["declared-twice", "b.yaml"],
      ["application-refused", "a.yaml"],
      ["application-refused", "a.yaml"],
      ["application-refused", "a.yaml"],
    ]);
  });
});
