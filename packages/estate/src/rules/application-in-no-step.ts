import { assignSteps } from "@tiphys/argocd";
import type { EstateRule } from "./rule.ts";

export const applicationInNoStep: EstateRule = {
  code: "application-in-no-step",
  summary: "An Application that no step of its RollingSync selects is never synced by the rollout.",
  check: ({ side }) =>
    side.applicationSets.flatMap((set) => {
      if (set.strategy.type !== "RollingSync" || set.strategy.steps === undefined) return [];
      const applications = side.applications.filter((application) => set.applications.includes(application.name));
      const { stepOf } = assignSteps(set.strategy, applications);
      return applications
        .filter((application) => !stepOf.has(application.name))
        .map((application) => ({
          severity: "warning" as const,
          message: `${application.name} is in no step of ApplicationSet ${set.name}`,
          origin: application.origin,
          fix: "give it a wave that a step asks for; tiphys appsets --write covers every wave",
        }));
    }),
};
