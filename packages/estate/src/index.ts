export { closest } from "./schema/check.ts";
export { compareObjects } from "./compare/compare-objects.ts";
export type { Comparison, ObjectDifference } from "./compare/compare-objects.ts";
export { compareValues } from "./compare/compare-values.ts";
export type { FieldChange } from "./compare/compare-values.ts";
export { pivotRules, randomDataRule } from "./compare/rules.ts";
export type { AcceptedDifference, Rule } from "./compare/rules.ts";
export { componentFileName, parkedComponentFileName, readComponents } from "./component.ts";
export type { Component, ComponentChart, ComponentFolder } from "./component.ts";
export { environmentSettings, estateFileName, readEstateFile, yamlDiagnostic } from "./estate-file.ts";
export type { EnvironmentSettings, EstateFile, LayerSettings, ReleaseSettings, TierSettings } from "./estate-file.ts";
export { describeObject, isClusterScoped, isHelmTest, readObjects } from "./objects.ts";
export type { RenderedDocument, RenderedObject } from "./objects.ts";
export { componentSchema } from "./schema/component-schema.ts";
export { estateFileSchema } from "./schema/estate-file-schema.ts";
export { createChartFinder, referenceText, repositoryKey } from "./charts.ts";
export type { ChartAnswer, ChartFinder, ChartPlace } from "./chart-answer.ts";
export type { ChartFinderOptions } from "./charts.ts";
export { renderInstallation } from "./render.ts";
export type { RenderContext, RenderEngine, Rendering } from "./render.ts";
export { findHelmfile } from "./discover.ts";
export { ArgocdSide, gitopsFolder } from "./argocd-side.ts";
export type {
  ArgocdSideOptions,
  ExpandedApplication,
  ExpandedApplicationSet,
  RenderedArgoApplication,
} from "./argocd-side.ts";
export { CauseFinder } from "./explain/field-cause.ts";
export type {
  ExplainedDifference,
  FieldCause,
  RenderedChart,
  SideCause,
  TracedSide,
  Tracer,
} from "./explain/field-cause.ts";
export { checkEstate } from "./check-estate.ts";
export { estateRules } from "./rules/all-rules.ts";
export type { EstateRule, RuleContext } from "./rules/rule.ts";
export type { SetValue } from "./explain/value-setters.ts";
