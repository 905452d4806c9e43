import type { EstateFile } from "@tiphys/estate";

/** What names a tier by itself when nothing else does; first match wins. */
const tierWords: readonly (readonly [tier: string, words: RegExp])[] = [
  [
    "foundation",
    /\b(bootstrap|crds?|operators?|secrets?|certificates?|cert-manager|namespaces?|coredns|dns|argocd|foundation|core|storage-class|csi)\b/,
  ],
  [
    "data",
    /\b(data|databases?|db|migrations?|redis|kafka|postgres\w*|mysql|mariadb|sql|mongo\w*|clickhouse|elastic\w*|opensearch|minio|rabbitmq)\b/,
  ],
  [
    "platform",
    /\b(platform|control-plane|gateway|auth|ingress\w*|observability|monitoring|logging|tracing|service-mesh|istio|mesh|identity)\b/,
  ],
  ["apps", /\b(apps?|applications?|product|services?|qa|web|frontend|backend|tools?)\b/],
];

/** What decides a release's tier. */
export interface TierQuestion {
  readonly layer: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

/**
 * The tier of a release: `releases` of tiphys.yaml, then `layers`, then the release's label `tier`, then a band in the layer's name
 * (`22-control-plane` and tiers that list their layers), then words in the layer's name, then the last tier.
 */
export function tierOf(question: TierQuestion, estateFile: EstateFile): string {
  const { releases, layers, tiers } = estateFile;
  const settings = releases.get(`${question.namespace}/${question.name}`) ?? releases.get(question.name);
  const named = settings?.tier ?? layers.get(question.layer)?.tier ?? question.labels.get("tier");
  if (named !== undefined && tiers.has(named)) return named;
  for (const [tier, words] of tierWords) {
    if (tiers.has(tier) && words.test(question.layer.replace(/^\d+-/, ""))) return tier;
  }
  return [...tiers.keys()].at(-1) ?? "apps";
}

/** The component's name: asked for in tiphys.yaml, or `<tier>-<release>`, with the namespace where that is not unique. */
export function componentNames(
  releases: readonly {
    readonly id: string;
    readonly tier: string;
    readonly namespace: string;
    readonly name: string;
  }[],
  estateFile: EstateFile,
): Map<string, string> {
  const names = new Map<string, string>();
  const wanted = releases.map((release) => {
    const settings =
      estateFile.releases.get(`${release.namespace}/${release.name}`) ?? estateFile.releases.get(release.name);
    return (
      settings?.component ??
      (release.name.startsWith(`${release.tier}-`) ? release.name : `${release.tier}-${release.name}`)
    );
  });
  for (const [index, release] of releases.entries()) {
    const name = wanted[index]!;
    const unique = wanted.filter((other) => other === name).length === 1;
    names.set(release.id, unique ? name : `${release.tier}-${release.namespace || "default"}-${release.name}`);
  }
  return names;
}
