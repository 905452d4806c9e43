import type { CallContext } from "@tiphys/gotemplate";
import type { Diagnostic } from "@tiphys/source";
import type { Chart, ChartWarning } from "./chart/chart.ts";
import type { SetFlag, ValuesLayer } from "./installation.ts";
import type { Profile } from "./profile.ts";

/** One `helm template` call. */
export interface RenderRequest {
  readonly chart: Chart;
  /** `-f`, lowest first. */
  readonly valuesLayers: readonly ValuesLayer[];
  readonly sets: readonly SetFlag[];
  readonly release: { readonly name: string; readonly namespace: string; readonly isUpgrade?: boolean };
  readonly capabilities?: {
    /** `--kube-version` as given; default the profile's. */
    readonly kubeVersion?: string;
    /** `--api-versions`, added to Helm's own. */
    readonly apiVersions?: readonly string[];
  };
  readonly includeCrds?: boolean;
  readonly skipTests?: boolean;
  readonly noHooks?: boolean;
  readonly skipSchemaValidation?: boolean;
  /** Helm's version; default 4.3.1. */
  readonly profile?: Profile;
  /** Clock, zone and randomness of the template functions; default: 1970, UTC, a fixed seed. */
  readonly context?: Partial<Pick<CallContext, "now" | "timeZone" | "random">>;
}

/** One document of the output. Texts are byte strings. */
export interface RenderedDocument {
  /** What `# Source:` shows: `chart/templates/x.yaml`. */
  readonly path: string;
  /** The document as printed, without `---` and `# Source:`. */
  readonly content: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** A file under `crds/`, printed raw; it may hold several documents. */
  readonly isCrdFile: boolean;
}

/** A hook as Helm reads its annotations. */
export interface RenderedHook extends RenderedDocument {
  /** `pre-install`, `test`, … */
  readonly events: readonly string[];
  readonly weight: number;
  readonly deletePolicies: readonly string[];
}

export interface RenderResult {
  /** Exactly what `helm template` prints on stdout, as a byte string; "" after an error. */
  readonly manifests: string;
  /** CRD files (if asked for) and manifests in the order of printing, without hooks. */
  readonly documents: readonly RenderedDocument[];
  /** Hooks in the order of printing; those that `skipTests` and `noHooks` leave out are not here. */
  readonly hooks: readonly RenderedHook[];
  /** NOTES.txt of the chart, rendered. */
  readonly notes: string;
  readonly warnings: readonly Diagnostic[];
  /** Lines of stderr before a possible `Error: `, in Helm's form, each with its line break. */
  readonly stderr: string;
  readonly error?: RenderError;
}

/** Why nothing was rendered. */
export interface RenderError extends Diagnostic {
  /** Helm's whole text after `Error: `, with the hint at `--debug` where Helm adds it; a byte string. */
  readonly helmText: string;
}

/** A line that Helm writes on stderr. */
export type LogLine = ChartWarning;
