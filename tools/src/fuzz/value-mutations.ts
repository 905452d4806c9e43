import type { GoValue } from "@tiphys/gotemplate";
import type { Random } from "./random.ts";
import type { ValuePool } from "./values-pool.ts";

/** A value as it is written into a value file: `Written` is text that goes in as it stands. */
export type Mutant = GoValue | Written;

/** A scalar with its own spelling. */
export class Written {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** One change of a chart's values. */
export interface Mutation {
  readonly path: readonly string[];
  readonly value: Mutant;
}

/** `features` keeps types and switches things on, `types` breaks them, `mixed` does both. */
export type Mood = "features" | "types" | "mixed";

const numbers = ["0", "1", "-1", "2", "1e6", "1000000", "10000000", "123456789012", "9007199254740993", "0.5", "1.50"];
const oddNumbers = [
  "1e21",
  "18446744073709551615",
  "-0.0",
  "0x1F",
  "0777",
  "0o17",
  "1_000",
  ".5",
  "1e-7",
  "99999999999999999999",
];
const oddScalars = [
  "yes",
  "off",
  "~",
  "null",
  "2024-01-02",
  "12:30",
  "1.10",
  "'08'",
  '"true"',
  '"1e3"',
  "!!str 5",
  "!!int '7'",
  "=",
  "y",
];
const plainStrings = [
  "x",
  "a-b",
  "my.host.example.com",
  "nginx:1.25",
  "100m",
  "2Gi",
  "80",
  "1.0",
  "true",
  "registry.local:5000/team/app",
  "http://u:p@h:1/x?y=1",
];
const oddStrings = [
  "",
  " ",
  "a b ",
  "a: b",
  "- a",
  "#x",
  "{{ .Release.Name }}-x",
  "{{ .Values.missing.deep }}",
  '{{ include "nope" . }}',
  "{{",
  "line one\nline two\n",
  "\n",
  "tab\there",
  "\u00c3\u00a4\u00c3\u00b6",
  "\u00f0\u009f\u0098\u0080",
  "'",
  '"',
  "\\n",
  "%s%d",
  "0x1F",
  "1e3",
  "null",
  "~",
  "*",
  "@x",
  "long ".repeat(30),
  "x".repeat(70),
  "A_B.C/D",
  "1.2.3",
  ">=1.0",
  "$(VAR)",
  "${x}",
  "a,b=c",
];

/** Makes changes of the values of one chart. */
export class ValueMutations {
  readonly #random: Random;
  readonly #pool: ValuePool;
  constructor(random: Random, pool: ValuePool) {
    this.#random = random;
    this.#pool = pool;
  }

