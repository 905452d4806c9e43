import type { GoValue } from "@tiphys/gotemplate";
import { fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic, Origin } from "@tiphys/source";
import {
  groupVersionOf,
  kindOf,
  nameOf,
  namespaceOf,
  nested,
  nestedSlice,
  nestedString,
  type Unstructured,
} from "../unstructured.ts";
import {
  type DestinationCluster,
  isApplicationNamespacePermitted,
  isDestinationPermitted,
  isKindPermitted,
  isSourcePermitted,
  type Project,
} from "./project.ts";

export interface CheckApplicationOptions {
  readonly application: Unstructured;
  readonly origin: Origin;
  /** By name. */
  readonly projects: ReadonlyMap<string, Project>;
  /** Clusters that Argo CD knows; the one it runs in must be among them. */
  readonly clusters: readonly DestinationCluster[];
  /** Argo CD's own namespace; default `argocd`. */
  readonly controlPlane?: string;
}

/** What an Application's AppProject forbids of it: sources, destination, namespace (util/argo/argo.go, ValidatePermissions). */
export function checkApplication(options: CheckApplicationOptions): Diagnostic[] {
  const { application, origin } = options;
  const name = nestedString(application, "spec", "project") || "default";
  const project = options.projects.get(name);
  const found = new Findings(origin, fromByteString(nameOf(application)));
  if (!project) {
    found.add(
      "project-missing",
      `application references project ${name} which does not exist`,
      undefined,
      "spec.project",
    );
    return found.list;
  }
  if (!isApplicationNamespacePermitted(project, namespaceOf(application), options.controlPlane ?? "argocd")) {
    found.add(
      "project-namespace-denied",
      `namespace '${namespaceOf(application)}' is not permitted to use project '${name}'`,
      project,
      "metadata.namespace",
    );
  }
  checkSources(application, project, found);
  checkDestination(application, project, options.clusters, found);
  return found.list;
}

class Findings {
  readonly list: Diagnostic[] = [];
  readonly origin: Origin;
  readonly application: string;
  constructor(origin: Origin, application: string) {
    this.origin = origin;
    this.application = application;
  }
  add(code: string, message: string, project: Project | undefined, path: string): void {
    this.list.push({
      code,
      severity: "error",
      message: `${this.application}: ${fromByteString(message)}`,
      origin: { ...this.origin, path },
      ...(project
        ? { related: [{ origin: project.origin, message: `AppProject ${fromByteString(project.name)}` }] }
        : {}),
    });
  }
}

function checkSources(application: Unstructured, project: Project, found: Findings): void {
  const hydrator = nested(application, "spec", "sourceHydrator");
  if (hydrator instanceof Map) {
    const dry = nestedString(hydrator, "drySource", "repoURL");
    const sync = nestedString(hydrator, "syncSource", "repoURL") || dry;
    if (!isSourcePermitted(project, dry))
      found.add(sourceDenied, sourceMessage(dry, project), project, "spec.sourceHydrator.drySource.repoURL");
    if (sync !== dry && !isSourcePermitted(project, sync)) {
      found.add(
        sourceDenied,
        `sync source repo ${sync} is not permitted in project '${project.name}'`,
        project,
        "spec.sourceHydrator.syncSource.repoURL",
      );
    }
    return;
  }
  const several = nestedSlice(application, "spec", "sources");
  const sources: readonly (readonly [GoValue, string])[] =
    several.length > 0
      ? several.map((source, index) => [source, `spec.sources[${index}]`] as const)
      : [[nested(application, "spec", "source") ?? null, "spec.source"]];
  for (const [source, path] of sources) {
    const fault = sourceFault(source, several.length > 0);
    if (fault !== undefined) {
      found.add("application-source-incomplete", fault, undefined, path);
      return;
    }
    const repoURL = nestedString(source, "repoURL");
    if (!isSourcePermitted(project, repoURL))
      found.add(sourceDenied, sourceMessage(repoURL, project), project, `${path}.repoURL`);
  }
}

const sourceDenied = "project-source-denied";

function sourceMessage(repoURL: string, project: Project): string {
  return `application repo ${repoURL} is not permitted in project '${project.name}'`;
}

function sourceFault(source: GoValue, isOneOfSeveral: boolean): string | undefined {
  const has = (key: string) => nestedString(source, key) !== "";
  if (isOneOfSeveral && (!has("repoURL") || (!has("path") && !has("chart") && !has("ref")))) {
    return "spec.source.repoURL and either source.path, source.chart, or source.ref are required for source";
  }
  if (!isOneOfSeveral && (!has("repoURL") || (!has("path") && !has("chart")))) {
    return "spec.source.repoURL and either spec.source.path or spec.source.chart are required";
  }
  if (has("chart") && !has("targetRevision"))
    return "spec.source.targetRevision is required if the manifest source is a helm chart";
  return undefined;
}

function checkDestination(
  application: Unstructured,
  project: Project,
  clusters: readonly DestinationCluster[],
  found: Findings,
): void {
  const server = nestedString(application, "spec", "destination", "server").replace(/\/+$/, "");
  const name = nestedString(application, "spec", "destination", "name");
  const namespace = nestedString(application, "spec", "destination", "namespace");
  if (server !== "" && name !== "") {
    found.add(
      "application-destination-invalid",
      `application destination can't have both name and server defined: ${name} ${server}`,
      undefined,
      "spec.destination",
    );
    return;
  }
  const cluster = clusters.find((known) => (server !== "" ? known.server === server : known.name === name));
  if (!cluster) {
    const message =
      server !== ""
        ? `cluster ${server} is not known`
        : name !== ""
          ? `there are no clusters with this name: ${name}`
          : "Destination server missing from app spec";
    found.add("application-destination-unknown", message, undefined, "spec.destination");
    return;
  }
  if (isDestinationPermitted(project, cluster, namespace)) return;
  const shown = name === "" ? cluster.server : cluster.name;
  found.add(
    "project-destination-denied",
    `application destination server '${shown}' and namespace '${namespace}' do not match any of the allowed destinations in project '${project.name}'`,
    project,
    "spec.destination",
  );
}

export interface CheckResourceOptions {
  readonly resource: Unstructured;
  /** Whether the kind lives in namespaces. */
  readonly isNamespaced: boolean;
  readonly origin: Origin;
  readonly project: Project;
  readonly cluster: DestinationCluster;
}

/** Why a manifest may not be synced in its project, as a sync would say it (controller/sync.go, validateSyncPermissions). */
export function checkResource({
  resource,
  isNamespaced,
  origin,
  project,
  cluster,
}: CheckResourceOptions): Diagnostic[] {
  const { group } = groupVersionOf(resource);
  const found = new Findings(origin, fromByteString(`${kindOf(resource)}/${nameOf(resource)}`));
  if (!isKindPermitted(project, { group, kind: kindOf(resource), name: nameOf(resource) }, isNamespaced)) {
    found.add(
      "project-resource-denied",
      `resource ${group}:${kindOf(resource)} is not permitted in project ${project.name}`,
      project,
      "kind",
    );
  } else if (isNamespaced && !isDestinationPermitted(project, cluster, namespaceOf(resource))) {
    found.add(
      "project-destination-denied",
      `namespace ${namespaceOf(resource)} is not permitted in project '${project.name}'`,
      project,
      "metadata.namespace",
    );
  }
  return found.list;
}
