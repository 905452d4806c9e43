import { bytesToByteString } from "@tiphys/gotemplate";
import type { HelmfileOptions, HelmfileRelease } from "@tiphys/helmfile";
import { environmentNames, withheldPlaces, workingOrder } from "@tiphys/helmfile";
import type { EnvironmentSettings } from "@tiphys/estate";
import type { Diagnostic, FileTree } from "@tiphys/source";
import { readYaml, YamlError } from "@tiphys/source";
import { readWatched } from "./changing-values.ts";
import type { WatchedReading } from "./changing-values.ts";
import { needsCycles, placedAtRelease, unknownNeeds, withEnvironmentFix } from "./faults.ts";
import type { InventoryRelease, ReleaseOccurrence } from "./inventory-model.ts";
import { layerNames } from "./layer-names.ts";
import type { Inventory } from "./pivot.ts";
import type { FoundReason } from "./reasons.ts";
import { withRepository } from "./repositories.ts";
import type { SortedHooks } from "./translate/hook-manifests.ts";
import { sortHooks } from "./translate/hook-manifests.ts";

/** Also helmfile's own options, for every environment alike; an environment's variables stand above `environmentVariables`. */
export interface InventoryOptions extends Omit<
  HelmfileOptions,
  "workingDirectory" | "file" | "environment" | "allowNoMatchingRelease"
> {
  /** Root helmfile in the tree. */
  readonly helmfile: string;
  readonly environments: readonly EnvironmentSettings[];
}

/** Everything that the root helmfile and its layers install, in all environments. */
export function takeInventory(options: InventoryOptions): Inventory {
  const readings = options.environments.map((environment) => ({
    environment,
    ...readEnvironment(options, environment),
  }));
  const layerOf = layerNames(readings.flatMap(({ reading }) => [...reading.files, ...reading.skippedFiles]));
  const releases = new Map<string, { first: HelmfileRelease; occurrences: ReleaseOccurrence[] }>();
  const helmfiles = new Set<string>([options.helmfile]);
  const diagnostics: Diagnostic[] = [];
  const repositories = readings.flatMap(({ reading }) => reading.repositories);
  for (const { environment, reading, changes } of readings) {
    const positions = latePositions(reading.releases);
    for (const file of [...reading.files, ...reading.skippedFiles]) helmfiles.add(file);
    diagnostics.push(...reading.diagnostics.map((fault) => withEnvironmentFix(fault, environment.name)));
    for (const release of reading.releases) {
      const layer = layerOf(release.file);
      const id = inventoryId(release, layer);
      const known = releases.get(id) ?? { first: release, occurrences: [] };
      releases.set(id, known);
      const found = withRepository(
        occurrence(release, { environment, layer, tree: options.tree, positions }),
        repositories,
      );
      known.occurrences.push(
        changes(release) ? { ...found, reasons: [...found.reasons, { code: "random-values" }] } : found,
      );
    }
  }
  const found = [...releases].map(([id, { first, occurrences }]): InventoryRelease => ({
    id,
    layer: layerOf(first.file),
    name: first.name,
    namespace: first.namespace,
    occurrences,
  }));
  // A helmfile that only names others is no layer.
  const layersWithReleases = new Set(found.map(({ layer }) => layer));
  const layerOrder = [...new Set(readings.flatMap(({ reading }) => reading.files.map(layerOf)))].filter((layer) =>
    layersWithReleases.has(layer),
  );
  // With selectors the needed release may only be out of sight.
  if (options.selectors === undefined) diagnostics.push(...unknownNeeds(found), ...needsCycles(found));
  return {
    releases: found,
    layerOrder,
    repositories,
    helmfiles: [...helmfiles].filter((file) => options.tree.kind(file) === "file"),
    diagnostics: withoutRepeats(diagnostics),
  };
}

function readEnvironment(options: InventoryOptions, environment: EnvironmentSettings): WatchedReading {
  const { helmfile, environments: _, ...helmfileOptions } = options;
  const slash = helmfile.lastIndexOf("/");
  return readWatched({
    ...helmfileOptions,
    workingDirectory: slash < 0 ? "" : helmfile.slice(0, slash),
    file: helmfile.slice(slash + 1),
    environment: environment.helmfileEnvironment,
    environmentVariables: new Map([...(options.environmentVariables ?? []), ...environment.env]),
    allowNoMatchingRelease: true,
  });
}

/** One release of one file, whatever the kube context that differs between environments. */
function inventoryId(release: HelmfileRelease, layer: string): string {
  return `${layer}/${release.namespace === "" ? "default" : release.namespace}/${release.name}`;
}

