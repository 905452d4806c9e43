import type { JsonSchema } from "./check.ts";

const stringList = { type: "array", items: { type: "string" } };
const stringMap = { type: "object", additionalProperties: { type: "string" } };
const wave = { type: ["string", "integer"], pattern: "^[0-9]+$" };

/** JSON Schema (2020-12) of `component.yaml`; published as `docs/schemas/component.schema.json`. */
export const componentSchema: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Tiphys component",
  description: "One unit under Argo CD: becomes one Application in the environment whose folder it lies in.",
  type: "object",
  additionalProperties: false,
  required: ["name"],
  properties: {
    name: { type: "string", maxLength: 253, description: "Unique in the environment; the Application's name." },
    tier: { type: "string" },
    project: { type: "string" },
    namespace: { type: "string" },
    wave: { ...wave, description: "Number that RollingSync orders by; quoted." },
    rolloutPhase: { ...wave, description: "Older name of wave." },
    chart: {
      type: "object",
      additionalProperties: false,
      description: "Absent: rendered, Argo CD reads this folder's manifests.",
      properties: {
        repoURL: { type: "string" },
        chart: { type: "string" },
        version: { type: ["string", "number"] },
        path: { type: "string", description: "A chart in Git, from the repository's root." },
        releaseName: { type: "string" },
        valueFiles: stringList,
        ignoreMissingValueFiles: { type: "boolean" },
        skipCrds: { type: "boolean" },
        skipTests: { type: "boolean" },
        skipSchemaValidation: { type: "boolean" },
      },
    },
    syncOptions: stringList,
    ignoreDifferences: { type: "array", items: { type: "object" } },
    labels: stringMap,
    annotations: stringMap,
  },
};
