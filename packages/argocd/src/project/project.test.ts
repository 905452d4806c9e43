import { fromPlain } from "@tiphys/source";
import { describe, expect, it } from "vitest";
import { checkApplication, checkResource } from "./check-application.ts";
import { normalizeGitUrl } from "./normalize-git-url.ts";
import { isDestinationPermitted, isKindPermitted, isSourcePermitted, readProject } from "./project.ts";

const project = (spec: object) =>
  readProject(fromPlain({ metadata: { name: "apps" }, spec }), { file: "project.yaml", line: 3 });
const cluster = { server: "https://dev.example.com", name: "dev" };

describe("sourceRepos", () => {
  it.each([
    [["*"], "https://github.com/acme/x", true],
    [["https://github.com/acme/*"], "https://GitHub.com/acme/x.git", true],
    [["https://github.com/acme/*"], "https://github.com/acme/a/b", false],
    [["https://github.com/acme/**"], "https://github.com/acme/a/b", true],
    [["git@github.com:acme/x.git"], "ssh://git@github.com/acme/x", true],
    [["*", "!https://github.com/acme/secret"], "https://github.com/acme/secret.git", false],
    [["*", "!https://github.com/acme/secret"], "https://github.com/acme/x.git", true],
    [["!https://github.com/acme/secret"], "https://github.com/acme/x.git", true],
    [["https://github.com/{acme,other}/x"], "https://github.com/acme/x", false],
    [[], "https://github.com/acme/x", false],
  ])("%j and %s: %s", (sourceRepos, repoURL, permitted) => {
    expect(isSourcePermitted(project({ sourceRepos }), repoURL)).toBe(permitted);
  });

  it("spells repositories alike", () => {
    expect(normalizeGitUrl("git@GitHub.com:Acme/X.git")).toBe("git@github.com/acme/x");
    expect(normalizeGitUrl(" https://h/%zz")).toBe("");
  });
});

describe("destinations", () => {
  it.each([
    [[{ server: "*", namespace: "*" }], "x", true],
    [[{ name: "d*", namespace: "team-*" }], "team-a", true],
    [[{ name: "d*", namespace: "team-*" }], "other", false],
    [
      [
        { server: "*", namespace: "*" },
        { server: "*", namespace: "!kube-system" },
      ],
      "kube-system",
      false,
    ],
    [
      [
        { server: "*", namespace: "*" },
        { name: "!dev", namespace: "*" },
      ],
      "x",
      false,
    ],
    [[{ server: "https://prod.example.com", namespace: "*" }], "x", false],
  ])("%j and %s: %s", (destinations, namespace, permitted) => {
    expect(isDestinationPermitted(project({ destinations }), cluster, namespace)).toBe(permitted);
  });

  it("wants clusters of the project where only those are allowed", () => {
    const scoped = project({ destinations: [{ server: "*", namespace: "*" }], permitOnlyProjectScopedClusters: true });
    expect(isDestinationPermitted(scoped, cluster, "x")).toBe(false);
    expect(isDestinationPermitted(scoped, cluster, "x", [cluster])).toBe(true);
  });
});

describe("kinds", () => {
  const kind = (name: string, group = "") => ({ kind: name, group, name: "n" });
  it("allows every namespaced kind unless there is a list, and no cluster-scoped kind without one", () => {
    expect(isKindPermitted(project({}), kind("Secret"), true)).toBe(true);
    expect(isKindPermitted(project({ namespaceResourceWhitelist: [] }), kind("Secret"), true)).toBe(false);
    expect(
      isKindPermitted(project({ namespaceResourceBlacklist: [{ group: "", kind: "Sec*" }] }), kind("Secret"), true),
    ).toBe(false);
    expect(isKindPermitted(project({}), kind("Namespace"), false)).toBe(false);
    expect(
      isKindPermitted(project({ clusterResourceWhitelist: [{ group: "*", kind: "*" }] }), kind("Namespace"), false),
    ).toBe(true);
    expect(
      isKindPermitted(
        project({ clusterResourceWhitelist: [{ group: "", kind: "Namespace", name: "team-*" }] }),
        kind("Namespace"),
        false,
      ),
    ).toBe(false);
  });
});

describe("findings", () => {
  const application = fromPlain({
    metadata: { name: "web", namespace: "argocd" },
    spec: {
      project: "apps",
      sources: [
        { repoURL: "https://a", path: "p" },
        { repoURL: "https://b", ref: "values" },
      ],
      destination: { name: "dev", namespace: "x" },
    },
  }) as Map<string, never>;

  it("have a place, and the project's place beside it", () => {
    const projects = new Map([["apps", project({ sourceRepos: ["https://a"], destinations: [] })]]);
    const found = checkApplication({
      application,
      origin: { file: "web.yaml", line: 1 },
      projects,
      clusters: [cluster],
    });
    expect(found.map(({ code, origin }) => [code, origin?.path])).toEqual([
      ["project-source-denied", "spec.sources[1].repoURL"],
      ["project-destination-denied", "spec.destination"],
    ]);
    expect(found[0]).toMatchObject({
      message: "web: application repo https://b is not permitted in project 'apps'",
      related: [{ origin: { file: "project.yaml", line: 3 } }],
    });
    expect(
      checkApplication({ application, origin: { file: "web.yaml" }, projects: new Map(), clusters: [] })[0]?.code,
    ).toBe("project-missing");
  });

  it("say why a manifest is refused", () => {
    const resource = fromPlain({ apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } }) as Map<string, never>;
    const found = checkResource({
      resource,
      isNamespaced: false,
      origin: { file: "m.yaml" },
      project: project({}),
      cluster,
    });
    expect(found.map(({ message }) => message)).toEqual([
      "Namespace/n: resource :Namespace is not permitted in project apps",
    ]);
  });
});
