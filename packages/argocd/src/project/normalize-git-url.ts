/**
 * util/git/git.go, NormalizeGitURL: two spellings of one repository come out the same (lower case, no `.git`, `git@host:path` as
 * `git@host/path`). "" for what Go's net/url refuses. Characters that a URL's path may not hold are percent-encoded, so that
 * `{a,b}` in a project's sourceRepos never matches.
 */
export function normalizeGitUrl(repository: string): string {
  let url = repository.trim().toLowerCase();
  if (/^(ssh:\/\/)?([^/:]*?)@[^@]+$/.test(url) && !url.startsWith("ssh://")) url = `ssh://${url.replace(":", "/")}`;
  if (url.endsWith(".git")) url = url.slice(0, -".git".length);
  if (/[\x00-\x1f\x7f]|%(?![0-9a-f]{2})/.test(url) || url.startsWith(":")) return "";
  const scheme = /^[a-z][a-z0-9+.-]*:/.exec(url)?.[0] ?? "";
  const rest = url.slice(scheme.length).replace(/[^\w\-.~!$&'()*+,;=:@/%[\]?#]/g, escapeByte);
  const normalized = scheme + rest;
  return normalized.startsWith("ssh://") ? normalized.slice("ssh://".length) : normalized;
}

function escapeByte(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
