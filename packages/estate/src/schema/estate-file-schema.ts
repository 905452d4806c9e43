import type { JsonSchema } from "./check.ts";

const stringList = { type: "array", items: { type: "string" } };

/** JSON Schema (2020-12) of `tiphys.yaml`; published as `docs/schemas/estate.schema.json`. */
export const estateFileSchema: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Tiphys estate",
  description: "tiphys.yaml at the root of a workspace. Everything is optional: what is absent is found by convention.",
  type: "object",
  additionalProperties: false,
  properties: {
    apiVersion: { enum: ["tiphys.dev/v1alpha1"] },
    kind: { enum: ["Estate"] },
    helmfile: { type: "string", description: "Root helmfile, or a helmfile.d folder." },
    gitops: {
      type: "object",
      additionalProperties: false,
      properties: {
        root: { type: "string", description: "Folder that the GitOps repository's root lies in; `.` for the workspace." },
        repoURL: { type: "string", description: "Git URL that Argo CD reads that folder from." },
        targetRevision: { type: "string" },
      },
    },
    environments: {
      type: "object",
      additionalProperties: {
        type: ["object", "null"],
        additionalProperties: false,
        properties: {
          values: { ...stringList, description: "Value layers, lowest first." },
          helmfile: { type: "string", description: "Name of the Helmfile environment." },
          cluster: { type: "string", description: "Destination of the Applications: a cluster name or an https URL." },
          env: { type: "object", additionalProperties: { type: "string" }, description: "Environment variables that templates may read." },
        },
      },
    },
    tiers: {
      type: "object",
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          project: { type: "string" },
          source: { enum: ["rendered", "helm"] },
          waves: { type: "array", items: { type: "integer", minimum: 0 }, minItems: 2, maxItems: 2 },
          group: { type: "string", description: "Folder between tier and component; default is the layer's name." },
        },
      },
    },
    layers: {
      type: "object",
      description: "Tier and waves of a helmfile layer, by the layer's name.",
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          tier: { type: "string" },
          waves: { type: "array", items: { type: "integer", minimum: 0 }, minItems: 2, maxItems: 2 },
        },
      },
    },
    releases: {
      type: "object",
      description: "Overrides for single releases, by name or namespace/name.",
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          tier: { type: "string" },
          component: { type: "string", description: "Name of the component." },
          source: { enum: ["rendered", "helm", "stay"] },
          wave: { type: "string", pattern: "^[0-9]+$" },
          accept: { ...stringList, description: "Reason codes that somebody has looked at." },
        },
      },
    },
    charts: {
      type: "object",
      additionalProperties: false,
      properties: {
        overrides: {
          type: "object",
          additionalProperties: { type: "string" },
          description: "Chart reference (repo/name, URL, OCI reference; a `*` stands for the chart's name) to a folder or .tgz.",
        },
      },
    },
    kubernetes: {
      type: "object",
      additionalProperties: false,
      properties: { version: { type: "string" }, apiVersions: stringList },
    },
    argocd: {
      type: "object",
      additionalProperties: false,
      properties: { version: { type: "string" }, namespace: { type: "string" }, newGitFileGlobbing: { type: "boolean" } },
    },
    appsets: {
      type: "object",
      additionalProperties: false,
      properties: {
        valuesSource: { enum: ["ref", "inRepo"] },
        layout: { enum: ["per-tier", "single"] },
        maxUpdate: { type: ["string", "integer"] },
      },
    },
  },
};
