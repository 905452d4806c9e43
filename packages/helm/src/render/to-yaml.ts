import type { GoValue } from "@tiphys/gotemplate";
import { writeYamlV2 } from "@tiphys/source";

/** `toYAML` (pkg/engine/funcs.go): sigs.k8s.io/yaml without the last line break; "" where it fails. */
export function toYaml(value: GoValue): string {
  try {
    return withoutNewline(writeYamlV2(value));
  } catch (error) {
    if (error instanceof Error && error.name === "YamlError") return "";
    throw error;
  }
}

/** Text without one final line break. */
export function withoutNewline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
