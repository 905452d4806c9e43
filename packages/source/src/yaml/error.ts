/** Text that go-yaml or sigs.k8s.io/yaml refuses. `message` is Go's own text, as a byte string. */
export class YamlError extends Error {
  override readonly name = "YamlError";
  /** 1-based line where Go's text names one or the scanner stood at one. */
  readonly line: number | undefined;
  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}
