import type { YamlNode } from "@tiphys/source";

/** Deeper documents are left to the decoder, which counts. */
const mostLevels = 200;

/**
 * Whether a mapping is one that go-yaml surely decodes into a map of anything: keys are scalars and no two are equal, and there are no aliases,
 * merges or tags. Where it is not, only the decoder knows.
 */
export function decodesIntoAnything(node: YamlNode): boolean {
  return node.kind === "mapping" && isPlain(node, 0);
}

function isPlain(node: YamlNode, level: number): boolean {
  const { kind, children } = node;
  if (kind === "alias" || node.tagged || level > mostLevels) return false;
  if (kind === "scalar") return true;
  if (kind === "sequence") return children.every((child) => isPlain(child, level + 1));
  const keys = new Set<string>();
  for (let i = 0; i + 1 < children.length; i += 2) {
    const key = children[i]!;
    if (key.kind !== "scalar" || key.tagged || key.value === "<<" || !isPlain(children[i + 1]!, level + 1))
      return false;
    keys.add(key.value);
  }
  return keys.size === children.length / 2;
}
