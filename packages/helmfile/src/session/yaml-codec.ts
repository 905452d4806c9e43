import { GoMap } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { readYaml, writeYamlV2, writeYamlV3, yamlNodes } from "@tiphys/source";
import type { YamlNode } from "@tiphys/source";
import { Decoder } from "../spec/decode.ts";
import type { Unmarshalers } from "../spec/decode.ts";
import { anyType } from "../spec/schema.ts";
import type { GoType } from "../spec/schema.ts";
import { makeTimestamp } from "../values/time.ts";
import type { ValueMap } from "../values/mergo.ts";

const mapType: GoType = { kind: "map", of: anyType };

/** pkg/yaml/yaml.go of helmfile 1.8.0: go-yaml v3, or v2 when HELMFILE_GO_YAML_V3 is false. Errors carry Go's text. */
export class YamlCodec {
  readonly #isV3: boolean;
  constructor(isV3: boolean) {
    this.#isV3 = isV3;
  }

  /** Lists stand two columns in from their key; v2 puts them below it. */
  get indentsSequences(): boolean {
    return this.#isV3;
  }

  /** `yaml.Unmarshal(text, &any)`: the first document. */
  unmarshal(text: string): GoValue {
    return readYaml(text, { dialect: "v3", timestamp: makeTimestamp }).value;
  }

  /** `yaml.Unmarshal(text, &map)` into an empty map. */
  unmarshalMap(text: string): ValueMap {
    const value = this.unmarshal(text);
    if (value instanceof Map && !(value instanceof GoMap)) return value;
    return (decodeNode(firstNode(text), mapType) ?? new Map()) as ValueMap;
  }

  /** `yaml.Unmarshal` into a value of `type`. */
  unmarshalAs(text: string, type: GoType): unknown {
    return decodeNode(firstNode(text), type);
  }

  /** The documents of a stream, one at a time. Throws `YamlError` at the broken one. */
  documents(text: string): Iterable<YamlNode> {
    return yamlNodes(text, "v3");
  }

  marshal(value: GoValue): string {
    return this.#isV3 ? writeYamlV3(value, { indent: 2 }) : writeYamlV2(value);
  }
}

function firstNode(text: string): YamlNode | undefined {
  for (const node of yamlNodes(text, "v3")) return node;
  return undefined;
}

/** Decodes a node without strictness. Throws `YamlError` with Go's text. */
export function decodeNode(node: YamlNode | undefined, type: GoType): unknown {
  return new Decoder(false).decode(node, type);
}

/** Decodes a node and refuses fields that the type lacks. Throws `YamlError` with Go's text. */
export function decodeStrictly(node: YamlNode | undefined, type: GoType, unmarshalers: Unmarshalers): unknown {
  return new Decoder(true, unmarshalers).decode(node, type);
}
