import type { Component, EnvironmentSettings } from "@tiphys/estate";
import type { FileTree } from "@tiphys/source";
import { gitopsPrefix } from "./application-sets.ts";
import type { PivotInput, PivotView } from "./pivot.ts";
import { argocdSideOf } from "./argocd-side.ts";
import type { PlannedFile } from "./plan.ts";
import type { Proof } from "./prove.ts";

/** What a clean-up takes away, and what it would if the proof were there. */
export interface CleanPlan {
  readonly files: readonly PlannedFile[];
  /** Redundant files that stay, each with the reason. */
  readonly held: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Plans the removal of what nothing reads any more: `manifests.yaml` beside a chart, and value files that no component names. A file goes only
 * when `proofs` show that everything it could concern is proven without it.
 */
export function planClean(input: PivotInput, view: PivotView, proofs: readonly Proof[]): CleanPlan {
  const redundant = [...redundantManifests(input, view, proofs), ...unreadValues(input, view, proofs)];
  return {
    files: redundant
      .filter(({ reason }) => reason === "")
      .map(({ path, purpose }) => ({ path, content: undefined, purpose, release: undefined })),
    held: redundant.filter(({ reason }) => reason !== "").map(({ path, reason }) => ({ path, reason })),
  };
}

interface Redundant {
  readonly path: string;
  readonly purpose: PlannedFile["purpose"];
  /** Why it stays; "" when it may go. */
  readonly reason: string;
}

function redundantManifests(input: PivotInput, view: PivotView, proofs: readonly Proof[]): Redundant[] {
  return [...view.components].flatMap(([environment, components]) =>
    components
      .filter((component) => component.chart !== undefined)
      .flatMap((component): Redundant[] => {
        const path = component.file.replace(/[^/]+$/, "manifests.yaml");
        if (input.tree.kind(path) !== "file") return [];
        const proof = proofs.find((each) => each.environment === environment && each.component === component.name);
        const reason = component.parked
          ? ""
          : proof === undefined
            ? "no release proves the component"
            : proof.verdict === "proven"
              ? ""
              : `the component is ${proof.verdict}`;
        return [{ path, purpose: "manifests", reason }];
      }),
  );
}

/** Value files below `sources/values` that no component reads: neither what it names nor, where it names none, its layers. */
function unreadValues(input: PivotInput, view: PivotView, proofs: readonly Proof[]): Redundant[] {
  const prefix = gitopsPrefix(input.estateFile);
  const read = new Set(
    input.environments.flatMap((environment) =>
      readFiles(input, view.components.get(environment.name) ?? [], environment),
    ),
  );
  const open = proofs.find(({ verdict }) => verdict === "different" || verdict === "not-proven");
  const reason = open === undefined ? "" : `${open.environment} ${open.release} is ${open.verdict}`;
  return filesBelow(input.tree, `${prefix}sources/values`)
    .filter((path) => /\.ya?ml$/.test(path) && !read.has(path))
    .map((path) => ({ path, purpose: "values", reason }));
}

function readFiles(input: PivotInput, components: readonly Component[], environment: EnvironmentSettings): string[] {
  const prefix = gitopsPrefix(input.estateFile);
  const named = components.flatMap((component) =>
    component.chart === undefined
      ? []
      : (
          component.chart.valueFiles ??
          environment.valuesLayers.map((layer) => `sources/values/${layer}/${component.tier}/${component.name}.yaml`)
        ).map((path) => prefix + path),
  );
  // Applications that somebody else wrote may read value files, too.
  const side = argocdSideOf(input, environment);
  const applied = side.applications.flatMap((application) =>
    side
      .render(application)
      .installations.flatMap(({ source }) =>
        source.kind === "helm" ? source.valuesLayers.map(({ origin }) => prefix + origin.file) : [],
      ),
  );
  return [...named, ...applied];
}

function filesBelow(tree: FileTree, folder: string): string[] {
  return (tree.list(folder) ?? []).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.kind === "directory" ? filesBelow(tree, path) : [path];
  });
}
