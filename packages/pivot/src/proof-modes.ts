import type {
  ArgocdSide,
  ExpandedApplication,
  RenderContext,
  RenderedArgoApplication,
  Rendering,
} from "@tiphys/estate";
import { renderInstallation } from "@tiphys/estate";
import type { Installation } from "@tiphys/helm";
import type { PivotInput, PivotView, ReleaseDecision } from "./pivot.ts";
import { renderContext } from "./pivot.ts";
import type { ProofPair } from "./proof-pairs.ts";

/** What else a proof may compare, beside Helmfile and Argo CD. */

/** Each release as Helmfile installs it, rendered twice: under two versions of Helm, or by two engines. */
export function twinPairs(
  input: PivotInput,
  decisions: readonly ReleaseDecision[],
  twins: {
    readonly environments: ReadonlySet<string>;
    readonly left: Partial<RenderContext>;
    readonly right: Partial<RenderContext>;
  },
): ProofPair[] {
  const context = renderContext(input);
  return decisions.flatMap(({ classification: { release } }) =>
    release.occurrences
      .filter(({ environment, enabled, installed }) => enabled && installed && twins.environments.has(environment))
      .map(({ environment, installation }): ProofPair => ({
        environment,
        release: release.id,
        layer: release.layer,
        component: release.name,
        left: renderInstallation(installation, { ...context, ...twins.left }),
        leftAgain: undefined,
        right: () => asApplication(renderInstallation(installation, { ...context, ...twins.right })),
        stays: "",
      })),
  );
}

/** The Applications of two revisions, by name; those of one side only come with the other side undefined. */
export function revisionPairs(base: ArgocdSide, head: ArgocdSide, environment: string): ProofPair[] {
  const left = new Map(base.applications.map((application) => [application.name, application]));
  const right = new Map(head.applications.map((application) => [application.name, application]));
  return [...new Set([...left.keys(), ...right.keys()])].toSorted().map((name): ProofPair => {
    const before = left.get(name);
    const after = right.get(name);
    return {
      environment,
      release: name,
      layer: "",
      component: after === undefined ? undefined : name,
      left: before === undefined ? undefined : asRendering(base.render(before)),
      leftAgain: undefined,
      right: after === undefined ? undefined : () => head.render(after),
      stays: "",
    };
  });
}

/** Committed manifests that lie beside a component's chart, against what the chart gives. */
export function committedPairs(
  input: PivotInput,
  view: PivotView,
  sides: ReadonlyMap<string, ArgocdSide>,
): ProofPair[] {
  return [...sides].flatMap(([environment, side]) => {
    const applications = new Map(side.applications.map((application) => [application.name, application]));
    return (view.components.get(environment) ?? []).flatMap((component): ProofPair[] => {
      const path = component.file.replace(/[^/]+$/, "manifests.yaml");
      const application = applications.get(component.name);
      if (
        component.parked ||
        component.chart === undefined ||
        input.tree.kind(path) !== "file" ||
        application === undefined
      )
        return [];
      const installation: Installation = {
        id: `committed/${environment}/${component.name}`,
        environment,
        name: component.name,
        origin: { file: path },
        namespace: component.namespace,
        cluster: "",
        source: { kind: "manifests", path: path.replace(/\/[^/]+$/, ""), files: [path] },
      };
      return [
        {
          environment,
          release: path,
          layer: "",
          component: component.name,
          left: renderInstallation(installation, renderContext(input)),
          leftAgain: undefined,
          right: () => side.render(application),
          stays: "",
        },
      ];
    });
  });
}

/** A rendering in the form of the right side. */
function asApplication({
  installation,
  status,
  objects,
  chart,
  renderedChart,
  diagnostics,
}: Rendering): RenderedArgoApplication {
  const application: ExpandedApplication = {
    environment: installation.environment,
    name: installation.name,
    project: "",
    namespace: installation.namespace === "" ? "default" : installation.namespace,
    labels: new Map(),
    annotations: new Map(),
    application: new Map(),
    origin: installation.origin,
    parents: [],
    params: null,
  };
  return {
    application,
    status,
    objects,
    installations: [],
    diagnostics,
    commands: [],
    charts: chart === undefined ? [] : [chart],
    renderedCharts: renderedChart === undefined ? [] : [renderedChart],
    files: [],
  };
}

/** An Application in the form of the left side. */
function asRendering({
  application,
  status,
  objects,
  installations,
  charts,
  renderedCharts,
  diagnostics,
}: RenderedArgoApplication): Rendering {
  const first = installations[0];
  return {
    installation: {
      id: application.name,
      environment: application.environment,
      name: application.name,
      origin: application.origin,
      namespace: application.namespace,
      cluster: "",
      source: first?.source ?? { kind: "manifests", path: "", files: [] },
    },
    status,
    heads: objects,
    objects,
    chart: charts[0],
    manifests: "",
    ...(renderedCharts[0] === undefined ? {} : { renderedChart: renderedCharts[0] }),
    diagnostics,
  };
}
