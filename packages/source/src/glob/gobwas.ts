import { encodeCodePoint } from "../yaml/characters.ts";
import { GlobError } from "./error.ts";
import { runesOf } from "./runes.ts";

/** One step of the compiled pattern. */
type Step =
  | { readonly kind: "rune"; readonly rune: number }
  /** Any one rune; not a separator unless `super`. */
  | { readonly kind: "single" }
  | { readonly kind: "any"; readonly super: boolean }
  | { readonly kind: "class"; readonly has: (rune: number) => boolean }
  | { readonly kind: "alternatives"; readonly options: readonly (readonly Step[])[] };

/**
 * gobwas/glob 0.2.3 `Compile(pattern, separators...)`: the compiled pattern as a predicate on byte strings. `*` and `?` stop at
 * separators, `**` does not; `{a,b}` and `[a-z]`, `[!x]`. Throws `GlobError`.
 */
export function compileGobwas(pattern: string, separators: readonly string[] = []): (text: string) => boolean {
  const steps = new Parser(runesOf(pattern)).parse();
  const stops = new Set(separators.flatMap((separator) => runesOf(separator)));
  const program = compile(steps);
  return (text) => run(program, runesOf(text), stops);
}

const [STAR, COMMA, QUESTION, BACKSLASH, OPEN, CLOSE, BRACE, BRACE_END, BANG, DASH] = runesOf("*,?\\[]{}!-") as [
  number, number, number, number, number, number, number, number, number, number,
];

/** The lexer and parser of gobwas in one; an unclosed `{` is no error there either. */
class Parser {
  private readonly runes: readonly number[];
  private at = 0;

  constructor(runes: readonly number[]) {
    // gobwas takes NUL for the end.
    const end = runes.indexOf(0);
    this.runes = end < 0 ? runes : runes.slice(0, end);
  }

  parse(): Step[] {
    if (this.runes.includes(0xfffd)) throw new GlobError("could not read rune");
    return this.parsePattern(0);
  }

  private parsePattern(depth: number): Step[] {
    if (depth > 1000) throw new GlobError("unsupported: nested deeper than 1000 levels");
    const steps: Step[] = [];
    for (;;) {
      const rune = this.runes[this.at];
      if (rune === undefined) return steps;
      if (depth > 0 && (rune === COMMA || rune === BRACE_END)) return steps;
      this.at++;
      if (rune === STAR) {
        const isSuper = this.runes[this.at] === STAR;
        if (isSuper) this.at++;
        steps.push({ kind: "any", super: isSuper });
      } else if (rune === QUESTION) steps.push({ kind: "single" });
      else if (rune === OPEN) steps.push(this.parseClass());
      else if (rune === BRACE) steps.push(this.parseAlternatives(depth));
      else if (rune === BACKSLASH) {
        const escaped = this.runes[this.at];
        if (escaped === undefined) return steps;
        this.at++;
        steps.push({ kind: "rune", rune: escaped });
      } else steps.push({ kind: "rune", rune });
    }
  }

  private parseAlternatives(depth: number): Step {
    const options: Step[][] = [];
    for (;;) {
      options.push(this.parsePattern(depth + 1));
      const rune = this.runes[this.at++];
      if (rune !== COMMA) return { kind: "alternatives", options };
    }
  }

  private parseClass(): Step {
    let negated = false;
    if (this.runes[this.at] === BANG) {
      negated = true;
      this.at++;
    }
    const low = this.runes[this.at];
    if (low === undefined) throw new GlobError("unexpected end of input");
    if (this.runes[this.at + 1] === DASH) return this.parseRange(low, negated);
    const set = new Set<number>();
    for (;;) {
      let rune = this.runes[this.at++];
      if (rune === undefined) throw new GlobError("unexpected end of input");
      if (rune === CLOSE) break;
      if (rune === BACKSLASH) rune = this.runes[this.at++];
      if (rune !== undefined) set.add(rune);
    }
    if (set.size === 0) throw new GlobError("could not parse range");
    return { kind: "class", has: (rune) => set.has(rune) !== negated };
  }

  private parseRange(low: number, negated: boolean): Step {
    const high = this.runes[this.at + 2];
    if (high === undefined) throw new GlobError("unexpected end of input");
    const close = this.runes[this.at + 3];
    if (close === undefined) throw new GlobError("unexpected end of input");
    if (close !== CLOSE) throw new GlobError("expected close range character");
    if (high < low) {
      const [hi, lo] = [encodeCodePoint(high), encodeCodePoint(low)];
      throw new GlobError(`hi character '${hi}' should be greater than lo '${lo}'`);
    }
    this.at += 4;
    return { kind: "class", has: (rune) => (low <= rune && rune <= high) !== negated };
  }
}

/** A state machine: each state reads one rune (`step`) or only splits. Matching follows all states at once, so it is never slow. */
interface State {
  readonly step: Step | undefined;
  /** States reached without reading, or by reading when `step` is set. */
  next: number[];
}

function compile(steps: readonly Step[]): State[] {
  const states: State[] = [];
  const end = build(states, steps, addState(states, undefined));
  states[end]!.next = [];
  return states;
}

function addState(states: State[], step: Step | undefined): number {
  states.push({ step, next: [] });
  return states.length - 1;
}

/** Appends the steps behind state `from`; gives the state where they end. */
function build(states: State[], steps: readonly Step[], from: number): number {
  let current = from;
  for (const step of steps) {
    if (step.kind === "alternatives") {
      const exits = step.options.map((option) => {
        const entry = addState(states, undefined);
        states[current]!.next.push(entry);
        return build(states, option, entry);
      });
      const join = addState(states, undefined);
      for (const exit of exits) states[exit]!.next.push(join);
      current = join;
      continue;
    }
    const reader = addState(states, step);
    const after = addState(states, undefined);
    states[current]!.next.push(reader);
    if (step.kind === "any") {
      states[current]!.next.push(after);
      states[reader]!.next.push(reader);
    }
    states[reader]!.next.push(after);
    current = after;
  }
  return current;
}

function run(states: readonly State[], text: readonly number[], stops: ReadonlySet<number>): boolean {
  const last = finalState(states);
  let active = closure(states, [0]);
  for (const rune of text) {
    const reached: number[] = [];
    for (const index of active) {
      const { step, next } = states[index]!;
      if (step !== undefined && accepts(step, rune, stops)) reached.push(...next);
    }
    if (reached.length === 0) return false;
    active = closure(states, reached);
  }
  return active.has(last);
}

/** The one state that leads nowhere and reads nothing. */
function finalState(states: readonly State[]): number {
  return states.findIndex((state) => state.step === undefined && state.next.length === 0);
}

function closure(states: readonly State[], start: readonly number[]): Set<number> {
  const seen = new Set(start);
  for (const index of seen) {
    const { step, next } = states[index]!;
    if (step === undefined) for (const follower of next) seen.add(follower);
  }
  return seen;
}

function accepts(step: Step, rune: number, stops: ReadonlySet<number>): boolean {
  switch (step.kind) {
    case "rune":
      return step.rune === rune;
    case "single":
      return !stops.has(rune);
    case "any":
      return step.super || !stops.has(rune);
    case "class":
      return step.has(rune);
    case "alternatives":
      return false;
  }
}
