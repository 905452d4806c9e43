/** Where something was written. Lines and columns are 1-based; columns count bytes, as Go's tools do. */
export interface Origin {
  /** Path inside the tree, with `/`, relative to the tree's root; or a display name such as `--set` or `<stdin>`. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The value's own path in the file: `image.tag`, `env[0].name`. */
  readonly path?: string;
}
