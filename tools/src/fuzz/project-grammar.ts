import type { Random } from "./random.ts";

const repositories = [
  "https://github.com/acme/estate.git",
  "https://github.com/acme/estate",
  "HTTPS://GitHub.com/Acme/Estate",
  "https://github.com/acme/deep/estate",
  "git@github.com:acme/estate.git",
  "ssh://git@github.com/acme/estate",
  "oci://registry.example.com/charts",
  "registry.example.com/charts",
  "https://charts.example.com/",
  "",
];
const repositoryPatterns = [
  "*",
  "**",
  "https://github.com/acme/*",
  "https://github.com/**",
  "https://github.com/acme/estate",
  "https://github.com/{acme,other}/*.git",
  "git@github.com:acme/*",
  "ssh://git@github.com/*/*",
  "oci://registry.example.com/*",
  "*.example.com/charts",
  "[",
  "",
  "*/estate",
];
const servers = ["https://kubernetes.default.svc", "https://1.2.3.4:6443", "https://eu.example.com", ""];
const serverPatterns = [
  "*",
  "https://*",
  "https://kubernetes.default.svc",
  "https://*.example.com",
  "https://1.2.?.4:6443",
  "",
];
const names = ["in-cluster", "eu-prod", "us-dev", ""];
const namePatterns = ["*", "eu-*", "in-cluster", "{eu,us}-*", "", "[a-z]*"];
const namespaces = ["web", "team-a", "team-b", "kube-system", "argocd", ""];
const namespacePatterns = ["*", "team-*", "web", "kube-*", "", "team-[ab]", "/^team-/", "/[/"];
const groups = ["", "apps", "batch", "example.com", "rbac.authorization.k8s.io"];
const groupPatterns = ["*", "", "apps", "*.k8s.io", "ba??h", "["];
const kinds = ["ConfigMap", "Deployment", "ClusterRole", "Namespace", "Widget"];
const kindPatterns = ["*", "ConfigMap", "Cluster*", "[A-D]*", "Deployment", ""];
const objectNames = ["web", "team-a", "admin"];
const objectNamePatterns = ["", "team-*", "web", "*"];

/** A random AppProject and questions about it. */
export class ProjectGrammar {
  readonly #random: Random;
  readonly #hasGlobals: boolean;
  /** With `hasGlobals` there are other projects, which argocd-cm may make global. */
  constructor(random: Random, hasGlobals: boolean) {
    this.#random = random;
    this.#hasGlobals = hasGlobals;
  }

  #spec(): object {
    const random = this.#random;
    const rules = () => random.list(0, 3, () => this.#rule());
    return {
      sourceRepos: random.list(0, 4, () => this.#maybeDenied(repositoryPatterns)),
      destinations: random.list(0, 4, () => this.#destination()),
      ...(random.chance(0.7) && { clusterResourceWhitelist: rules() }),
      ...(random.chance(0.4) && { clusterResourceBlacklist: rules() }),
      ...(random.chance(0.5) && { namespaceResourceWhitelist: random.chance(0.1) ? null : rules() }),
      ...(random.chance(0.4) && { namespaceResourceBlacklist: rules() }),
      ...(random.chance(0.5) && { sourceNamespaces: random.list(0, 3, () => random.pick(namespacePatterns)) }),
      ...(random.chance(0.1) && { permitOnlyProjectScopedClusters: true }),
    };
  }

  files(): ReadonlyMap<string, string> {
    const random = this.#random;
    const questions = {
      sources: repositories,
      destinations: servers.flatMap((server) =>
        names.flatMap((name) => namespaces.map((namespace) => ({ server, name, namespace }))),
      ),
      kinds: groups.flatMap((group) =>
        kinds.flatMap((kind) =>
          objectNames.flatMap((name) => [true, false].map((namespaced) => ({ group, kind, name, namespaced }))),
        ),
      ),
      namespaces,
    };
    const project = (name: string): string => {
      const labels = random.chance(0.7)
        ? { team: random.pick(["a", "b"]), tier: random.pick(["one", "two"]) }
        : undefined;
      const metadata = { name, ...(labels !== undefined && { labels }) };
      const object = { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata, spec: this.#spec() };
      return `---\n${JSON.stringify(object)}\n`;
    };
    const hasGlobals = this.#hasGlobals && random.chance(0.5);
    const others = hasGlobals ? random.list(1, 2, () => random.pick(["g", "h"])) : [];
    const files = new Map([
      ["project.yaml", ["p", ...new Set(others)].map(project).join("")],
      ["questions.json", JSON.stringify(questions)],
    ]);
    if (hasGlobals) files.set("argocd-cm.yaml", this.#settings());
    return files;
  }

  #settings(): string {
    const random = this.#random;
    const selector = (): object => ({
      ...(random.chance(0.4) && { matchLabels: { team: random.pick(["a", "b"]) } }),
      ...(random.chance(0.6) && {
        matchExpressions: [
          random.pick<object>([
            { key: "team", operator: "In", values: ["a", "c"] },
            { key: "tier", operator: "NotIn", values: ["one"] },
            { key: "team", operator: "Exists" },
            { key: "tier", operator: "DoesNotExist" },
            { key: "team", operator: "Odd" },
          ]),
        ],
      }),
    });
    const globals = random.list(1, 3, () => ({
      ...(random.chance(0.95) && { projectName: random.pick(["g", "h", "p", "none"]) }),
      ...(random.chance(0.9) && { labelSelector: selector() }),
    }));
    const data = { globalProjects: JSON.stringify(globals) };
    return JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "argocd-cm" }, data });
  }

  #maybeDenied(patterns: readonly string[]): string {
    return `${this.#random.chance(0.2) ? "!" : ""}${this.#random.pick(patterns)}`;
  }

  #destination(): object {
    const random = this.#random;
    return {
      ...(random.chance(0.8) && { server: this.#maybeDenied(serverPatterns) }),
      ...(random.chance(0.4) && { name: this.#maybeDenied(namePatterns) }),
      namespace: this.#maybeDenied(namespacePatterns),
    };
  }

  #rule(): object {
    const random = this.#random;
    return {
      group: random.pick(groupPatterns),
      kind: random.pick(kindPatterns),
      ...(random.chance(0.3) && { name: random.pick(objectNamePatterns) }),
    };
  }
}
