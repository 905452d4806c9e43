import type { YamlNode } from "@tiphys/source";
import { YamlError, yamlNodes } from "@tiphys/source";
import type { Random } from "./random.ts";

/** Bytes of a text, and what may stand there instead. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What the new text says; undefined where a template makes something else of it. */
  readonly value: boolean | number | string | undefined;
}

/** A value that is written in a file, at the place of its first byte. */
export interface WrittenValue {
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
  /** Of plain YAML: the nodes around it, outermost first. */
  readonly parents: readonly YamlNode[];
}

/** A text with the places of the values written in it. All texts are byte strings. */
export class WrittenFile {
  readonly text: string;
  readonly isTemplate: boolean;
  readonly values: readonly WrittenValue[];
  readonly #lines: readonly number[];

  constructor(path: string, text: string) {
    this.text = text;
    this.#lines = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    this.isTemplate = path.endsWith(".gotmpl");
    this.values = this.isTemplate && text.includes("{{") ? this.#inTemplate() : this.#inYaml();
  }

  /** The written value that begins at a place. */
  at(line: number | undefined, column: number | undefined): WrittenValue | undefined {
    return this.values.find((value) => value.line === line && value.column === column);
  }

  offset(line: number, column: number): number {
    return this.#lines[line - 1]! + column - 1;
  }

  lineText(line: number): string {
    const end = this.#lines[line];
    return this.text.slice(this.#lines[line - 1]!, end === undefined ? undefined : end - 1);
  }

  /** Keys of the lines above that a line stands below, by indentation, the nearest first. */
  keysAbove(line: number): string[] {
    const keys: string[] = [];
    let depth = indentOf(this.lineText(line));
    for (let above = line; above > 0; above--) {
      const text = this.lineText(above);
      if (above < line && (text === "---" || text.trim() === "")) {
        if (text === "---") break;
        continue;
      }
      const key = /^[ -]*(?:"([^"]*)"|([^\s"'#{][^\s:]*)):(?:\s|$)/.exec(text);
      const indent = indentOf(text);
      if (key === null || (above < line && indent >= depth)) continue;
      keys.push(key[1] ?? key[2]!);
      depth = indent;
    }
    return keys;
  }

  /** Whether a line belongs to a block of text: it stands below a line that begins one. Lines of a template's actions only have no depth. */
  #isInBlock(line: number): boolean {
    let depth = spacesBefore(this.lineText(line));
    for (let above = line - 1; above > 0 && depth > 0; above--) {
      const text = this.lineText(above);
      if (/^\s*(?:$|\{\{.*\}\}\s*$)/.test(text) || spacesBefore(text) >= depth) continue;
      if (/[|>][-+]?\d?$/.test(text)) return true;
      depth = spacesBefore(text);
    }
    return false;
  }

  #inYaml(): WrittenValue[] {
    const values: WrittenValue[] = [];
    const visit = (node: YamlNode, parents: readonly YamlNode[], isKey: boolean): void => {
      if (node.kind === "scalar" && !isKey) {
        const start = this.offset(node.line, node.column);
        const end = scalarEnd(this.text, start, node);
        if (end !== undefined) values.push({ line: node.line, column: node.column, start, end, parents });
      }
      const isMapping = node.kind === "mapping";
      node.children.forEach((child, index) => visit(child, [...parents, node], isMapping && index % 2 === 0));
    };
    try {
      for (const root of yamlNodes(this.text, "v3")) visit(root, [], false);
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
    }
    return values;
  }

  /** Literal values that have a line of a template to themselves. */
  #inTemplate(): WrittenValue[] {
    return this.#lines.flatMap((start, index) => {
      const text = this.lineText(index + 1);
      if (this.#isInBlock(index + 1)) return [];
      const before = /^\s*(?:- )*(?:(?:"[^"]*"|[A-Za-z0-9_.-]+):\s+|- )(?=[^\s#&*!|>{[-])/.exec(text)?.[0];
      if (before === undefined || text.includes("{{") || text.includes("}}")) return [];
      const value = text.slice(before.length).replace(/\s+(?:#.*)?$/, "");
      if (/:(?:\s|$)/.test(value)) return [];
      const column = before.length + 1;
      const from = start + before.length;
      return [{ line: index + 1, column, start: from, end: from + value.length, parents: [] }];
    });
  }
}

