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

/** Characters of text that are remembered of each kind before all is forgotten. */
const mostRemembered = 8 * 1024 * 1024;

/** What was read of a text, for the environments of an estate: they share most of their files. Nobody changes it. */
class KnownTexts<Read> {
  readonly #known = new Map<string, Read>();
  #size = 0;

  get(text: string): Read | undefined {
    return this.#known.get(text);
  }

  set(text: string, read: Read): Read {
    if (this.#size > mostRemembered) {
      this.#known.clear();
      this.#size = 0;
    }
    this.#size += text.length;
    this.#known.set(text, read);
    return read;
  }
}

/** By dialect. */
const knownMaps = { v2: new KnownTexts<ValueMap>(), v3: new KnownTexts<ValueMap>() };
const knownDocuments = { v2: new KnownTexts<readonly YamlNode[]>(), v3: new KnownTexts<readonly YamlNode[]>() };

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

  /** Every map may have keys of any type in v2; in v3 only one that has such a key. */
  get hasGeneralMaps(): boolean {
    return !this.#isV3;
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

  /** The same, and the same map again for the same text: it must not be changed. */
  sharedMap(text: string): ValueMap {
    const known = knownMaps[this.dialect];
    return known.get(text) ?? known.set(text, this.unmarshalMap(text));
  }

  /** `yaml.Unmarshal` into a value of `type`. */
  unmarshalAs(text: string, type: GoType): unknown {
    return new Decoder({ dialect: this.dialect, strict: false }).decode(this.#first(text), type);
  }

  /** The documents of a stream, one at a time. Throws `YamlError` at the broken one. */
  *documents(text: string): Generator<YamlNode> {
    const known = knownDocuments[this.dialect];
    const documents = known.get(text);
    if (documents !== undefined) return yield* documents;
    const read: YamlNode[] = [];
    for (const node of yamlNodes(text, this.dialect)) {
      read.push(node);
      yield node;
    }
    known.set(text, read);
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
      dialect: this.dialect,
      strict: true,
      unmarshalers,
      ...(onStruct === undefined ? {} : { onStruct }),
    }).decode(node, type);
  }

  /** Which go-yaml helmfile reads with. */
  get dialect(): YamlDialect {
    return this.#isV3 ? "v3" : "v2";
  }

  #first(text: string): YamlNode | undefined {
    for (const node of yamlNodes(text, this.dialect)) return node;
    return undefined;
  }
}
