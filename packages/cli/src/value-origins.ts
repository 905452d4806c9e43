import type { GoValue } from "@tiphys/gotemplate";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { HelmSource } from "@tiphys/helm";
import type { FileTree, Plain } from "@tiphys/source";
import { readYamlDocuments, toPlain } from "@tiphys/source";

/** One leaf of a release's values: who set it and who lost. */
export interface LeafOrigin {
  /** `image.tag`, `env[0].name`. */
  readonly path: string;
  readonly value: Plain;
  /** `values/dev/web.yaml:12:8`. */
  readonly origin: string;
  /** Places of lower layers that set the same leaf, lowest first. */
  readonly overrides: readonly string[];
}

interface Setting {
  readonly value: Plain;
  readonly places: string[];
}

/** Every leaf of the merged value layers with its place. Maps merge, everything else replaces, as Helm merges value files; `--set`s come last. */
export function leafOrigins(source: HelmSource, _tree: FileTree): LeafOrigin[] {
  const leaves = new Map<string, Setting>();
  for (const layer of source.valuesLayers) {
    if (layer.kind === "inline") {
      settle(leaves, flatten(layer.values, []), () => layer.origin.path ?? layer.name);
      continue;
    }
    for (const document of readYamlDocuments(bytesToByteString(layer.content))) {
      if (!(document.value instanceof Map)) continue;
      settle(leaves, flatten(document.value, []), (path) => {
        const place = document.originOf(path);
        const file = layer.origin.path === undefined ? layer.origin.file : `${layer.origin.file} (${layer.origin.path})`;
        return place === undefined || layer.origin.path !== undefined ? file : `${file}:${place.line}:${place.column}`;
      });
    }
  }
  for (const set of source.sets) {
    const equals = set.expression.indexOf("=");
    const path = fromByteString(set.expression.slice(0, equals));
    const below = [...leaves].filter(([known]) => known === path || known.startsWith(`${path}.`) || known.startsWith(`${path}[`));
    for (const [known] of below) leaves.delete(known);
    const place = `${set.origin.file} (${set.origin.path ?? `--${set.kind}`})`;
    leaves.set(path, { value: fromByteString(set.expression.slice(equals + 1)), places: [...below.flatMap(([, setting]) => setting.places), place] });
  }
  return [...leaves]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { value, places }]) => ({ path, value, origin: places.at(-1) ?? "", overrides: places.slice(0, -1) }));
}

type Path = readonly (string | number)[];

function settle(leaves: Map<string, Setting>, incoming: Iterable<readonly [Path, GoValue]>, placeOf: (path: Path) => string): void {
  for (const [path, value] of incoming) {
    const name = pathText(path);
    const places: string[] = [];
    for (const [known, setting] of leaves) {
      const isInside = known === name || known.startsWith(`${name}.`) || known.startsWith(`${name}[`);
      const isAround = name.startsWith(`${known}.`);
      if (!isInside && !isAround) continue;
      places.push(...setting.places);
      leaves.delete(known);
    }
    leaves.set(name, { value: toPlain(value), places: [...places, placeOf(path)] });
  }
}

/** Leaves of maps; a list is one leaf, as Helm replaces lists whole. */
function* flatten(value: GoValue, path: Path): Generator<readonly [Path, GoValue]> {
  if (!(value instanceof Map) || value.size === 0) {
    yield [path, value];
    return;
  }
  for (const [key, item] of value) yield* flatten(item, [...path, key]);
}

function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : (index > 0 ? "." : "") + fromByteString(step).replaceAll(".", "\\."))).join("");
}
