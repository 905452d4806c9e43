import type { Chart, ChartReference } from "@tiphys/helm";
import type { Diagnostic, FileTree } from "@tiphys/source";

/** The answer to a chart reference. */
export type ChartAnswer =
  | { readonly kind: "chart"; readonly chart: Chart; readonly place: ChartPlace }
  /** Not here; the face may fetch it and ask again. */
  | { readonly kind: "wanted"; readonly reference: ChartReference; readonly text: string }
  | { readonly kind: "failed"; readonly diagnostic: Diagnostic };

/** Where a chart's files are. */
export interface ChartPlace {
  readonly tree: FileTree;
  /** Folder or archive in the tree. */
  readonly path: string;
  readonly isArchive: boolean;
}

/** What finds charts: the workspace, the overrides of tiphys.yaml, and what a face has fetched. */
export interface ChartFinder {
  find(reference: ChartReference, alias?: string): ChartAnswer;
}
