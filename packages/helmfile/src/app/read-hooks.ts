import { fromByteString } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import { lateOrigin, originsOf } from "../spec/release-origins.ts";
import type { Hook, ReleaseSpec } from "../spec/release-spec.ts";
import { isUserFault } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { releaseHookWords } from "./hooks.ts";

/** A command that helmfile runs around a release. */
export interface HelmfileHook {
  readonly events: readonly string[];
  /** Command and arguments as written. */
  readonly written: readonly string[];
  /** What helmfile runs for each event, its templates rendered; without an event whose templates fail or need a command that was not run. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  readonly origin: Origin;
}

/** The hooks of a release. Nothing is run. */
export function readHooks(state: HelmState, release: ReleaseSpec, origin: Origin): HelmfileHook[] {
  const places = originsOf(release);
  return (release.hooks ?? []).map((hook, index) => {
    const events = (hook.events ?? []).map(fromByteString);
    const applied = hook.kubectlApply;
    const written =
      applied === undefined
        ? [hook.command, ...(hook.args ?? [])]
        : ["kubectlApply:", ...[...applied].map(([key, value]) => `${key} ${value}`)];
    return {
      events,
      written: written.map(fromByteString),
      words: new Map(events.flatMap((event) => wordsOf(state, release, { hook, event }))),
      origin:
        places === undefined
          ? origin
          : lateOrigin({ file: places.file }, () => places.lists.get("hooks")?.[index]?.origin ?? origin),
    };
  });
}

function wordsOf(
  state: HelmState,
  release: ReleaseSpec,
  { hook, event }: { readonly hook: Hook; readonly event: string },
): [string, readonly string[]][] {
  try {
    const words = releaseHookWords(state, release, hook, event);
    const isKnown = words.every((word) => state.session.withheld.inText(word).length === 0);
    return isKnown ? [[event, words.map(fromByteString)]] : [];
  } catch (error) {
    if (!isUserFault(error)) throw error;
    return [];
  }
}
