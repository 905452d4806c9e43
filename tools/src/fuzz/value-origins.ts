import { fromByteString } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import type { EffectiveLeaf, HelmfileRelease, ValueRead, ValueSource } from "@tiphys/helmfile";
import { effectiveValues, readHelmfile } from "@tiphys/helmfile";
import type { Origin, Plain, YamlNode } from "@tiphys/source";
import { toPlain } from "@tiphys/source";
import { EditedTree } from "./edited-tree.ts";
import type { OriginEstate } from "./origin-estates.ts";
import type { Random } from "./random.ts";
import { applyEdit, literalAt, otherValue, sample, WrittenFile } from "./written-values.ts";
import type { TextEdit, WrittenValue } from "./written-values.ts";

/** How often each check was made, and what did not hold. */
export interface OriginTally {
  readonly counts: Map<string, number>;
  readonly wrong: string[];
}

/** A release as it was read with the files of one edit. */
interface ReadRelease {
  readonly release: HelmfileRelease;
  readonly values: GoValue;
  readonly leaves: () => readonly EffectiveLeaf[];
}

interface Evaluation {
  readonly releases: ReadonlyMap<string, ReadRelease>;
  readonly faults: number;
  readonly seen: ReadonlySet<string>;
}

/** Keys of a state file below which values are written. */
const valueKeys: ReadonlySet<string> = new Set(["values", "valuesTemplate", "set", "setString", "setTemplate"]);

/**
 * Changes values of an estate one at a time and reads it again. What names a place must follow what is written there; what follows must have
 * named it; and without the winner the first layer that it overrode must win.
 */
export class ValueOrigins {
  readonly #estate: OriginEstate;
  readonly #random: Random;
  readonly #tally: OriginTally;
  readonly #base: Evaluation;
  readonly #files = new Map<string, WrittenFile>();

  constructor(estate: OriginEstate, random: Random, tally: OriginTally) {
    this.#estate = estate;
    this.#random = random;
    this.#tally = tally;
    this.#base = this.#evaluate(new Map());
  }

