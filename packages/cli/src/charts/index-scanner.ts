/** What a scan of an `index.yaml` found. Texts are byte strings. */
export interface IndexScan {
  /** The YAML of each wanted chart's entry, `name:` included. */
  readonly blocks: ReadonlyMap<string, string>;
  /** Names of all entries, in the order of the file. */
  readonly names: readonly string[];
  readonly hasApiVersion: boolean;
  /** The file is not laid out as Helm and its kin write it (JSON, flow style, anchors at keys): read it whole instead. */
  readonly isUnusual: boolean;
}

const longestLine = 8 * 1024 * 1024;
const longestBlock = 64 * 1024 * 1024;

/** For lines without blanks at their end; it must not be able to backtrack over long runs. */
const key = /^(?:"([^"\\]*)"|'([^']*)'|([A-Za-z0-9_./][^\s"'#]*)):(?:[ \t]([^]*))?$/;

/**
 * Picks the entries of some charts out of an index while it streams by: indexes of tens of megabytes never stand in memory.
 * It follows the indentation of block style, in which entries are the keys of one depth under `entries:`.
 */
export class IndexScanner {
  readonly #wanted: ReadonlySet<string>;
  readonly #names: string[] = [];
  readonly #blocks = new Map<string, string[]>();
  #hasApiVersion = false;
  #isUnusual = false;
  #hasBegun = false;
  #isDone = false;
  #inEntries = false;
  /** Indentation of the entries' names; -1 before the first. */
  #depth = -1;
  /** Lines of the entry that is being kept. */
  #lines: string[] | undefined;
  #kept = 0;
  #rest = "";

  /** `wanted` are names of charts as byte strings. */
  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  /** Takes the next part of the file. */
  add(part: Buffer): void {
    if (this.#isUnusual || this.#isDone) return;
    const text = this.#rest + part.toString("latin1");
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#line(text.slice(start, end));
      if (this.#isUnusual || this.#isDone) return;
      start = end + 1;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length > longestLine) this.#isUnusual = true;
  }

  /** Ends the scan. */
  finish(): IndexScan {
    if (this.#rest !== "" && !this.#isUnusual && !this.#isDone) this.#line(this.#rest);
    const blocks = new Map([...this.#blocks].map(([name, lines]) => [name, `${lines.join("\n")}\n`]));
    return { blocks, names: this.#names, hasApiVersion: this.#hasApiVersion, isUnusual: this.#isUnusual };
  }

  #line(line: string): void {
    const indentation = indentationOf(line);
    if (indentation < 0) {
      this.#keep(line);
      return;
    }
    if (indentation === 0 && !this.#isSequenceOfEntry(line, 0)) {
      this.#topLine(this.#hasBegun ? line : line.replace(/^\u00ef\u00bb\u00bf/, ""));
      return;
    }
    if (!this.#inEntries) return;
    if (this.#depth < 0) this.#depth = indentation;
    if (indentation > this.#depth || this.#isSequenceOfEntry(line, indentation)) this.#keep(line);
    else if (indentation === this.#depth) this.#entry(line);
    else this.#isUnusual = true;
  }

  /** List items may stand at the very depth of their entry's name. */
  #isSequenceOfEntry(line: string, indentation: number): boolean {
    return this.#inEntries && indentation === this.#depth && /^ *-(?: |$|\r)/.test(line);
  }

  #topLine(line: string): void {
    if (line.startsWith("---") || line.startsWith("...")) {
      this.#isDone = this.#hasBegun;
      if (!/^(?:---|\.\.\.)[ \t\r]*(?:#.*)?$/.test(line)) this.#isUnusual = true;
      return;
    }
    this.#hasBegun = true;
    this.#inEntries = false;
    this.#lines = undefined;
    const match = key.exec(line.trimEnd());
    if (!match) {
      this.#isUnusual = true;
      return;
    }
    const name = match[1] ?? match[2] ?? match[3];
    const value = withoutComment(match[4] ?? "");
    if (name === "apiVersion") this.#hasApiVersion = value !== "";
    if (name !== "entries") return;
    if (value === "") this.#inEntries = true;
    else if (!["{}", "null", "~"].includes(value)) this.#isUnusual = true;
  }

  #entry(line: string): void {
    const match = key.exec(line.slice(this.#depth).trimEnd());
    const value = withoutComment(match?.[4] ?? "");
    if (!match || !["", "[]", "null", "~"].includes(value)) {
      this.#isUnusual = true;
      return;
    }
    const name = (match[1] ?? match[2] ?? match[3])!;
    this.#names.push(name);
    this.#lines = this.#wanted.has(name) ? [] : undefined;
    if (this.#lines === undefined) return;
    this.#blocks.set(name, this.#lines);
    this.#keep(line);
  }

  #keep(line: string): void {
    if (this.#lines === undefined) return;
    this.#lines.push(line);
    this.#kept += line.length + 1;
    if (this.#kept > longestBlock) this.#isUnusual = true;
  }
}

/** Blanks before the text; -1 for empty lines and comments. */
function indentationOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 0x20) at++;
  const char = line.charCodeAt(at);
  return Number.isNaN(char) || char === 0x0d || char === 0x23 ? -1 : at;
}

function withoutComment(value: string): string {
  for (let at = value.indexOf("#"); at >= 0; at = value.indexOf("#", at + 1)) {
    if (at === 0 || value[at - 1] === " " || value[at - 1] === "\t") return value.slice(0, at).trim();
  }
  return value.trim();
}
