import { byteStringToBytes, fromByteString } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { mergeUserValues } from "@tiphys/helm";
import type { SetFlag, ValuesLayer } from "@tiphys/helm";
import type { Origin, YamlDialect } from "@tiphys/source";
import { dirOf } from "../files/filepath.ts";
import { placeOf, valueAt } from "../provenance/environment-sources.ts";
import type { ValuePlace, ValueSteps } from "../provenance/environment-sources.ts";
import { documentPlaces } from "../provenance/file-source.ts";
import { escapeSet } from "../release/set-flags.ts";
import type { SetArgument } from "../release/set-flags.ts";
import { releaseTemplateData } from "../release/template-data.ts";
import type { ValuesFile } from "../release/values-files.ts";
import { originsOf } from "../spec/release-origins.ts";
import type { EntryOrigin, Locate } from "../spec/release-origins.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { isMap } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";

/** One values file or flag with its own values and the way to their places. */
export interface Layer {
  readonly kind: "file" | "inline" | "secret" | "set" | "set-string" | "set-file";
  readonly values: ValueMap;
  readonly place: (path: ValueSteps) => ValuePlace;
  /** Of `--set`: what its names say. Nulls in it only fill a list up: `list[2]=x` says nothing of the items before. */
  readonly names?: ValueMap;
}

/** A release whose layers are asked for. `fallback` stands for places that are not known. */
export interface LayeredRelease {
  readonly state: HelmState;
  readonly release: ReleaseSpec;
  readonly fallback: Origin;
}

/** Who reads the values files: Helm, or helmfile itself for `write-values`. */
export interface ValuesReading {
  readonly read: (file: ValuesFile) => ValueMap;
  readonly dialect: YamlDialect;
  readonly hasManyDocuments: boolean;
}

export function helmReading(state: HelmState): ValuesReading {
  return {
    read: (file) => mergeUserValues([helmLayer(state, file)], []),
    dialect: "v2",
    hasManyDocuments: true,
  };
}

export function helmfileReading({ session: { yaml } }: HelmState): ValuesReading {
  return { read: ({ content }) => yaml.unmarshalMap(content), dialect: yaml.dialect, hasManyDocuments: false };
}

export function helmLayer(state: HelmState, file: ValuesFile): ValuesLayer {
  const name = fromByteString(file.source === "" ? `values[${file.index}]` : file.source);
  return {
    kind: "file",
    name,
    origin: { file: state.session.workspace.displayPath(file.source) },
    content: byteStringToBytes(file.content),
  };
}

/** Throws `HelmfileError` when the file of a `--set-file` is not there. */
export function helmSet(state: HelmState, set: SetArgument, origin: Origin): SetFlag {
  const kind = set.flag === "--set" ? "set" : set.flag === "--set-string" ? "set-string" : "set-file";
  if (kind !== "set-file") return { kind, expression: set.expression, origin };
  const equals = set.expression.indexOf("=");
  const content = state.session.workspace.read(set.expression.slice(equals + 1));
  if (content === undefined)
    throw new HelmfileError(`open ${set.expression.slice(equals + 1)}: no such file or directory`, {
      code: "set-file-missing",
      origin,
    });
  return { kind, expression: `${set.expression.slice(0, equals)}=${content}`, origin };
}

export function fileLayer(at: LayeredRelease, file: ValuesFile, reading: ValuesReading): Layer {
  const values = reading.read(file);
  if (file.source === "") {
    const list = originsOf(at.release)?.lists.get(file.kind === "secret" ? "secrets" : "values");
    return { kind: file.kind, values, place: (path) => entryPlace(list?.[file.index], path, at.fallback) };
  }
  let places: Layer["place"] | undefined;
  return { kind: file.kind, values, place: (path) => (places ??= placesOf(at, file, reading))(path) };
}

function entryPlace(entry: EntryOrigin | undefined, path: ValueSteps, fallback: Origin): ValuePlace {
  return placeOf(entry?.at(path) ?? entry?.origin ?? fallback);
}

/** The places in a values file; in a `.gotmpl` those of the template. */
function placesOf({ state, release }: LayeredRelease, file: ValuesFile, reading: ValuesReading): Layer["place"] {
  const { workspace } = state.session;
  const name = workspace.displayPath(file.source);
  // An encrypted file has its keys where its decrypted text has them, but not its lines.
  if (file.kind === "secret") return () => ({ origin: { file: name }, reads: [] });
  const original = workspace.read(file.source) ?? file.content;
  const places = (text: string, locate?: Locate): Layer["place"] => {
    // What has references is read and written by helmfile before others read it.
    const { dialect, hasManyDocuments } = text.includes("ref+") ? helmfileReading(state) : reading;
    return documentPlaces({ text, name, dialect, hasManyDocuments }, locate);
  };
  if (!/(^|\.)gotmpl$/.test(file.source)) return places(original);
  const seen = { values: state.renderedValues, environment: state.env };
  const traced = state.session
    .renderer(dirOf(file.source))
    .renderTraced(original, releaseTemplateData(state, release), { file: name, line: 1 }, seen);
  return places(traced.text, traced.locate);
}

export function setLayer({ release, fallback }: LayeredRelease, set: SetArgument, flag: SetFlag): Layer {
  const list = originsOf(release)?.lists.get(set.field);
  const kind = flag.kind as Layer["kind"];
  const values = mergeUserValues([], [flag]);
  const named = (name: string): ValueMap =>
    mergeUserValues([], [{ kind: "set-string", expression: `${escapeSet(name)}=x`, origin: fallback }]);
  if (set.field !== "env") {
    const names = named(release[set.field]![set.index]!.name);
    return { kind, values, names, place: (path) => setPlace(list?.[set.index], path, fallback) };
  }
  // The variables of `env` come as one flag; the last that sets something wins.
  const each = (release.env ?? []).map(({ name }) => named(name));
  return {
    kind,
    values,
    place: (path) => setPlace(list?.[each.findLastIndex((own) => valueAt(own, path) !== undefined)], path, fallback),
  };
}

/** The value of a `set` entry: of `values:` the item. */
function setPlace(entry: EntryOrigin | undefined, path: ValueSteps, fallback: Origin): ValuePlace {
  const item = path.findLast((step) => typeof step === "number");
  const ways: ValueSteps[] = [["value"], ["file"], ...(item === undefined ? [] : [["values", item]]), ["values"]];
  for (const way of ways) {
    const origin = entry?.at(way);
    if (origin !== undefined) return placeOf(origin);
  }
  return placeOf(entry?.origin ?? fallback);
}

/** What a layer has under the path, or what it has in place of the map or list above it; undefined when it has nothing there. */
export function layerValueAt(
  layer: Layer,
  path: ValueSteps,
  takesFillers: boolean,
): { readonly path: ValueSteps; readonly value: GoValue } | undefined {
  const isSet = layer.kind.startsWith("set");
  let at: GoValue = layer.values;
  for (let depth = 0; depth < path.length; depth++) {
    const step = path[depth]!;
    let next: GoValue | undefined;
    if (isMap(at) && typeof step === "string") next = at.get(step);
    else if (Array.isArray(at) && typeof step === "number") next = at[step];
    else return { path: path.slice(0, depth), value: at };
    if (next === undefined) return Array.isArray(at) && !isSet ? { path: path.slice(0, depth), value: at } : undefined;
    if (next === null && !takesFillers && isFiller(layer, path.slice(0, depth + 1))) return undefined;
    at = next;
  }
  return { path, value: at };
}

function isFiller({ names }: Layer, path: ValueSteps): boolean {
  return names !== undefined && valueAt(names, path) === null;
}
