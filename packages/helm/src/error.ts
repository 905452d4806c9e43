/**
 * What Helm refuses, with Helm's own text (a byte string). `renderChart` turns it into a Diagnostic; only loading a chart
 * or an argument that no release could have throws it.
 */
export class HelmError extends Error {
  override readonly name = "HelmError";
  /** Kebab-case code of the Diagnostic. */
  readonly code: string;
  /** The release was there when it failed, so `helm template` adds its hint at `--debug`. */
  readonly hasRelease: boolean;
  /** File in the chart, where one is known. */
  readonly place: { readonly file: string; readonly line?: number; readonly column?: number } | undefined;
  /** Helm's exact text, where `message` says more than Helm does. */
  readonly helmText: string;
  constructor(
    code: string,
    message: string,
    options: { hasRelease?: boolean; place?: HelmError["place"]; cause?: unknown; helmText?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hasRelease = options.hasRelease ?? false;
    this.place = options.place;
    this.helmText = options.helmText ?? message;
  }
}
