import { isHook, isIgnored, isSkipped } from "../hooks/hook.ts";
import { annotationsOf, groupOf, kindOf, nameOf, namespaceOf, type Unstructured } from "../unstructured.ts";
import { isWorse, type HealthStatusCode } from "./health-status.ts";
import { resourceHealth, type ResourceHealth, type ResourceHealthOptions } from "./resource-health.ts";

/** An object of an Application: what is wanted, what is there, or both. */
export interface ManagedResource {
  readonly target?: Unstructured;
  readonly live?: Unstructured;
}

export interface ApplicationHealthOptions extends ResourceHealthOptions {
  /** Name and namespace of the Application, which does not judge itself. */
  readonly application?: { readonly name: string; readonly namespace: string };
}

export interface ApplicationHealth {
  readonly status: HealthStatusCode | "";
  /** `Caused by …` with at most three objects; "" when nothing is wrong. */
  readonly message: string;
  /** Verdict per resource, in the order given; undefined for those that do not count. */
  readonly resources: readonly (ResourceHealth | undefined)[];
}

const ignoreHealthCheck = "argocd.argoproj.io/ignore-healthcheck";
const maxCauses = 3;

/** The health of an Application from its resources. Mirrors Argo CD v3.6.1 controller/health.go. */
export function applicationHealth(
  resources: readonly ManagedResource[],
  options: ApplicationHealthOptions,
): ApplicationHealth {
  let status: HealthStatusCode | "" = "Healthy";
  let causes: Unstructured[] = [];
  let [hasResources, hasLive] = [false, false];
  const verdicts = resources.map((resource): ResourceHealth | undefined => {
    const { live, target } = resource;
    if (target !== undefined && isSkipped(target)) return undefined;
    if (live !== undefined && (isHook(live) || isIgnored(live))) return undefined;
    hasResources = true;
    // A missing object makes the Application OutOfSync, not unhealthy.
    if (live === undefined) return { health: { status: "Missing", message: "" } };
    hasLive = true;
    if (annotationsOf(live).get(ignoreHealthCheck) === "true" || isItself(live, options)) return undefined;
    const verdict = resourceHealth(live, options);
    const judged = verdict.health?.status;
    if (judged === undefined || (isApplication(live) && (judged === "Missing" || judged === "Unknown"))) return verdict;
    if (isWorse(status, judged)) {
      status = judged;
      causes = [live];
    } else if (status === judged && status !== "Healthy") {
      causes.push(live);
    }
    return verdict;
  });
  if (hasResources && !hasLive && isWorse(status, "Missing")) {
    status = "Missing";
    causes = [];
  }
  return { status, message: describe(causes), resources: verdicts };
}

function isApplication(object: Unstructured): boolean {
  return groupOf(object) === "argoproj.io" && kindOf(object) === "Application";
}

function isItself(object: Unstructured, { application }: ApplicationHealthOptions): boolean {
  return (
    application !== undefined &&
    isApplication(object) &&
    nameOf(object) === application.name &&
    namespaceOf(object) === application.namespace
  );
}

function describe(causes: readonly Unstructured[]): string {
  if (causes.length === 0) return "";
  const names = causes.slice(0, maxCauses).map((object) => {
    const [group, namespace] = [groupOf(object), namespaceOf(object)];
    const kind = group === "" ? kindOf(object) : `${group}/${kindOf(object)}`;
    return `${kind}:${namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`}`;
  });
  const more = causes.length > maxCauses ? ` and ${causes.length - maxCauses} more` : "";
  return `Caused by ${names.join(", ")}${more}`;
}
