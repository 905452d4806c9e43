import type { GoValue } from "@tiphys/gotemplate";

/** Chart.yaml (pkg/chart/v2/metadata.go). All strings are byte strings; absent ones are "". */
export interface Metadata {
  name: string;
  home: string;
  sources: string[];
  version: string;
  description: string;
  keywords: string[];
  maintainers: Maintainer[];
  icon: string;
  apiVersion: string;
  condition: string;
  tags: string;
  appVersion: string;
  deprecated: boolean;
  /** undefined when the file has none. */
  annotations: Map<string, string> | undefined;
  kubeVersion: string;
  /** undefined when there is no list, which differs from an empty one. */
  dependencies: Dependency[] | undefined;
  type: string;
}

export interface Maintainer {
  name: string;
  email: string;
  url: string;
}

/** One entry of `dependencies` (pkg/chart/v2/dependency.go). */
export interface Dependency {
  name: string;
  /** Version or range. */
  version: string;
  repository: string;
  condition: string;
  tags: string[];
  enabled: boolean;
  /** Strings and `child`/`parent` tables. */
  importValues: GoValue[];
  alias: string;
}

/** A Metadata with nothing in it. */
export function emptyMetadata(): Metadata {
  return {
    name: "",
    home: "",
    sources: [],
    version: "",
    description: "",
    keywords: [],
    maintainers: [],
    icon: "",
    apiVersion: "",
    condition: "",
    tags: "",
    appVersion: "",
    deprecated: false,
    annotations: undefined,
    kubeVersion: "",
    dependencies: undefined,
    type: "",
  };
}

/** `copyMetadata`: a copy whose dependencies are copies too. */
export function copyMetadata(metadata: Metadata): Metadata {
  return { ...metadata, dependencies: metadata.dependencies?.map((dependency) => ({ ...dependency })) };
}
