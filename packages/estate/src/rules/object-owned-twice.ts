import type { RenderedObject } from "../objects.ts";
import { isHelmTest } from "../objects.ts";
import type { EstateRule } from "./rule.ts";

export const objectOwnedTwice: EstateRule = {
  code: "object-owned-twice",
  summary: "Two Applications that apply one object fight over it: each sync makes the other OutOfSync.",
  check: ({ rendered }) => {
    const owners = new Map<string, string[]>();
    for (const { application, objects } of rendered) {
      for (const object of objects.filter(isApplied))
        owners.set(object.key, [...(owners.get(object.key) ?? []), application.name]);
    }
    return [...owners].flatMap(([key, names]) => {
      const distinct = [...new Set(names)];
      if (distinct.length < 2) return [];
      const origins = rendered
        .filter(({ application }) => distinct.includes(application.name))
        .map(({ application }) => application.origin);
      return [
        {
          severity: "error" as const,
          message: `${key} is applied by ${distinct.join(" and ")}`,
          ...(origins[0] === undefined ? {} : { origin: origins[0] }),
          related: origins.slice(1).map((origin) => ({ origin, message: "the other one" })),
          fix: "keep it in one of them",
        },
      ];
    });
  },
};

/** Argo CD leaves Helm tests alone, unless they are hooks of its own as well. */
function isApplied(object: RenderedObject): boolean {
  const { annotations } = (object.value["metadata"] ?? {}) as {
    readonly annotations?: Readonly<Record<string, unknown>>;
  };
  // What the cluster names is never the same object.
  if (object.name === "") return false;
  return !isHelmTest(object) || annotations?.["argocd.argoproj.io/hook"] !== undefined;
}
