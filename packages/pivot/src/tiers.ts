import type { EstateFile } from "@tiphys/estate";
import { releaseSettings } from "./release-settings.ts";

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
  const { layers, tiers } = estateFile;
  const settings = releaseSettings(estateFile, question);
  const named = settings?.tier ?? layers.get(question.layer)?.tier ?? question.labels.get("tier");
  if (named !== undefined && tiers.has(named)) return named;
  for (const [tier, words] of tierWords) {
    if (tiers.has(tier) && words.test(question.layer.replace(/^\d+-/, ""))) return tier;
  }
  return [...tiers.keys()].at(-1) ?? "apps";
}

/**
 * The component's name: asked for in tiphys.yaml, or `<tier>-<release>`, with the namespace where that is not unique, and with the layer where
 * that is not, either. Releases that are each in one environment, and in different ones, are the same component there and share the name.
 */
export function componentNames(
  releases: readonly {
    readonly id: string;
    readonly tier: string;
    readonly layer: string;
    readonly namespace: string;
    readonly name: string;
    readonly occurrences: readonly { readonly environment: string }[];
  }[],
  estateFile: EstateFile,
): Map<string, string> {
  type Named = (typeof releases)[number];
  const wanted = new Map<Named, string>();
  for (const release of releases) {
    const settings = releaseSettings(estateFile, release);
    wanted.set(
      release,
      settings?.component ??
        (release.name.startsWith(`${release.tier}-`) ? release.name : `${release.tier}-${release.name}`),
    );
  }
  const withNamespace = renamed(wanted, ({ tier, namespace, name }) => `${tier}-${namespace || "default"}-${name}`);
  const withLayer = renamed(
    withNamespace,
    ({ tier, layer, namespace, name }) => `${tier}-${layer}-${namespace || "default"}-${name}`,
  );
  return new Map([...withLayer].map(([release, name]) => [release.id, name]));
}

/** The names, with another in place of each that several releases cannot share. */
function renamed<Release extends { readonly occurrences: readonly { readonly environment: string }[] }>(
  names: ReadonlyMap<Release, string>,
  otherwise: (release: Release) => string,
): Map<Release, string> {
  const groups = new Map<string, Release[]>();
  for (const [release, name] of names) groups.set(name, [...(groups.get(name) ?? []), release]);
  return new Map(
    [...names].map(([release, name]) => [release, canShare(groups.get(name)!) ? name : otherwise(release)]),
  );
}

/** One release, or several that are each in one environment of their own: more would read each other's shared values. */
function canShare(releases: readonly { readonly occurrences: readonly { readonly environment: string }[] }[]): boolean {
  if (releases.length === 1) return true;
  const environments = releases.flatMap(({ occurrences }) => occurrences.map(({ environment }) => environment));
  return environments.length === releases.length && new Set(environments).size === environments.length;
}
