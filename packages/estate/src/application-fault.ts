import type { ArgoNode, RenderedApplication } from "@tiphys/argocd";
import { fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic, Origin } from "@tiphys/source";
import type { ExpandedApplication } from "./argocd-side.ts";

/** Why an Application came to no manifests. */
export interface ApplicationFault {
  readonly status: "wanted" | "unsupported" | "failed";
  readonly diagnostic: Diagnostic;
}

export interface FaultPlaces {
  /** A place in the GitOps repository as one in the workspace. */
  readonly inWorkspace: (origin: Origin) => Origin;
  /** The Application as it was found. */
  readonly node: ArgoNode | undefined;
}

/**
 * The fault of a rendering with its place: the file of the repository at fault, else the Application's field, else the Application.
 * undefined when all went well.
 */
export function applicationFault(
  rendered: RenderedApplication,
  application: ExpandedApplication,
  { inWorkspace, node }: FaultPlaces,
): ApplicationFault | undefined {
  const problem = rendered.notKnown ?? rendered.error;
  if (problem === undefined) return undefined;
  const status = problem.startsWith("wanted") ? "wanted" : rendered.notKnown !== undefined ? "unsupported" : "failed";
  const code =
    status === "wanted" ? "chart-wanted" : status === "unsupported" ? "application-unsupported" : "application-failed";
  const message = fromByteString(problem);
  const field = fieldPlace(node, rendered.failedField ?? []);
  const own = field === undefined ? application.origin : inWorkspace(field);
  const file = rendered.failedOrigin === undefined ? undefined : inWorkspace(rendered.failedOrigin);
  const diagnostic: Diagnostic = {
    code,
    severity: "error",
    message,
    origin: file ?? own,
    ...(file === undefined ? {} : { related: [{ origin: own, message: `needed by ${application.name}` }] }),
    fix: fixOf(message),
  };
  return { status, diagnostic };
}

/** The nearest place that is known of a field of an Application that stands in a file. */
export function fieldPlace(node: ArgoNode | undefined, field: readonly (string | number)[]): Origin | undefined {
  for (let length = field.length; length > 0; length--) {
    const origin = node?.originOf?.(field.slice(0, length));
    if (origin !== undefined) return origin;
  }
  return undefined;
}

function fixOf(message: string): string {
  for (const [pattern, fix] of fixes) if (pattern.test(message)) return fix;
  return "correct the place shown; until then Argo CD syncs nothing of this Application";
}

const fixes: readonly (readonly [RegExp, string])[] = [
  [
    /source referenced "|no source has a 'ref' field/,
    "name a source with this `ref`, or correct the value file's first segment",
  ],
  [/^wanted: repository/, "render from a workspace that is this repository; tiphys.yaml names it as gitops.repoURL"],
  [/^wanted: chart/, "name the chart under charts.overrides of tiphys.yaml, or fetch it"],
  [/no such file or directory|matched no files/, "add the file, or set ignoreMissingValueFiles"],
  [
    /app path does not exist|app path is not a directory/,
    "correct the source's path; it is relative to the repository's root",
  ],
  [/excessive aliasing/, "write the values out instead of using aliases of aliases"],
  [/kustomize is not at hand/, "install kustomize on PATH"],
];
