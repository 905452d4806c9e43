import type { Random } from "./random.ts";

/** Who a release is, as its state file writes it without quotes. */
export interface Identity {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly kubeContext: string | undefined;
}

/** How `from` writes that it needs `to`; undefined where it cannot. */
export function needOf(from: Identity, to: Identity): string | undefined {
  // What a template makes of the release that is named, the one that names it cannot know.
  if (`${to.name}${to.namespace ?? ""}`.includes(".Release.")) return undefined;
  if (to.kubeContext !== from.kubeContext) {
    return to.kubeContext === undefined ? undefined : `${to.kubeContext}/${to.namespace ?? ""}/${to.name}`;
  }
  if (to.namespace === undefined) return from.namespace === undefined ? to.name : undefined;
  return to.namespace === from.namespace && to.name.length % 2 === 0 ? to.name : `${to.namespace}/${to.name}`;
}

/** Mostly releases that are there. */
export function needsOf(
  random: Random,
  from: Identity,
  { known, oddity }: { readonly known: readonly Identity[]; readonly oddity: number },
): string[] {
  if (random.chance(0.08 * oddity))
    return [random.pick(["nosuch", "data/db", "apps/web", "ctx-own/apps/db", "cache", from.name])];
  const possible = known.flatMap((to) => needOf(from, to) ?? []);
  if (possible.length === 0) return [];
  const needs = random.list(1, 2, () => quoted(random.pick(possible)));
  return random.chance(0.1 * oddity) ? needs : [...new Set(needs)];
}

function quoted(text: string): string {
  return text.includes("{{") ? `'${text}'` : text;
}
