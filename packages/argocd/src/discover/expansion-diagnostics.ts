import type { Diagnostic, Origin } from "@tiphys/source";
import type { Expansion } from "../application-set.ts";
import type { RefusedApplication } from "../controller.ts";
import type { ArgoNode } from "../discover.ts";

/** The generated Applications that no controller can create: without a name, or with one that another has. */
export function refusedNames({ refused = [] }: Expansion): readonly RefusedApplication[] {
  return refused.filter(({ reason }) => reason === "name");
}

/** What is wrong with an ApplicationSet and with the Applications that it generates, each with its place. */
export function expansionDiagnostics(set: ArgoNode, expansion: Expansion): Diagnostic[] {
  return [...admissionFindings(set, expansion), ...generationFindings(set, expansion)];
}

/** What the API server says of the object itself. */
function admissionFindings(set: ArgoNode, { admission, error }: Expansion): Diagnostic[] {
  if (admission === undefined) return [];
  const unknown = admission.unknownFields.map((field): Diagnostic => ({
    code: "applicationset-unknown-field",
    severity: "warning",
    message: `${set.id}: unknown field "${field}"`,
    origin: placeOf(set, field),
    fix: "correct or remove the field: kubectl refuses it, other clients lose it without a word",
  }));
  // What cannot be decoded is said once.
  const refused = (error?.reason === "NotAnApplicationSet" ? [] : admission.errors).map((text): Diagnostic => ({
    code: "applicationset-refused",
    severity: "error",
    message: `${set.id} is refused by the API server: ${text}`,
    origin: placeOf(set, /^[\w.[\]]+/.exec(text)?.[0] ?? ""),
    fix: "correct the field; until then the set cannot be applied",
  }));
  return [...unknown, ...refused];
}

function generationFindings(set: ArgoNode, expansion: Expansion): Diagnostic[] {
  const { error, applications } = expansion;
  if (error !== undefined) {
    return [
      {
        code: "applicationset-generates-nothing",
        severity: "error",
        message: `${set.id} generates nothing: ${error.message}`,
        origin: error.origin,
        fix: fixOf(error.message),
      },
    ];
  }
  return refusedNames(expansion).map(({ index, message }): Diagnostic => {
    const origin = applications[index]?.origins[0] ?? set.origin;
    return {
      code: "application-refused",
      severity: "error",
      message,
      origin,
      related: [{ origin: placeOf(set, "spec.template.metadata.name"), message: "the name is made here" }],
      fix: "make metadata.name of the template differ for each set of parameters; this Application is not created",
    };
  });
}

/** What to do about an error of Argo CD's or of ours. */
function fixOf(message: string): string {
  for (const [pattern, fix] of fixes) if (pattern.test(message)) return fix;
  return "correct the place shown; until then the set changes nothing in the cluster";
}

const fixes: readonly (readonly [RegExp, string])[] = [
  [/map has no entry for key/, "give the parameter in every set, or ask for it with `index`, `dig` or `default`"],
  [
    /templatePatch|converting template to json/,
    "make the patch YAML or JSON of an Application for every set of parameters",
  ],
  [/more than \d+$/, "split the generator or the file into smaller ones"],
  [/^wanted: recorded parameters/, "name a file of recorded parameters with --fixtures"],
  [/^wanted: repository/, "name the repository that the workspace is in tiphys.yaml (gitops.repoURL)"],
  [
    /^error getting project .* not found$/,
    "declare the AppProject in the GitOps tree, or correct spec.template.spec.project",
  ],
  [/excessive aliasing/, "write the values out instead of using aliases of aliases"],
];

/** The nearest place that is known of a field as the API server writes it: `spec.generators[0].list`. */
function placeOf(set: ArgoNode, field: string): Origin {
  const path = [...field.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map((step) =>
    step[1] === undefined ? step[0] : Number(step[1]),
  );
  for (let length = path.length; length > 0; length--) {
    const origin = set.originOf?.(path.slice(0, length));
    if (origin !== undefined) return origin;
  }
  return set.origin;
}
