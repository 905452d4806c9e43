import { matchesLabels, parseSelector, SelectorError } from "@tiphys/helmfile";
import type { ReleaseDecision } from "@tiphys/pivot";
import { UserError } from "./command.ts";
import { assertKnown } from "./unknown-name.ts";

/** The decisions whose release matches one of helmfile's selectors in some environment; all when there is none. Throws `UserError`. */
export function selectReleases(
  decisions: readonly ReleaseDecision[],
  selectors: readonly string[],
): readonly ReleaseDecision[] {
  if (selectors.length === 0) return decisions;
  const filters = selectors.map(parseUserSelector);
  return decisions.filter(({ classification }) =>
    classification.release.occurrences.some(({ labels }) => filters.some((filter) => matchesLabels(filter, labels))),
  );
}

/** A selector of the command line. Throws `UserError`. */
export function parseUserSelector(selector: string): ReturnType<typeof parseSelector> {
  try {
    return parseSelector(selector);
  } catch (error) {
    if (error instanceof SelectorError) throw new UserError(`error: ${error.message}`);
    throw error;
  }
}

/** Throws `UserError` when one of the layers, as `--layer` gives them, has no release. */
export function assertLayers(known: readonly string[], layers: readonly string[]): void {
  assertKnown("layer", layers, known);
}
