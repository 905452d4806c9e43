/** A chart that could not be fetched, in words for the user. Never holds a password, a token or the query of a URL. */
export class ChartFetchError extends Error {
  override readonly name = "ChartFetchError";
  /** Kebab-case code of the Diagnostic. */
  readonly code: string;
  /** What to do, one sentence. */
  readonly fix: string | undefined;
  constructor(code: string, message: string, fix?: string) {
    super(message);
    this.code = code;
    this.fix = fix;
  }
}
