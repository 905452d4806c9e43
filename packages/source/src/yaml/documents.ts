/**
 * Splits a stream as apimachinery's `yaml.NewYAMLReader` does (k8s.io/apimachinery/pkg/util/yaml/decoder.go), which is what
 * Helm's LoadValues reads with. Throws `YamlError("invalid Yaml document separator: …")`.
 * `dropsLineAt4096` keeps Helm 4.2.4's fault: a last line without line break whose length is a multiple of 4096 is lost.
 */
export function splitYamlDocuments(_text: string, _options: { readonly dropsLineAt4096?: boolean } = {}): string[] {
  throw new Error("splitYamlDocuments is not finished");
}
