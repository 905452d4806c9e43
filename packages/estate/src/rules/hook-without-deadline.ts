import type { Plain } from "@tiphys/source";
import type { EstateRule } from "./rule.ts";

export const hookWithoutDeadline: EstateRule = {
  code: "hook-without-deadline",
  summary: "A hook Job without activeDeadlineSeconds that hangs keeps the sync open for good.",
  check: ({ rendered }) =>
    rendered.flatMap(({ application, objects }) =>
      objects
        .filter((object) => object.kind === "Job" && isSyncHook(object.helmHooks, object.value))
        .filter(
          (object) =>
            (object.value["spec"] as Readonly<Record<string, Plain>> | undefined)?.["activeDeadlineSeconds"] ===
            undefined,
        )
        .map((object) => ({
          severity: "warning" as const,
          message: `${application.name}: hook Job ${object.name} has no activeDeadlineSeconds`,
          origin: application.origin,
          fix: "set spec.activeDeadlineSeconds on the Job",
        })),
    ),
};

function isSyncHook(helmHooks: readonly string[], value: Readonly<Record<string, Plain>>): boolean {
  const metadata = value["metadata"] as Readonly<Record<string, Plain>> | undefined;
  const annotations = metadata?.["annotations"] as Readonly<Record<string, Plain>> | undefined;
  return (
    annotations?.["argocd.argoproj.io/hook"] !== undefined ||
    helmHooks.some((event) => /^(?:pre|post)-(?:install|upgrade)$/.test(event))
  );
}
