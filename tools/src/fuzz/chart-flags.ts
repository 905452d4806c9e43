import type { KnownChart } from "./known-chart.ts";
import type { Random } from "./random.ts";

/** Flags of `helm template` for a chart; `NAME` stands for the release's name. */
export function randomFlags(random: Random, chart: KnownChart): string[][] {
  const flags: string[][] = [];
  const maybe = (chance: number, ...make: (() => string[])[]): void => {
    if (random.chance(chance)) flags.push(random.pick(make)());
  };
  maybe(0.2, () => ["--is-upgrade"]);
  maybe(0.2, () => ["--include-crds"]);
  maybe(
    0.1,
    () => ["--no-hooks"],
    () => ["--skip-tests"],
  );
  maybe(0.2, () => ["--namespace", random.pick(["prod", "kube-system", "a-very-long-namespace-name-for-a-team"])]);
  maybe(0.3, () => ["--kube-version", random.pick(kubeVersions)]);
  for (let i = random.chance(0.3) ? 1 + random.below(4) : 0; i > 0; i--)
    flags.push(["--api-versions", random.pick(apiVersions)]);
  maybe(0.1, () => ["--skip-schema-validation"]);
  maybe(0.05, () => ["--debug"]);
  maybe(
    0.15,
    () => ["NAME", random.pick(["a", "x1", "my-quite-long-release-name-that-goes-on-to-53-char", chart.name])],
    () => ["NAME", random.pick(["a.b", "1", chart.name])],
    () => ["--name-template", random.pick(["fixed", '{{ lower "X" }}-n', "n-{{ 1 | add 2 }}"])],
  );
  if (chart.templates.length > 0) maybe(0.06, () => ["--show-only", random.pick(chart.templates)]);
  return flags;
}

const kubeVersions = ["1.16", "1.19.3", "v1.21.14", "1.25.0", "1.28.5-eks-1a2b3c", "1.31", "1.35.1"];

const apiVersions = [
  "monitoring.coreos.com/v1",
  "monitoring.coreos.com/v1/ServiceMonitor",
  "cert-manager.io/v1",
  "cert-manager.io/v1/Certificate",
  "networking.k8s.io/v1/Ingress",
  "networking.k8s.io/v1beta1",
  "extensions/v1beta1",
  "policy/v1beta1",
  "policy/v1beta1/PodSecurityPolicy",
  "route.openshift.io/v1",
  "security.openshift.io/v1",
  "autoscaling/v2beta2",
  "batch/v1beta1",
  "apiregistration.k8s.io/v1",
  "gateway.networking.k8s.io/v1",
  "autoscaling.k8s.io/v1",
  "traefik.io/v1alpha1",
  "keda.sh/v1alpha1",
];
