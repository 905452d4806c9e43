import { ArgocdSide, type EnvironmentSettings } from "@tiphys/estate";
import type { FileTree } from "@tiphys/source";
import { proofContext, type PivotInput } from "./pivot.ts";

/** Argo CD's side of one environment as a proof sees it; `tree` may hold files that are only planned. */
export function argocdSideOf(
  input: PivotInput,
  environment: EnvironmentSettings,
  tree: FileTree = input.tree,
): ArgocdSide {
  const { estateFile, charts, engine, kustomize } = input;
  return new ArgocdSide({
    tree,
    estateFile,
    environment,
    charts,
    engine,
    context: proofContext(input),
    ...(kustomize === undefined ? {} : { kustomize }),
  });
}
