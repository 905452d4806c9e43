import {
  formatFloat,
  GoMap,
  GoNumber,
  GoObject,
  goTypeName,
  isNilSlice,
  mapKeysSorted,
  type GoValue,
} from "@tiphys/gotemplate";
import { marshaledText } from "../marshaled-text.ts";
import { TomlError } from "./error.ts";

/** Values nested deeper than this are refused. */
const maxDepth = 2000;

/** BurntSushi/toml v1.6.0's Encoder as Helm's toToml uses it. Throws `TomlError` with Go's text. */
export function writeToml(value: GoValue): string {
  const writer = new TomlWriter();
  // At the top a nil map is nothing, a nil list an empty one, and a nil of no type makes Go's reflection panic.
  if (value === null) throw new TomlError("toml: cannot encode nil");
  writer.encode([], plainList(value));
  return writer.out;
}

type Table = Map<string, GoValue> | GoObject;

class TomlWriter {
  out = "";

  encode(key: readonly string[], value: GoValue): void {
    if (key.length > maxDepth) throw new TomlError(`unsupported: nested deeper than ${maxDepth} levels`);
    if (Array.isArray(value)) {
      if (isTableArray(value)) this.writeTables(key, value as Table[]);
      else this.writePair(key, value, false);
    } else if (isNil(value)) return;
    else if (isTable(value)) this.writeTable(key, value);
    else this.writePair(key, value, false);
  }

  private newline(): void {
    if (this.out !== "") this.out += "\n";
  }

  private indentation(key: readonly string[]): string {
    return "  ".repeat(key.length - 1);
  }

  private writeTables(key: readonly string[], tables: readonly Table[]): void {
    if (key.length === 0) throw new TomlError("toml: top-level values must be Go maps or structs");
    for (const table of tables) {
      if (isNil(table)) continue;
      this.newline();
      this.out += `${this.indentation(key)}[[${key.map(quoteKey).join(".")}]]`;
      this.newline();
      this.writeMembers(key, table, false);
    }
  }

  private writeTable(key: readonly string[], table: Table): void {
    if (key.length === 1) this.newline();
    if (key.length > 0) {
      this.out += `${this.indentation(key)}[${key.map(quoteKey).join(".")}]`;
      this.newline();
    }
    this.writeMembers(key, table, false);
  }

  /** Scalars and lists first, then tables; both by key. */
  private writeMembers(key: readonly string[], table: Table, inline: boolean): void {
    const direct: [string, GoValue][] = [];
    const tables: [string, GoValue][] = [];
    for (const [name, member] of membersOf(table)) {
      const value = plainList(member);
      const isSub = isTable(value) ? !isNil(value) : Array.isArray(value) && isTableArray(value);
      (isSub ? tables : direct).push([name, value]);
    }
    if (inline) this.out += "{";
    this.writeGroup(key, direct, inline, tables.length > 0);
    this.writeGroup(key, tables, inline, false);
    if (inline) this.out += "}";
  }

  private writeGroup(
    key: readonly string[],
    members: readonly [string, GoValue][],
    inline: boolean,
    more: boolean,
  ): void {
    members.forEach(([name, value], i) => {
      if (isNil(value)) return;
      if (!inline) return this.encode([...key, name], value);
      this.writePair([name], value, true);
      if (more || i !== members.length - 1) this.out += ", ";
    });
  }

  private writePair(key: readonly string[], value: GoValue, inline: boolean): void {
    if (key.length === 0) return this.writeElement(value, 0);
    this.out += `${this.indentation(key)}${quoteKey(key.at(-1)!)} = `;
    this.writeElement(value, key.length);
    if (!inline) this.newline();
  }

  private writeElement(value: GoValue, depth: number): void {
    if (depth > maxDepth) throw new TomlError(`unsupported: nested deeper than ${maxDepth} levels`);
    if (typeof value === "string") this.out += quote(value);
    else if (typeof value === "boolean" || typeof value === "bigint") this.out += String(value);
    else if (typeof value === "number") this.out += floatText(value, 64);
    else if (value instanceof GoNumber) {
      this.out += typeof value.value === "bigint" ? String(value.value) : floatText(value.value, 32);
    } else if (Array.isArray(value)) {
      this.out += "[";
      value.forEach((item, i) => {
        if (i > 0) this.out += ", ";
        this.writeElement(item, depth + 1);
      });
      this.out += "]";
    } else if (value !== null && isTable(value)) this.writeMembers([], value, true);
    else this.writeObject(value);
  }

  private writeObject(value: GoValue): void {
    const text = value instanceof GoObject ? marshaledText(value) : undefined;
    if (text === undefined) throw new TomlError(`unexpected type: ${value === null ? "<nil>" : goTypeName(value)}`);
    this.out += text.bare ? text.text : quote(text.text);
  }
}

function membersOf(table: Table): [string, GoValue][] {
  if (table instanceof Map) {
    if (table instanceof GoMap && table.goType.startsWith("map[") && !table.goType.startsWith("map[string]")) {
      throw new TomlError("toml: cannot encode a map with non-string key type");
    }
    return mapKeysSorted(table).map((name) => [name, table.get(name)!]);
  }
  return table.goFieldNames().map((name) => [name, table.goField(name) ?? null]);
}

/** A named slice as the slice that it is. */
function plainList(value: GoValue): GoValue {
  const inner = value instanceof GoObject ? value.goUnderlying() : undefined;
  return Array.isArray(inner) ? inner : value;
}

function isNil(value: GoValue): boolean {
  return value === null || (Array.isArray(value) && isNilSlice(value)) || (value instanceof GoMap && value.isNil);
}

function isTable(value: GoValue): value is Table {
  if (value instanceof Map) return true;
  return value instanceof GoObject && marshaledText(value) === undefined && value.goKind !== "func";
}

function isTableArray(items: GoValue[], depth = 0): boolean {
  if (items.length === 0) return false;
  if (depth > maxDepth) throw new TomlError(`unsupported: nested deeper than ${maxDepth} levels`);
  let all = true;
  for (const item of items) {
    if (isNil(item)) throw new TomlError("toml: cannot encode array with nil element");
    // Nested lists are looked into as well, so that a nil deep inside is refused.
    if (Array.isArray(item)) isTableArray(item, depth + 1);
    if (!isTable(item)) all = false;
  }
  return all;
}

function floatText(value: number, bits: 32 | 64): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const text = formatFloat(value, "g", -1, bits);
  return /[e.]/.test(text) ? text : `${text}.0`;
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\f", "\\f"],
  ["\r", "\\r"],
]);

function quote(text: string): string {
  const escaped = text.replace(/["\\\x00-\x1f\x7f]/g, (character) => {
    return shortEscapes.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

/** A key, bare where TOML 1.0 allows it. */
function quoteKey(key: string): string {
  if (key === "") return '""';
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quote(key);
}
