import type { LocalVariable, UpvalueSource } from "./node.ts";

/** The variables of a function while it is parsed. */
export class FunctionScope {
  readonly upvalues: UpvalueSource[] = [];
  readonly upvalueNames = new Map<string, number>();
  readonly blocks: Map<string, LocalVariable>[] = [];
  slots = 0;
  isVariadic = false;
  readonly outer: FunctionScope | undefined;
  constructor(outer: FunctionScope | undefined) {
    this.outer = outer;
  }

  declare(name: string): LocalVariable {
    const variable: LocalVariable = { slot: this.slots++, captured: false };
    (this.blocks[this.blocks.length - 1] as Map<string, LocalVariable>).set(name, variable);
    return variable;
  }

  find(name: string): LocalVariable | undefined {
    for (let index = this.blocks.length - 1; index >= 0; index--) {
      const found = this.blocks[index]?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  findUpvalue(name: string): number | undefined {
    const known = this.upvalueNames.get(name);
    if (known !== undefined) return known;
    const outer = this.outer;
    if (outer === undefined) return undefined;
    const variable = outer.find(name);
    let source: UpvalueSource;
    if (variable !== undefined) {
      variable.captured = true;
      source = { from: "local", variable };
    } else {
      const index = outer.findUpvalue(name);
      if (index === undefined) return undefined;
      source = { from: "upvalue", index };
    }
    this.upvalues.push(source);
    this.upvalueNames.set(name, this.upvalues.length - 1);
    return this.upvalues.length - 1;
  }
}
