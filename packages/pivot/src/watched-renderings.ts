import type { RenderContext, RenderEngine, Rendering } from "@tiphys/estate";
import { bytesToByteString } from "@tiphys/gotemplate";
import type { Chart, RenderRequest } from "@tiphys/helm";
import type { Origin } from "@tiphys/source";
import { mayBeRandom } from "./classify.ts";
import type { RenderedOccurrence } from "./classify.ts";
import type { ReleaseOccurrence } from "./inventory-model.ts";
import type { RenderingMemory, WatchedResult } from "./remembered-renderings.ts";
import { RememberedRenderings } from "./remembered-renderings.ts";
import { renderOccurrence } from "./render-occurrence.ts";
import { watchRandomness } from "./watch-randomness.ts";

type Context = NonNullable<RenderRequest["context"]>;

/** Renders occurrences and tells which depend on more than their input. */
export interface WatchedRenderings {
  render(occurrence: ReleaseOccurrence): RenderedOccurrence;
}

/** A second clock: whatever shows the time differs. */
const laterBy = 1_000_000_007;

/**
 * Renders with `context`. Requests that are equal are rendered once, where the engine is seeded: what environments have in common is
 * most of what they are. `memory` knows what equal requests gave in earlier runs.
 */
export function watchRenderings(context: RenderContext, memory?: RenderingMemory): WatchedRenderings {
  const { engine } = context;
  const known = engine.isSeeded ? new KnownRequests(memory) : undefined;
  return {
    render(occurrence) {
      const drawn = { randomness: false, clock: false };
      const watched: RenderEngine = {
        label: engine.label,
        isSeeded: engine.isSeeded,
        render: (request) => {
          const make = (): WatchedResult => renderWatched(engine, request);
          const found = known === undefined ? make() : known.get(request, make);
          drawn.randomness ||= found.drawn.randomness;
          drawn.clock ||= found.drawn.clock;
          return found.result;
        },
      };
      const rendering = renderOccurrence(occurrence, { ...context, engine: watched });
      return { occurrence, rendering, isRandom: isRandom(context, { occurrence, rendering, drawn }) };
    },
  };
}

function renderWatched(engine: RenderEngine, request: RenderRequest): WatchedResult {
  const drawn = { randomness: false, clock: false };
  const { context } = request;
  if (context === undefined) return { result: engine.render(request), drawn };
  const watched: Context = {
    ...context,
    ...(context.random === undefined
      ? {}
      : { random: watchRandomness(context.random, () => (drawn.randomness = true)) }),
    onClock: () => (drawn.clock = true),
  };
  return { result: engine.render({ ...request, context: watched }), drawn };
}

/** Randomness that was drawn, or an output that another time (or, with an engine outside, another run) changes. */
function isRandom(
  context: RenderContext,
  {
    occurrence,
    rendering,
    drawn,
  }: { readonly occurrence: ReleaseOccurrence; readonly rendering: Rendering; readonly drawn: WatchedResult["drawn"] },
): boolean {
  if (drawn.randomness) return true;
  // The built-in engine says whether it was asked for the time.
  if (context.engine.isSeeded && !drawn.clock) return false;
  if (rendering.chart === undefined || rendering.status !== "rendered" || !mayBeRandom(rendering.chart)) return false;
  const later = (): Context => {
    const own = context.context?.() ?? {};
    return { ...own, now: (own.now ?? 0) + laterBy };
  };
  return renderOccurrence(occurrence, { ...context, context: later }).manifests !== rendering.manifests;
}

/** Results by everything that a request says, but for its context, which is the same for all. */
class KnownRequests {
  readonly #results = new WeakMap<Chart, Map<string, WatchedResult>>();
  readonly #remembered: RememberedRenderings | undefined;

  constructor(memory: RenderingMemory | undefined) {
    this.#remembered = memory && new RememberedRenderings(memory);
  }

  get(request: RenderRequest, make: () => WatchedResult): WatchedResult {
    const key = keyOf(request);
    if (key === undefined) return make();
    let ofChart = this.#results.get(request.chart);
    if (ofChart === undefined) this.#results.set(request.chart, (ofChart = new Map()));
    let result = ofChart.get(key);
    if (result === undefined) {
      result = this.#remembered?.get(request.chart, key, make) ?? make();
      ofChart.set(key, result);
    }
    return result;
  }
}

/** All of a request but its chart; undefined where values are no files. */
function keyOf(request: RenderRequest): string | undefined {
  const { chart: _chart, context: _context, readSetFile, valuesLayers, sets, ...options } = request;
  if (readSetFile !== undefined) return undefined;
  const parts: string[] = [];
  const place = ({ file, path }: Origin): string => `${file}\0${path ?? ""}`;
  for (const layer of valuesLayers) {
    if (layer.kind !== "file") return undefined;
    parts.push(layer.name, place(layer.origin), bytesToByteString(layer.content));
  }
  for (const { kind, expression, origin } of sets) parts.push(kind, place(origin), expression);
  return JSON.stringify([parts.map((part) => part.length), options]) + parts.join("");
}
