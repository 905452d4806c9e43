import {
  anything,
  flag,
  flagPointer,
  floatPointer,
  integerPointer,
  kept,
  structPointer,
  structs,
  structSchema,
  text,
  textMap,
  textPointer,
  texts,
} from "./schema.ts";
import type { StructOf } from "./schema.ts";

/* Mirrors pkg/state/state.go and pkg/event/bus.go of helmfile 1.8.0: fields, YAML keys and their order. */

export const hookSchema = structSchema("event.Hook", {
  name: kept(text("Name")),
  events: kept(texts("Events")),
  command: kept(text("Command")),
  kubectlApply: textMap("Kubectl"),
  args: kept(texts("Args")),
  showlogs: kept(flag("ShowLogs")),
});
export type Hook = StructOf<typeof hookSchema>;

export const missingFileHandlerConfigSchema = structSchema("state.MissingFileHandlerConfig", {
  ignoreMissingGitBranch: flag("IgnoreMissingGitBranch"),
});

export const setValueSchema = structSchema("state.SetValue", {
  name: text("Name"),
  value: text("Value"),
  file: text("File"),
  values: anything("Values"),
});
export type SetValue = StructOf<typeof setValueSchema>;

export const dependencySchema = structSchema("state.Dependency", {
  chart: kept(text("Chart")),
  version: kept(text("Version")),
  alias: kept(text("Alias")),
});

export const inheritSchema = structSchema("state.Inherit", {
  template: text("Template"),
  except: texts("Except"),
});
export type Inherit = StructOf<typeof inheritSchema>;

const trackResourceSchema = structSchema("state.TrackResourceSpec", {
  kind: text("Kind"),
  name: text("Name"),
  namespace: text("Namespace"),
});

const releaseFields = {
  chart: text("Chart"),
  chartPath: text("ChartPath"),
  directory: text("Directory"),
  version: text("Version"),
  verify: flagPointer("Verify"),
  keyring: text("Keyring"),
  enableDNS: flagPointer("EnableDNS"),
  devel: flagPointer("Devel"),
  wait: flagPointer("Wait"),
  waitRetries: integerPointer("WaitRetries"),
  waitForJobs: flagPointer("WaitForJobs"),
  timeout: integerPointer("Timeout"),
  recreatePods: flagPointer("RecreatePods"),
  force: flagPointer("Force"),
  installed: flagPointer("Installed"),
  updateStrategy: text("UpdateStrategy"),
  atomic: flagPointer("Atomic"),
  rollbackOnFailure: flagPointer("RollbackOnFailure"),
  cleanupOnFail: flagPointer("CleanupOnFail"),
  forceConflicts: flagPointer("ForceConflicts"),
  historyMax: integerPointer("HistoryMax"),
  condition: text("Condition"),
  createNamespace: flagPointer("CreateNamespace"),
  reuseValues: flagPointer("ReuseValues"),
  disableOpenAPIValidation: flagPointer("DisableOpenAPIValidation"),
  disableValidation: flagPointer("DisableValidation"),
  disableValidationOnInstall: flagPointer("DisableValidationOnInstall"),
  missingFileHandler: textPointer("MissingFileHandler"),
  missingFileHandlerConfig: structPointer("MissingFileHandlerConfig", missingFileHandlerConfigSchema),
  needs: texts("Needs"),
  hooks: structs("Hooks", hookSchema),
  unitTests: texts("UnitTests"),
  name: text("Name"),
  description: text("Description"),
  namespace: text("Namespace"),
  labels: textMap("Labels"),
  values: anything("Values"),
  secrets: anything("Secrets"),
  set: structs("SetValues", setValueSchema),
  setString: structs("SetStringValues", setValueSchema),
  valuesTemplate: anything("ValuesTemplate"),
  setTemplate: structs("SetValuesTemplate", setValueSchema),
  apiVersions: texts("ApiVersions"),
  kubeVersion: text("KubeVersion"),
  env: structs("EnvValues", setValueSchema),
  valuesPathPrefix: text("ValuesPathPrefix"),
  kubeContext: text("KubeContext"),
  insecureSkipTLSVerify: flag("InsecureSkipTLSVerify"),
  plainHttp: flag("PlainHttp"),
  verifyTemplate: textPointer("VerifyTemplate"),
  waitTemplate: textPointer("WaitTemplate"),
  installedTemplate: textPointer("InstalledTemplate"),
  conditionTemplate: textPointer("ConditionTemplate"),
  dependencies: structs("Dependencies", dependencySchema),
  jsonPatches: anything("JSONPatches"),
  strategicMergePatches: anything("StrategicMergePatches"),
  transformers: anything("Transformers"),
  adopt: texts("Adopt"),
  forceGoGetter: flag("ForceGoGetter"),
  forceNamespace: text("ForceNamespace"),
  skipDeps: flagPointer("SkipDeps"),
  skipRefresh: flagPointer("SkipRefresh"),
  resolveOCIVersions: flagPointer("ResolveOCIVersions"),
  postRenderer: textPointer("PostRenderer"),
  skipSchemaValidation: flagPointer("SkipSchemaValidation"),
  postRendererArgs: texts("PostRendererArgs"),
  cascade: textPointer("Cascade"),
  suppressOutputLineRegex: texts("SuppressOutputLineRegex"),
  disableAutoDetectedKubeVersionForDiff: flagPointer("DisableAutoDetectedKubeVersionForDiff"),
  inherit: structs("Inherit", inheritSchema, "state.Inherits"),
  suppressDiff: flagPointer("SuppressDiff"),
  deleteWait: flagPointer("DeleteWait"),
  deleteTimeout: integerPointer("DeleteTimeout"),
  syncReleaseLabels: flagPointer("SyncReleaseLabels"),
  takeOwnership: flagPointer("TakeOwnership"),
  serverSide: textPointer("ServerSide"),
  trackMode: text("TrackMode"),
  trackTimeout: integerPointer("TrackTimeout"),
  trackLogs: flagPointer("TrackLogs"),
  trackFailedLogs: flagPointer("TrackFailedLogs"),
  helmStuckGrace: integerPointer("HelmStuckGrace"),
  trackKinds: texts("TrackKinds"),
  skipKinds: texts("SkipKinds"),
  trackResources: structs("TrackResources", trackResourceSchema),
  kubedogQPS: floatPointer("KubedogQPS"),
  kubedogBurst: integerPointer("KubedogBurst"),
  trackFailOnError: flagPointer("TrackFailOnError"),
};

export const releaseSpecSchema = structSchema("state.ReleaseSpec", releaseFields);
export type ReleaseSpec = StructOf<typeof releaseSpecSchema>;

/** `TemplateSpec` only wraps a release; its own name shows in errors. */
export const templateSpecSchema = structSchema("state.TemplateSpec", releaseFields);

/** Whether the release is to be there: `installed` is not false. */
export function isDesired(release: ReleaseSpec): boolean {
  return release.installed?.value !== false;
}
