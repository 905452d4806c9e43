import { objectRole } from "@tiphys/argocd";
import { fromPlain } from "@tiphys/source";
import type { EstateRule } from "./rule.ts";

export const applicationOnlyHooks: EstateRule = {
  code: "application-only-hooks",
  summary: "An Application made only of hooks is Synced at once, and Argo CD never runs them on its own.",
  check: ({ rendered }) =>
    rendered.flatMap(({ application, objects }) => {
      const roles = objects.map((object) => objectRole(fromPlain(object.value) as never));
      if (roles.length === 0 || !roles.every((role) => role.hook.length > 0 || role.ignored || role.skipped)) return [];
      return [
        {
          severity: "error" as const,
          message: `${application.name} holds ${roles.length} hooks and nothing else`,
          origin: application.origin,
          fix: "make one of them a plain Job, or add one tracked object",
        },
      ];
    }),
};
