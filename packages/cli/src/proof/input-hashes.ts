import { createHash } from "node:crypto";
import type { RenderedChart } from "@tiphys/estate";
import { byteStringToBytes } from "@tiphys/gotemplate";
import type { Proof } from "@tiphys/pivot";
import type { FileTree } from "@tiphys/source";
import { writeYamlV2 } from "@tiphys/source";

/** SHA-256 of all that each side was rendered from: charts, value layers, flags, committed manifests. Undefined where nothing was compared. */
export function inputHashes(
  { rendered }: Proof,
  tree: FileTree,
): { readonly left: string; readonly right: string } | undefined {
  if (rendered === undefined) return undefined;
  const { left, right } = rendered;
  const { source } = left.installation;
  return {
    left: hashOf(
      left.renderedChart === undefined ? [] : [left.renderedChart],
      source.kind === "manifests" ? source.files : [],
      tree,
    ),
    right: hashOf(right.renderedCharts, right.files, tree),
  };
}

function hashOf(charts: readonly RenderedChart[], files: readonly string[], tree: FileTree): string {
  const hash = createHash("sha256");
  const add = (text: string | Uint8Array): void => void hash.update(text).update("\0");
  for (const { request } of charts) {
    const { chart, valuesLayers, sets, release, capabilities, includeCrds, skipTests, noHooks, skipSchemaValidation } =
      request;
    add(chart.contentHash());
    for (const layer of valuesLayers)
      add(layer.kind === "file" ? layer.content : byteStringToBytes(writeYamlV2(layer.values)));
    for (const set of sets) add(`--${set.kind} ${set.expression}`);
    add(JSON.stringify([release, capabilities, includeCrds, skipTests, noHooks, skipSchemaValidation]));
  }
  for (const file of files) add(tree.read(file) ?? "");
  return hash.digest("hex");
}
