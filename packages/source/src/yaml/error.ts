/** Text that go-yaml or sigs.k8s.io/yaml refuses. `message` is Go's own text, as a byte string. */
export class YamlError extends Error {
  override readonly name = "YamlError";
  /** 1-based line where Go's text names one or the scanner stood at one. */
  line: number | undefined;
  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

/** Runs what reads a node; an error of it that knows no line gets the node's, counted from 0. */
export function atRow<Result>(row: number, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof YamlError) error.line ??= row + 1;
    throw error;
  }
}

/**
 * An error of go-yaml's parser stage. v3 names the line of the context, if there is one, else the token's; v2 the other way
 * round. Lines are 0-based here and in Go's text as well: both print them as they count.
 */
export function parserError(v3: boolean, problem: string, problemLine: number, contextLine = 0): YamlError {
  const line = v3 ? contextLine || problemLine : problemLine || contextLine;
  return new YamlError(`yaml: ${line === 0 ? "" : `line ${line}: `}${problem}`, line || 1);
}
