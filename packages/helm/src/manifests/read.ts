import { defaultProfile, type Profile } from "../profile.ts";
import type { RenderedDocument, RenderedHook } from "../render-chart.ts";
import { sortManifests } from "./sort.ts";

/**
 * Takes the output of `helm template` (a byte string) apart again: documents and hooks in its order. Throws `HelmError` when a
 * document is no YAML.
 */
export function readManifests(
  printed: string,
  profile: Profile = defaultProfile,
): { documents: RenderedDocument[]; hooks: RenderedHook[] } {
  const documents: RenderedDocument[] = [];
  const hooks: RenderedHook[] = [];
  const starts = [...printed.matchAll(/^---\n# Source: (.+)\n/gm)];
  for (const [index, start] of starts.entries()) {
    const path = start[1]!;
    const content = printed
      .slice(start.index + start[0].length, starts[index + 1]?.index ?? printed.length)
      .replace(/\n$/, "");
    if (/\/crds\//.test(path) && !path.includes("/templates/")) {
      const kind = "CustomResourceDefinition";
      documents.push({ path, content, apiVersion: "apiextensions.k8s.io/v1", kind, name: "", isCrdFile: true });
      continue;
    }
    const sorted = sortManifests(new Map([[path, content]]), profile, () => {});
    documents.push(...sorted.manifests);
    hooks.push(...sorted.hooks);
  }
  return { documents, hooks };
}
