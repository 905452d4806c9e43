export { buildState } from "./app/build.ts";
export { listReleases } from "./app/list.ts";
export { environmentNames } from "./app/environment-names.ts";
export type { ListedRelease, ListOptions } from "./app/list.ts";
export type { HelmfileOptions } from "./app/options.ts";
export { printEnvironment } from "./app/print-env.ts";
export type { CommandResult, HelmCall } from "./app/result.ts";
export { showDag } from "./app/show-dag.ts";
export { writeValues } from "./app/write-values.ts";
export type { WriteValuesOptions } from "./app/write-values.ts";
export type { CommandRequest, CommandResult as RunResult, CommandRunner } from "./session/command-runner.ts";
export type { Answer, LogLevel, Permissions } from "./session/session.ts";
export { HelmfileError } from "./state/error.ts";
export type { KustomizeRequest, KustomizeRunner } from "./helm/kustomize.ts";
export { planSync } from "./app/sync.ts";
export type { SyncCommandOptions } from "./app/sync.ts";
export { templateReleases } from "./app/template.ts";
export type { NeedsOptions, RenderingOptions, TemplateCommandOptions } from "./app/template.ts";
export { readHelmfile, releaseValues } from "./app/read-helmfile.ts";
export { makeChart } from "./app/make-chart.ts";
export type { GivenChart, MakeChartOptions } from "./app/make-chart.ts";
export type { HelmfileHook } from "./app/read-hooks.ts";
export type {
  ChartEdit,
  HelmfileReading,
  HelmfileRelease,
  HelmfileRepository,
  ReleaseAnswer,
  WithheldValue,
} from "./app/read-helmfile.ts";
export { effectiveValues, helmArguments, writtenValues } from "./app/effective-values.ts";
export type { EffectiveLeaf, EffectiveValues, ValueRead, ValueSource, WrittenValues } from "./app/effective-values.ts";
export type { EnvironmentOrigin } from "./provenance/environment-sources.ts";
export { matchesLabels, parseSelector, SelectorError } from "./state/selectors.ts";
