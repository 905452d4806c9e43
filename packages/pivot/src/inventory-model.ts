import type { HelmfileRelease, WithheldPlace } from "@tiphys/helmfile";
import type { ChartReference, Installation } from "@tiphys/helm";
import type { Diagnostic, Origin } from "@tiphys/source";
import type { HookManifests, SortedHooks } from "./translate/hook-manifests.ts";
import type { FoundReason } from "./reasons.ts";

/** One Helmfile release over all environments. */
export interface InventoryRelease {
  /** `<layer>/<namespace>/<name>`, with `<kubeContext>/` before the namespace where there is one. */
  readonly id: string;
  /** Name of the helmfile that declares it: `22-control-plane`. */
  readonly layer: string;
  readonly name: string;
  readonly namespace: string;
  /** One for each environment in which helmfile lists the release, in the order of the environments. */
  readonly occurrences: readonly ReleaseOccurrence[];
}

/** A release in one environment. */
export interface ReleaseOccurrence {
  readonly environment: string;
  /** Place among the releases of the environment in the order in which helmfile works on them. */
  readonly position: number;
  readonly origin: Origin;
  /** As written, after release templates: `repo/name`, `./folder`, `oci://…`, `https://….tgz`. */
  readonly chart: string;
  /** Version or range as written; "" for none. */
  readonly version: string;
  /** The release's condition. */
  readonly enabled: boolean;
  readonly installed: boolean;
  readonly labels: ReadonlyMap<string, string>;
  /** Ids of releases in the same layer. */
  readonly needs: readonly string[];
  readonly hooks: readonly string[];
  /** Manifests that hooks apply before and after the release; what its other hooks do is among the reasons. */
  readonly hookManifests: readonly HookManifests[];
  /** The hooks that remain commands, event by event. */
  readonly hookCommands: SortedHooks["commands"];
  /** Names of the value layers, lowest first. */
  readonly valueFiles: readonly string[];
  readonly createNamespace: boolean;
  /** URL of the chart's repository where the helmfile names it. */
  readonly repositoryURL: string | undefined;
  readonly repositoryIsOci: boolean;
  readonly installation: Installation;
  /** Set where helmfile makes a chart of its own out of the release's: that is what Helm gets, see `renderOccurrence`. */
  readonly madeBy: HelmfileRelease | undefined;
  /** Charts beside the installation's that are needed to make it. */
  readonly furtherCharts: readonly { readonly chart: string; readonly reference: ChartReference }[];
  /** What stands against or beside the move, as the helmfile alone tells it. */
  readonly reasons: readonly FoundReason[];
  /** Encrypted value files, in the tree. */
  readonly secretFiles: readonly string[];
  /** Commands, secrets and files that were neither run nor read. */
  readonly withheld: readonly WithheldPlace[];
  /** Faults that concern this release only. */
  readonly diagnostics: readonly Diagnostic[];
}

/** How a release is to be handled. */
export type ReleaseClass = "helm" | "rendered" | "stays" | "moved";
