import { applicationInNoStep } from "./application-in-no-step.ts";
import { applicationNotRendered } from "./application-not-rendered.ts";
import { applicationOnlyHooks } from "./application-only-hooks.ts";
import { chartArchiveInGitops } from "./chart-archive-in-gitops.ts";
import { componentWithoutWave } from "./component-without-wave.ts";
import { helmTestNeverRuns } from "./helm-test-never-runs.ts";
import { hookWithoutDeadline } from "./hook-without-deadline.ts";
import { imageTagAndDigest } from "./image-tag-and-digest.ts";
import { objectOwnedTwice } from "./object-owned-twice.ts";
import { objectRepeated } from "./object-repeated.ts";
import { projectDenies } from "./project-denies.ts";
import type { EstateRule } from "./rule.ts";

/** Every rule of `tiphys check`, in the order of the manual. */
export const estateRules: readonly EstateRule[] = [
  applicationNotRendered,
  applicationOnlyHooks,
  applicationInNoStep,
  componentWithoutWave,
  projectDenies,
  objectOwnedTwice,
  objectRepeated,
  hookWithoutDeadline,
  helmTestNeverRuns,
  imageTagAndDigest,
  chartArchiveInGitops,
];
