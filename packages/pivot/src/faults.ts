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
  "set-file-missing",
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
  const known = byEnvironment(releases);
  for (const release of releases) {
    for (const occurrence of release.occurrences) {
      for (const need of occurrence.needs) {
        if (known.get(occurrence.environment)!.has(need)) continue;
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

interface Needy {
  readonly name: string;
  readonly occurrence: ReleaseOccurrence;
}

function byEnvironment(releases: readonly InventoryRelease[]): Map<string, Map<string, Needy>> {
  const known = new Map<string, Map<string, Needy>>();
  for (const { id, name, occurrences } of releases) {
    for (const occurrence of occurrences) {
      let ids = known.get(occurrence.environment);
      if (ids === undefined) known.set(occurrence.environment, (ids = new Map()));
      ids.set(id, { name, occurrence });
    }
  }
  return known;
}

/** Releases that need each other: Helmfile refuses the whole file when it applies. Each cycle once. */
export function needsCycles(releases: readonly InventoryRelease[]): Diagnostic[] {
  const faults = new Map<string, Diagnostic>();
  for (const ids of byEnvironment(releases).values()) {
    const cycle = firstCycle(new Map([...ids].map(([id, { occurrence }]) => [id, occurrence.needs])));
    if (cycle === undefined) continue;
    const { occurrence } = ids.get(cycle[0]!)!;
    const names = cycle.map((id) => ids.get(id)!.name).join(" -> ");
    if (!faults.has(names))
      faults.set(names, {
        code: "needs-cycle",
        severity: "error",
        message: `releases need each other in a cycle: ${names}`,
        origin: occurrence.origin,
        fix: "take one of the needs away",
      });
  }
  return [...faults.values()];
}

/** Ids along a cycle, the first again at the end; undefined when there is none. What leads nowhere is taken away until only cycles are left. */
function firstCycle(needs: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const open = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  for (const [id, own] of needs) {
    const known = own.filter((need) => needs.has(need));
    open.set(id, known.length);
    for (const need of known) {
      const list = dependents.get(need);
      if (list === undefined) dependents.set(need, [id]);
      else list.push(id);
    }
  }
  const done = [...needs.keys()].filter((id) => open.get(id) === 0);
  for (const id of done) {
    for (const dependent of dependents.get(id) ?? []) {
      const left = open.get(dependent)! - 1;
      open.set(dependent, left);
      if (left === 0) done.push(dependent);
    }
  }
  const isCyclic = (id: string): boolean => (open.get(id) ?? 0) > 0;
  let at = [...needs.keys()].find(isCyclic);
  if (at === undefined) return undefined;
  const path = new Set<string>();
  while (!path.has(at)) {
    path.add(at);
    at = needs.get(at)!.find(isCyclic)!;
  }
  const ids = [...path];
  return [...ids.slice(ids.indexOf(at)), at];
}

/** A fault of a variable that is not set, with where to set it. */
export function withEnvironmentFix(fault: Diagnostic, environment: string): Diagnostic {
  const name = /required env var `([^`]+)` is not set/.exec(fault.message)?.[1];
  if (name === undefined) return fault;
  return {
    ...fault,
    fix: `set it for this run with --env ${name}=VALUE, or in tiphys.yaml: environments: { ${environment}: { env: { ${name}: VALUE } } }`,
  };
}
