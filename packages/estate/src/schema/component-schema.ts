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
    tier: { type: "string", description: "Default: the first folder below `components`." },
    project: { type: "string", description: "AppProject; default is the tier." },
    namespace: { type: "string", description: "Where objects without a namespace go." },
    wave: { ...wave, description: "Number that RollingSync orders by; quoted." },
    rolloutPhase: { ...wave, description: "Older name of wave." },
    chart: {
      type: "object",
      additionalProperties: false,
      description: "Absent: rendered, Argo CD reads this folder's manifests.",
      properties: {
        repoURL: { type: "string", description: "Chart repository (https) or folder of an OCI registry (oci)." },
        chart: { type: "string", description: "Name of the chart there." },
        version: { type: ["string", "number"], description: "Exact version." },
        path: { type: "string", description: "A chart in Git, from the repository's root." },
        releaseName: { type: "string", description: "Default: the component's name." },
        valueFiles: {
          ...stringList,
          description:
            "From the repository's root, lowest first; default `sources/values/LAYER/TIER/NAME.yaml` for each value layer.",
        },
        ignoreMissingValueFiles: { type: "boolean", description: "Default true." },
        skipCrds: { type: "boolean", description: "Leave out what the chart holds under crds/." },
        skipTests: { type: "boolean", description: "Leave out test hooks." },
        skipSchemaValidation: { type: "boolean", description: "Do not check values.schema.json." },
      },
    },
    syncOptions: { ...stringList, description: "As in an Application, for example `CreateNamespace=true`." },
    ignoreDifferences: { type: "array", items: { type: "object" }, description: "As in an Application." },
    labels: { ...stringMap, description: "Further labels of the Application." },
    annotations: { ...stringMap, description: "Annotations of the Application." },
  },
};
