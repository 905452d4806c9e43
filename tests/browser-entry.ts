import "@tiphys/gotemplate/libraries";
import { fromByteString } from "@tiphys/gotemplate";
import { HelmEngine, loadChart } from "@tiphys/helm";
import { MemoryTree } from "@tiphys/source";

/** What a page does with the packages: a chart from memory and values in, manifests or Helm's error text out. */
export function render(files: Readonly<Record<string, string>>, values: string): string {
  const result = new HelmEngine().render({
    chart: loadChart(new MemoryTree(files), ""),
    valuesLayers: [
      { kind: "file", name: "values", origin: { file: "values" }, content: new TextEncoder().encode(values) },
    ],
    sets: [],
    release: { name: "demo", namespace: "team" },
  });
  return fromByteString(result.error === undefined ? result.manifests : result.error.helmText);
}
