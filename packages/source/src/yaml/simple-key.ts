import type { Scanner } from "./scanner.ts";

/** A place where a key may turn out to have started. */
export interface SimpleKey {
  possible: boolean;
  /** Whether the token queue waits for it. `{}` and `[]` unlist the key that they are, as go-yaml does by a slip. */
  listed: boolean;
  required: boolean;
  tokenNumber: number;
  at: number;
  line: number;
}

function newSimpleKey(): SimpleKey {
  return { possible: false, listed: false, required: false, tokenNumber: 0, at: 0, line: 0 };
}

/** Characters that may lie between a simple key's start and its `:`. */
const maxKeyLength = 1024;

function isNear(scanner: Scanner, start: number): boolean {
  return scanner.at - start <= maxKeyLength || scanner.charactersSince(start) <= maxKeyLength;
}

/** The simple keys of a scanner, one per flow level (scannerc.go, simple_keys and simple_keys_by_tok). */
export class SimpleKeys {
  private readonly scanner: Scanner;
  private readonly keys: SimpleKey[] = [newSimpleKey()];
  /** Keys by token number: all of flow levels, and outermost ones that turned out to be none but were never unlisted. */
  private readonly byToken = new Map<number, SimpleKey>();

  constructor(scanner: Scanner) {
    this.scanner = scanner;
  }

  /** The key of the current flow level. */
  get current(): SimpleKey {
    return this.keys[this.scanner.flowLevel]!;
  }

  /** The key that the token of that number may turn out to be; the queue must not give it out yet. */
  waitingAt(tokenNumber: number): SimpleKey | undefined {
    const outermost = this.keys[0]!;
    if (outermost.tokenNumber === tokenNumber && outermost.listed) return outermost;
    return this.byToken.size > 0 ? this.byToken.get(tokenNumber) : undefined;
  }

  /** Whether the key may still be one. Throws `YamlError` when it had to be. */
  isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    const { scanner } = this;
    if (key.line === scanner.line && isNear(scanner, key.at)) return true;
    if (key.required) scanner.fail("could not find expected ':'", key.line);
    key.possible = false;
    // go-yaml leaves the number listed for whatever key comes next on this level; with v3's longer queue that shows.
    if (scanner.v3 && key === this.keys[0]) this.keepListed(key);
    return false;
  }

  private keepListed(key: SimpleKey): void {
    const { tokensParsed } = this.scanner;
    if (key.tokenNumber <= tokensParsed) return;
    if (this.byToken.size > 64) {
      for (const number of this.byToken.keys()) if (number < tokensParsed) this.byToken.delete(number);
    }
    this.byToken.set(key.tokenNumber, key);
  }

  /** Notes that a key may start here, with the token of that number. */
  save(tokenNumber: number): void {
    const { scanner } = this;
    if (!scanner.simpleKeyAllowed) return;
    this.remove();
    const key = this.current;
    key.possible = true;
    key.listed = true;
    key.required = scanner.flowLevel === 0 && scanner.indent === scanner.at - scanner.lineStart;
    key.tokenNumber = tokenNumber;
    key.at = scanner.at;
    key.line = scanner.line;
    if (scanner.flowLevel > 0) this.byToken.set(tokenNumber, key);
  }

  /** Gives up the current level's key. Throws `YamlError` when it had to be one. */
  remove(): void {
    const key = this.current;
    if (!key.possible) return;
    if (key.required) this.scanner.fail("could not find expected ':'", key.line);
    this.unlist(key);
  }

  unlist(key: SimpleKey): void {
    key.possible = false;
    key.listed = false;
    if (this.scanner.flowLevel > 0) this.byToken.delete(key.tokenNumber);
  }

  /** Begins the current flow level, whose first token has that number. */
  open(tokenNumber: number): void {
    const key = (this.keys[this.scanner.flowLevel] ??= newSimpleKey());
    key.possible = false;
    key.required = false;
    key.tokenNumber = tokenNumber;
    key.line = this.scanner.line;
  }

  /** Forgets the number of a flow level that has ended, and with it the key that the collection itself is when it was empty. */
  unlistNumber(tokenNumber: number): void {
    this.byToken.delete(tokenNumber);
    if (this.keys[0]!.tokenNumber === tokenNumber) this.keys[0]!.listed = false;
  }
}
