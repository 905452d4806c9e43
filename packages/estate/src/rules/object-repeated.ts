import type { EstateRule } from "./rule.ts";

/** Argo CD's RepeatedResourceWarning (v3.6.1 controller/state.go DeduplicateTargetObjects). */
export const objectRepeated: EstateRule = {
  code: "object-repeated",
  summary: "Of objects with one name in an Application Argo CD applies the last and drops the others.",
  check: ({ rendered }) =>
    rendered.flatMap(({ application, objects }) => {
      const counts = new Map<string, number>();
      // Objects that the cluster names are never the same.
      for (const { key, name } of objects) if (name !== "") counts.set(key, (counts.get(key) ?? 0) + 1);
      return [...counts].flatMap(([key, count]) =>
        count < 2
          ? []
          : [
              {
                severity: "warning" as const,
                message: `${application.name}: ${key} appears ${count} times, and only the last one is applied`,
                origin: application.origin,
                fix: "keep one of them, or give the others names of their own",
              },
            ],
      );
    }),
};