  /** Makes `count` checks of each kind, as far as there is something to check. */
  check(count: number, until: number): void {
    const leaves = [...this.#base.releases].flatMap(([key, read]) => read.leaves().map((leaf) => ({ key, leaf })));
    const some = (): typeof leaves => sample(this.#random, leaves, count);
    const inTime = (): boolean => Date.now() < until;
    for (const { key, leaf } of some()) if (inTime()) this.#checkPlaced(key, leaf);
    for (const { key, leaf } of some()) if (inTime()) this.#follow(key, leaf);
    for (const { key, leaf } of sample(
      this.#random,
      leaves.filter(({ leaf: { source } }) => source.reads.length > 0),
      count,
    ))
      if (inTime()) this.#followRead(key, leaf);
    const overriding = leaves.filter(({ leaf }) => leaf.overridden.length > 0);
    for (const { key, leaf } of [...sample(this.#random, overriding, count), ...some()])
      if (inTime()) this.#without(key, leaf);
    const files = [...this.#base.seen].filter((path) => /\.(?:ya?ml|gotmpl)$/.test(path));
    for (let left = count; left > 0 && files.length > 0 && inTime(); left--) this.#change(this.#random.pick(files));
  }

  #count(name: string): void {
    this.#tally.counts.set(name, (this.#tally.counts.get(name) ?? 0) + 1);
  }

  #wrong(check: string, where: string, text: string): void {
    this.#count(`${check}: WRONG`);
    this.#tally.wrong.push(`${check} [${this.#estate.name}] ${where}: ${text}`);
  }

  /** A place is a line and a column, unless the text is not there to be read. */
  #checkPlaced(key: string, { path, source }: EffectiveLeaf): void {
    if (source.kind === "secret" || source.origin.file.endsWith(".hcl")) return;
    this.#count("placed");
    if (source.origin.line === undefined || source.origin.column === undefined)
      this.#wrong("placed", `${key} ${shownPath(path)}`, `no line or column in ${shownPlace(source.origin)}`);
  }

  /** Another value at the leaf's place becomes the leaf. */
  #follow(key: string, leaf: EffectiveLeaf): void {
    const edit = this.#editAt(leaf.source.origin);
    if (edit === undefined) return this.#count("follow: nothing to change");
    const now = this.#read(key, edit);
    if (now === undefined) return this.#count("follow: refused");
    const value = plainAt(now.values, leaf.path);
    const isTemplated = edit.edit.value === undefined || leaf.source.reads.length > 0;
    this.#count(isTemplated ? "follow: through a template" : "follow");
    const follows = isTemplated ? !same(value, toPlain(leaf.value)) : sameScalar(value, edit.edit.value);
    if (!follows)
      this.#wrong(
        "follow",
        `${key} ${shownPath(leaf.path)}`,
        `${shownPlace(leaf.source.origin)} ← ${edit.edit.text} gives ${JSON.stringify(value)}, was ${JSON.stringify(toPlain(leaf.value))}`,
      );
  }

  /** Another value at the place of a value that a template read is read. */
  #followRead(key: string, leaf: EffectiveLeaf): void {
    const reads = leaf.source.reads.filter(({ origins }) => origins.length > 0);
    if (reads.length === 0) return this.#count("read: nothing that a file sets");
    const read = this.#random.pick(reads);
    const winner = read.origins.at(-1)!;
    if (winner.kind === "command-line" && winner.origin.line === undefined)
      return this.#count("read: of the command line");
    const edit = this.#editAt(winner.origin);
    if (edit === undefined) return this.#count("read: nothing to change");
    const now = this.#read(key, edit);
    const then = now
      ?.leaves()
      .find(({ path }) => shownPath(path) === shownPath(leaf.path))
      ?.source.reads.find(({ path }) => path === read.path);
    if (then === undefined) return this.#count("read: refused or read no more");
    this.#count("read");
    const value = toPlain(then.value ?? null);
    const follows =
      edit.edit.value === undefined || winner.reads.length > 0
        ? !same(value, toPlain(read.value ?? null))
        : sameScalar(value, edit.edit.value);
    if (!follows)
      this.#wrong(
        "read",
        `${key} ${shownPath(leaf.path)} reads ${read.path}`,
        `${shownPlace(winner.origin)} ← ${edit.edit.text} gives ${JSON.stringify(value)}`,
      );
  }

  /** Without its key in the layer that won, the leaf is what the next layer says. */
  #without(key: string, leaf: EffectiveLeaf): void {
    const { source, overridden, path } = leaf;
    const edit = this.#keyEdit(source, path, path.length);
    if (edit === undefined) return this.#count("without: no key to take away");
    const now = this.#read(key, edit);
    if (now === undefined) return this.#count("without: refused");
    const next = overridden.at(-1);
    if (next !== undefined && shownPlace(next.origin) === shownPlace(source.origin))
      return this.#count("without: one place in two layers");
    const then = now.leaves().find((each) => shownPath(each.path) === shownPath(path));
    if (then?.source.layer === source.layer) return this.#count("without: set twice in one layer");
    const where = `${key} ${shownPath(path)} without ${shownPlace(source.origin)}`;
    this.#count(next === undefined ? "without" : "without: over others");
    if (next === undefined) {
      if (then !== undefined)
        this.#wrong(
          "without",
          where,
          `is still ${JSON.stringify(toPlain(then.value))} of ${shownPlace(then.source.origin)}`,
        );
      return;
    }
    if (then === undefined) {
      const there = plainAt(now.values, path);
      const isMerged = typeof there === "object" && there !== null && !Array.isArray(there);
      if (same(there, toPlain(next.value)) || (isMerged && next.value instanceof Map)) return;
      const lost = `${JSON.stringify(toPlain(next.value))} of ${shownPlace(next.origin)}`;
      if (!this.#standsAbove(key, leaf, next)) this.#wrong("without", where, `is gone, overridden was ${lost}`);
      return;
    }
    const expected = overridden.map(shownLayer).join(" < ");
    const found = [...then.overridden, then.source].map(shownLayer).join(" < ");
    if (expected !== found) this.#wrong("without", where, `is ${found}, overridden were ${expected}`);
  }

  /** Whether what was overridden stood in the way of the leaf: it comes back when the map of the winner goes, or a map of another layer does. */
  #standsAbove(key: string, { source, path }: EffectiveLeaf, next: ValueSource): boolean {
    return path.slice(1).some((_, above) => {
      const edit = this.#keyEdit(source, path, above + 1);
      // What cannot be taken away proves nothing.
      if (edit === undefined) return true;
      const without = this.#read(key, edit);
      const there = without === undefined ? undefined : plainAt(without.values, path.slice(0, above + 1));
      return same(there, toPlain(next.value)) || (typeof there === "object" && there !== null);
    });
  }

  /** Whatever changes with a value has named its place. */
  #change(path: string): void {
    const file = this.#file(path);
    if (file === undefined) return;
    const isState = /^(?:releases|helmfiles|environments|bases|templates|helmDefaults|repositories):/m.test(file.text);
    const candidates = file.values.filter(({ line }) => {
      if (!isState) return true;
      const keys = file.keysAbove(line);
      return keys.findIndex((name) => valueKeys.has(name)) > 0 && keys[0] !== "name" && keys[0] !== "file";
    });
    if (candidates.length === 0) return;
    const value = this.#random.pick(candidates);
    const edit = otherValue(file, value);
    if (edit === undefined) return this.#count("change: nothing to change");
    const now = this.#evaluate(new Map([[path, applyEdit(file.text, edit)]]));
    if (now.faults > this.#base.faults) return this.#count("change: refused");
    this.#count("change");
    const place = { file: path, line: value.line, column: value.column };
    for (const [key, before] of this.#base.releases) {
      const after = now.releases.get(key);
      if (after === undefined) continue;
      for (const { path: name, leaves, values } of changedLeaves(before, after)) {
        const named = leaves.flatMap((leaf) => [...placesOf(leaf)]);
        if (named.some((each) => isNamed(each, place))) {
          this.#count("change: named");
          continue;
        }
        const others = named.map(({ origin }) => shownPlace(origin)).join(", ");
        const change = JSON.stringify(values).slice(0, 80);
        this.#wrong(
          "change",
          `${key} ${name}`,
          `${shownPlace(place)} ← ${edit.text} changes it (${change}), it names ${others}`,
        );
      }
    }
  }

  #file(path: string): WrittenFile | undefined {
    let file = this.#files.get(path);
    if (file !== undefined) return file;
    const bytes = this.#estate.tree.kind(path) === "file" ? this.#estate.tree.read(path) : undefined;
    if (bytes === undefined) return undefined;
    file = new WrittenFile(path, Buffer.from(bytes).toString("latin1"));
    this.#files.set(path, file);
    return file;
  }

  #editAt({ file: path, line, column }: Origin): { readonly path: string; readonly edit: TextEdit } | undefined {
    const file = this.#file(path);
    if (file === undefined || line === undefined || column === undefined) return undefined;
    const value = file.isTemplate ? undefined : file.at(line, column);
    const edit =
      value !== undefined ? otherValue(file, value) : file.isTemplate ? literalAt(file, line, column) : undefined;
    return edit === undefined ? undefined : { path, edit };
  }

  /** An edit that gives the key of a leaf, or of the list that it is in, another name. */
  #keyEdit(
    { kind, origin }: ValueSource,
    path: EffectiveLeaf["path"],
    depth: number,
  ): { readonly path: string; readonly edit: TextEdit } | undefined {
    const file = this.#file(origin.file);
    if (file === undefined || file.isTemplate) return undefined;
    const written = file.at(origin.line, origin.column);
    const key =
      written === undefined
        ? undefined
        : kind.startsWith("set")
          ? setName(written.parents)
          : keyOf(file, written, { path, depth });
    // For Helm `on` and `y` are one key.
    if (key === undefined || /^(?:on|off|y|n|yes|no|true|false)$/i.test(key.value)) return undefined;
    const start = file.offset(key.line, key.column) + (key.style.endsWith("quoted") ? 1 : 0);
    if (!file.text.startsWith(key.value, start) || key.value === "") return undefined;
    return {
      path: origin.file,
      edit: { start, end: start + key.value.length, text: `gone-${key.value}`, value: undefined },
    };
  }

  #read(key: string, { path, edit }: { readonly path: string; readonly edit: TextEdit }): ReadRelease | undefined {
    const now = this.#evaluate(new Map([[path, applyEdit(this.#file(path)!.text, edit)]]));
    return now.releases.get(key);
  }

  #evaluate(edits: ReadonlyMap<string, string>): Evaluation {
    const tree = new EditedTree(this.#estate.tree, edits);
    const reading = readHelmfile({ ...this.#estate.options, tree });
    const releases = new Map<string, ReadRelease>();
    for (const release of reading.releases) {
      const answer = effectiveValues(release);
      if (answer.kind === "failed") continue;
      const { value } = answer;
      const name = `${release.file}#${release.id}`;
      const key = releases.has(name) ? `${name}#${releases.size}` : name;
      releases.set(key, { release, values: value.values, leaves: () => value.leaves });
    }
    return { releases, faults: reading.diagnostics.length, seen: tree.seen };
  }
}

interface ChangedLeaf {
  readonly path: string;
  /** The leaf before and after, as far as it was there. */
  readonly leaves: readonly EffectiveLeaf[];
  readonly values: readonly [Plain | undefined, Plain | undefined];
}

function changedLeaves(before: ReadRelease, after: ReadRelease): ChangedLeaf[] {
  if (JSON.stringify(toPlain(before.values)) === JSON.stringify(toPlain(after.values))) return [];
  const earlier = new Map(before.leaves().map((leaf) => [shownPath(leaf.path), leaf]));
  const later = new Map(after.leaves().map((leaf) => [shownPath(leaf.path), leaf]));
  return [...new Set([...earlier.keys(), ...later.keys()])].flatMap((path): ChangedLeaf[] => {
    const was = earlier.get(path);
    const is = later.get(path);
    const values = [
      was === undefined ? undefined : toPlain(was.value),
      is === undefined ? undefined : toPlain(is.value),
    ] as const;
    if (was !== undefined && is !== undefined && same(values[0], values[1])) return [];
    return [{ path, leaves: [was, is].filter((leaf) => leaf !== undefined), values }];
  });
}

/** Where a leaf is written, and where everything that a template read for it is. */
function* placesOf({ source }: EffectiveLeaf): Generator<NamedPlace> {
  yield { origin: source.origin, isWhole: false };
  for (const read of [...source.reads, ...source.conditions]) yield* placesOfRead(read);
}

interface NamedPlace {
  readonly origin: Origin;
  /** A map or list begins here that was read as a whole. */
  readonly isWhole: boolean;
}

function* placesOfRead({ value, origins }: ValueRead): Generator<NamedPlace> {
  const isWhole = typeof value === "object" && value !== null;
  for (const { origin, reads, conditions } of isWhole ? origins : origins.slice(-1)) {
    yield { origin, isWhole };
    for (const read of [...reads, ...conditions]) yield* placesOfRead(read);
  }
}

function isNamed(
  { origin: { file, line = 1, column = 1 }, isWhole }: NamedPlace,
  place: Required<Pick<Origin, "file" | "line" | "column">>,
): boolean {
  if (file !== place.file) return false;
  if (line === place.line && column === place.column) return true;
  return isWhole && (place.line > line || (place.line === line && place.column > column));
}

/** The key of the first `depth` steps of a leaf's path, or of the outermost list among them. */
function keyOf(
  file: WrittenFile,
  { parents, start }: WrittenValue,
  { path, depth }: { readonly path: EffectiveLeaf["path"]; readonly depth: number },
): YamlNode | undefined {
  const own = parents.slice(-path.length);
  if (own.length < path.length) return undefined;
  const list = path.findIndex((step) => typeof step === "number");
  const last = Math.min(depth, list < 0 ? depth : list) - 1;
  const mapping = own[last];
  if (mapping?.kind !== "mapping") return undefined;
  const child = own[last + 1];
  for (let index = 0; index < mapping.children.length; index += 2) {
    const value = mapping.children[index + 1]!;
    const isIt = child === undefined ? file.offset(value.line, value.column) === start : value === child;
    if (isIt) return mapping.children[index];
  }
  return undefined;
}

/** The `name` of a `set:` entry. */
function setName(parents: readonly YamlNode[]): YamlNode | undefined {
  const entry = parents.findLast(
    ({ kind, children }) =>
      kind === "mapping" && children.some(({ value }, index) => index % 2 === 0 && value === "name"),
  );
  const at = entry?.children.findIndex(({ value }, index) => index % 2 === 0 && value === "name");
  return at === undefined ? undefined : entry!.children[at + 1];
}

function plainAt(values: GoValue, path: EffectiveLeaf["path"]): Plain | undefined {
  let at: GoValue | undefined = values;
  for (const step of path) {
    if (at instanceof Map && typeof step === "string") at = at.get(step);
    else if (Array.isArray(at) && typeof step === "number") at = at[step];
    else return undefined;
    if (at === undefined) return undefined;
  }
  return at === undefined ? undefined : toPlain(at);
}

function same(a: Plain | undefined, b: Plain | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** `--set` of helmfile's own texts makes values of them once more. */
function sameScalar(value: Plain | undefined, expected: boolean | number | string | undefined): boolean {
  return value === expected || String(value) === String(expected);
}

function shownLayer({ layer, origin, value }: ValueSource): string {
  return `${layer} ${origin.file}:${origin.line ?? "?"} ${JSON.stringify(toPlain(value))}`;
}

function shownPath(path: EffectiveLeaf["path"]): string {
  return path.map((step) => (typeof step === "number" ? `[${step}]` : `.${fromByteString(step)}`)).join("");
}

function shownPlace({ file, line, column }: Origin): string {
  return `${file}:${line ?? "?"}:${column ?? "?"}`;
}
