/** Which of `files` (root-relative) `git ls-files -- <pathspec>` lists: wildmatch, directory prefixes and `:(magic)`. Throws `GlobError`. */
export function matchGitPathspec(_pathspec: string, _files: readonly string[]): string[] {
  throw new Error("matchGitPathspec is not finished");
}
