/** One chart with its flags, and what real Helm binaries printed. */
export interface ChartCase {
  readonly name: string;
  /** Text, or bytes in base64, by path. */
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>;
  /** Words after `template x CHART`. */
  readonly args: readonly string[];
  /** By Helm version; stdout and stderr as byte strings. */
  readonly recorded?: Readonly<Record<string, Recording>>;
}

export interface Recording {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}
