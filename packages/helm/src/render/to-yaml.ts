import type { GoValue } from "@tiphys/gotemplate";
import { writeYamlV2 } from "@tiphys/source";

/** `toYAML` (pkg/engine/funcs.go): sigs.k8s.io/yaml without the last line break; "" where it fails. */
export function toYaml(value: GoValue): string {
  try {
    return withoutNewline(writeYamlV2(value));
  } catch (error) {
    if (error instanceof Error && error.name === "YamlError") return "";
    // encoding/json refuses a value that contains itself; a deep but honest one is not silently lost.
    // At its very end a stack overflow may show as another error.
    if ((error instanceof RangeError || error instanceof TypeError) && containsItself(value)) return "";
    throw error;
  }
}

/** Whether a list or table is below itself. Without recursion: it is asked when the stack is used up. */
function containsItself(value: GoValue): boolean {
  const open = new Set<GoValue>();
  const finished = new Set<GoValue>();
  const stack: { node: GoValue; children: Iterator<GoValue> }[] = [];
  const push = (node: GoValue): void => {
    if (!Array.isArray(node) && !(node instanceof Map)) return;
    open.add(node);
    stack.push({ node, children: node.values() });
  };
  push(value);
  while (stack.length > 0) {
    const { node, children } = stack.at(-1)!;
    const next = children.next();
    if (next.done === true) {
      open.delete(node);
      finished.add(node);
      stack.pop();
    } else if (open.has(next.value)) return true;
    else if (!finished.has(next.value)) push(next.value);
  }
  return false;
}

/** Text without one final line break. */
export function withoutNewline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
