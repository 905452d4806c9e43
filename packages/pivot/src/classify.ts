import type { EstateFile, Rendering, TierSettings } from "@tiphys/estate";
import { isHelmTest } from "@tiphys/estate";
import type { Chart } from "@tiphys/helm";
import { lacksValues } from "./faults.ts";
import type { InventoryRelease, ReleaseClass, ReleaseOccurrence } from "./inventory-model.ts";
import type { FoundReason } from "./reasons.ts";
import type { SmokePlan } from "./translate/smoke.ts";
import { reasonEffect } from "./reasons.ts";
import { releaseSettings } from "./release-settings.ts";

/** What a release's chart and rendering add to what the helmfile says. */
export interface RenderedOccurrence {
  readonly occurrence: ReleaseOccurrence;
  readonly rendering: Rendering;
  /** The templates made random data, or asked for the time. */
  readonly isRandom: boolean;
}

export interface Classification {
  readonly release: InventoryRelease;
  readonly class: ReleaseClass;
  readonly reasons: readonly FoundReason[];
  /** The reasons that stop the move. */
  readonly blockers: readonly FoundReason[];
  /** The charts that are not here. */
  readonly wanted: readonly string[];
}

/** The class of a release with every reason code, in the order of the manual and without repeats. */
export function classify(
  release: InventoryRelease,
  rendered: readonly RenderedOccurrence[],
  context: {
    readonly estateFile: EstateFile;
    readonly tier: TierSettings;
    readonly migrated: boolean;
    readonly smoke?: SmokePlan | undefined;
  },
): Classification {
  const settings = releaseSettings(context.estateFile, release);
  const found = new Map<string, FoundReason>();
  const add = (code: string, detail?: string): void => {
    found.set(`${code}:${detail ?? ""}`, detail === undefined ? { code } : { code, detail });
  };
  const source = settings?.source ?? context.tier.source;
  if (source === "rendered") add("foundation-tier", context.tier.name);
  for (const { reasons } of release.occurrences) for (const reason of reasons) add(reason.code, reason.detail);
  for (const occurrence of rendered) chartReasons(occurrence, add);
  installationReasons(release, add);
  const isMade = release.occurrences.some(({ madeBy }) => madeBy !== undefined);
  const isGate = context.smoke?.mode === "gate" && context.smoke.place === "own";
  if (isGate) add("smoke-gate");
  if (settings?.crds === "component" && found.has("ships-crds:")) add("crds-component");
  const isRendered = source === "rendered" || isGate || isMade;
  if (isRendered && found.has("random-data:") && !context.migrated) add("random-data-in-git");
  if (context.migrated) add("already-migrated");
  const reasons = [...found.values()];
  const accepted = new Set(settings?.accept ?? []);
  // What tiphys.yaml leaves with Helmfile is not held up by anything.
  const isLeft = settings?.source === "stay";
  const blockers = isLeft
    ? []
    : reasons.filter(
        (reason) => reasonEffect(reason) === "blocker" && !(accepted.has(reason.code) && !notKnown.has(reason.code)),
      );
  const stays = isLeft || blockers.length > 0;
  return {
    release,
    class: stays ? "stays" : isRendered ? "rendered" : "helm",
    reasons,
    blockers,
    wanted: [
      ...new Set(rendered.flatMap(({ rendering }) => (rendering.wanted === undefined ? [] : [rendering.wanted]))),
    ],
  };
}

/** Blockers that nobody can accept: what Helmfile would apply is not known here, so no proof could say anything. */
const notKnown: ReadonlySet<string> = new Set([
  "chart-invalid",
  "chart-wanted",
  "exec-in-values",
  "kustomize-wanted",
  "patch-failed",
  "repository-unknown",
  "post-renderer",
  "random-data-in-git",
  "random-values",
  "remote-file",
  "secret-reference",
  "sops-secrets",
  "values-unreadable",
]);

type AddReason = (code: string, detail?: string) => void;

function installationReasons(release: InventoryRelease, add: AddReason): void {
  const states = new Set(release.occurrences.map((occurrence) => occurrence.enabled && occurrence.installed));
  if (!states.has(true)) add("disabled-everywhere");
  else if (states.has(false)) add("installed-by-template");
}

function chartReasons({ occurrence, rendering, isRandom }: RenderedOccurrence, add: AddReason): void {
  if (rendering.status === "wanted") return add("chart-wanted");
  if (rendering.status === "failed")
    return lacksValues(occurrence, rendering) ? undefined : add(failureReason(rendering));
  if (rendering.chart !== undefined) {
    if (shipsCrds(rendering)) add("ships-crds");
    if (callsFunction(rendering.chart, /\blookup\b/)) add("lookup");
  }
  if (isRandom) add("random-data");
  const hooks = rendering.heads.filter((head) => head.helmHooks.length > 0);
  const isTest = (events: readonly string[]): boolean => events.some((event) => event.startsWith("test"));
  if (hooks.some((object) => isTest(object.helmHooks))) add("helm-test-hooks");
  if (hooks.some((object) => !isTest(object.helmHooks))) add("helm-hooks");
  if (hooks.length > 0 && hooks.length === rendering.heads.length && !hooks.every(isHelmTest)) add("hooks-only");
}

function failureReason({ diagnostics }: Rendering): string {
  const codes = new Set(diagnostics.map(({ code }) => code));
  if (codes.has("kustomize-withheld")) return "kustomize-wanted";
  return codes.has("kustomize-failed") || codes.has("patch-invalid") ? "patch-failed" : "chart-invalid";
}

function shipsCrds(rendering: Rendering): boolean {
  return rendering.heads.some((head) => head.kind === "CustomResourceDefinition");
}

/** Functions whose results differ from run to run (sprig 3.3.0). */
const randomFunctions =
  /\b(?:rand(?:AlphaNum|Alpha|Ascii|Numeric|Bytes|Int)|uuidv4|shuffle|gen(?:PrivateKey|CA|SelfSignedCert|SignedCert)\w*|htpasswd|bcrypt|encryptAES|now|ago)\b/;

/** Whether any template of the chart or its subcharts may make random data; a cheap test before a second rendering. */
export function mayBeRandom(chart: Chart): boolean {
  return callsFunction(chart, randomFunctions);
}

function callsFunction(chart: Chart, name: RegExp): boolean {
  return (
    chart.templates.some((template) => template.text.includes("{{") && name.test(template.text)) ||
    chart.dependencies.some((dependency) => callsFunction(dependency, name))
  );
}
