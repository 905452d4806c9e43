import { yamlNodes } from "@tiphys/source";
import type { YamlNode } from "@tiphys/source";

/* set_namespace.go of chartify 0.28.2. */

/** Puts `metadata.namespace` into every resource of a manifest that has none. Comments stay. Throws `YamlError`. */
export function setNamespace(text: string, namespace: string): string {
  const lines = text.replace(/^---\n/, "").split("\n");
  const shift = text.startsWith("---\n") ? 1 : 0;
  const insertions: { readonly line: number; readonly text: string }[] = [];
  const blanks = new Set(lines.flatMap((line, index) => (line.trim() === "" ? [index] : [])));
  for (const root of yamlNodes(text, "v3")) {
    keepBlockScalars(root, { lines, blanks, shift });
    const metadata = valueOf(root, "metadata");
    if (metadata === undefined || valueOf(metadata, "namespace") !== undefined) continue;
    const scalar = plainOrQuoted(namespace);
    if (metadata.style === "flow") addToFlow(lines, metadata, { shift, scalar });
    else
      insertions.push({
        line: endOfBlock(lines, metadata, shift),
        text: `${" ".repeat(metadata.column - 1)}namespace: ${scalar}`,
      });
  }
  const out: string[] = [];
  lines.forEach((line, index) => {
    for (const each of insertions) if (each.line === index) out.push(each.text);
    if (!blanks.has(index)) out.push(line);
  });
  for (const each of insertions) if (each.line >= lines.length) out.push(each.text);
  return `${out.join("\n")}\n`;
}

/** go-yaml's encoder drops blank lines, save those inside block scalars. */
function keepBlockScalars(
  node: YamlNode,
  text: { readonly lines: readonly string[]; readonly blanks: Set<number>; readonly shift: number },
): void {
  for (const child of node.children) keepBlockScalars(child, text);
  if (node.style !== "literal" && node.style !== "folded") return;
  const { lines, blanks, shift } = text;
  const from = node.line - shift;
  const first = lines.slice(from).find((line) => line.trim() !== "");
  const indent = first === undefined ? 0 : first.length - first.trimStart().length;
  let last = from - 1;
  for (let line = from; line < lines.length; line++) {
    const each = lines[line]!;
    if (each.trim() === "") continue;
    if (each.length - each.trimStart().length < indent) break;
    last = line;
  }
  for (let line = from; line < last; line++) blanks.delete(line);
}

function valueOf(node: YamlNode, key: string): YamlNode | undefined {
  if (node.kind !== "mapping") return undefined;
  for (let i = 0; i + 1 < node.children.length; i += 2)
    if (node.children[i]!.value === key) return node.children[i + 1];
  return undefined;
}

/** The index of the line behind a block mapping. */
function endOfBlock(lines: readonly string[], mapping: YamlNode, shift: number): number {
  let line = mapping.line - 1 - shift;
  let last = line;
  for (line++; line < lines.length; line++) {
    const each = lines[line]!;
    if (each.trim() === "") continue;
    const indent = each.length - each.trimStart().length;
    if (indent < mapping.column - 1 || each.startsWith("---")) break;
    last = line;
  }
  return last + 1;
}

function addToFlow(
  lines: string[],
  mapping: YamlNode,
  { shift, scalar }: { readonly shift: number; readonly scalar: string },
): void {
  let line = mapping.line - 1 - shift;
  let depth = 0;
  let quote = "";
  for (let column = mapping.column - 1; line < lines.length; line++, column = 0) {
    const text = lines[line]!;
    for (let at = column; at < text.length; at++) {
      const char = text[at]!;
      if (quote !== "") quote = char === quote ? "" : quote;
      else if (char === '"' || char === "'") quote = char;
      else if (char === "{" || char === "[") depth++;
      else if (char === "}" || char === "]") {
        depth--;
        if (depth > 0) continue;
        const before = text.slice(0, at).trimEnd();
        lines[line] = `${before}${before.endsWith("{") ? "" : ", "}namespace: ${scalar}${text.slice(at)}`;
        return;
      }
    }
  }
}

function plainOrQuoted(text: string): string {
  return /^(true|false|null|~|[-+.0-9][-+.0-9eExXoO_a-fA-F]*)$/i.test(text) ? JSON.stringify(text) : text;
}
