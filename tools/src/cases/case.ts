/** What a case came to: the first three are verdicts, `crashed` is a fault of ours. */
export type CaseVerdict = "equal" | "different" | "unsupported" | "crashed";

export interface CaseResult {
  readonly verdict: CaseVerdict;
  /** Why it is not equal, in a few lines; for `--show` and for the list of what is not equal. */
  readonly detail?: string;
  /** What we say, and what is wanted: plain JSON-safe data, printed by `--show`. */
  readonly actual?: unknown;
  readonly expected?: unknown;
}

/** Runs the cases of one format. A folder belongs to the first runner whose `matches` is true. */
export interface CaseRunner {
  /** The format's name: `argocd-appset`, `argocd-health`, … */
  readonly name: string;
  /** Whether `folder` (absolute) is one case of this format, told by its files. */
  matches(folder: string): boolean;
  /** Runs one case. Whatever it throws counts as `crashed`. */
  run(folder: string): CaseResult;
}
