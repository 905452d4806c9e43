/** Go types of an ApplicationSet in Argo CD 3.6.1 (pkg/apis/application/v1alpha1/applicationset_types.go); the notation is in schema.ts. */
export const applicationSetTypes = `
ApplicationSet
  kind? string
  apiVersion? string
  metadata ObjectMeta
  spec ApplicationSetSpec
  status? ApplicationSetStatus
ApplicationSetSpec
  goTemplate? bool
  generators []ApplicationSetGenerator
  template ApplicationSetTemplate
  syncPolicy? *ApplicationSetSyncPolicy
  strategy? *ApplicationSetStrategy
  preservedFields? *ApplicationPreservedFields
  goTemplateOptions? []string
  applyNestedSelectors? bool
  ignoreApplicationDifferences? ApplicationSetIgnoreDifferences
  templatePatch? *string
ApplicationSetGenerator
  list? *ListGenerator
  clusters? *ClusterGenerator
  git? *GitGenerator
  scmProvider? *SCMProviderGenerator
  clusterDecisionResource? *DuckTypeGenerator
  pullRequest? *PullRequestGenerator
  matrix? *MatrixGenerator
  merge? *MergeGenerator
  selector? *LabelSelector
  plugin? *PluginGenerator
  oci? *OciGenerator
ListGenerator
  elements []JSON
  template? ApplicationSetTemplate
  elementsYaml? string
ApplicationSetTemplate
  metadata ApplicationSetTemplateMeta
  spec ApplicationSpec
ApplicationSetTemplateMeta
  name? string
  namespace? string
  labels? map[string]string
  annotations? map[string]string
  finalizers? []string
ClusterGenerator
  selector? LabelSelector
  template? ApplicationSetTemplate
  values? map[string]string
  flatList? bool
GitGenerator
  repoURL string
  directories? []GitDirectoryGeneratorItem
  files? []GitFileGeneratorItem
  revision string
  requeueAfterSeconds? *int64
  template? ApplicationSetTemplate
  pathParamPrefix? string
  values? map[string]string
GitDirectoryGeneratorItem
  path string
  exclude? bool
GitFileGeneratorItem
  path string
  exclude? bool
SCMProviderGenerator
  github? *SCMProviderGeneratorGithub
  gitlab? *SCMProviderGeneratorGitlab
  bitbucket? *SCMProviderGeneratorBitbucket
  bitbucketServer? *SCMProviderGeneratorBitbucketServer
  gitea? *SCMProviderGeneratorGitea
  azureDevOps? *SCMProviderGeneratorAzureDevOps
  filters? []SCMProviderGeneratorFilter
  cloneProtocol? string
  requeueAfterSeconds? *int64
  template? ApplicationSetTemplate
  values? map[string]string
  awsCodeCommit? *SCMProviderGeneratorAWSCodeCommit
SCMProviderGeneratorGithub
  organization string
  api? string
  tokenRef? *SecretRef
  appSecretName? string
  allBranches? bool
  excludeArchivedRepos? bool
SecretRef
  secretName string
  key string
SCMProviderGeneratorGitlab
  group string
  includeSubgroups? bool
  api? string
  tokenRef? *SecretRef
  allBranches? bool
  insecure? bool
  includeSharedProjects? *bool
  topic? string
  caRef? *ConfigMapKeyRef
  includeArchivedRepos? bool
ConfigMapKeyRef
  configMapName string
  key string
SCMProviderGeneratorBitbucket
  owner string
  user string
  appPasswordRef *SecretRef
  allBranches? bool
SCMProviderGeneratorBitbucketServer
  project string
  api string
  basicAuth? *BasicAuthBitbucketServer
  allBranches? bool
  bearerToken? *BearerTokenBitbucket
  insecure? bool
  caRef? *ConfigMapKeyRef
BasicAuthBitbucketServer
  username string
  passwordRef *SecretRef
BearerTokenBitbucket
  tokenRef *SecretRef
SCMProviderGeneratorGitea
  owner string
  api string
  tokenRef? *SecretRef
  allBranches? bool
  insecure? bool
  excludeArchivedRepos? bool
SCMProviderGeneratorAzureDevOps
  organization string
  api? string
  teamProject string
  accessTokenRef *SecretRef
  allBranches? bool
SCMProviderGeneratorFilter
  repositoryMatch? *string
  pathsExist? []string
  pathsDoNotExist? []string
  labelMatch? *string
  branchMatch? *string
SCMProviderGeneratorAWSCodeCommit
  tagFilters? []*TagFilter
  role? string
  region? string
  allBranches? bool
TagFilter
  key string
  value? string
DuckTypeGenerator
  configMapRef string
  name? string
  requeueAfterSeconds? *int64
  labelSelector? LabelSelector
  template? ApplicationSetTemplate
  values? map[string]string
PullRequestGenerator
  github? *PullRequestGeneratorGithub
  gitlab? *PullRequestGeneratorGitLab
  gitea? *PullRequestGeneratorGitea
  bitbucketServer? *PullRequestGeneratorBitbucketServer
  filters? []PullRequestGeneratorFilter
  requeueAfterSeconds? *int64
  template? ApplicationSetTemplate
  bitbucket? *PullRequestGeneratorBitbucket
  azuredevops? *PullRequestGeneratorAzureDevOps
  values? map[string]string
  continueOnRepoNotFoundError? bool
PullRequestGeneratorGithub
  owner string
  repo string
  api? string
  tokenRef? *SecretRef
  appSecretName? string
  labels? []string
PullRequestGeneratorGitLab
  project string
  api? string
  tokenRef? *SecretRef
  labels? []string
  pullRequestState? string
  insecure? bool
  caRef? *ConfigMapKeyRef
PullRequestGeneratorGitea
  owner string
  repo string
  api string
  tokenRef? *SecretRef
  insecure? bool
  labels? []string
PullRequestGeneratorBitbucketServer
  project string
  repo string
  api string
  basicAuth? *BasicAuthBitbucketServer
  bearerToken? *BearerTokenBitbucket
  insecure? bool
  caRef? *ConfigMapKeyRef
PullRequestGeneratorFilter
  branchMatch? *string
  targetBranchMatch? *string
  titleMatch? *string
PullRequestGeneratorBitbucket
  owner string
  repo string
  api? string
  basicAuth? *BasicAuthBitbucketServer
  bearerToken? *BearerTokenBitbucketCloud
BearerTokenBitbucketCloud
  tokenRef *SecretRef
PullRequestGeneratorAzureDevOps
  organization string
  project string
  repo string
  api? string
  tokenRef? *SecretRef
  labels? []string
MatrixGenerator
  generators []ApplicationSetNestedGenerator
  template? ApplicationSetTemplate
ApplicationSetNestedGenerator
  list? *ListGenerator
  clusters? *ClusterGenerator
  git? *GitGenerator
  scmProvider? *SCMProviderGenerator
  clusterDecisionResource? *DuckTypeGenerator
  pullRequest? *PullRequestGenerator
  matrix? *JSON
  merge? *JSON
  selector? *LabelSelector
  plugin? *PluginGenerator
  oci? *OciGenerator
PluginGenerator
  configMapRef PluginConfigMapRef
  input? PluginInput
  requeueAfterSeconds? *int64
  template? ApplicationSetTemplate
  values? map[string]string
PluginConfigMapRef
  name string
PluginInput
  parameters? PluginParameters
OciGenerator
  repoURL string
  directories? []OciDirectoryGeneratorItem
  files? []OciFileGeneratorItem
  revision string
  requeueAfterSeconds? *int64
  template? ApplicationSetTemplate
  pathParamPrefix? string
  values? map[string]string
OciDirectoryGeneratorItem
  path string
  exclude? bool
OciFileGeneratorItem
  path string
  exclude? bool
MergeGenerator
  generators []ApplicationSetNestedGenerator
  mergeKeys []string
  template? ApplicationSetTemplate
ApplicationSetSyncPolicy
  preserveResourcesOnDeletion? bool
  applicationsSync? *ApplicationsSyncPolicy
ApplicationSetStrategy
  type? string
  rollingSync? *ApplicationSetRolloutStrategy
  deletionOrder? string
ApplicationSetRolloutStrategy
  steps? []ApplicationSetRolloutStep
ApplicationSetRolloutStep
  matchExpressions? []ApplicationMatchExpression
  maxUpdate? *IntOrString
ApplicationMatchExpression
  key? string
  operator? string
  values? []string
ApplicationPreservedFields
  annotations? []string
  labels? []string
ApplicationSetResourceIgnoreDifferences
  name? string
  jsonPointers? []string
  jqPathExpressions? []string
ApplicationSetStatus
  conditions? []ApplicationSetCondition
  applicationStatus? []ApplicationSetApplicationStatus
  resources? []ResourceStatus
  resourcesCount? int64
  health? HealthStatus
ApplicationSetCondition
  type string
  message string
  lastTransitionTime? *Time
  status string
  reason string
ApplicationSetApplicationStatus
  application string
  lastTransitionTime? *Time
  message string
  status string
  step string
  targetRevisions []string
ResourceStatus
  group? string
  version? string
  kind? string
  namespace? string
  name? string
  status? string
  health? *HealthStatus
  hook? bool
  requiresPruning? bool
  syncWave? int64
  requiresDeletionConfirmation? bool
HealthStatus
  status? string
  message? string
  lastTransitionTime? *Time
PluginParameters = map[string]JSON
ApplicationsSyncPolicy = string
ApplicationSetIgnoreDifferences = []ApplicationSetResourceIgnoreDifferences
`;
