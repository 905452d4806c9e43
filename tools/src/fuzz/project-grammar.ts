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
  constructor(random: Random) {
    this.#random = random;
  }

  files(): ReadonlyMap<string, string> {
    const random = this.#random;
    const rules = () => random.list(0, 3, () => this.#rule());
    const spec = {
      sourceRepos: random.list(0, 4, () => this.#maybeDenied(repositoryPatterns)),
      destinations: random.list(0, 4, () => this.#destination()),
      ...(random.chance(0.7) && { clusterResourceWhitelist: rules() }),
      ...(random.chance(0.4) && { clusterResourceBlacklist: rules() }),
      ...(random.chance(0.5) && { namespaceResourceWhitelist: random.chance(0.1) ? null : rules() }),
      ...(random.chance(0.4) && { namespaceResourceBlacklist: rules() }),
      ...(random.chance(0.5) && { sourceNamespaces: random.list(0, 3, () => random.pick(namespacePatterns)) }),
      ...(random.chance(0.1) && { permitOnlyProjectScopedClusters: true }),
    };
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
    const project = { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name: "p" }, spec };
    return new Map([
      ["project.yaml", JSON.stringify(project)],
      ["questions.json", JSON.stringify(questions)],
    ]);
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
