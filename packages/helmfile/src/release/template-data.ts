import { GoMap } from "@tiphys/gotemplate";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { FieldsObject } from "../template/objects.ts";
import type { ValueMap } from "../values/mergo.ts";
import { environmentObject } from "../state/environment.ts";
import type { HelmState } from "../state/helm-state.ts";

/** The dot of release templates and `.gotmpl` values files (pkg/state/types.go `releaseTemplateData`, 1.8.0). */
export function releaseTemplateData(
  state: HelmState,
  release: ReleaseSpec,
  values: ValueMap = state.renderedValues,
): FieldsObject {
  return new FieldsObject("state.releaseTemplateData", {
    Environment: environmentObject(state.env),
    Release: new FieldsObject("state.releaseTemplateDataRelease", {
      Name: release.name,
      Namespace: release.namespace,
      Labels: new GoMap("map[string]string", release.labels ?? [], release.labels === undefined),
      Chart: release.chart,
      ChartVersion: release.version,
      KubeContext: release.kubeContext,
    }),
    Values: values,
    StateValues: values,
    KubeContext: state.spec.kubeContext,
    Namespace: state.spec.namespace,
    Chart: state.spec.chart,
  });
}
