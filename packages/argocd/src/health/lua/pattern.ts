import type { LuaState } from "./state.ts";

/** Lua patterns as gopher-lua v1.1.2 pm/pm.go compiles and matches them. Work is counted on the state. */

type Class = (char: number) => boolean;

type Instruction =
  | { readonly op: "char"; readonly matches: Class }
  | { readonly op: "match" | "tailMatch" }
  | { readonly op: "jump"; readonly to: number }
  | { readonly op: "split"; readonly first: number; readonly second: number }
  | { readonly op: "save" | "position"; readonly slot: number }
  | { readonly op: "brace"; readonly open: number; readonly close: number }
  | { readonly op: "back"; readonly capture: number };

/** Start and end of the whole (0, 1) and of the captures; a position capture has `isPosition` and counts from 1. */
export interface PatternMatch {
  readonly slots: readonly number[];
  readonly positions: ReadonlySet<number>;
}

class PatternError extends Error {}

const letter: Class = (char) => (char >= 65 && char <= 90) || (char >= 97 && char <= 122);
const digit: Class = (char) => char >= 48 && char <= 57;

const classes: Readonly<Record<string, Class>> = {
  a: letter,
  c: (char) => char <= 0x1f || char === 0x7f,
  d: digit,
  l: (char) => char >= 97 && char <= 122,
  p: (char) =>
    (char >= 0x21 && char <= 0x2f) ||
    (char >= 0x3a && char <= 0x40) ||
    (char >= 0x5b && char <= 0x60) ||
    (char >= 0x7b && char <= 0x7e),
  s: (char) => char === 32 || (char >= 9 && char <= 13),
  u: (char) => char >= 65 && char <= 90,
  w: (char) => letter(char) || digit(char),
  x: (char) => digit(char) || (char >= 65 && char <= 70) || (char >= 97 && char <= 102),
  z: (char) => char === 0,
};

function namedClass(name: string): Class {
  const lower = classes[name.toLowerCase()];
  if (lower === undefined || !/[A-Za-z]/.test(name)) return (char) => char === name.charCodeAt(0);
  return name === name.toLowerCase() ? lower : (char) => !lower(char);
}

class PatternCompiler {
  readonly code: Instruction[] = [{ op: "save", slot: 0 }];
  mustHead = false;
  private at = 0;
  private slots = 2;
  private depth = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  compile(): this {
    if (this.text.startsWith("^")) {
      this.mustHead = true;
      this.at = 1;
    }
    const mustTail = this.sequence(true);
    this.code.push({ op: "save", slot: 1 }, { op: mustTail ? "tailMatch" : "match" });
    return this;
  }

  private sequence(isTop: boolean): boolean {
    if (++this.depth > 200) throw new PatternError("pattern/input too complex");
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) break;
      if (char === ")") {
        if (isTop) throw new PatternError(`invalid ')' at ${this.at}`);
        break;
      }
      if (char === "(") {
        this.capture();
        continue;
      }
      if (char === "$" && isTop && this.at === this.text.length - 1) {
        this.at++;
        return true;
      }
      if (char === "%" && this.special()) continue;
      this.repeat(this.single());
    }
    this.depth--;
    return false;
  }

  private capture(): void {
    this.at++;
    const slot = this.slots;
    this.slots += 2;
    if (this.text[this.at] === ")") {
      this.at++;
      this.code.push({ op: "position", slot });
      return;
    }
    this.code.push({ op: "save", slot });
    this.sequence(false);
    if (this.text[this.at] !== ")") throw new PatternError("unfinished capture at EOS");
    this.at++;
    this.code.push({ op: "save", slot: slot + 1 });
  }

  /** `%1` and `%bxy`; false for a class. */
  private special(): boolean {
    const next = this.text[this.at + 1] ?? "";
    if (next === "0") throw new PatternError(`invalid capture index at ${this.at}`);
    if (/[1-9]/.test(next)) {
      this.at += 2;
      this.code.push({ op: "back", capture: Number(next) });
      return true;
    }
    if (next !== "b") return false;
    const [open, close] = [this.text.charCodeAt(this.at + 2), this.text.charCodeAt(this.at + 3)];
    this.at += 4;
    this.code.push({ op: "brace", open, close });
    return true;
  }

  private single(): Class {
    const char = this.text[this.at++] as string;
    if (char === "%") {
      const name = this.text[this.at++];
      // Nothing is of the class that the pattern's end names.
      return name === undefined ? () => false : namedClass(name);
    }
    if (char === ".") return () => true;
    if (char === "[") return this.set();
    const code = char.charCodeAt(0);
    return (other) => other === code;
  }

  private set(): Class {
    const isNot = this.text[this.at] === "^";
    if (isNot) this.at++;
    const members: { readonly matches: Class; readonly code: number | undefined }[] = [];
    let isRange = false;
    let isNameMissing = false;
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) throw new PatternError(`unexpected EOS at ${isNameMissing ? "EOS" : this.at - 1}`);
      this.at++;
      if (char === "]" && members.length > 0) break;
      if (char === "-" && members.length > 0) {
        isRange = true;
        continue;
      }
      let code: number | undefined = char.charCodeAt(0);
      const fixed = code;
      let matches: Class = (other) => other === fixed;
      if (char === "%") {
        const name = this.text[this.at++];
        isNameMissing = name === undefined;
        matches = name === undefined ? () => false : namedClass(name);
        code = undefined;
      }
      if (isRange) {
        const from = members.pop()?.code;
        const to = code;
        // A range needs two plain characters; else it matches nothing.
        members.push({
          matches: (other) => from !== undefined && to !== undefined && other >= from && other <= to,
          code: undefined,
        });
        isRange = false;
      } else {
        members.push({ matches, code });
      }
    }
    if (isRange) members.push({ matches: (other) => other === 45, code: 45 });
    return (char) => members.some((member) => member.matches(char)) !== isNot;
  }

  private repeat(matches: Class): void {
    const at = this.code.length;
    switch (this.text[this.at]) {
      case "*":
        this.code.push({ op: "split", first: at + 1, second: at + 3 }, { op: "char", matches }, { op: "jump", to: at });
        break;
      case "+":
        this.code.push({ op: "char", matches }, { op: "split", first: at, second: at + 2 });
        break;
      case "-":
        this.code.push({ op: "split", first: at + 3, second: at + 1 }, { op: "char", matches }, { op: "jump", to: at });
        break;
      case "?":
        this.code.push({ op: "split", first: at + 1, second: at + 2 }, { op: "char", matches });
        break;
      default:
        this.code.push({ op: "char", matches });
        return;
    }
    this.at++;
  }
}

