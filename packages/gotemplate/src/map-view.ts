import { GoMap } from "./value.ts";
import type { GoValue } from "./value.ts";

/** A map of a named type as functions get it that take a `map[string]interface {}`: the same entries, another type. */
class MapView extends Map<string, GoValue> {
  readonly #map: GoMap;
  constructor(map: GoMap) {
    super();
    this.#map = map;
  }
  override get size(): number {
    return this.#map.size;
  }
  override get(key: string): GoValue | undefined {
    return this.#map.get(key);
  }
  override has(key: string): boolean {
    return this.#map.has(key);
  }
  override set(key: string, value: GoValue): this {
    this.#map.set(key, value);
    return this;
  }
  override delete(key: string): boolean {
    return this.#map.delete(key);
  }
  override clear(): void {
    this.#map.clear();
  }
  override keys(): MapIterator<string> {
    return this.#map.keys();
  }
  override values(): MapIterator<GoValue> {
    return this.#map.values();
  }
  override entries(): MapIterator<[string, GoValue]> {
    return this.#map.entries();
  }
  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    return this.#map.entries();
  }
  override forEach(callback: (value: GoValue, key: string, map: Map<string, GoValue>) => void): void {
    for (const [key, value] of this.#map) callback(value, key, this);
  }
}

/** One view a map, so that identity still tells what is the same map. */
const views = new WeakMap<GoMap, Map<string, GoValue>>();

/** `map` converted to `map[string]interface {}`. */
export function plainView(map: GoMap): Map<string, GoValue> {
  if (map.isNil) return new GoMap("map[string]interface {}", [], true);
  let view = views.get(map);
  if (!view) views.set(map, (view = new MapView(map)));
  return view;
}
