import type { GoValue } from "@tiphys/gotemplate";
import { readYaml, YamlError } from "@tiphys/source";
import { ArgoError } from "../fault.ts";
import { labelSelector, type Selector } from "../generators/selector.ts";
import { SettingsError } from "../settings/resource-overrides.ts";
import { isMap, nested, nestedString, type Unstructured } from "../unstructured.ts";
import type { Project } from "./project.ts";

const globalProjectsKey = "globalProjects";

interface GlobalProject {
  readonly name: string;
  readonly selector: ReadonlyMap<string, GoValue>;
}

/**
 * Every project with what it takes over from the global projects that `globalProjects` of argocd-cm gives it. Throws `SettingsError` where
 * that key cannot be read (upstream logs it and knows none). Mirrors Argo CD v3.6.1 util/argo/argo.go, GetAppVirtualProject.
 */
export function withGlobalProjects(
  projects: ReadonlyMap<string, Project>,
  argocdCm: Unstructured | undefined,
): ReadonlyMap<string, Project> {
  const globals = readGlobalProjects(argocdCm);
  if (globals.length === 0) return projects;
  return new Map([...projects].map(([name, project]) => [name, virtualProject(project, projects, globals)]));
}

function readGlobalProjects(argocdCm: Unstructured | undefined): GlobalProject[] {
  const text = nestedString(argocdCm, "data", globalProjectsKey);
  if (text === "") return [];
  const fail = (reason: string): never => {
    throw new SettingsError(globalProjectsKey, `error unmarshalling global project settings: ${reason}`);
  };
  let value: GoValue;
  try {
    ({ value } = readYaml(text));
  } catch (error) {
    if (error instanceof YamlError) return fail(error.message);
    throw error;
  }
  if (value === null) return [];
  if (!Array.isArray(value) || !value.every(isMap)) return fail("a list of maps is wanted");
  return value.map((item) => {
    const selector = nested(item, "labelSelector");
    return { name: nestedString(item, "projectName"), selector: isMap(selector) ? selector : new Map() };
  });
}

/** A selector that is none, or a project that is missing, ends the list. */
function virtualProject(
  project: Project,
  projects: ReadonlyMap<string, Project>,
  globals: readonly GlobalProject[],
): Project {
  let merged = project;
  for (const { name, selector } of globals) {
    if (project.name === name) continue;
    const selects = readSelector(selector);
    if (selects === undefined) break;
    if (!selects(project.labels)) continue;
    const global = projects.get(name);
    if (global === undefined) break;
    merged = mergeProjects(merged, global);
  }
  return merged;
}

function readSelector(selector: ReadonlyMap<string, GoValue>): Selector | undefined {
  try {
    return labelSelector(selector, { anyValue: false });
  } catch (error) {
    if (error instanceof ArgoError) return undefined;
    throw error;
  }
}

function mergeProjects(project: Project, global: Project): Project {
  const { namespaceResourceWhitelist: own } = project;
  const { namespaceResourceWhitelist: taken = [] } = global;
  return {
    ...project,
    sourceRepos: [...project.sourceRepos, ...global.sourceRepos],
    destinations: [...project.destinations, ...global.destinations],
    clusterResourceWhitelist: [...project.clusterResourceWhitelist, ...global.clusterResourceWhitelist],
    clusterResourceBlacklist: [...project.clusterResourceBlacklist, ...global.clusterResourceBlacklist],
    // An empty list that is taken over restricts nothing.
    namespaceResourceWhitelist: own === undefined && taken.length === 0 ? undefined : [...(own ?? []), ...taken],
    namespaceResourceBlacklist: [...project.namespaceResourceBlacklist, ...global.namespaceResourceBlacklist],
  };
}
