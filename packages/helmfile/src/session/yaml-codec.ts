import { GoMap } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { readYaml, writeYamlV2, writeYamlV3, yamlNodes } from "@tiphys/source";
import type { YamlDialect, YamlNode } from "@tiphys/source";
import { Decoder } from "../spec/decode.ts";
import type { StructListener, Unmarshalers } from "../spec/decode.ts";
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
    return this.#isV3
      ? readYaml(text, { dialect: "v3", timestamp: makeTimestamp }).value
      : (this.unmarshalAs(text, anyType) as GoValue);
  }

  /** `yaml.Unmarshal(text, &map)` into an empty map. */
  unmarshalMap(text: string): ValueMap {
    const value = this.unmarshal(text);
    if (value instanceof Map && !(value instanceof GoMap)) return value;
    return (this.unmarshalAs(text, mapType) ?? new Map()) as ValueMap;
  }

  /** `yaml.Unmarshal` into a value of `type`. */
  unmarshalAs(text: string, type: GoType): unknown {
    return new Decoder({ dialect: this.#dialect, strict: false }).decode(this.#first(text), type);
  }

  /** The documents of a stream, one at a time. Throws `YamlError` at the broken one. */
  documents(text: string): Iterable<YamlNode> {
    return yamlNodes(text, this.#dialect);
  }

  marshal(value: GoValue): string {
    return this.#isV3 ? writeYamlV3(value, { indent: 2 }) : writeYamlV2(value);
  }

  /** Decodes a node and refuses fields that the type lacks. Throws `YamlError` with Go's text. */
  decodeStrictly(
    node: YamlNode | undefined,
    type: GoType,
    unmarshalers: Unmarshalers,
    onStruct?: StructListener,
  ): unknown {
    return new Decoder({
      dialect: this.#dialect,
      strict: true,
      unmarshalers,
      ...(onStruct === undefined ? {} : { onStruct }),
    }).decode(node, type);
  }

  get #dialect(): YamlDialect {
    return this.#isV3 ? "v3" : "v2";
  }

  #first(text: string): YamlNode | undefined {
    for (const node of yamlNodes(text, this.#dialect)) return node;
    return undefined;
  }
}