  /** Changes of the values, and of paths that templates read and the values lack. */
  mutations(values: ReadonlyMap<string, GoValue>, readPaths: readonly (readonly string[])[]): Mutation[] {
    const random = this.#random;
    const mood = random.pick<Mood>(["features", "features", "mixed", "types"]);
    const nodes = [...nodesOf(values)];
    const mutations: Mutation[] = [];
    const add = (path: readonly string[], value: Mutant | undefined): void => {
      if (value !== undefined) mutations.push({ path, value });
    };
    if (mood !== "types") {
      const share = random.pick([0.03, 0.15, 0.5, 0.9]);
      const switches = nodes.filter(({ value }) => typeof value === "boolean");
      for (const { path, value } of switches) if (random.chance(share)) add(path, !(value as boolean));
      const fill = random.pick([0.05, 0.2, 0.6]);
      for (const { path, value } of nodes)
        if (isHollow(value) && random.chance(fill)) add(path, this.#fit(path, value));
    }
    if (nodes.length > 0) {
      const count = mood === "features" ? random.below(4) : 1 + random.below(mood === "types" ? 3 : 6);
      for (let i = 0; i < count; i++) {
        const { path, value } = random.pick(nodes);
        add(path, mood === "features" ? this.#fit(path, value) : this.#break(path, value));
      }
    }
    if (readPaths.length > 0) {
      for (let i = random.below(4); i > 0; i--) {
        const path = random.pick(readPaths);
        add(path, mood === "types" ? this.#break(path, null) : this.#fit(path, null));
      }
    }
    if (random.chance(0.2)) add(["global"], this.#pool.pick(random, "global"));
    return mutations;
  }

  /** A value as charts have it there. */
  #fit(path: readonly string[], value: GoValue): Mutant | undefined {
    const random = this.#random;
    if (typeof value === "boolean") return !value;
    if (typeof value === "number") return new Written(random.pick(numbers));
    const known = this.#pool.pick(random, path.at(-1)!);
    if (known !== undefined && (value === null || value === "" || sort(known) === sort(value))) return known;
    if (typeof value === "string" || value === null) return random.pick(plainStrings);
    return known;
  }

  #break(path: readonly string[], value: GoValue): Mutant | undefined {
    const random = this.#random;
    const key = path.at(-1)!;
    return random.pick<() => Mutant | undefined>([
      () => null,
      () => new Map(),
      () => [],
      () => random.chance(0.5),
      () => new Written(random.pick(numbers)),
      () => new Written(random.pick(oddNumbers)),
      () => new Written(random.pick(oddScalars)),
      () => random.pick(oddStrings),
      () => random.pick(oddStrings),
      () => [random.pick(oddStrings)],
      () => new Map<string, GoValue>([[random.pick(["name", "enabled", "x", "", "a.b/c", "1"]), value]]),
      () => [value],
      () => [null],
      () => this.#pool.pick(random, key),
      () => this.#inside(value),
    ])();
  }

  /** The value with one of its parts changed, dropped or renamed. */
  #inside(value: GoValue): Mutant | undefined {
    const random = this.#random;
    if (Array.isArray(value) && value.length > 0) {
      const copy = [...value];
      const at = random.below(copy.length);
      copy[at] = random.pick<GoValue>([null, "x", new Map(), [], true, 5, copy[at]!]);
      return random.chance(0.3) ? [...copy, ...copy] : copy;
    }
    if (value instanceof Map && value.size > 0) {
      const copy = new Map(value as Map<string, GoValue>);
      const key = random.pick([...copy.keys()]);
      copy.set(key, random.pick<GoValue>([null, "x", new Map(), [], true, 5]));
      return copy;
    }
    return undefined;
  }
}

function sort(value: GoValue): string {
  if (Array.isArray(value)) return "list";
  return value instanceof Map ? "map" : typeof value;
}

function isHollow(value: GoValue): boolean {
  if (value === null || value === "") return true;
  return Array.isArray(value) ? value.length === 0 : value instanceof Map && value.size === 0;
}

/** Every value under a key, with its path of keys; lists are not entered. */
function* nodesOf(
  values: ReadonlyMap<string, GoValue>,
  above: readonly string[] = [],
): Generator<{ path: readonly string[]; value: GoValue }> {
  for (const [key, value] of values) {
    const path = [...above, key];
    yield { path, value };
    if (value instanceof Map) yield* nodesOf(value as Map<string, GoValue>, path);
  }
}

/** The changes as one value file (byte string); later ones win. */
export function valueFile(mutations: readonly Mutation[]): string {
  const root = new Map<string, Mutant>();
  for (const { path, value } of mutations) {
    let table = root as Map<string, unknown>;
    for (const key of path.slice(0, -1)) {
      let next = table.get(key);
      if (!(next instanceof Map)) {
        next = new Map();
        table.set(key, next);
      } else {
        // Tables of the pool are shared.
        next = new Map(next as Map<string, unknown>);
        table.set(key, next);
      }
      table = next as Map<string, unknown>;
    }
    table.set(path.at(-1)!, value);
  }
  return `${[...root].map(([key, value]) => `${JSON.stringify(key)}: ${flow(value)}`).join("\n")}\n`;
}

function flow(value: unknown): string {
  if (value instanceof Written) return value.text;
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (value instanceof Map) {
    const entries = [...(value as Map<string, unknown>)].map(([key, item]) => `${JSON.stringify(key)}: ${flow(item)}`);
    return `{${entries.join(", ")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** The changes as flags: scalars by `--set` and `--set-string`, everything else by `--set-json`. */
export function setFlags(mutations: readonly Mutation[]): string[] {
  return mutations.flatMap(({ path, value }) => {
    const key = path.map((part) => part.replace(/[\\.,=[]/g, String.raw`\$&`)).join(".");
    if (value instanceof Written) return ["--set", `${key}=${value.text}`];
    if (typeof value === "string" && value.length % 2 === 0)
      return ["--set-string", `${key}=${value.replace(/[\\,]/g, String.raw`\$&`)}`];
    if (typeof value === "boolean" || typeof value === "string") return ["--set", `${key}=${value}`];
    return ["--set-json", `${key}=${flow(value)}`];
  });
}
