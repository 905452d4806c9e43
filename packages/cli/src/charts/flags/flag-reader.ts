import { flagValue, FlagValueError, isSwitch, quoted, type FlagKind } from "./flag-value.ts";

/* Command lines as spf13/pflag 1.0.10 reads them: any order, `--name=value` or `--name value`, shorthands joined. */

/** A flag of a command. */
export interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  readonly shorthand?: string;
  /** The value when the flag stands alone. */
  readonly alone?: string;
  /** The flag whose variable this one sets too. */
  readonly target?: string;
  /** Help text; a flag without is not shown. */
  readonly help?: string;
  readonly deprecated?: string;
  /** Why the flag cannot be served here; giving it ends the command. */
  readonly refused?: string;
}

/** A command line that pflag refuses; the message is pflag's. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}

/** Flags by name. `lists` has arrays, slices and pairs. */
export interface ParsedFlags {
  readonly positional: readonly string[];
  readonly switches: ReadonlyMap<string, boolean>;
  readonly texts: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Flags that cannot be served, with the reason. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

export interface ReadFlagsOptions {
  /** Gets a line for stderr about each deprecated flag as soon as it is read. */
  readonly onNotice?: (line: string) => void;
  /** Told of each flag that Helm acts upon while it reads them; what it throws as `FlagValueError` is the flag's fault. */
  readonly onValue?: (name: string, text: string) => void;
  /** Passes over flags that it does not know, and ends at the first wrong one, as Helm's look for its global flags does. */
  readonly isLenient?: boolean;
}

/** Reads the words behind a command by its flags. Throws `FlagError`. */
export function readFlags(
  words: readonly string[],
  flags: readonly Flag[],
  options: ReadFlagsOptions = {},
): ParsedFlags {
  return new FlagReader(words, flags, options).read();
}

/** Whether any of these flags was given. */
export function isGiven(flags: ParsedFlags, name: string): boolean {
  return flags.switches.has(name) || flags.texts.has(name) || flags.lists.has(name);
}

class FlagReader {
  readonly #words: readonly string[];
  readonly #byName: ReadonlyMap<string, Flag>;
  readonly #byShorthand: ReadonlyMap<string, Flag>;
  readonly #options: ReadFlagsOptions;
  #at = 0;
  readonly #positional: string[] = [];
  readonly #switches = new Map<string, boolean>();
  readonly #texts = new Map<string, string>();
  readonly #lists = new Map<string, string[]>();
  readonly #refused: { name: string; reason: string }[] = [];

  constructor(words: readonly string[], flags: readonly Flag[], options: ReadFlagsOptions) {
    this.#words = words;
    this.#byName = new Map(flags.map((flag) => [flag.name, flag]));
    this.#byShorthand = new Map(
      flags.flatMap((flag) => (flag.shorthand === undefined ? [] : [[flag.shorthand, flag]])),
    );
    this.#options = options;
  }

  read(): ParsedFlags {
    try {
      this.#readWords();
    } catch (error) {
      if (!(error instanceof FlagError) || this.#options.isLenient !== true) throw error;
    }
    return {
      positional: this.#positional,
      switches: this.#switches,
      texts: this.#texts,
      lists: this.#lists,
      refused: this.#refused,
    };
  }

  #readWords(): void {
    while (this.#at < this.#words.length) {
      const word = this.#words[this.#at++]!;
      if (word === "--") {
        this.#positional.push(...this.#words.slice(this.#at));
        return;
      }
      if (word.startsWith("--")) this.#long(word);
      else if (word.startsWith("-") && word.length > 1) this.#short(word);
      else this.#positional.push(word);
    }
  }

  #long(word: string): void {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    if (name === "" || name.startsWith("-")) throw new FlagError(`bad flag syntax: ${word}`);
    const flag = this.#byName.get(name);
    if (!flag) {
      if (this.#options.isLenient !== true) throw new FlagError(`unknown flag: --${name}`);
      if (equals < 0) this.#skipValue();
      return;
    }
    if (equals >= 0) return this.#set(flag, word.slice(equals + 1));
    const alone = isSwitch(flag.kind) ? "true" : flag.alone;
    if (alone !== undefined) return this.#set(flag, alone);
    if (this.#at >= this.#words.length) throw new FlagError(`flag needs an argument: --${name}`);
    this.#set(flag, this.#words[this.#at++]!);
  }

  #short(word: string): void {
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!;
      const flag = this.#byShorthand.get(letter);
      const rest = word.slice(i + 1);
      const hasValue = rest.startsWith("=") && rest.length > 1;
      if (!flag) {
        if (this.#options.isLenient !== true)
          throw new FlagError(`unknown shorthand flag: ${quoted(letter).replaceAll('"', "'")} in -${word.slice(i)}`);
        if (hasValue) return;
        this.#skipValue();
        continue;
      }
      if (hasValue) return this.#set(flag, rest.slice(1));
      if (isSwitch(flag.kind)) {
        this.#set(flag, "true");
        continue;
      }
      if (rest !== "") return this.#set(flag, rest);
      if (this.#at >= this.#words.length)
        throw new FlagError(`flag needs an argument: '${letter}' in -${word.slice(i)}`);
      return this.#set(flag, this.#words[this.#at++]!);
    }
  }

  /** `stripUnknownFlagValue`: the word behind an unknown flag is taken for its value. */
  #skipValue(): void {
    if (this.#at < this.#words.length && !this.#words[this.#at]!.startsWith("-")) this.#at++;
  }

  #set(flag: Flag, text: string): void {
    const name = flag.target ?? flag.name;
    if (flag.kind === "post-renderer" && text === "") return;
    if (flag.kind === "post-renderer" && this.#texts.has(name))
      throw invalid(flag, text, `cannot specify --${name} flag more than once`);
    const value = this.#value(flag, text);
    if (typeof value === "boolean") this.#switches.set(name, value);
    else if (typeof value === "string") this.#texts.set(name, value);
    else this.#lists.set(name, [...(this.#lists.get(name) ?? []), ...value]);
    if (flag.kind === "wait" && (text === "true" || text === "false")) this.#noticeOfBoolean(flag, text);
    if (flag.deprecated !== undefined)
      this.#options.onNotice?.(`Flag --${flag.name} has been deprecated, ${flag.deprecated}`);
    if (flag.refused !== undefined && value !== false) this.#refused.push({ name, reason: flag.refused });
  }

  #value(flag: Flag, text: string): boolean | readonly string[] | string {
    try {
      const value = flagValue(flag.kind, text);
      this.#options.onValue?.(flag.target ?? flag.name, text);
      return value;
    } catch (error) {
      if (error instanceof FlagValueError) throw invalid(flag, text, error.message);
      throw error;
    }
  }

  /** `waitValue.Set` (pkg/cmd/flags.go, Helm 4.2.4). */
  #noticeOfBoolean({ name }: Flag, text: string): void {
    const instead = text === "true" ? "watcher" : "hookOnly";
    this.#options.onNotice?.(
      `level=WARN msg="--${name}=${text} is deprecated (boolean value) and can be replaced with --${name}=${instead}"`,
    );
  }
}

function invalid(flag: Flag, text: string, reason: string): FlagError {
  const shown = flag.shorthand === undefined ? `--${flag.name}` : `-${flag.shorthand}, --${flag.name}`;
  return new FlagError(`invalid argument ${quoted(text)} for "${shown}" flag: ${reason}`);
}
