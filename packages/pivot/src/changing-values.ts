import { bytesToByteString, seededRandom } from "@tiphys/gotemplate";
import { readHelmfile } from "@tiphys/helmfile";
import type { HelmfileOptions, HelmfileReading, HelmfileRelease } from "@tiphys/helmfile";
import { watchRandomness } from "./watch-randomness.ts";

/** A second clock: year, month, day, weekday, hour, minute, second and millisecond are others than those of the first. */
const laterBy = 36_123_457_007;

/** A helmfile as read in one environment. */
export interface WatchedReading {
  readonly reading: HelmfileReading;
  /** Whether a release of it comes out otherwise with other random data or at another time: helmfile makes it anew whenever it runs. */
  readonly changes: (release: HelmfileRelease) => boolean;
}

/** `readHelmfile`, once more with another seed and time where a template asks for random data or the time, to see what comes of it. */
export function readWatched(options: HelmfileOptions): WatchedReading {
  const random = options.random ?? seededRandom("helmfile");
  let drawn = false;
  const reading = readHelmfile({
    ...options,
    random: watchRandomness(random, () => (drawn = true)),
    onClock: () => (drawn = true),
  });
  let again: HelmfileReading | undefined;
  return {
    reading,
    changes: (release) => {
      // The values are read when they are asked for, and may be the first to draw.
      const first = sayingOf(release);
      if (!drawn) return false;
      again ??= readHelmfile({ ...options, now: (options.now ?? 0) + laterBy, random: seededRandom("helmfile again") });
      const second = again.releases[reading.releases.indexOf(release)];
      return second === undefined || sayingOf(second) !== first;
    },
  };
}

/** All that a release says of what is installed, as one text. */
function sayingOf(release: HelmfileRelease): string {
  const { id, chart, version, enabled, installed, labels, needs, installation } = release;
  const { source } = installation;
  const { valuesLayers, sets } = source.kind === "helm" ? source : { valuesLayers: [], sets: [] };
  const values = valuesLayers.map((layer) => (layer.kind === "file" ? bytesToByteString(layer.content) : layer.name));
  const flags = sets.map(({ kind, expression }) => [kind, expression]);
  return JSON.stringify([id, chart, version, enabled, installed, [...labels], needs, values, flags]);
}
