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
