import type { GoValue } from "@tiphys/gotemplate";
import { fromByteString } from "@tiphys/gotemplate";
import type { EffectiveLeaf, EnvironmentOrigin, ValueRead, ValueSource } from "@tiphys/helmfile";
import { formatOrigin, toPlain } from "@tiphys/source";
import type { Origin, Plain } from "@tiphys/source";

/** One leaf of a release's values: who set it and who lost. */
export interface LeafOrigin {
  /** `image.tag`, `env[0].name`; dots inside a key are escaped. */
  readonly path: string;
  readonly value: Plain;
  readonly setBy: SetBy;
  /** Lower layers that set the same leaf, lowest first. */
  readonly overrides: readonly SetBy[];
}

/** A layer's say on a value. In a `.gotmpl` file the place is that of the template. */
export interface SetBy {
  /** Position among the release's values files and `--set`s, lowest first; absent for what lies below `.Values`. */
  readonly layer?: number;
  readonly kind: string;
  readonly value: Plain;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** What a template read to make it. */
  readonly reads?: readonly ReadOrigin[];
  /** What the `if`, `with` and `range` around it in the template read. */
  readonly conditions?: readonly ReadOrigin[];
}

/** A value of the environment that a template read. */
export interface ReadOrigin {
  /** `.Values.domain`. */
  readonly path: string;
  readonly value?: Plain;
  readonly setBy?: SetBy;
  readonly overrides?: readonly SetBy[];
}

/** Leaves as data for JSON, by path. */
export function leafOrigins(leaves: readonly EffectiveLeaf[]): LeafOrigin[] {
  const found = leaves.map(({ path, value, source, overridden }) => ({
    path: pathText(path),
    value: toPlain(value),
    setBy: fromSource(source),
    overrides: overridden.map(fromSource),
  }));
  return found.toSorted((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}

function fromSource({ layer, kind, value, origin, reads, conditions }: ValueSource): SetBy {
  return { layer, kind, value: toPlain(value), ...place(origin), ...readBy(reads, conditions) };
}

function readBy(reads: readonly ValueRead[], conditions: readonly ValueRead[]): Pick<SetBy, "reads" | "conditions"> {
  return {
    ...(reads.length === 0 ? {} : { reads: reads.map(fromRead) }),
    ...(conditions.length === 0 ? {} : { conditions: conditions.map(fromRead) }),
  };
}

function fromRead({ path, value, origins }: ValueRead): ReadOrigin {
  const setBy = origins.at(-1);
  return {
    path,
    ...(value === undefined ? {} : { value: plainOf(value) }),
    ...(setBy === undefined
      ? {}
      : { setBy: fromEnvironment(setBy), overrides: origins.slice(0, -1).map(fromEnvironment) }),
  };
}

function fromEnvironment({ kind, value, origin, reads, conditions }: EnvironmentOrigin): SetBy {
  return { kind, value: plainOf(value), ...place(origin), ...readBy(reads, conditions) };
}

/** Whole maps and lists are not repeated. */
function plainOf(value: GoValue): Plain {
  if (value instanceof Map) return `(map of ${value.size})`;
  return Array.isArray(value) ? `(list of ${value.length})` : toPlain(value);
}

function place({ file, line, column }: Origin): Pick<SetBy, "file" | "line" | "column"> {
  return { file, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
}

/** One line for each leaf: `path: value  # file:line:column reads .Values.x (file:line:column) if .Values.y (…), over file:line:column`. */
export function originsText(leaves: readonly LeafOrigin[]): string {
  return leaves.map(lineOf).join("");
}

function lineOf({ path, value, setBy, overrides }: LeafOrigin): string {
  const parts = [
    where(setBy),
    ...(setBy.reads === undefined ? [] : [` reads ${readTexts(setBy.reads)}`]),
    ...(setBy.conditions === undefined ? [] : [` if ${readTexts(setBy.conditions)}`]),
    ...(overrides.length === 0 ? [] : [`, over ${overrides.map(where).join(", ")}`]),
  ];
  return `${path}: ${JSON.stringify(value)}  # ${parts.join("")}\n`;
}

function readTexts(reads: readonly ReadOrigin[]): string {
  return reads.map(({ path, setBy }) => (setBy === undefined ? path : `${path} (${where(setBy)})`)).join(", ");
}

function where({ kind, file, line, column }: SetBy): string {
  const mark = kind.startsWith("set") ? ` (--${kind})` : kind === "secret" ? " (secret)" : "";
  return `${formatOrigin({ file, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) })}${mark}`;
}

/** `image.tag`, `env[0].name`; dots inside a key are escaped. */
export function pathText(path: EffectiveLeaf["path"]): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : (index > 0 ? "." : "") + fromByteString(step).replaceAll(".", "\\."),
    )
    .join("");
}
