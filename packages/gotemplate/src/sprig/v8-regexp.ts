/**
 * Translates the Go patterns that V8 provably reads alike into JavaScript ones, because V8 runs them much faster than an
 * RE2 in JavaScript does. Everything doubtful is refused and left to RE2: Unicode classes, flags inside the pattern,
 * loops over captures, alternatives or other loops (they could also backtrack without end).
 */

/** A translated pattern, right for ASCII input only. */
export interface TranslatedRegexp {
  readonly regexp: RegExp;
  readonly groupNames: readonly (string | undefined)[];
  /** Time grows at most with the input's length to this power. */
  readonly power: number;
}

const spaceClass = "\\t\\n\\f\\r ";
const posixClasses: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  digit: "0-9",
  lower: "a-z",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};
const controlEscapes: Readonly<Record<string, string>> = {
  t: "\\t",
  n: "\\n",
  r: "\\r",
  f: "\\f",
  v: "\\v",
  a: "\\x07",
};
const mostChoices = 12;
const asciiCharacters = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

class Refusal extends Error {}

interface Group {
  /** Where the group begins in the output. */
  readonly captures: boolean;
  hasCaptures: boolean;
  hasLoop: boolean;
  hasAlternatives: boolean;
  hasEmptyAlternative: boolean;
  /** Nothing was read yet in the current alternative. */
  isEmpty: boolean;
  /** Its single characters, as long as it holds nothing else. */
  characters: { readonly text: string; quantifier: string }[] | undefined;
}

function newGroup(captures: boolean): Group {
  return {
    captures,
    hasCaptures: false,
    hasLoop: false,
    hasAlternatives: false,
    hasEmptyAlternative: false,
    isEmpty: true,
    characters: [],
  };
}

/** What a quantifier may follow. */
type Operand = "none" | "atom" | Group;

class Translator {
  private readonly pattern: string;
  private at = 0;
  private out = "";
  private ignoresCase = false;
  private dotTakesNewline = false;
  private multiline = false;
  private readonly open: Group[] = [newGroup(false)];
  private operand: Operand = "none";
  private loops = 0;
  private choices = 0;
  private atoms = 0;
  private readonly groupNames: (string | undefined)[] = [undefined];

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  translate(): TranslatedRegexp {
    const flags = /^\(\?([ims]+)\)/.exec(this.pattern);
    if (flags) {
      this.at = flags[0].length;
      this.ignoresCase = flags[1]!.includes("i");
      this.multiline = flags[1]!.includes("m");
      this.dotTakesNewline = flags[1]!.includes("s");
    }
    const anchored = this.pattern[this.at] === "^" && !this.multiline && !this.pattern.includes("|");
    while (this.at < this.pattern.length) this.readNext();
    if (this.open.length !== 1 || this.choices > mostChoices) throw new Refusal();
    const isSingle = this.atoms === 1;
    const power = isSingle ? 1 : Math.max(1, this.loops + (anchored ? 0 : 1));
    return { regexp: new RegExp(this.out, this.ignoresCase ? "gi" : "g"), groupNames: this.groupNames, power };
  }

