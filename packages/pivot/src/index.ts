export { generateApplicationSets, gitopsPrefix, yamlString } from "./application-sets.ts";
export type { ApplicationSetInput, GeneratedFile, ProjectKinds } from "./application-sets.ts";
export { classify, mayBeRandom } from "./classify.ts";
export { releaseSettings } from "./release-settings.ts";
export type { Classification, RenderedOccurrence } from "./classify.ts";
export { releaseFaults } from "./faults.ts";
export { bannerMark, isFrozen, planFreeze } from "./freeze/freeze.ts";
export type { FrozenFile } from "./freeze/freeze.ts";
export { planClean } from "./clean.ts";
export type { CleanPlan } from "./clean.ts";
export { driftFindings } from "./guard/drift.ts";
export { externalSecretSkeleton } from "./translate/external-secret.ts";
export { guard, planGuard } from "./guard/guard.ts";
export type { GuardContext, GuardedFile } from "./guard/guard.ts";
export type { InventoryRelease, ReleaseClass, ReleaseOccurrence } from "./inventory-model.ts";
export type { RenderingMemory, RenderingSummary } from "./remembered-renderings.ts";
export { OverlayTree } from "./overlay-tree.ts";
export { findComponent, planMove } from "./plan.ts";
export type { MoveInput, PlannedFile, PlannedMove } from "./plan.ts";
export { prove, summarize } from "./prove.ts";
export type { Proof, ProofSummary, Verdict } from "./prove.ts";
export { committedPairs, revisionPairs, twinPairs } from "./proof-modes.ts";
export { proofPairs } from "./proof-pairs.ts";
export type { PairSelection, ProofPair } from "./proof-pairs.ts";
export { hookAdvice } from "./translate/hook-advice.ts";
export type { HookAdvice } from "./translate/hook-advice.ts";
export { groupReasonTexts, reasons, reasonText, reasonTexts } from "./reasons.ts";
export type { FoundReason, Reason } from "./reasons.ts";
export { isLeft, pivotStatus } from "./status.ts";
export type { StatusInput, StatusLine } from "./status.ts";
export { componentNames, tierOf } from "./tiers.ts";
export { planWaves } from "./waves.ts";
export type { WaveBands, WaveItem, WavePlan } from "./waves.ts";
export {
  definesEnvironment,
  helmfileEnvironments,
  layerName,
  takeInventory,
  writtenEnvironments,
} from "./inventory.ts";
export type { InventoryOptions } from "./inventory.ts";
export { renderOccurrence } from "./render-occurrence.ts";
export { planApplicationSets, planMigration } from "./migrate.ts";
export type { MigrationPlan, MigrationSelection } from "./migrate.ts";
export { argocdSideOf } from "./argocd-side.ts";
export { decide, proofContext, renderContext } from "./pivot.ts";
export type { Inventory, PivotInput, PivotView, ReleaseDecision } from "./pivot.ts";
export { releaseAnnotation } from "./translate/component-text.ts";
