import type { EstateRule } from "./rule.ts";

export const componentWithoutWave: EstateRule = {
  code: "component-without-wave",
  summary: "A component without a wave has no place in the rollout.",
  check: ({ components }) =>
    components
      .filter((component) => component.wave === "" && !component.parked)
      .map((component) => ({
        severity: "error" as const,
        message: `${component.name} has no wave`,
        origin: { file: component.file },
        fix: 'write wave: "NN"',
      })),
};
