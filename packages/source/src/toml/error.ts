/** Text that is not TOML, or a value that has no TOML. */
export class TomlError extends Error {
  override readonly name = "TomlError";
  /** 1-based line, when reading failed. */
  readonly line: number | undefined;
  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}
