import type { GoValue } from "@tiphys/gotemplate";

/** sigs.k8s.io/yaml.Marshal: JSON first, then go-yaml v2 (80 columns, unindented lists), with the final newline. Throws `YamlError`. */
export function writeYamlV2(_value: GoValue): string {
  throw new Error("writeYamlV2 is not finished");
}

export interface WriteYamlV3Options {
  /** `SetIndent`; go-yaml v3's default is 4. Helm's toYamlPretty and helmfile use 2. */
  readonly indent?: number;
}

/** go-yaml v3's Encoder (no folding, indented lists), with the final newline. Throws `YamlError`. */
export function writeYamlV3(_value: GoValue, _options: WriteYamlV3Options = {}): string {
  throw new Error("writeYamlV3 is not finished");
}
