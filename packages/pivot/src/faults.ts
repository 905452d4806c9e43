import type { Rendering } from "@tiphys/estate";
import type { Diagnostic, Origin } from "@tiphys/source";
import { releaseSettings } from "./release-settings.ts";
import type { InventoryRelease, ReleaseOccurrence } from "./inventory-model.ts";
import type { PivotInput, ReleaseDecision } from "./pivot.ts";

/**
 * Codes of files that cannot be what somebody meant: they stop a whole run. What fails only while templates run (`required`, a secret that is
 * not here, a schema) holds up its own release.
 */
const brokenFiles: ReadonlySet<string> = new Set([
  "chart-archive",
  "chart-invalid",
  "chart-ignore",
  "chart-missing",
  "chart-override-missing",
  "chart-too-large",
  "chart-version-invalid",
  "helmfile-error",
  "release-name-invalid",
  "set-flag-invalid",
  "template-parse",
  "values-file-invalid",
  "values-file-missing",
]);

/**
 * What is wrong with the selected releases, each with its place. Errors are broken files and commands in state files; warnings hold up only
 * their own release. Releases that tiphys.yaml leaves with Helmfile are not looked at.
 */
export function releaseFaults(input: PivotInput, decisions: readonly ReleaseDecision[]): Diagnostic[] {
  return decisions.flatMap((decision) => {
    const { release } = decision.classification;
    if (releaseSettings(input.estateFile, release)?.source === "stay") return [];
    const accepted = new Set(releaseSettings(input.estateFile, release)?.accept ?? []);
    const found = [
      ...unreadable(release),
      ...notRendered(decision),
      ...(accepted.has("exec-in-values") ? [] : withheldCommands(input, release)),
    ];
    return found.map(
      (fault) =>
        ({
          ...fault,
          severity: brokenFiles.has(fault.code) || fault.code === "exec-in-helmfile" ? "error" : "warning",
        }) satisfies Diagnostic,
    );
  });
}

function unreadable(release: InventoryRelease): Diagnostic[] {
  return release.occurrences.flatMap((occurrence) =>
    occurrence.enabled && occurrence.installed ? occurrence.diagnostics : [],
  );
}

/** A fault that only names the state file is about the release in it. */
export function placedAtRelease(fault: Diagnostic, release: Origin): Diagnostic {
  return fault.origin === undefined || (fault.origin.file === release.file && fault.origin.line === undefined)
    ? { ...fault, origin: release }
    : fault;
}

function notRendered({ renderings, classification }: ReleaseDecision): Diagnostic[] {
  return classification.release.occurrences.flatMap((occurrence) => {
    const rendering = renderings.get(occurrence.environment);
    if (rendering?.status !== "failed" || lacksValues(occurrence, rendering)) return [];
    return rendering.diagnostics.filter(({ severity }) => severity === "error");
  });
}

/** Whether a rendering may have failed only because values were withheld from it. */
export function lacksValues({ withheld, secretFiles }: ReleaseOccurrence, { diagnostics }: Rendering): boolean {
  return (withheld.length > 0 || secretFiles.length > 0) && !diagnostics.some(({ code }) => brokenFiles.has(code));
}

function withheldCommands(input: PivotInput, release: InventoryRelease): Diagnostic[] {
  const states = new Set(input.inventory.helmfiles);
  return release.occurrences.flatMap(({ withheld, origin }) =>
    withheld
      .filter(({ code }) => code === "exec-in-values")
      .map(({ what, origin: place }): Diagnostic => {
        const at = place ?? origin;
        return {
          code: states.has(at.file) ? "exec-in-helmfile" : "exec-in-values",
          severity: "error",
          message: `exec of ${what} was not run: release ${release.name} takes its result`,
          origin: at,
          fix: "write the value down, allow it for this run with --allow-exec, or leave the release with Helmfile (releases.NAME.source: stay)",
        };
      }),
  );
}

/** Needs that name no release of the same helmfile: Helmfile itself finds out only when it applies. */
export function unknownNeeds(releases: readonly InventoryRelease[]): Diagnostic[] {
  const faults: Diagnostic[] = [];
  for (const release of releases) {
    for (const occurrence of release.occurrences) {
      const known = new Set(
        releases
          .filter((other) => other.occurrences.some(({ environment }) => environment === occurrence.environment))
          .map(({ id }) => id),
      );
      for (const need of occurrence.needs) {
        if (known.has(need)) continue;
        const name = need.slice(need.indexOf("/") + 1);
        faults.push({
          code: "needs-unknown",
          severity: occurrence.enabled && occurrence.installed ? "error" : "warning",
          message: `release ${release.name} needs ${name}, which layer ${release.layer} does not have`,
          origin: occurrence.origin,
          fix: "mend the name (namespace/name), or take the need away",
        });
      }
    }
  }
  return faults;
}

/** A fault of a variable that is not set, with where to set it. */
export function withEnvironmentFix(fault: Diagnostic, environment: string): Diagnostic {
  const name = /required env var `([^`]+)` is not set/.exec(fault.message)?.[1];
  if (name === undefined || fault.fix !== undefined) return fault;
  return {
    ...fault,
    fix: `set it for this run with --env ${name}=VALUE, or in tiphys.yaml: environments: { ${environment}: { env: { ${name}: VALUE } } }`,
  };
}