/** Where helmfile comes to each release; the order is looked for when somebody first asks for it. */
function latePositions(releases: readonly HelmfileRelease[]): (release: HelmfileRelease) => number {
  let order: Map<HelmfileRelease, number> | undefined;
  return (release) => {
    order ??= new Map(workingOrder(releases).map((each, index) => [each, index]));
    return order.get(release)!;
  };
}

interface OccurrenceInput {
  readonly environment: EnvironmentSettings;
  readonly layer: string;
  readonly tree: FileTree;
  readonly positions: (release: HelmfileRelease) => number;
}

function occurrence(
  release: HelmfileRelease,
  { environment, layer, tree, positions }: OccurrenceInput,
): ReleaseOccurrence {
  const { source } = release.installation;
  const hooks = sortHooks(release.hooks, { tree, folder: folderOf(release.file) });
  return {
    environment: environment.name,
    get position() {
      return positions(release);
    },
    origin: release.origin,
    chart: release.chart,
    version: release.version,
    enabled: release.enabled,
    installed: release.installed,
    labels: release.labels,
    needs: release.needs.map((need) => `${layer}/${needNamespaceAndName(need)}`),
    hooks: release.hooks.map((hook) => `${hook.events.join(",")}: ${hook.written.join(" ")}`),
    hookManifests: hooks.manifests,
    hookCommands: hooks.commands,
    valueFiles: source.kind === "helm" ? source.valuesLayers.map((file) => file.origin.path ?? file.origin.file) : [],
    createNamespace: release.createNamespace,
    repositoryURL: release.repository?.url,
    repositoryIsOci: release.repository?.oci === true,
    installation: { ...release.installation, environment: environment.name },
    madeBy: release.chartEdits.length > 0 ? release : undefined,
    furtherCharts: release.adhocDependencies,
    reasons: helmfileReasons(release, hooks),
    withheld: withheldPlaces(release),
    secretFiles: release.secrets.filter((secret) => secret !== "(inline)"),
    diagnostics: release.diagnostics.map((fault) =>
      withEnvironmentFix(placedAtRelease(fault, release.origin), environment.name),
    ),
  };
}

/** `[context/]namespace/name` without the context; a bare name lies in `default`. */
function needNamespaceAndName(need: string): string {
  const parts = need.split("/");
  const name = parts.at(-1)!;
  const namespace = parts.length > 1 && parts.at(-2) !== "" ? parts.at(-2)! : "default";
  return `${namespace}/${name}`;
}

function helmfileReasons(release: HelmfileRelease, hooks: SortedHooks): FoundReason[] {
  const reasons: FoundReason[] = [];
  for (const { event } of hooks.commands) reasons.push({ code: "helmfile-hook", detail: event });
  for (const { event } of hooks.manifests) reasons.push({ code: "helmfile-hook-manifests", detail: event });
  for (const event of release.fileHooks) reasons.push({ code: "helmfile-file-hook", detail: event });
  for (const withheld of release.withheld) {
    reasons.push({ code: withheld.code === "helmfile-hook" ? "exec-in-values" : withheld.code });
  }
  if (release.secrets.length > 0) reasons.push({ code: "sops-secrets" });
  if (release.postRenderer !== "") reasons.push({ code: "post-renderer" });
  for (const code of release.chartEdits) reasons.push({ code });
  if (release.createNamespace) reasons.push({ code: "create-namespace" });
  const { source } = release.installation;
  if (source.kind === "helm") {
    if (source.sets.some((set) => set.kind !== "set-file")) reasons.push({ code: "set-values" });
    if (source.sets.some((set) => set.kind === "set-file")) reasons.push({ code: "set-file" });
  }
  for (const name of release.environmentVariables)
    reasons.push({ code: isSecretVariable(name) ? "secret-variable" : "environment-variable", detail: name });
  if (release.templatedValues) reasons.push({ code: "gotmpl-values" });
  if (release.enabled && release.installed && release.diagnostics.length > 0)
    reasons.push({ code: "values-unreadable" });
  return reasons;
}

/** Whether a variable is called as secrets are. */
function isSecretVariable(name: string): boolean {
  return /(?:^|_)(?:PASS(?:WORD|WD|PHRASE)?|PWD|SECRET|TOKEN|CREDENTIALS?|(?:API|PRIVATE|ACCESS|ENCRYPTION)_?KEY)(?:_|$)/i.test(
    name,
  );
}

function withoutRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((diagnostic) => {
    const key = JSON.stringify(diagnostic);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** What the templates of a helmfile's environments may read, beside files. */
export type EnvironmentInput = Pick<
  HelmfileOptions,
  "root" | "environmentVariables" | "outside" | "stateValuesFiles" | "stateValuesSet" | "stateValuesSetString"
>;

/**
 * The environments that a helmfile defines, in its order; `default` only when it is written down. What helmfile would read comes first; where
 * a template cannot be rendered, the file's parts and bases are looked at as YAML, and line by line.
 */
export function helmfileEnvironments(tree: FileTree, file: string, input: EnvironmentInput = {}): string[] {
  const names = new Set<string>();
  for (const path of stateFiles(tree, file)) {
    for (const found of environmentNames({ ...input, ...startOf(tree, path) })) names.add(found);
    collectEnvironments(tree, { path, names, depth: 0 });
  }
  return [...names];
}

/** Whether a helmfile defines an environment once it is read in it: one may be named by a template, as in `{{ .Environment.Name }}:`. */
export function definesEnvironment(
  tree: FileTree,
  file: string,
  { environment, ...input }: EnvironmentInput & { readonly environment: string },
): boolean {
  return stateFiles(tree, file).some((path) =>
    environmentNames({ ...input, ...startOf(tree, path), environment }).includes(environment),
  );
}

function startOf(tree: FileTree, path: string): { tree: FileTree; workingDirectory: string; file: string } {
  const [, workingDirectory, name] = /^(?:(.*)\/)?([^/]+)$/.exec(path) ?? [];
  return { tree, workingDirectory: workingDirectory ?? "", file: name ?? path };
}

/** Those of `helmfileEnvironments` that can be seen without rendering a template: for who looks for one by its name. */
export function writtenEnvironments(tree: FileTree, file: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const path of stateFiles(tree, file)) collectEnvironments(tree, { path, names, depth: 0 });
  return names;
}

function stateFiles(tree: FileTree, file: string): string[] {
  if (tree.kind(file) !== "directory") return [file];
  return (tree.list(file) ?? [])
    .filter((entry) => entry.kind === "file" && /\.ya?ml(\.gotmpl)?$/.test(entry.name))
    .map((entry) => `${file}/${entry.name}`);
}

function collectEnvironments(tree: FileTree, at: { path: string; names: Set<string>; depth: number }): void {
  const bytes = tree.read(at.path);
  if (bytes === undefined || at.depth > 3) return;
  const folder = folderOf(at.path);
  for (const part of bytesToByteString(bytes).replaceAll("\r\n", "\n").split("\n---\n")) {
    const { environments, bases } = partKeys(part);
    for (const name of environments) at.names.add(name);
    for (const base of bases) {
      const path = resolveFrom(folder, base);
      if (path !== undefined) collectEnvironments(tree, { path, names: at.names, depth: at.depth + 1 });
    }
  }
}

function partKeys(part: string): { environments: string[]; bases: string[] } {
  if (!part.includes("environments") && !part.includes("bases")) return { environments: [], bases: [] };
  try {
    const { value } = readYaml(part);
    if (!(value instanceof Map)) return { environments: [], bases: [] };
    const environments = value.get("environments");
    const bases = value.get("bases");
    return {
      environments: environments instanceof Map ? [...environments.keys()] : [],
      bases: Array.isArray(bases) ? bases.filter((base): base is string => typeof base === "string") : [],
    };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return {
      environments: writtenKeys(
        /^environments:[ \t]*\n((?:[ \t]+.*\n|[ \t]*\n|\{\{.*\n)*)/m.exec(`${part}\n`)?.[1] ?? "",
      ),
      bases: [],
    };
  }
}

function folderOf(file: string): string {
  return file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "";
}

function resolveFrom(folder: string, path: string): string | undefined {
  const parts: string[] = folder.split("/").filter((part) => part !== "");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

/** The keys of a block of YAML with templates in it: what stands least indented. */
function writtenKeys(block: string): string[] {
  const lines = block.split("\n").filter((line) => !/^[ \t]*(?:$|#|\{\{.*\}\}[ \t]*$)/.test(line));
  const indents = lines.map((line) => /^[ \t]*/.exec(line)![0].length);
  const least = Math.min(...indents);
  return lines.flatMap((line, at) => {
    const key = indents[at] === least ? /^[ \t]*["']?([\w.-]+)["']?:/.exec(line)?.[1] : undefined;
    return key === undefined ? [] : [key];
  });
}
