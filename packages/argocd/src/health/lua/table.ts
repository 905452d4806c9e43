import type { LuaValue } from "./value.ts";

/** The size of a table's list part, as gopher-lua has it. */
export const maxArrayIndex = 67108864;

/** Keys come in order of insertion; a removed key keeps its place in the order. */
class HashPart {
  readonly values = new Map<LuaValue, LuaValue>();
  readonly keys: LuaValue[] = [];
  readonly positions = new Map<LuaValue, number>();
}

/** A table: a list part and a hash part, as in gopher-lua v1.1.2 table.go. */
export class LuaTable {
  metatable: LuaTable | undefined = undefined;
  readonly array: LuaValue[] = [];
  /** Many tables are lists only. */
  private hash: HashPart | undefined = undefined;

  get(key: LuaValue): LuaValue {
    return typeof key === "number" && isArrayKey(key) ? this.array[key - 1] : this.hash?.values.get(key);
  }

  /** Sets without metamethods; `key` is neither nil nor NaN. Returns by how many places the table grew. */
  set(key: LuaValue, value: LuaValue): number {
    if (typeof key === "number" && isArrayKey(key)) {
      const before = this.array.length;
      for (let index = before; index < key - 1; index++) this.array.push(undefined);
      this.array[key - 1] = value;
      return this.array.length - before;
    }
    if (value === undefined) {
      this.hash?.values.delete(key);
      return 0;
    }
    const { values, keys, positions } = (this.hash ??= new HashPart());
    values.set(key, value);
    if (positions.has(key)) return 0;
    positions.set(key, keys.length);
    keys.push(key);
    return 1;
  }

  /** By how many places `set` would make the table grow. */
  growth(key: LuaValue): number {
    if (typeof key === "number" && isArrayKey(key)) return Math.max(0, key - this.array.length);
    return this.hash?.positions.has(key) === true ? 0 : 1;
  }

  /** Position of the last value before a run of nils at the end. */
  length(): number {
    for (let index = this.array.length - 1; index >= 0; index--) {
      if (this.array[index] !== undefined) return index + 1;
    }
    return 0;
  }

  append(value: LuaValue): void {
    if (value === undefined) return;
    this.array[this.length()] = value;
  }

  insert(position: number, value: LuaValue): void {
    if (position > this.array.length || position <= 0) this.set(position, value);
    else this.array.splice(position - 1, 0, value);
  }

  /** Removes and returns; a position before the start means the last one. */
  remove(position: number): LuaValue {
    const index = position - 1;
    if (this.array.length === 0 || index >= this.array.length) return undefined;
    if (index < 0) return this.array.pop();
    return this.array.splice(index, 1)[0];
  }

  /** The pair after `key` (nil: the first one); undefined at the end. */
  next(key: LuaValue): readonly [LuaValue, LuaValue] | undefined {
    const keys = this.hash?.keys ?? [];
    let position: number | undefined;
    const index = key ?? 0;
    if (typeof index === "number" && (key === undefined || (isArrayKey(index) && index !== 0))) {
      for (let at = index; at < this.array.length; at++) {
        if (this.array[at] !== undefined) return [at + 1, this.array[at]];
      }
      if (index <= this.array.length) position = 0;
    }
    // A key that is not there counts as the first one.
    position ??= (this.hash?.positions.get(key) ?? 0) + 1;
    for (; position < keys.length; position++) {
      const next = keys[position];
      const value = this.hash?.values.get(next);
      if (value !== undefined) return [next, value];
    }
    return undefined;
  }
}

function isArrayKey(key: number): boolean {
  return key > 0 && key < maxArrayIndex && Number.isInteger(key);
}
