import { YamlError } from "./error.ts";

const separator = "---";

/**
 * Splits a stream as apimachinery's `yaml.NewYAMLReader` does (k8s.io/apimachinery v0.36, pkg/util/yaml/decoder.go), which is what
 * Helm's LoadValues reads with. Throws `YamlError("invalid Yaml document separator: …")`.
 * `dropsLineAt4096` keeps Helm 4.2.4's fault: a last line without line break whose length is a multiple of 4096 is lost.
 */
export function splitYamlDocuments(text: string, options: { readonly dropsLineAt4096?: boolean } = {}): string[] {
  if (isOneDocument(text)) return [text];
  const documents: string[] = [];
  let document = "";
  let lineNumber = 0;
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start);
    let line = text.slice(start, end < 0 ? text.length : end);
    start = end < 0 ? text.length : end + 1;
    lineNumber++;
    if (end >= 0 && line.endsWith("\r")) line = line.slice(0, -1);
    else if (end < 0 && options.dropsLineAt4096 && line.length % 4096 === 0) break;
    if (line.startsWith(separator)) {
      const rest = line.slice(separator.length).trim();
      if (rest !== "" && !rest.startsWith("#"))
        throw new YamlError(`invalid Yaml document separator: ${rest}`, lineNumber);
      if (document !== "") {
        documents.push(document);
        document = "";
        continue;
      }
    }
    document += `${line}\n`;
  }
  if (document !== "") documents.push(document);
  return documents;
}

/** Whether no line is a separator or has to be changed. */
function isOneDocument(text: string): boolean {
  return (
    text.endsWith("\n") && !text.startsWith(separator) && !text.includes(`\n${separator}`) && !text.includes("\r\n")
  );
}
