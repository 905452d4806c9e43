import { normalizePath } from "../path.ts";
import { FileTreeError } from "../file-tree.ts";
import { GlobError } from "./error.ts";
import { wildmatch } from "./wildmatch.ts";

interface Pathspec {
  readonly text: string;
  readonly literal: boolean;
  readonly glob: boolean;
  readonly ignoreCase: boolean;
  readonly exclude: boolean;
}

/**
 * Which of `files` (root-relative, in the order given) `git ls-files -- <pathspec>` lists from the root of a repository:
 * folder prefixes, wildmatch where `*` crosses `/`, and the magic words `top`, `literal`, `glob`, `icase`, `exclude`
 * (git 2.39, pathspec.c and dir.c). Throws `GlobError` for what git refuses.
 */
export function matchGitPathspec(pathspec: string, files: readonly string[]): string[] {
  const spec = parsePathspec(pathspec);
  return files.filter((file) => matches(spec, file) !== spec.exclude);
}

const shortMagic: ReadonlyMap<string, string> = new Map([
  ["/", "top"],
  ["!", "exclude"],
  ["^", "exclude"],
]);

function parsePathspec(source: string): Pathspec {
  if (source === "")
    throw new GlobError(
      "fatal: empty string is not a valid pathspec. please use . instead if you meant to match all paths",
    );
  const words = new Set<string>();
  let rest = source;
  if (source.startsWith(":(")) rest = parseLongMagic(source, words);
  else if (source.startsWith(":")) rest = parseShortMagic(source, words);
  if (words.has("literal") && words.has("glob"))
    throw new GlobError(`fatal: ${source}: 'literal' and 'glob' are incompatible`);
  return {
    // With `top` git takes the path as it is.
    text: words.has("top") ? rest : normalize(rest, source),
    literal: words.has("literal"),
    glob: words.has("glob"),
    ignoreCase: words.has("icase"),
    exclude: words.has("exclude"),
  };
}

function parseLongMagic(source: string, words: Set<string>): string {
  const close = source.indexOf(")");
  if (close < 0) throw new GlobError(`fatal: Missing ')' at the end of pathspec magic in '${source}'`);
  for (const word of source.slice(2, close).split(",")) {
    if (word === "") continue;
    if (!["top", "literal", "glob", "icase", "exclude"].includes(word)) {
      throw new GlobError(
        word.startsWith("attr")
          ? "unsupported: pathspec magic 'attr'"
          : `fatal: Invalid pathspec magic '${word}' in '${source}'`,
      );
    }
    words.add(word);
  }
  return source.slice(close + 1);
}

function parseShortMagic(source: string, words: Set<string>): string {
  let at = 1;
  for (; at < source.length && source[at] !== ":"; at++) {
    const character = source[at]!;
    // Letters, digits and wildcards end the magic; other signs must be known.
    if (!/[!"#%&'\-,/;<=>@^_`~]/.test(character)) break;
    const word = shortMagic.get(character);
    if (word === undefined) throw new GlobError(`fatal: Unimplemented pathspec magic '${character}' in '${source}'`);
    words.add(word);
  }
  return source.slice(source[at] === ":" ? at + 1 : at);
}

function normalize(path: string, source: string): string {
  if (path.startsWith("/")) throw new GlobError(`fatal: ${source}: '${path}' is outside repository`);
  try {
    const normal = normalizePath(path);
    return /(?:^|\/)\.{0,2}$/.test(path) && normal !== "" ? `${normal}/` : normal;
  } catch (error) {
    if (error instanceof FileTreeError) throw new GlobError(`fatal: ${source}: '${path}' is outside repository`);
    throw error;
  }
}

function matches(spec: Pathspec, file: string): boolean {
  const pattern = spec.ignoreCase ? spec.text.toLowerCase() : spec.text;
  const name = spec.ignoreCase ? file.toLowerCase() : file;
  if (pattern === "") return true;
  if (name.startsWith(pattern)) {
    if (name.length === pattern.length) return true;
    if (pattern.endsWith("/") || name[pattern.length] === "/") return true;
  }
  if (spec.literal || !/[*?[\\]/.test(pattern)) return false;
  return wildmatch(spec.text, file, { pathname: spec.glob, ignoreCase: spec.ignoreCase });
}
