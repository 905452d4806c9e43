/** Go types of an Application in Argo CD 3.6.1 (pkg/apis/application/v1alpha1/types.go); the notation is in schema.ts. The status is not looked into. */
export const applicationTypes = `
Application
  kind? string
  apiVersion? string
  metadata ObjectMeta
  spec ApplicationSpec
  status? Opaque
  operation? *Operation
ApplicationSpec
  source? *ApplicationSource
  destination ApplicationDestination
  project string
  syncPolicy? *SyncPolicy
  ignoreDifferences? IgnoreDifferences
  info? []Info
  revisionHistoryLimit? *int64
  sources? ApplicationSources
  sourceHydrator? *SourceHydrator
ApplicationSource
  repoURL string
  path? string
  targetRevision? string
  helm? *ApplicationSourceHelm
  kustomize? *ApplicationSourceKustomize
  directory? *ApplicationSourceDirectory
  plugin? *ApplicationSourcePlugin
  chart? string
  ref? string
  name? string
  tagPrefix? string
ApplicationSourceHelm
  valueFiles? []string
  parameters? []HelmParameter
  releaseName? string
  values? string strategy=replace
  fileParameters? []HelmFileParameter
  version? string
  passCredentials? bool
  ignoreMissingValueFiles? bool
  skipCrds? bool
  valuesObject? *RawObject
  namespace? string
  kubeVersion? string
  apiVersions? []string
  skipTests? bool
  skipSchemaValidation? bool
HelmParameter
  name? string
  value? string
  forceString? bool
HelmFileParameter
  name? string
  path? string
ApplicationSourceKustomize
  namePrefix? string
  nameSuffix? string
  images? KustomizeImages
  commonLabels? map[string]string
  version? string
  commonAnnotations? map[string]string
  forceCommonLabels? bool
  forceCommonAnnotations? bool
  namespace? string
  commonAnnotationsEnvsubst? bool
  replicas? KustomizeReplicas
  patches? KustomizePatches
  components? []string
  ignoreMissingComponents? bool
  labelWithoutSelector? bool
  kubeVersion? string
  apiVersions? []string
  labelIncludeTemplates? bool
KustomizeReplica
  name string
  count IntOrString
KustomizePatch
  path? string
  patch? string
  target? *KustomizeSelector
  options? map[string]bool
KustomizeSelector
  group? string
  version? string
  kind? string
  name? string
  namespace? string
  annotationSelector? string
  labelSelector? string
ApplicationSourceDirectory
  recurse? bool
  jsonnet?0 ApplicationSourceJsonnet
  exclude? string
  include? string
  disableExtensionFilter? bool
ApplicationSourceJsonnet
  extVars? []JsonnetVar
  tlas? []JsonnetVar
  libs? []string
JsonnetVar
  name string
  value string
  code? bool
ApplicationSourcePlugin
  name? string
  env? Env
  parameters? ApplicationSourcePluginParameters
EnvEntry
  name string
  value string
ApplicationSourcePluginParameter
  name? string
  string? *string
  map? map[string]string
  array? []string
OptionalMap
  map map[string]string
OptionalArray
  array []string
ApplicationDestination
  server? string
  namespace? string
  name? string
SyncPolicy
  automated? *SyncPolicyAutomated
  syncOptions? SyncOptions
  retry? *RetryStrategy
  managedNamespaceMetadata? *ManagedNamespaceMetadata
SyncPolicyAutomated
  prune? *bool
  selfHeal? *bool
  allowEmpty? *bool
  enabled? *bool
RetryStrategy
  limit? int64
  backoff? *Backoff
  refresh? bool
Backoff
  duration? string
  factor? *int64
  maxDuration? string
ManagedNamespaceMetadata
  labels? map[string]string
  annotations? map[string]string
ResourceIgnoreDifferences
  group? string
  kind string
  name? string
  namespace? string
  jsonPointers? []string
  jqPathExpressions? []string
  managedFieldsManagers? []string
Info
  name string
  value string
SourceHydrator
  drySource DrySource
  syncSource SyncSource
  hydrateTo? *HydrateTo
DrySource
  repoURL string
  targetRevision string
  path string
  helm? *ApplicationSourceHelm
  kustomize? *ApplicationSourceKustomize
  directory? *ApplicationSourceDirectory
  plugin? *ApplicationSourcePlugin
SyncSource
  targetBranch string
  path string
  repoURL? string
HydrateTo
  targetBranch string
OperationInitiator
  username? string
  automated? bool
Operation
  sync? *SyncOperation
  initiatedBy? OperationInitiator
  info? []*Info
  retry? RetryStrategy
SyncOperation
  revision? string
  prune? bool
  dryRun? bool
  syncStrategy? *SyncStrategy
  resources? []SyncOperationResource
  source? *ApplicationSource
  manifests? []string
  syncOptions? SyncOptions
  sources? ApplicationSources
  revisions? []string
  autoHealAttemptsCount? int64
SyncStrategy
  apply? *SyncStrategyApply
  hook? *SyncStrategyHook
SyncStrategyApply
  force? bool
SyncStrategyHook
  force? bool
SyncOperationResource
  group? string
  kind string
  name string
  namespace? string
KustomizeImages = []KustomizeImage
KustomizeReplicas = []KustomizeReplica
KustomizePatches = []KustomizePatch
Env = []*EnvEntry
ApplicationSourcePluginParameters = []ApplicationSourcePluginParameter
SyncOptions = []string
IgnoreDifferences = []ResourceIgnoreDifferences
ApplicationSources = []ApplicationSource
KustomizeImage = string
`;