function spacesBefore(text: string): number {
  return /^ */.exec(text)![0].length;
}

function indentOf(text: string): number {
  return /^(?: |- )*/.exec(text)![0].length;
}

/** Behind the last byte of a scalar that stands on one line; undefined for others. */
function scalarEnd(text: string, start: number, node: YamlNode): number | undefined {
  if (node.tagged || node.anchor !== "" || node.value.includes("\n")) return undefined;
  if (node.style === "plain") return text.startsWith(node.value, start) ? start + node.value.length : undefined;
  const quoted = /^(?:"[^"\\\n]*"|'[^'\n]*'(?!'))/.exec(text.slice(start));
  return quoted === null ? undefined : start + quoted[0].length;
}

let counter = 0;

/** Another value of the same type for what is written at a place; undefined for nulls. */
export function otherValue(file: WrittenFile, { start, end }: WrittenValue): TextEdit | undefined {
  const text = file.text.slice(start, end);
  // With its last reference a file is no longer rewritten, and other keys of it are read otherwise.
  if (/^["']?ref\+/.test(text)) return undefined;
  const unique = `zq${++counter}x`;
  if (text === "true" || text === "false") return { start, end, text: String(text !== "true"), value: text !== "true" };
  if (/^-?(?:0|[1-9]\d{0,9})$/.test(text))
    return { start, end, text: String(910_000 + counter), value: 910_000 + counter };
  if (/^-?\d+\.\d*[1-9]$/.test(text)) return { start, end, text: `${910_000 + counter}.5`, value: 910_000.5 + counter };
  if (/^(?:["'].*["'])$/s.test(text)) return { start, end, text: text[0]! + unique + text[0]!, value: unique };
  if (text === "" || text === "~" || /^(?:null|NULL|Null|yes|no|on|off|y|n|[-+.\d].*|[[{!&*|>%@`<=].*)$/i.test(text))
    return undefined;
  return { start, end, text: unique, value: unique };
}

/** A literal in place of what a template writes at a place: the action that is there, or the text up to the next. */
export function literalAt(file: WrittenFile, line: number, column: number): TextEdit | undefined {
  const at = file.offset(line, column);
  const unique = `zq${++counter}x`;
  const open = file.text.lastIndexOf("{{", at);
  const close = open < 0 ? -1 : file.text.indexOf("}}", open);
  if (open >= 0 && close >= at) {
    if (/^\{\{-?\s*(?:if|else|range|with|end|define|block|template)\b/.test(file.text.slice(open, close)))
      return undefined;
    return { start: open, end: close + 2, text: unique, value: undefined };
  }
  const token = /^(?:"[^"{}\\\n]*"|'[^'{}\n]*'|[^\s"'{}[\],#:&*!|>-][^\s"'{}[\],#:]*)/.exec(file.text.slice(at));
  if (token === null) return undefined;
  const quote = /^["']/.exec(token[0])?.[0] ?? "";
  return { start: at, end: at + token[0].length, text: quote + unique + quote, value: undefined };
}

export function applyEdit(text: string, { start, end, text: instead }: TextEdit): string {
  return text.slice(0, start) + instead + text.slice(end);
}

/** Some of a list, in random order. */
export function sample<Item>(random: Random, items: readonly Item[], count: number): Item[] {
  const left = [...items];
  const chosen: Item[] = [];
  while (left.length > 0 && chosen.length < count) chosen.push(...left.splice(random.below(left.length), 1));
  return chosen;
}
