export { applicationHealth } from "./health/application-health.ts";
export type { ApplicationHealth, ApplicationHealthOptions, ManagedResource } from "./health/application-health.ts";
export { groupKindKey, shippedHealthScripts } from "./health/health-scripts.ts";
export type { HealthScript, ShippedHealthScripts } from "./health/health-scripts.ts";
export type { HealthStatus, HealthStatusCode } from "./health/health-status.ts";
export { LuaHealthError } from "./health/lua-health.ts";
export { resourceHealth, scriptHealth } from "./health/resource-health.ts";
export type { ResourceHealth, ResourceHealthOptions } from "./health/resource-health.ts";
export { objectRole, syncPlan } from "./hooks/sync-plan.ts";
export type { ObjectRole, SyncPlan, SyncPlanOptions } from "./hooks/sync-plan.ts";
export type { SyncFailure } from "./hooks/sync-operation.ts";
export type { SyncStep } from "./hooks/sync-step.ts";
export { compareOptions, resourceOverrides, SettingsError } from "./settings/resource-overrides.ts";
export type { ResourceOverride, ResourceOverrides } from "./settings/resource-overrides.ts";
export { expandApplicationSet } from "./application-set.ts";
export type { ApplicationSetDocument, ExpandOptions, Expansion, GeneratedApplication } from "./application-set.ts";
export type { Admission } from "./api/admission.ts";
export type { ControllerVerdict } from "./controller.ts";
export type { ClusterSecret } from "./generators/clusters.ts";
export { readClusterSecrets } from "./generators/cluster-secrets.ts";
export type { SecretDocument } from "./generators/cluster-secrets.ts";
export { readFixtures } from "./generators/fixtures.ts";
export type { Fixture } from "./generators/fixtures.ts";
export { Repositories } from "./generators/repository.ts";
export type { Repository, RepositoryResolver } from "./generators/repository.ts";
export { argocdProfiles, defaultArgocdProfile, findArgocdProfile } from "./profile.ts";
export type { ArgocdProfile, ArgocdProfileName } from "./profile.ts";
export { planDeletion } from "./rollout/deletion.ts";
export type { DeletionPlan } from "./rollout/deletion.ts";
export { simulateRollout } from "./rollout/simulate.ts";
export type {
  RolloutEvent,
  RolloutSimulation,
  SimulatedApplication,
  SimulateOptions,
  SyncBehaviour,
} from "./rollout/simulate.ts";
export { assignSteps, readStrategy } from "./rollout/steps.ts";
export type { RolloutApplication, RolloutStep, RolloutStrategy } from "./rollout/steps.ts";
export { checkApplication, checkResource } from "./project/check-application.ts";
export type { CheckApplicationOptions, CheckResourceOptions } from "./project/check-application.ts";
export { normalizeGitUrl } from "./project/normalize-git-url.ts";
export {
  defaultProject,
  isApplicationNamespacePermitted,
  isDestinationPermitted,
  isKindPermitted,
  isSourcePermitted,
  readProject,
} from "./project/project.ts";
export type { DestinationCluster, Project, ProjectDestination, ResourceRule } from "./project/project.ts";
export { discoverArgo } from "./discover.ts";
export type { ArgoDocument, ArgoKind, ArgoNode, Discovery, DiscoverOptions, RenderedManifests } from "./discover.ts";
export type { KustomizeOutcome, KustomizeRunner, KustomizeSession } from "./source/kustomize.ts";
export { renderApplication } from "./source/render-application.ts";
export type { RenderApplicationOptions, RenderedApplication, RenderedSource } from "./source/render-application.ts";
export type { ChartResolver, ResolvedChart, SourceResolvers } from "./source/resolvers.ts";
export type { TrackingMethod } from "./source/tracking.ts";
export { ArgoError } from "./fault.ts";
export { normalizeApplicationSpec } from "./reconcile/normalize-spec.ts";
export { planReconcile } from "./reconcile/plan-reconcile.ts";
export type { ApplicationsSync, ReconcileAction, ReconcileOptions } from "./reconcile/plan-reconcile.ts";
export type { IgnoreWarning } from "./diff/ignore-rules.ts";
export { normalizeAndDiff } from "./diff/normalize-and-diff.ts";
export type { DiffResult } from "./diff/normalize-and-diff.ts";
export type { DiffOptions, DiffRequest } from "./diff/comparison.ts";
export { respectIgnoreDifferences } from "./diff/respect-ignore-differences.ts";
export type { SyncTarget } from "./diff/respect-ignore-differences.ts";
export { syncChange } from "./diff/sync-change.ts";
export {
  hasSyncOption,
  ignoresExtraneous,
  isPrunedBySync,
  serverSideDiffReason,
  syncPlanOptions,
} from "./state/sync-options.ts";
export { managedResources, normalizeTargetObjects } from "./state/target-objects.ts";
export type { ComparedPair, TargetObjects, TargetOptions } from "./state/target-objects.ts";
export { withGlobalProjects } from "./project/global-projects.ts";
export { renderingSettings } from "./settings/rendering-settings.ts";
export type { RenderingSettings } from "./settings/rendering-settings.ts";
export { readResourcesFilter } from "./settings/resources-filter.ts";
export type { ResourcesFilter } from "./settings/resources-filter.ts";
