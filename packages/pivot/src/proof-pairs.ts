import type { ExpandedApplication, RenderedArgoApplication, Rendering } from "@tiphys/estate";
import { type ArgocdSide, renderInstallation } from "@tiphys/estate";
import type { Diagnostic } from "@tiphys/source";
import type { Companion, HookCompanion, RenderedCompanion } from "./translate/companion.ts";
import { isHookCompanion, objectsOfCompanion } from "./translate/companion.ts";
import type { SmokePlan } from "./translate/smoke.ts";
import { findComponent } from "./plan.ts";
import type { PivotInput, PivotView, ReleaseDecision } from "./pivot.ts";
import { argocdSideOf } from "./argocd-side.ts";
import { renderContext } from "./pivot.ts";

/** One release in one environment with what stands for it under Argo CD. */
export interface ProofPair {
  readonly environment: string;
  readonly release: string;
  readonly layer: string;
  /** Undefined when nothing stands for the release. */
  readonly component: string | undefined;
  /** Helmfile's rendering; undefined where helmfile does not install it. */
  readonly left: Rendering | undefined;
  /** Another rendering of the same, for engines whose random data cannot be seeded. */
  readonly leftAgain: (() => Rendering) | undefined;
  /** Renders Argo CD's side; undefined when no Application was made. */
  readonly right: (() => RenderedArgoApplication) | undefined;
  /** What the left side's tests became, and which of its objects other components hold. */
  readonly smoke?: SmokePlan | undefined;
  readonly companions?: readonly Companion[];
  /** Set when the pair is about a companion: only its objects count on the left. */
  readonly companion?: RenderedCompanion;
  /** The decision has a reason why there is no component. */
  readonly stays: string;
}

/** Which pairs a proof is about. */
export interface PairSelection {
  readonly decisions: readonly ReleaseDecision[];
  readonly environments: ReadonlySet<string>;
}

/** Pairs every installed release with its Application, environment by environment. */
export function proofPairs(
  input: PivotInput,
  view: PivotView,
  selection: PairSelection,
): { pairs: ProofPair[]; diagnostics: Diagnostic[] } {
  const pairs: ProofPair[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const environment of input.environments) {
    if (!selection.environments.has(environment.name)) continue;
    const side = argocdSideOf(input, environment);
    diagnostics.push(...side.diagnostics);
    const applications = new Map(side.applications.map((application) => [application.name, application]));
    for (const decision of selection.decisions) {
      const pair = pairOf(decision, { environment: environment.name, view, applications, side });
      if (pair !== undefined) pairs.push(pair, ...companionPairs(decision, pair, { applications, side, input }));
    }
  }
  return { pairs, diagnostics };
}

interface PairContext {
  readonly environment: string;
  readonly view: PivotView;
  readonly applications: ReadonlyMap<string, ExpandedApplication>;
  readonly side: ArgocdSide;
}

function pairOf(decision: ReleaseDecision, context: PairContext): ProofPair | undefined {
  const { release, blockers } = decision.classification;
  const occurrence = release.occurrences.find((candidate) => candidate.environment === context.environment);
  const installed = occurrence !== undefined && occurrence.enabled && occurrence.installed;
  const component = findComponent(context.view.components.get(context.environment) ?? [], release, decision.component);
  const active = component !== undefined && !component.parked ? component : undefined;
  if (!installed && active === undefined) return undefined;
  const application = active === undefined ? undefined : context.applications.get(active.name);
  return {
    environment: context.environment,
    release: release.id,
    layer: release.layer,
    component: active?.name,
    left: installed ? decision.renderings.get(context.environment) : undefined,
    leftAgain: installed ? decision.renderAgain.get(context.environment) : undefined,
    right: application === undefined ? undefined : () => context.side.render(application),
    stays:
      decision.classification.class === "stays" && blockers.length === 0
        ? "tiphys.yaml says so"
        : blockers.map(({ code }) => code).join(", "),
    smoke: decision.smoke,
    companions: decision.companions,
  };
}

/** The pairs of the components beside the release's own, where it has moved and they have something to hold. */
function companionPairs(
  decision: ReleaseDecision,
  pair: ProofPair,
  { applications, side, input }: Pick<PairContext, "applications" | "side"> & { readonly input: PivotInput },
): ProofPair[] {
  const { left } = pair;
  if (left === undefined || left.status !== "rendered" || pair.component === undefined) return [];
  return decision.companions.flatMap((companion): ProofPair[] => {
    const application = applications.get(companion.name);
    const shared = {
      environment: pair.environment,
      release: `${pair.release} (${companionLabels[companion.kind]})`,
      layer: pair.layer,
      component: application === undefined ? undefined : companion.name,
      right: application === undefined ? undefined : () => side.render(application),
      stays: "",
    };
    if (isHookCompanion(companion)) {
      const applied = appliedByHook(companion, { pair, left, input });
      return applied === undefined ? [] : [{ ...shared, left: applied, leftAgain: undefined }];
    }
    if (objectsOfCompanion(companion, left.objects).length === 0) return [];
    return [{ ...shared, left, leftAgain: pair.leftAgain, companion }];
  });
}

const companionLabels = { smoke: "tests", crds: "CRDs", presync: "presync", postsync: "postsync" } as const;

/** What kubectl applies in a hook, as helmfile would call it. */
function appliedByHook(
  { byEnvironment, kind }: HookCompanion,
  { pair, left, input }: { readonly pair: ProofPair; readonly left: Rendering; readonly input: PivotInput },
): Rendering | undefined {
  const hook = byEnvironment.get(pair.environment);
  if (hook === undefined) return undefined;
  const { installation } = left;
  return renderInstallation(
    {
      ...installation,
      id: `${installation.id}/${kind}`,
      namespace: hook.namespace,
      source: { kind: "manifests", path: "", files: hook.files },
    },
    renderContext(input),
  );
}
