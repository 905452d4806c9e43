import { typedSlice, type GoValue } from "@tiphys/gotemplate";

/** A key in its parts. */
export type Key = readonly string[];

type Table = Map<string, GoValue>;

/** A key as it would be written. */
export function keyText(key: Key): string {
  return key.map((part) => (/^[A-Za-z0-9_-]+$/.test(part) ? part : `"${escaped(part)}"`)).join(".");
}

function escaped(part: string): string {
  return part.replace(/["\\\x00-\x1f\x7f]/g, (char) => {
    const short = {
      '"': '\\"',
      "\\": "\\\\",
      "\b": "\\b",
      "\t": "\\t",
      "\n": "\\n",
      "\f": "\\f",
      "\r": "\\r",
      "\x1b": "\\e",
    }[char];
    return short ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Lists of tables that `[[name]]` makes; other lists take no more tables. */
const tableLists = new WeakSet<GoValue[]>();

/**
 * The tables of a document while it is read: where the next key goes, and which keys may still be opened again. Mirrors
 * addContext and setValue of BurntSushi/toml 1.6's parser, whose rules for doubled keys are its own.
 */
export class TomlTables {
  readonly root: Table = new Map();
  /** Key of the table in which keys are set. */
  context: Key = [];
  readonly #implicit = new Set<string>();
  readonly #lists = new Set<string>();
  readonly #fail: (message: string) => never;

  constructor(fail: (message: string) => never) {
    this.#fail = fail;
  }

  /** Opens `[key]`, or a new table of `[[key]]`, and makes it the context. */
  open(key: Key, inList: boolean): void {
    let table = this.root;
    const parents = key.slice(0, -1);
    for (const [index, name] of parents.entries()) {
      const path = parents.slice(0, index + 1);
      let next = table.get(name);
      if (next === undefined) {
        this.#implicit.add(keyText(path));
        table.set(name, (next = new Map()));
      }
      table = tableIn(next) ?? this.#fail(`Key '${keyText(path)}' was already created as a hash.`);
    }
    this.context = parents;
    const last = key.at(-1)!;
    if (inList) {
      let list = table.get(last);
      if (list === undefined) {
        list = typedSlice("[]map[string]interface {}", []);
        tableLists.add(list);
        table.set(last, list);
      }
      if (!Array.isArray(list) || !tableLists.has(list)) {
        return this.#fail(`Key '${keyText(key)}' was already created and cannot be used as an array.`);
      }
      list.push(new Map());
    } else this.set(last, new Map());
    this.context = key;
  }

  /** Opens a table that a dotted key or an inline table implies. */
  openImplicit(key: Key): void {
    this.#implicit.add(keyText(key));
    this.open(key, false);
  }

  /** Marks the key of the context as one that is defined by what follows. */
  openInline(key: Key, inList: boolean): void {
    this.#implicit.add(keyText(key));
    this.open(key, inList);
  }

  /** Remembers that `key` holds a list. */
  markList(key: Key): void {
    this.#lists.add(keyText(key));
  }

  unmarkList(key: Key): void {
    this.#lists.delete(keyText(key));
  }

  /** Sets a key in the context. */
  set(name: string, value: GoValue): void {
    let table = this.root;
    for (const [index, part] of this.context.entries()) {
      table =
        tableIn(table.get(part)) ??
        this.#fail(`Key '${keyText(this.context.slice(0, index + 1))}' has already been defined.`);
    }
    if (!table.has(name)) {
      table.set(name, value);
      return;
    }
    const path = keyText([...this.context, name]);
    if (!this.#implicit.has(path)) this.#fail(`Key '${path}' has already been defined.`);
    this.#implicit.delete(path);
    if (this.#lists.has(path)) table.set(name, value);
  }
}

function tableIn(value: GoValue | undefined): Table | undefined {
  if (value instanceof Map) return value;
  if (!Array.isArray(value) || !tableLists.has(value)) return undefined;
  return value.at(-1) as Table;
}
