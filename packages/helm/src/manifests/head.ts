import type { Profile } from "../profile.ts";
import { decodeYaml, type Decoded, type Shape } from "../values/decode.ts";

/** What Helm reads of a document (`SimpleHead`, pkg/release/v1/util/manifest.go). */
export interface SimpleHead {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** undefined when there are none. */
  readonly annotations: ReadonlyMap<string, string> | undefined;
}

const string: Shape = { kind: "string" };
const headShape: Shape = {
  kind: "struct",
  type: "util.SimpleHead",
  name: "SimpleHead",
  fields: new Map<string, Shape>([
    ["apiVersion", string],
    ["kind", string],
    [
      "metadata",
      {
        kind: "struct",
        type: 'struct { Name string "json:\\"name\\""; Annotations map[string]string "json:\\"annotations\\"" }',
        name: "",
        fields: new Map<string, Shape>([
          ["name", string],
          ["annotations", { kind: "map", type: "map[string]string", element: string }],
        ]),
      },
    ],
  ]),
};

/** Reads the head with the exact parser. Throws `YamlError` and `DecodeError`. */
export function readHead(document: string, profile: Profile): SimpleHead {
  const decoded = decodeYaml(document, headShape, profile);
  const fields = decoded instanceof Map ? (decoded as Decoded) : new Map();
  const metadata = fields.get("metadata");
  const inner = metadata instanceof Map ? (metadata as Decoded) : new Map();
  const annotations = inner.get("annotations");
  return {
    apiVersion: text(fields.get("apiVersion")),
    kind: text(fields.get("kind")),
    name: text(inner.get("name")),
    annotations:
      annotations instanceof Map ? new Map([...annotations].map(([key, value]) => [key, text(value)])) : undefined,
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
