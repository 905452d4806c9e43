import { hookSchema, missingFileHandlerConfigSchema, releaseSpecSchema, templateSpecSchema } from "./release-spec.ts";
import {
  anything,
  flag,
  flagPointer,
  hidden,
  integer,
  integerPointer,
  kept,
  nested,
  structMap,
  structPointer,
  structs,
  structSchema,
  text,
  textMap,
  textPointer,
  texts,
  valueMap,
} from "./schema.ts";
import type { StructOf } from "./schema.ts";

/* Mirrors pkg/state/state.go, pkg/state/environment.go and pkg/agent/llm of helmfile 1.8.0. */

export const environmentSpecSchema = structSchema("state.EnvironmentSpec", {
  values: anything("Values"),
  secrets: texts("Secrets"),
  kubeContext: text("KubeContext"),
  missingFileHandler: textPointer("MissingFileHandler"),
  missingFileHandlerConfig: structPointer("MissingFileHandlerConfig", missingFileHandlerConfigSchema),
  mergeStrategy: text("MergeStrategy"),
});
export type EnvironmentSpec = StructOf<typeof environmentSpecSchema>;

export const helmSpecSchema = structSchema("state.HelmSpec", {
  kubeContext: text("KubeContext"),
  args: texts("Args"),
  diffArgs: texts("DiffArgs"),
  syncArgs: texts("SyncArgs"),
  templateArgs: texts("TemplateArgs"),
  verify: kept(flag("Verify")),
  keyring: text("Keyring"),
  enableDNS: kept(flag("EnableDNS")),
  skipSchemaValidation: flagPointer("SkipSchemaValidation"),
  devel: kept(flag("Devel")),
  wait: kept(flag("Wait")),
  waitRetries: kept(integer("WaitRetries")),
  waitForJobs: kept(flag("WaitForJobs")),
  timeout: kept(integer("Timeout")),
  recreatePods: kept(flag("RecreatePods")),
  force: kept(flag("Force")),
  atomic: kept(flag("Atomic")),
  rollbackOnFailure: kept(flag("RollbackOnFailure")),
  cleanupOnFail: flag("CleanupOnFail"),
  forceConflicts: kept(flag("ForceConflicts")),
  historyMax: integerPointer("HistoryMax"),
  createNamespace: flagPointer("CreateNamespace"),
  skipCRDs: flag("SkipCRDs"),
  skipDeps: kept(flag("SkipDeps")),
  skipRefresh: kept(flag("SkipRefresh")),
  resolveOCIVersions: flagPointer("ResolveOCIVersions"),
  reuseValues: kept(flag("ReuseValues")),
  postRenderer: textPointer("PostRenderer"),
  postRendererArgs: texts("PostRendererArgs"),
  cascade: textPointer("Cascade"),
  suppressOutputLineRegex: texts("SuppressOutputLineRegex"),
  disableAutoDetectedKubeVersionForDiff: flagPointer("DisableAutoDetectedKubeVersionForDiff"),
  disableValidation: flagPointer("DisableValidation"),
  disableOpenAPIValidation: flagPointer("DisableOpenAPIValidation"),
  insecureSkipTLSVerify: flag("InsecureSkipTLSVerify"),
  plainHttp: flag("PlainHttp"),
  deleteWait: flag("DeleteWait"),
  deleteTimeout: integer("DeleteTimeout"),
  syncReleaseLabels: flagPointer("SyncReleaseLabels"),
  takeOwnership: flagPointer("TakeOwnership"),
  serverSide: textPointer("ServerSide"),
  trackMode: text("TrackMode"),
  helmStuckGrace: integer("HelmStuckGrace"),
});
export type HelmSpec = StructOf<typeof helmSpecSchema>;

export const repositorySpecSchema = structSchema("state.RepositorySpec", {
  name: text("Name"),
  url: text("URL"),
  caFile: text("CaFile"),
  certFile: text("CertFile"),
  keyFile: text("KeyFile"),
  username: text("Username"),
  password: text("Password"),
  registryConfig: text("RegistryConfig"),
  managed: text("Managed"),
  oci: flag("OCI"),
  verify: flag("Verify"),
  keyring: text("Keyring"),
  passCredentials: flag("PassCredentials"),
  skipTLSVerify: flag("SkipTLSVerify"),
  plainHttp: flag("PlainHttp"),
});
export type RepositorySpec = StructOf<typeof repositorySpecSchema>;

/** As decoded from a map; the flattened form of helmfile's SubHelmfileSpec. */
export const subHelmfileSpecSchema = structSchema("state.SubHelmfileSpec", {
  path: text("Path"),
  selectors: texts("Selectors"),
  selectorsInherited: flag("SelectorsInherited"),
  inherits: texts("Inherits"),
  values: anything("OverrideValues"),
});
export type SubHelmfileSpec = StructOf<typeof subHelmfileSpecSchema>;

/** The anonymous struct into which UnmarshalYAML decodes; its name shows in errors. */
export const subHelmfileSpecMapSchema = {
  ...subHelmfileSpecSchema,
  name:
    'struct { Path string "yaml:\\"path\\""; Selectors []string "yaml:\\"selectors\\""; SelectorsInherited bool "yaml:\\"selectorsInherited\\""; ' +
    'Inherits []string "yaml:\\"inherits\\""; Environment state.SubhelmfileEnvironmentSpec "yaml:\\",inline\\"" }',
};

const llmConfigSchema = structSchema("llm.Config", {
  baseURL: text("BaseURL"),
  apiKey: text("APIKey"),
  model: text("Model"),
  timeout: text("Timeout"),
  maxTokens: integer("MaxTokens"),
  temperature: { ...integer("Temperature"), type: { kind: "float32" } },
});

export const helmStateSchema = structSchema("state.helmStateAlias", {
  filepath: kept(text("FilePath")),
  helmBinary: text("DefaultHelmBinary"),
  kustomizeBinary: text("DefaultKustomizeBinary"),
  values: anything("DefaultValues"),
  environments: structMap("Environments", environmentSpecSchema),
  bases: texts("Bases"),
  helmDefaults: nested("HelmDefaults", helmSpecSchema),
  helmfiles: structs("Helmfiles", subHelmfileSpecSchema),
  kubeContext: text("OverrideKubeContext"),
  namespace: text("OverrideNamespace"),
  chart: text("OverrideChart"),
  repositories: structs("Repositories", repositorySpecSchema),
  commonLabels: textMap("CommonLabels"),
  releases: structs("Releases", releaseSpecSchema),
  "-originReleases": hidden(structs("OrginReleases", releaseSpecSchema)),
  "-selectors": hidden(texts("Selectors")),
  llm: nested("LLM", llmConfigSchema),
  apiVersions: texts("ApiVersions"),
  kubeVersion: text("KubeVersion"),
  hooks: structs("Hooks", hookSchema),
  templates: kept(structMap("Templates", templateSpecSchema)),
  defaultInherit: {
    ...texts("DefaultInherit"),
    type: { kind: "slice", of: { kind: "string" }, name: "state.DefaultInherits" },
  },
  missingFileHandler: textPointer("MissingFileHandler"),
  missingFileHandlerConfig: structPointer("MissingFileHandlerConfig", missingFileHandlerConfigSchema),
  lockFilePath: text("LockFile"),
  renderedvalues: kept(valueMap("RenderedValues")),
});
/** What one state file, or one part of it, says. */
export type HelmStateSpec = StructOf<typeof helmStateSchema>;