/** Places to go back to: a branch not taken, or a slot to restore. */
type Choice =
  | { readonly pc: number; readonly at: number }
  | { readonly slot: number; readonly old: number | undefined };

function runFrom(state: LuaState, code: readonly Instruction[], text: string, start: number): PatternMatch | undefined {
  const slots: (number | undefined)[] = [];
  const positions = new Set<number>();
  const choices: Choice[] = [];
  let [pc, at] = [0, start];
  for (;;) {
    state.work(1);
    const instruction = code[pc] as Instruction;
    let failed = false;
    switch (instruction.op) {
      case "char":
        failed = at >= text.length || !instruction.matches(text.charCodeAt(at));
        at++;
        pc++;
        break;
      case "match":
        return { slots: slots as number[], positions };
      case "tailMatch":
        if (at >= text.length) return { slots: slots as number[], positions };
        failed = true;
        break;
      case "jump":
        pc = instruction.to;
        break;
      case "split":
        if (choices.length > 1_000_000) throw new PatternError("pattern/input too complex");
        choices.push({ pc: instruction.second, at });
        pc = instruction.first;
        break;
      case "save":
        choices.push({ slot: instruction.slot, old: slots[instruction.slot] });
        slots[instruction.slot] = at;
        pc++;
        break;
      case "position":
        slots[instruction.slot] = at + 1;
        slots[instruction.slot + 1] = at + 1;
        positions.add(instruction.slot);
        pc++;
        break;
      case "brace": {
        const end = matchBrace(text, at, instruction);
        failed = end === undefined;
        at = end ?? at;
        pc++;
        break;
      }
      case "back": {
        const [from, to] = [slots[instruction.capture * 2], slots[instruction.capture * 2 + 1]];
        if (from === undefined || to === undefined) throw new PatternError("invalid capture index");
        const captured = text.slice(from, to);
        failed = !text.startsWith(captured, at);
        at += captured.length;
        pc++;
        break;
      }
    }
    if (!failed) continue;
    for (;;) {
      const choice = choices.pop();
      if (choice === undefined) return undefined;
      if ("pc" in choice) {
        ({ pc, at } = choice);
        break;
      }
      slots[choice.slot] = choice.old;
    }
  }
}

function matchBrace(text: string, start: number, { open, close }: { open: number; close: number }): number | undefined {
  if (text.charCodeAt(start) !== open) return undefined;
  let count = 1;
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === close) count--;
    if (count === 0) return at + 1;
    if (char === open) count++;
  }
  return undefined;
}

/** Matches from `offset` on, at most `limit` of them (-1: all). */
export function findPattern(
  state: LuaState,
  pattern: string,
  text: string,
  offset: number,
  limit: number,
): readonly PatternMatch[] {
  try {
    const { code, mustHead } = new PatternCompiler(pattern).compile();
    const matches: PatternMatch[] = [];
    for (let start = offset; start <= text.length;) {
      const match = runFrom(state, code, text, start);
      start++;
      if (match !== undefined) {
        state.allocate(64);
        matches.push(match);
        start = Math.max(start, match.slots[1] as number);
      }
      if (matches.length === limit || mustHead) break;
    }
    return matches;
  } catch (error) {
    if (error instanceof PatternError) return state.raise(error.message);
    throw error;
  }
}
