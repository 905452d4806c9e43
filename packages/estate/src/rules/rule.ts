import type { Diagnostic, FileTree } from "@tiphys/source";
import type { ArgocdSide, RenderedArgoApplication } from "../argocd-side.ts";
import type { Component } from "../component.ts";
import type { EstateFile } from "../estate-file.ts";

/** One environment with everything that a rule may look at. */
export interface RuleContext {
  readonly tree: FileTree;
  readonly estateFile: EstateFile;
  readonly environment: string;
  readonly side: ArgocdSide;
  /** Every Application, rendered. */
  readonly rendered: readonly RenderedArgoApplication[];
  readonly components: readonly Component[];
}

/** One rule of `tiphys check`; its findings carry the rule's code. */
export interface EstateRule {
  readonly code: string;
  /** What goes wrong where it is broken, one sentence. */
  readonly summary: string;
  readonly check: (context: RuleContext) => readonly Omit<Diagnostic, "code">[];
}
