import type { JsonSchema } from "./check.ts";

const stringList = { type: "array", items: { type: "string" } };
const band = { type: "array", items: { type: "integer", minimum: 0 }, minItems: 2, maxItems: 2 };

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
      description: "The repository that Argo CD reads.",
      additionalProperties: false,
      properties: {
        root: {
          type: "string",
          description: "Folder that the GitOps repository's root lies in; `.` for the workspace.",
        },
        repoURL: { type: "string", description: "Git URL that Argo CD reads that folder from." },
        targetRevision: { type: "string", description: "Branch, tag or commit; default `HEAD`." },
      },
    },
    environments: {
      type: "object",
      description: "By name, in the order of a promotion. Default: the environments of the root helmfile.",
      additionalProperties: {
        type: ["object", "null"],
        additionalProperties: false,
        properties: {
          values: {
            ...stringList,
            description: "Folders of `sources/values`, lowest first; default `[_shared, NAME]`.",
          },
          helmfile: {
            type: "string",
            description: "Name of the Helmfile environment; default is the environment's own.",
          },
          cluster: {
            type: "string",
            description:
              "Destination of the Applications: a cluster name, or an https URL; default `https://kubernetes.default.svc`.",
          },
          env: {
            type: "object",
            additionalProperties: { type: "string" },
            description: "Environment variables that templates may read.",
          },
        },
      },
    },
    tiers: {
      type: "object",
      description: "By name. Default: foundation 0–19 (rendered), data 20–29, platform 30–49, apps 50–99.",
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          project: { type: "string", description: "AppProject of the tier's components; default is the tier's name." },
          source: { enum: ["rendered", "helm"], description: "What its releases become; default `helm`." },
          waves: { ...band, description: "First and last wave of the tier; default ten waves after the tier before." },
          group: { type: "string", description: "Folder between tier and component; default is the layer's name." },
        },
      },
    },
    layers: {
      type: "object",
      description:
        "Tier and waves of a helmfile layer, by its name: the file's, or the folder's where the file is called helmfile; with more folders where files share a name.",
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          tier: {
            type: "string",
            description: "Tier of the layer's releases; default is guessed from labels and the layer's name.",
          },
          waves: { ...band, description: "First and last wave of the layer, inside the tier's." },
        },
      },
    },
    releases: {
      type: "object",
      description:
        "Overrides for single releases, by name or namespace/name, or for all of a namespace (`namespace/*`) or of the estate (`*`).",
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          tier: { type: "string", description: "Tier of this release." },
          component: { type: "string", description: "Name of the component; default `TIER-RELEASE`." },
          source: {
            enum: ["rendered", "helm", "stay"],
            description: "What the release becomes; `stay` leaves it with Helmfile.",
          },
          wave: { type: "string", pattern: "^[0-9]+$", description: "Its wave, quoted; default follows from `needs`." },
          smoke: {
            enum: ["gate", "postsync", "ignore"],
            description:
              "What becomes of Helm tests: tracked Jobs that hold the next wave, PostSync hooks, or nothing.",
          },
          crds: {
            enum: ["component", "with-release"],
            description: "component: the chart's crds/ folder becomes a component of its own, one wave earlier.",
          },
          accept: {
            ...stringList,
            description: "Reason codes that somebody has looked at; they no longer block the move.",
          },
        },
      },
    },
    charts: {
      type: "object",
      description: "Where charts are found.",
      additionalProperties: false,
      properties: {
        overrides: {
          type: "object",
          additionalProperties: { type: "string" },
          description:
            "Chart reference (repo/name, URL, OCI reference; `@version` may follow; a `*` stands for the chart's name) to a folder or .tgz.",
        },
      },
    },
    kubernetes: {
      type: "object",
      additionalProperties: false,
      description: "What templates see of the cluster.",
      properties: {
        version: {
          type: "string",
          description: "Kubernetes version, as in `1.33`; default is the Helm version's own.",
        },
        apiVersions: {
          ...stringList,
          description: "API versions beyond the built-in ones, as in `monitoring.coreos.com/v1`.",
        },
      },
    },
    argocd: {
      type: "object",
      additionalProperties: false,
      description: "The Argo CD that will run this.",
      properties: {
        version: { type: "string", description: "Argo CD version; default `3.6`." },
        namespace: { type: "string", description: "Namespace of Argo CD and the Applications; default `argocd`." },
        newGitFileGlobbing: { type: "boolean", description: "As the controller's option of this name; default false." },
      },
    },
    appsets: {
      type: "object",
      additionalProperties: false,
      description: "How ApplicationSets are written.",
      properties: {
        valuesSource: {
          enum: ["ref", "inRepo"],
          description:
            "How a chart in the GitOps repository finds its value files: in its one source (`inRepo`, the default), or through a second one.",
        },
        layout: {
          enum: ["per-tier", "single"],
          description: "One ApplicationSet for each tier (the default), or one in all.",
        },
        maxUpdate: {
          type: ["string", "integer"],
          description: "How many Applications of a wave sync at once; default `100%`.",
        },
      },
    },
  },
};
