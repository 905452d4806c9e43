import type { Origin } from "./origin.ts";

export type Severity = "error" | "warning" | "info";

/** Something a user should know, with the place it is about. Plain data; `printDiagnostic` makes text of it. */
export interface Diagnostic {
  /** Stable kebab-case code with a page under docs/diagnostics, e.g. `values-file-missing`. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence in UTF-16 text, without a place and without a final full stop. */
  readonly message: string;
  readonly origin?: Origin;
  /** What to do, one sentence. */
  readonly fix?: string;
  /** Other places that belong to it, each with a word why. */
  readonly related?: readonly { readonly origin: Origin; readonly message: string }[];
}