  private readNext(): void {
    const char = this.pattern[this.at++]!;
    if (char < " " || char > "~") throw new Refusal();
    switch (char) {
      case "(":
        return this.openGroup();
      case ")":
        return this.closeGroup();
      case "|":
        return this.alternative();
      case "*":
      case "+":
      case "?":
        return this.quantify(char);
      case "{":
        return this.readBraces();
      case "[":
        return this.atom(this.readClass());
      case ".":
        return this.atom(this.dotTakesNewline ? "[^]" : "[^\\n]");
      case "^":
        return this.assertion(this.multiline ? "(?:^|(?<=\\n))" : "^");
      case "$":
        return this.assertion(this.multiline ? "(?=\\n|$)" : "$");
      case "\\":
        return this.readEscape();
      default:
        return this.atom(/[\]}/]/.test(char) ? `\\${char}` : char);
    }
  }

  private atom(text: string): void {
    this.out += text;
    this.operand = "atom";
    this.atoms++;
    const group = this.open.at(-1)!;
    group.isEmpty = false;
    group.characters?.push({ text, quantifier: "" });
  }

  private assertion(text: string): void {
    this.out += text;
    this.operand = "none";
    // Counts as an atom, for with it the pattern is no longer a single one.
    this.atoms++;
    this.open.at(-1)!.characters = undefined;
  }

  private openGroup(): void {
    const rest = this.pattern.slice(this.at);
    const named = /^\?P?<([A-Za-z_][A-Za-z0-9_]*)>/.exec(rest);
    const captures = !rest.startsWith("?:");
    if (named) this.at += named[0].length;
    else if (!captures) this.at += 2;
    else if (rest.startsWith("?")) throw new Refusal();
    if (captures) {
      if (named && this.groupNames.includes(named[1])) throw new Refusal();
      this.groupNames.push(named?.[1]);
      for (const group of this.open) group.hasCaptures = true;
    }
    this.out += captures ? "(" : "(?:";
    this.open.push(newGroup(captures));
    this.operand = "none";
  }

  private closeGroup(): void {
    const group = this.open.pop()!;
    const outer = this.open.at(-1);
    if (!outer) throw new Refusal();
    if (group.isEmpty) group.hasEmptyAlternative = true;
    outer.characters = undefined;
    outer.hasLoop ||= group.hasLoop;
    outer.hasAlternatives ||= group.hasAlternatives;
    outer.hasEmptyAlternative ||= group.hasEmptyAlternative;
    if (!group.hasEmptyAlternative) outer.isEmpty = false;
    this.out += ")";
    this.operand = group;
    this.atoms++;
  }

  private alternative(): void {
    const group = this.open.at(-1)!;
    if (group.isEmpty) group.hasEmptyAlternative = true;
    group.hasAlternatives = true;
    group.isEmpty = true;
    group.characters = undefined;
    this.choices++;
    this.out += "|";
    this.operand = "none";
    this.atoms += 2;
  }

  private readBraces(): void {
    const braces = /^(\d+)(,(\d*))?\}/.exec(this.pattern.slice(this.at));
    if (!braces) return this.atom("\\{");
    const low = Number(braces[1]);
    const high = braces[2] === undefined ? low : braces[3] === "" ? low : Number(braces[3]);
    if (low > 1000 || high > 1000 || low > high || braces[1]!.length > 4) throw new Refusal();
    this.at += braces[0].length;
    this.quantify(`{${braces[0]}`);
  }

  private quantify(quantifier: string): void {
    const operand = this.operand;
    if (operand === "none") throw new Refusal();
    const repeats = quantifier !== "?";
    if (operand !== "atom") {
      if (operand.hasEmptyAlternative) throw new Refusal();
      const isDoubtful = operand.hasLoop || operand.hasAlternatives || operand.hasCaptures;
      if (repeats && isDoubtful && !this.hasOneWay(operand)) throw new Refusal();
    }
    const group = this.open.at(-1)!;
    const last = group.characters?.at(-1);
    if (last === undefined || this.pattern[this.at] === "?") group.characters = undefined;
    else last.quantifier = quantifier;
    if (!repeats) this.choices++;
    else if (!/^\{\d+\}$/.test(quantifier)) this.loops++;
    group.hasLoop = true;
    this.out += quantifier;
    if (this.pattern[this.at] === "?") {
      this.out += "?";
      this.at++;
    }
    this.operand = "none";
    if (/[*+?{]/.test(this.pattern[this.at] ?? "")) throw new Refusal();
  }

  /** Whether a group is like `-?[a-z]` or `-[a-z]+`: the next character says which way its loop goes, so that no time is lost on others. */
  private hasOneWay({ characters }: Group): boolean {
    if (characters?.length !== 2) return false;
    const [first, second] = characters as [{ text: string; quantifier: string }, { text: string; quantifier: string }];
    const shape = `${first.quantifier},${second.quantifier}`;
    if (shape !== "?," && shape !== ",+") return false;
    const both = new RegExp(`^(?=${first.text}$)${second.text}$`, this.ignoresCase ? "i" : "");
    return !asciiCharacters.some((character) => both.test(character));
  }

  private readEscape(): void {
    const char = this.pattern[this.at++];
    if (char === undefined) throw new Refusal();
    if (char === "b" || char === "B") return this.assertion(`\\${char}`);
    if (char === "A") return this.assertion("^");
    if (char === "z") return this.assertion("$");
    if (char === "s") return this.atom(`[${spaceClass}]`);
    if (char === "S") return this.atom(`[^${spaceClass}]`);
    if ("dDwW".includes(char)) return this.atom(`\\${char}`);
    this.atom(literalEscape(char));
  }

  private readClass(): string {
    let out = "[";
    if (this.pattern[this.at] === "^") {
      out += "^";
      this.at++;
    }
    for (let first = true; ; first = false) {
      const char = this.pattern[this.at];
      if (char === undefined) throw new Refusal();
      if (char === "]" && !first) break;
      out += this.readClassItem(char);
    }
    this.at++;
    return `${out}]`;
  }

  /** One character, a range, or a class; a hyphen that begins no range is itself. */
  private readClassItem(char: string): string {
    const posix = /^\[:(\w+):\]/.exec(this.pattern.slice(this.at));
    if (posix) {
      const known = posixClasses[posix[1]!];
      if (known === undefined) throw new Refusal();
      this.at += posix[0].length;
      return known;
    }
    if (char === "[" && this.pattern[this.at + 1] === ":") throw new Refusal();
    const perl = /^\\([dws])/.exec(this.pattern.slice(this.at));
    if (perl) {
      this.at += 2;
      return perl[1] === "s" ? spaceClass : perl[0];
    }
    const low = this.readClassCharacter();
    if (this.pattern[this.at] !== "-" || this.pattern[this.at + 1] === "]") return low;
    this.at++;
    if (/^\\[dws]|^\[:/.test(this.pattern.slice(this.at))) throw new Refusal();
    const high = this.readClassCharacter();
    if (plainCharacter(low) > plainCharacter(high)) throw new Refusal();
    return `${low}-${high}`;
  }

  private readClassCharacter(): string {
    const char = this.pattern[this.at++];
    if (char === undefined || char < " " || char > "~") throw new Refusal();
    if (char !== "\\") return /[\]\\^[-]/.test(char) ? `\\${char}` : char;
    return literalEscape(this.pattern[this.at++] ?? "");
  }
}

/** Go lets every ASCII punctuation be escaped. */
function literalEscape(char: string): string {
  const control = controlEscapes[char];
  if (control !== undefined) return control;
  if (!/^[!-/:-@[-`{-~]$/.test(char)) throw new Refusal();
  return char === "_" ? "_" : /[-^$\\.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

/** The character that the output of `readClassCharacter` stands for. */
function plainCharacter(escaped: string): string {
  const control = Object.keys(controlEscapes).find((name) => controlEscapes[name] === escaped);
  if (control === undefined) return escaped.at(-1)!;
  return { t: "\t", n: "\n", r: "\r", f: "\f", v: "\v", a: "\x07" }[control]!;
}

/** The translation of `pattern`, or undefined when V8 might read it otherwise than Go. */
export function translateForV8(pattern: string): TranslatedRegexp | undefined {
  try {
    return new Translator(pattern).translate();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
