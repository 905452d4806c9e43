/** Which go-yaml reads: `v2` = go.yaml.in/yaml/v2 (Helm, Argo CD through sigs.k8s.io/yaml), `v3` = go.yaml.in/yaml/v3 (helmfile). */
export type YamlDialect = "v2" | "v3";

export type YamlNodeKind = "scalar" | "mapping" | "sequence" | "alias";

export type YamlStyle = "plain" | "single-quoted" | "double-quoted" | "literal" | "folded" | "block" | "flow";

/** One node of a document as written. All strings are byte strings. */
export interface YamlNode {
  readonly kind: YamlNodeKind;
  /** The short tag: as written (`!!str`, `!mine`), else what the dialect resolves the node to (`!!int`, `!!map`); "" for an alias. */
  readonly tag: string;
  /** Whether the tag was written. */
  readonly tagged: boolean;
  readonly style: YamlStyle;
  /** A scalar's text after unquoting and folding; an alias' name. */
  readonly value: string;
  readonly anchor: string;
  /** 1-based place of the node's first character; columns count bytes. */
  readonly line: number;
  readonly column: number;
  /** Items of a sequence; key, value, key, value … of a mapping. */
  readonly children: readonly YamlNode[];
  /** What an alias points to. */
  readonly target: YamlNode | undefined;
}
