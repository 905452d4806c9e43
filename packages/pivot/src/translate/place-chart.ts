import { isCompatibleRange } from "@tiphys/helm";
import type { EstateFile, ChartAnswer } from "@tiphys/estate";
import type { Diagnostic, FileTree } from "@tiphys/source";
import { gitopsPrefix } from "../application-sets.ts";
import type { ReleaseOccurrence } from "../inventory-model.ts";
import type { FoundReason } from "../reasons.ts";
import type { ComponentChartContent } from "./component-text.ts";

/** Where a release's chart is to be read from by Argo CD. */
export interface PlacedChart {
  /** What component.yaml says about it. */
  readonly content: ComponentChartContent;
  /** Files to write, in the workspace: the chart, unpacked, where it does not lie in the GitOps folder yet. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly reasons: readonly FoundReason[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What is asked of `placeChart`. */
export interface ChartPlacement {
  readonly occurrence: ReleaseOccurrence;
  readonly answer: ChartAnswer & { readonly kind: "chart" };
  readonly estateFile: EstateFile;
  readonly tree: FileTree;
  /** The name under sources/charts. */
  readonly tier: string;
  /** Files of an archive, unpacked: path below the chart's folder → bytes. */
  readonly unpack: (archive: Uint8Array) => ReadonlyMap<string, Uint8Array>;
}

/**
 * Decides where Argo CD finds the chart: a repository or registry stays one; a folder in the GitOps tree is named by path; any
 * other folder or archive is copied, unpacked, to `sources/charts/<tier>/<chart>`.
 */
export function placeChart(placement: ChartPlacement): PlacedChart {
  const { occurrence, answer, estateFile } = placement;
  const { source } = occurrence.installation;
  const reference = source.kind === "helm" ? source.chart : undefined;
  const version = fromMetadata(answer.chart.metadata.version);
  const reasons: FoundReason[] = [];
  if (reference?.kind === "oci" || reference?.kind === "repository") {
    const asked = occurrence.version;
    const isPinned = /^v?\d+\.\d+\.\d+/.test(asked);
    if (!isPinned) reasons.push({ code: "chart-not-pinned" });
    const isStandIn = asked !== "" && asked !== version && !isCompatibleRange(asked, version);
    if (isStandIn) reasons.push({ code: "chart-stand-in", detail: version });
    const pinned = isPinned || isStandIn ? asked : version;
    const slash = reference.kind === "oci" ? reference.reference.lastIndexOf("/") : -1;
    const content =
      reference.kind === "oci"
        ? { repoURL: reference.reference.slice(0, slash), chart: reference.reference.slice(slash + 1), version: pinned }
        : { repoURL: reference.repoURL, chart: reference.chart, version: pinned };
    return { content, files: new Map(), reasons, diagnostics: [] };
  }
  const prefix = gitopsPrefix(estateFile);
  const { place } = answer;
  const inWorkspace = place.tree === placement.tree;
  if (inWorkspace && !place.isArchive && place.path.startsWith(prefix) && !hasArchives(place.tree, place.path)) {
    return { content: { path: place.path.slice(prefix.length) }, files: new Map(), reasons, diagnostics: [] };
  }
  reasons.push(place.isArchive ? { code: "chart-tgz" } : { code: "chart-outside-gitops" });
  const path = `sources/charts/${placement.tier}/${fromMetadata(answer.chart.metadata.name)}`;
  const copied = place.isArchive
    ? placement.unpack(place.tree.read(place.path) ?? new Uint8Array())
    : filesBelow(place.tree, place.path);
  const unpacked = unpackSubcharts(copied, placement.unpack);
  const files = new Map([...unpacked].map(([name, bytes]) => [`${prefix}${path}/${name}`, bytes]));
  return { content: { path }, files, reasons, diagnostics: [] };
}

function fromMetadata(text: string | undefined): string {
  return text ?? "";
}

/** Every file of a folder by its path below it. */
export function filesBelow(tree: FileTree, folder: string, below = ""): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const entry of tree.list(below === "" ? folder : `${folder}/${below}`) ?? []) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.kind === "directory") for (const [name, bytes] of filesBelow(tree, folder, path)) files.set(name, bytes);
    else files.set(path, tree.read(`${folder}/${path}`) ?? new Uint8Array());
  }
  return files;
}

function hasArchives(tree: FileTree, folder: string): boolean {
  return (tree.list(`${folder}/charts`) ?? []).some((entry) => entry.kind === "file" && entry.name.endsWith(".tgz"));
}

/** Archives under `charts/` become folders of the same chart. */
function unpackSubcharts(
  files: ReadonlyMap<string, Uint8Array>,
  unpack: ChartPlacement["unpack"],
): Map<string, Uint8Array> {
  const result = new Map<string, Uint8Array>();
  for (const [path, bytes] of files) {
    const archive = /^((?:.*\/)?charts\/)([^/]+)\.tgz$/.exec(path);
    if (archive === null) {
      result.set(path, bytes);
      continue;
    }
    const inner = unpackSubcharts(unpack(bytes), unpack);
    const chartFile = inner.get("Chart.yaml");
    const name =
      chartFile === undefined
        ? archive[2]!
        : (/^name:\s*["']?([\w.-]+)/m.exec(new TextDecoder().decode(chartFile))?.[1] ?? archive[2]!);
    for (const [innerPath, innerBytes] of inner) result.set(`${archive[1]}${name}/${innerPath}`, innerBytes);
  }
  return result;
}
