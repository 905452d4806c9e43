import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  renderApplication,
  type ChartResolver,
  type RenderedApplication,
  type SourceResolvers,
  type TrackingMethod,
} from "@tiphys/argocd";
import { fromByteString } from "@tiphys/gotemplate";
import { findProfile } from "@tiphys/helm";
import { MemoryTree, toPlain, type FileTree } from "@tiphys/source";
import type { CaseRunner } from "./case.ts";
import { differences } from "./difference.ts";
import { FolderTree } from "./folder-tree.ts";
import { readObject, readOptions, readPlain } from "./kubernetes-objects.ts";
import { kustomizeOnPath } from "tiphys";

/** Cases of the form `app.yaml` and `repo/`, wanted manifests, commands, error. */
export const argocdManifestsRunner: CaseRunner = {
  name: "argocd-manifests",
  matches: (folder) => existsSync(join(folder, "app.yaml")) && existsSync(join(folder, "expected.yaml")),
  run(folder) {
    const application = readObject(folder, "app.yaml");
    if (application === undefined) return { verdict: "crashed", detail: "app.yaml holds no object" };
    const options = readOptions(folder);
    const text = (name: string): string | undefined => (typeof options[name] === "string" ? options[name] : undefined);
    const result = renderApplication(application, {
      resolvers: resolvers(folder, options),
      kubeVersion: text("kubeVersion") ?? "v1.33.0",
      apiVersions: (options["apiVersions"] as readonly string[] | undefined) ?? [],
      trackingMethod: (text("trackingMethod") ?? "annotation") as TrackingMethod,
      instanceLabel: text("appLabelKey") ?? "app.kubernetes.io/instance",
      installationID: text("installationID") ?? "",
      kustomizeBuildOptions: text("kustomizeBuildOptions") ?? "",
      valuesFileSchemes: (options["valuesFileSchemes"] as readonly string[] | undefined) ?? ["https", "http"],
      // The cases were recorded with this Helm.
      helmProfile: findProfile("4.2.4"),
    });
    if (result.notKnown !== undefined) return { verdict: "unsupported", detail: result.notKnown };
    const actual = inOrder(recorded(result));
    const expected = inOrder(readPlain(folder, "expected.yaml") as Record<string, unknown>);
    const found = differences(actual, expected);
    return { verdict: found.length === 0 ? "equal" : "different", detail: found.join("\n"), actual, expected };
  },
};

function resolvers(folder: string, options: Readonly<Record<string, unknown>>): SourceResolvers {
  const repositories = (options["repos"] ?? {}) as Readonly<Record<string, string>>;
  const trees = new Map<string, FileTree>();
  const open = (path: string): FileTree => {
    const known = trees.get(path) ?? (existsSync(path) ? new FolderTree(path) : new MemoryTree([]));
    trees.set(path, known);
    return known;
  };
  const kustomize = kustomizeOnPath();
  return {
    repository: (repoURL) => ({
      tree: open(join(folder, Object.hasOwn(repositories, repoURL) ? (repositories[repoURL] as string) : "repo")),
    }),
    charts: chartFolders(folder, (options["charts"] ?? {}) as Readonly<Record<string, string>>),
    ...(kustomize !== undefined && { kustomize }),
  };
}

/** Helm repositories that are folders of unpacked charts. */
function chartFolders(folder: string, repositories: Readonly<Record<string, string>>): ChartResolver {
  const found = (repoURL: string, chart: string): { folder: string; version: string }[] | undefined => {
    if (!Object.hasOwn(repositories, repoURL)) return undefined;
    const root = join(folder, repositories[repoURL] as string);
    return readdirSync(root)
      .map((name) => join(root, name))
      .filter((path) => statSync(path).isDirectory() && existsSync(join(path, "Chart.yaml")))
      .map((path) => ({ path, metadata: readPlain(path, "Chart.yaml") as { name: string; version: string } }))
      .filter(({ metadata }) => metadata.name === chart)
      .map(({ path, metadata }) => ({ folder: path, version: metadata.version }));
  };
  return {
    versions: (repoURL, chart) => found(repoURL, chart)?.map(({ version }) => version),
    chart(repoURL, chart, version) {
      const all = found(repoURL, chart);
      if (all === undefined) return undefined;
      const exact = all.find((one) => one.version === version);
      return exact === undefined ? "missing" : { tree: new FolderTree(exact.folder), folder: "" };
    },
  };
}

/** Argo CD takes the `--set` options of a command from a Go map: their order says nothing. */
function inOrder(outcome: Record<string, unknown>): Record<string, unknown> {
  const sources = outcome["sources"] as readonly { readonly commands?: readonly string[] }[] | undefined;
  return {
    ...outcome,
    ...(sources !== undefined && {
      sources: sources.map((source) => ({
        ...source,
        ...(source.commands !== undefined && { commands: source.commands.map(sortSets) }),
      })),
    }),
    ...(typeof outcome["error"] === "string" && { error: sortSets(recordable(outcome["error"])) }),
  };
}

/** The oracle takes a random folder out of a text together with the name before it. */
function recordable(error: string): string {
  return error
    .replace(/--set-file (?:[^ =]+=)?<temporary folder>/g, "--set-file <temporary folder>")
    .replace(" <api versions removed> ", " --<api versions removed> ");
}

function sortSets(text: string): string {
  const [start = "", ...options] = text.split(" --");
  const sorted: string[] = [];
  for (let from = 0; from < options.length; ) {
    const kind = setKind(options[from]!);
    let to = from + 1;
    while (kind !== "" && to < options.length && setKind(options[to]!) === kind) to++;
    sorted.push(...options.slice(from, to).toSorted());
    from = to;
  }
  return [start, ...sorted].join(" --");
}

/** `set`, `set-string` or `set-file`; "" for other options. A value with spaces may be quoted. */
function setKind(option: string): string {
  return /^(set|set-string|set-file) /.exec(option)?.[1] ?? "";
}

/** In the shape of the recorded files: empty fields are absent. */
function recorded(result: RenderedApplication): Record<string, unknown> {
  const sources = result.sources.map(({ type, commands, manifests }) => ({
    ...(type !== undefined && { type }),
    ...(commands.length > 0 && { commands: commands.map(fromByteString) }),
    manifests: manifests.length,
  }));
  return {
    ...(sources.length > 0 && { sources }),
    ...(result.error !== undefined && { error: fromByteString(result.error) }),
    manifests: result.manifests.map((manifest) => toPlain(manifest)),
  };
}
