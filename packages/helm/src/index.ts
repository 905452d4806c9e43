export type { GunzipFunction } from "./chart/archive.ts";
export { GunzipLimitError, readArchive } from "./chart/archive.ts";
export { ChartFile } from "./chart/chart.ts";
export type { Chart, ChartWarning } from "./chart/chart.ts";
export { loadChart, loadChartArchive } from "./chart/load.ts";
export type { LoadChartOptions } from "./chart/load.ts";
export type { Dependency, Metadata } from "./chart/metadata.ts";
export { HelmError } from "./error.ts";
export { HelmEngine } from "./helm-engine.ts";
export { formatLogLine } from "./log-line.ts";
export type {
  ChartReference,
  HelmSource,
  Installation,
  InstallationSource,
  ManifestsSource,
  SetFlag,
  UnsupportedSource,
  ValuesLayer,
} from "./installation.ts";
export { defaultProfile, findProfile, profiles } from "./profile.ts";
export type { Profile, ProfileName } from "./profile.ts";
export type {
  RenderedDocument,
  RenderedFiles,
  RenderedHook,
  RenderError,
  RenderRequest,
  RenderResult,
  TracedFiles,
} from "./render-chart.ts";
export type { PostRenderer } from "./post-render/post-render.ts";
export { mergeLayers } from "./values/merge-layers.ts";
export { parseKubeVersion } from "./capabilities.ts";
export { printBeforeHooks, printDocument, showOnly } from "./manifests/output.ts";
export { mergeUserValues } from "./values/merge-layers.ts";
export { trimSpace } from "./manifests/split.ts";
export { readManifests } from "./manifests/read.ts";
export { isCompatibleRange } from "./chart/version.ts";
