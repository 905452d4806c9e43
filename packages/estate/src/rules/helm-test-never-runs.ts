import type { EstateRule } from "./rule.ts";

export const helmTestNeverRuns: EstateRule = {
  code: "helm-test-never-runs",
  summary: "Argo CD never runs `helm.sh/hook: test` objects.",
  check: ({ rendered }) =>
    rendered.flatMap(({ application, objects }) => {
      const tests = objects.filter(
        ({ helmHooks }) => helmHooks.length > 0 && helmHooks.every((event) => event.startsWith("test")),
      );
      if (tests.length === 0) return [];
      return [
        {
          severity: "info" as const,
          message: `${application.name} has ${tests.length} Helm tests that no sync runs: ${tests.map(({ kind, name }) => `${kind} ${name}`).join(", ")}`,
          origin: application.origin,
          fix: "annotate them as PostSync hooks, or set chart.skipTests",
        },
      ];
    }),
};
