import type { GoValue } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import { isMap } from "../values/mergo.ts";
import { effectiveValues } from "./effective-values.ts";
import type { EffectiveLeaf, EffectiveValues, LeafPath } from "./effective-values.ts";
import type { HelmfileRelease, WithheldValue } from "./read-helmfile.ts";

/** Something that was neither run nor read, with the values that wait for it. */
export interface WithheldPlace extends WithheldValue {
  /** Where the marker is in the release's effective values; empty where only its name, chart or version holds it. */
  readonly paths: readonly LeafPath[];
}

/**
 * What was withheld from a release of `readHelmfile`, at the line and column that ask for it as far as the traced values tell, else at the
 * beginning of the template. Paths and places are looked for when somebody asks for them.
 */
export function withheldPlaces(release: HelmfileRelease): readonly WithheldPlace[] {
  let effective: EffectiveValues | undefined;
  const values = (): EffectiveValues => (effective ??= valuesOf(release));
  return release.withheld.map((withheld): WithheldPlace => {
    const marker = new RegExp(`${withheld.marker}(?!\\d)`);
    return {
      code: withheld.code,
      what: withheld.what,
      marker: withheld.marker,
      get paths() {
        return pathsTo(values().values, marker);
      },
      get origin() {
        const leaves = values().leaves.filter(({ value }) => pathsTo(value, marker).length > 0);
        return leaves.flatMap(placesOf).find(isIn(withheld.origin)) ?? withheld.origin;
      },
    };
  });
}

function valuesOf(release: HelmfileRelease): EffectiveValues {
  const answer = effectiveValues(release);
  return answer.kind === "value" ? answer.value : { values: new Map(), leaves: [] };
}

function pathsTo(value: GoValue, marker: RegExp): LeafPath[] {
  if (typeof value === "string") return marker.test(value) ? [[]] : [];
  const below = (step: string | number, child: GoValue): LeafPath[] =>
    pathsTo(child, marker).map((path) => [step, ...path]);
  if (Array.isArray(value)) return value.flatMap((child, index) => below(index, child));
  if (!isMap(value)) return [];
  return [...value].flatMap(([key, child]) => (marker.test(key) ? [[key]] : below(key, child)));
}

/** Where a leaf is written, and where what its template read for it is. */
function placesOf({ source }: EffectiveLeaf): Origin[] {
  return [source.origin, ...source.reads.flatMap(({ origins }) => origins.map(({ origin }) => origin))];
}

function isIn(asked: Origin | undefined): (place: Origin) => boolean {
  return ({ file, line }) => line !== undefined && (asked === undefined || file === asked.file);
}
