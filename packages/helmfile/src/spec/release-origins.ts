import type { Origin, YamlNode } from "@tiphys/source";
import type { SubHelmfileSpec } from "./helm-state.ts";
import type { ReleaseSpec } from "./release-spec.ts";
import type { Struct } from "./schema.ts";

/** Lists of a release, or of a state, whose items come from places of their own. */
const listFields = [
  "helmfiles",
  "values",
  "valuesTemplate",
  "secrets",
  "set",
  "setString",
  "setTemplate",
  "hooks",
  "needs",
  "env",
] as const;
export type ListField = (typeof listFields)[number];

/** One item of a list, or the value of a key, and the places of what is in it. */
export interface EntryOrigin {
  readonly origin: Origin;
  /** The place of the value under a path inside the item; undefined when it is not known. */
  readonly at: (path: readonly (string | number)[]) => Origin | undefined;
}

/** Where a release and the items of its lists are written. */
export interface ReleaseOrigins {
  /** The file of `origin`, known without looking for it. */
  readonly file: string;
  readonly origin: Origin;
  readonly lists: ReadonlyMap<ListField, readonly EntryOrigin[]>;
}

/** Line and column of a parsed text to a place in a file; undefined where a template filled in. */
export type Locate = (line: number, column: number) => Origin | undefined;

const originsKey = Symbol("release origins");
type WithOrigins = { [originsKey]?: ReleaseOrigins };

/** The places of a release, or of an entry of `helmfiles:`; they travel with copies of it. */
export function originsOf(release: ReleaseSpec | SubHelmfileSpec): ReleaseOrigins | undefined {
  return (release as WithOrigins)[originsKey];
}

/** Places that are looked for when somebody asks for them. */
export function lateOrigins(file: string, find: () => Omit<ReleaseOrigins, "file">): ReleaseOrigins {
  let found: Omit<ReleaseOrigins, "file"> | undefined;
  const get = (): Omit<ReleaseOrigins, "file"> => (found ??= find());
  return {
    file,
    get origin() {
      return get().origin;
    },
    get lists() {
      return get().lists;
    },
  };
}

/** A place whose line and column are looked for when somebody asks for them. */
export function lateOrigin(known: Pick<Origin, "file" | "path">, find: () => Origin): Origin {
  let found: Origin | undefined;
  const get = (): Origin => (found ??= find());
  return {
    ...known,
    get line() {
      return get().line;
    },
    get column() {
      return get().column;
    },
  } as Origin;
}

export function setOrigins(release: Struct | ReleaseSpec | SubHelmfileSpec, origins: ReleaseOrigins | undefined): void {
  if (origins !== undefined) (release as WithOrigins)[originsKey] = origins;
}

/** The places of `base`, with the items of `added`'s lists behind its own, as the merge of the two has them. */
export function appendOrigins(
  base: ReleaseOrigins | undefined,
  added: ReleaseOrigins | undefined,
  dropped: ReadonlySet<string> = new Set(),
): ReleaseOrigins | undefined {
  if (added === undefined) return base;
  return lateOrigins(added.file, () => {
    const lists = new Map<ListField, readonly EntryOrigin[]>();
    for (const field of listFields) {
      const items = [...(base?.lists.get(field) ?? []), ...(dropped.has(field) ? [] : (added.lists.get(field) ?? []))];
      if (items.length > 0) lists.set(field, items);
    }
    return { origin: added.origin, lists };
  });
}

/** The places of a release by its node; `file` is the one that `locate` speaks of. */
export function readOrigins(node: YamlNode, locate: Locate, file: string): ReleaseOrigins {
  return lateOrigins(file, () => findOrigins(node, locate, file));
}

function findOrigins(node: YamlNode, locate: Locate, file: string): Omit<ReleaseOrigins, "file"> {
  const place = (at: YamlNode): Origin => locate(at.line, at.column) ?? { file };
  const lists = new Map<ListField, readonly EntryOrigin[]>();
  for (const field of listFields) {
    const list = resolve(childOf(node, field));
    if (list?.kind !== "sequence") continue;
    lists.set(
      field,
      list.children.map((item) => ({
        origin: place(item),
        at: (path) => {
          const found = path.reduce<YamlNode | undefined>((current, step) => stepInto(current, step), resolve(item));
          return found === undefined ? undefined : place(found);
        },
      })),
    );
  }
  return { origin: place(node), lists };
}

function resolve(node: YamlNode | undefined): YamlNode | undefined {
  return node?.kind === "alias" ? node.target : node;
}

function stepInto(node: YamlNode | undefined, step: string | number): YamlNode | undefined {
  const at = resolve(node);
  if (at?.kind === "sequence") return typeof step === "number" ? resolve(at.children[step]) : undefined;
  return at?.kind === "mapping" ? resolve(childOf(at, String(step))) : undefined;
}

/** The value of a key, through `<<`. */
function childOf(node: YamlNode, key: string): YamlNode | undefined {
  let merged: YamlNode | undefined;
  for (let i = 0; i + 1 < node.children.length; i += 2) {
    const keyNode = node.children[i]!;
    const value = node.children[i + 1]!;
    if (keyNode.value === key && keyNode.tag !== "!!merge") return value;
    if (keyNode.tag !== "!!merge") continue;
    const sources = resolve(value)?.kind === "sequence" ? resolve(value)!.children : [value];
    for (const source of sources) {
      const target = resolve(source);
      if (target?.kind === "mapping" && target !== node) merged ??= childOf(target, key);
    }
  }
  return merged;
}
