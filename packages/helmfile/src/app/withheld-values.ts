import type { Origin } from "@tiphys/source";
import type { GoValue } from "@tiphys/gotemplate";
import { isMap } from "../values/mergo.ts";
import { effectiveValues } from "./effective-values.ts";
import type { EffectiveLeaf } from "./effective-values.ts";
import type { HelmfileRelease, WithheldValue } from "./read-helmfile.ts";

/** Something that was neither run nor read, with the values that wait for it. */
export interface WithheldPlace extends WithheldValue {
  /** The leaves of the release's effective values that hold the marker; empty where only its name, chart or version does. */
  readonly leaves: readonly EffectiveLeaf[];
}

/**
 * What was withheld from a release of `readHelmfile`, at the line and column that ask for it as far as the traced values tell, else at the
 * beginning of the template. Places and leaves are looked for when somebody asks for them.
 */
export function withheldPlaces(release: HelmfileRelease): readonly WithheldPlace[] {
  let found: readonly EffectiveLeaf[] | undefined;
  const leaves = (): readonly EffectiveLeaf[] => (found ??= leavesOf(release));
  return release.withheld.map((withheld): WithheldPlace => {
    const marker = new RegExp(`${withheld.marker}(?!\\d)`);
    const own = (): EffectiveLeaf[] => leaves().filter(({ value }) => holds(value, marker));
    return {
      code: withheld.code,
      what: withheld.what,
      marker: withheld.marker,
      get leaves() {
        return own();
      },
      get origin() {
        return own().flatMap(placesOf).find(isIn(withheld.origin)) ?? withheld.origin;
      },
    };
  });
}

function leavesOf(release: HelmfileRelease): readonly EffectiveLeaf[] {
  const answer = effectiveValues(release);
  return answer.kind === "value" ? answer.value.leaves : [];
}

function holds(value: GoValue, marker: RegExp): boolean {
  if (typeof value === "string") return marker.test(value);
  if (Array.isArray(value)) return value.some((item) => holds(item, marker));
  return isMap(value) && [...value].some(([key, item]) => marker.test(String(key)) || holds(item, marker));
}

/** Where a leaf is written, and where what its template read for it is. */
function placesOf({ source }: EffectiveLeaf): Origin[] {
  return [source.origin, ...source.reads.flatMap(({ origins }) => origins.map(({ origin }) => origin))];
}

function isIn(asked: Origin | undefined): (place: Origin) => boolean {
  return ({ file, line }) => line !== undefined && (asked === undefined || file === asked.file);
}
