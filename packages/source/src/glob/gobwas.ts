import { encodeCodePoint } from "../yaml/characters.ts";
import * as M from "./gobwas-matchers.ts";
import type { Matcher } from "./gobwas-matchers.ts";
import { matchBounded, Tree } from "./gobwas-tree.ts";
import { type GobwasGroup, type GobwasNode, parseGobwas } from "./gobwas-syntax.ts";
import { runesOf } from "./runes.ts";

/**
 * gobwas/glob 0.2.3 `Compile(pattern, separators...)`: the compiled pattern as a predicate on byte strings. `*` and `?` stop at
 * separators, `**` does not; `{a,b}`, `[a-z]`, `[!x]`. The steps are gobwas' own (compiler/compiler.go), since its optimizer
 * changes what some patterns match. Throws `GlobError`; so may the predicate, where gobwas panics or takes too long.
 */
export function compileGobwas(pattern: string, separators: readonly string[] = []): (text: string) => boolean {
  const runes = separators.flatMap((separator) => runesOf(separator));
  const matcher = compile(parseGobwas(pattern), runes);
  return (text) => matchBounded(matcher, text);
}

type Separators = readonly number[];

function compile(node: GobwasNode, separators: Separators): Matcher {
  switch (node.kind) {
    case "anyOf": {
      const smaller = minimizeAnyOf(node);
      if (smaller !== undefined) return compile(smaller, separators);
      return new M.AnyOf(compileChildren(node, separators));
    }
    case "pattern": {
      if (node.children.length === 0) return new M.Nothing();
      return optimize(compileMatchers(minimize(compileChildren(node, separators))));
    }
    case "any":
      return optimize(new M.Any(separators));
    case "super":
      return new M.Super();
    case "single":
      return new M.OneRune("single", (rune) => !separators.includes(rune), separators);
    case "nothing":
      return new M.Nothing();
    case "list": {
      const { runes, negated } = node;
      return optimize(new M.OneRune("list", (rune) => runes.includes(rune) !== negated, runes, negated));
    }
    case "range": {
      const { low, high, negated } = node;
      return new M.OneRune("range", (rune) => (low <= rune && rune <= high) !== negated);
    }
    case "text":
      return new M.Text(node.text);
  }
}

function compileChildren(node: GobwasGroup, separators: Separators): Matcher[] {
  return node.children.map((child) => optimize(compile(child, separators)));
}

function optimize(matcher: Matcher): Matcher {
  if (matcher instanceof M.Any) return matcher.separators.length === 0 ? new M.Super() : matcher;
  if (matcher instanceof M.AnyOf) return matcher.matchers.length === 1 ? matcher.matchers[0]! : matcher;
  if (matcher instanceof M.OneRune) {
    const isOne = matcher.kind === "list" && !matcher.negated && matcher.runes.length === 1;
    return isOne ? new M.Text(encodeCodePoint(matcher.runes[0]!)) : matcher;
  }
  return matcher instanceof Tree ? optimizeTree(matcher) : matcher;
}

/** A text with stars around it becomes one of the fast matchers. */
function optimizeTree(tree: Tree): Matcher {
  const left = tree.left === undefined ? undefined : optimize(tree.left);
  const right = tree.right === undefined ? undefined : optimize(tree.right);
  const { value } = tree;
  if (value instanceof M.Text) {
    const { text } = value;
    if (left === undefined && right === undefined) return new M.Text(text);
    if (left instanceof M.Super && right instanceof M.Super) return new M.Contains(text, false);
    if (left instanceof M.Super && right === undefined) return new M.Suffix(text);
    if (right instanceof M.Super && left === undefined) return new M.Prefix(text);
    if (left === undefined && right instanceof M.Suffix) return new M.PrefixSuffix(text, right.suffix);
    if (right === undefined && left instanceof M.Prefix && left.separators.length === 0)
      return new M.PrefixSuffix(left.prefix, text);
    if (right === undefined && left instanceof M.Any) return new M.SuffixAny(text, left.separators);
    if (left === undefined && right instanceof M.Any) return new M.Prefix(text, right.separators);
  }
  return tree.withSides(left, right);
}

function compileMatchers(matchers: readonly Matcher[]): Matcher {
  if (matchers.length === 1) return matchers[0]!;
  const glued = glue(matchers);
  if (glued !== undefined) return glued;
  // The longest matcher of fixed length, the last one of several, is looked for first.
  let index = -1;
  let longest = -1;
  matchers.forEach((matcher, i) => {
    if (matcher.length === -1 || matcher.length < longest) return;
    longest = matcher.length;
    index = i;
  });
  if (index < 0) return new Tree(matchers[0]!, undefined, compileMatchers(matchers.slice(1)));
  const left = matchers.slice(0, index);
  const right = matchers.slice(index + 1);
  return new Tree(
    matchers[index]!,
    left.length > 0 ? compileMatchers(left) : undefined,
    right.length > 0 ? compileMatchers(right) : undefined,
  );
}

function glue(matchers: readonly Matcher[]): Matcher | undefined {
  if (matchers.length <= 1) return undefined;
  return glueAsEvery(matchers) ?? glueAsRow(matchers);
}

function glueAsRow(matchers: readonly Matcher[]): Matcher | undefined {
  if (matchers.some((matcher) => matcher.length === -1)) return undefined;
  return new M.Row(
    matchers.reduce((sum, matcher) => sum + matcher.length, 0),
    matchers,
  );
}

/** Wildcards side by side with the same separators become one matcher. */
function glueAsEvery(matchers: readonly Matcher[]): Matcher | undefined {
  let hasAny = false;
  let hasSuper = false;
  let singles = 0;
  let separators: Separators | undefined;
  for (const matcher of matchers) {
    let own: Separators;
    if (matcher instanceof M.Super) {
      own = [];
      hasSuper = true;
    } else if (matcher instanceof M.Any) {
      own = matcher.separators;
      hasAny = true;
    } else if (
      matcher instanceof M.OneRune &&
      (matcher.kind === "single" || (matcher.kind === "list" && matcher.negated))
    ) {
      own = matcher.runes;
      singles++;
    } else return undefined;
    separators ??= own;
    if (own.length !== separators.length || own.some((rune, i) => rune !== separators![i])) return undefined;
  }
  const stops = separators ?? [];
  if (hasSuper && !hasAny && singles === 0) return new M.Super();
  if (hasAny && !hasSuper && singles === 0) return new M.Any(stops);
  if ((hasAny || hasSuper) && singles > 0 && stops.length === 0) return new M.Min(singles);
  const every: Matcher[] = [];
  if (singles > 0) {
    every.push(new M.Min(singles));
    if (!hasAny && !hasSuper) every.push(new M.Max(singles));
  }
  if (stops.length > 0) every.push(new M.Contains(stops.map(encodeCodePoint).join(""), true));
  return new M.EveryOf(every);
}

/** Glues the widest run, again and again. */
function minimize(matchers: readonly Matcher[]): readonly Matcher[] {
  let done: { matcher: Matcher; left: number; right: number } | undefined;
  for (let left = 0; left < matchers.length; left++) {
    for (let right = matchers.length; right > left; right--) {
      const glued = glue(matchers.slice(left, right));
      if (glued === undefined) continue;
      const longer = done !== undefined && done.matcher.length > -1 && glued.length > done.matcher.length;
      if (done === undefined || longer || done.right - done.left < right - left) done = { matcher: glued, left, right };
    }
  }
  if (done === undefined) return matchers;
  const next = [...matchers.slice(0, done.left), done.matcher, ...matchers.slice(done.right)];
  return next.length === matchers.length ? next : minimize(next);
}

/** Moves what all alternatives begin and end with out of them; undefined when there is nothing. */
function minimizeAnyOf(node: GobwasGroup): GobwasNode | undefined {
  const patterns = node.children.map((child) => (child as GobwasGroup).children);
  if (node.children.some((child) => child.kind !== "pattern")) return undefined;
  const { left, right } = commonChildren(patterns);
  if (left.length === 0 && right.length === 0) return undefined;
  const result: GobwasNode[] = [];
  if (left.length > 0) result.push({ kind: "pattern", children: left });
  const options: GobwasNode[] = [];
  for (const children of patterns) {
    const own = children.slice(left.length, children.length - right.length);
    const option: GobwasNode = own.length === 0 ? { kind: "nothing" } : { kind: "pattern", children: own };
    if (!options.some((known) => isEqual(known, option))) options.push(option);
  }
  if (options.length === 1 && options[0]!.kind !== "nothing") result.push(options[0]!);
  else if (options.length > 1) result.push({ kind: "anyOf", children: options });
  if (right.length > 0) result.push({ kind: "pattern", children: right });
  return { kind: "pattern", children: result };
}

function commonChildren(patterns: readonly (readonly GobwasNode[])[]): { left: GobwasNode[]; right: GobwasNode[] } {
  const left: GobwasNode[] = [];
  const right: GobwasNode[] = [];
  if (patterns.length <= 1) return { left, right };
  const shortest = patterns.reduce((least, children) => (children.length < least.length ? children : least));
  const others = patterns.filter((children) => children !== shortest);
  let leftEnds = false;
  let rightEnds = false;
  let total = 0;
  for (let i = 0, j = shortest.length - 1; total < shortest.length && j >= 0 && !(leftEnds && rightEnds); i++, j--) {
    for (const other of others) {
      if (leftEnds && rightEnds) break;
      leftEnds ||= !isEqual(shortest[i]!, other[i]!);
      // Once both ends have met, the right one takes nothing more.
      rightEnds ||= !leftEnds && j <= i;
      rightEnds ||= !isEqual(shortest[j]!, other[j + other.length - shortest.length]!);
    }
    if (!leftEnds) {
      total++;
      left.push(shortest[i]!);
    }
    if (!rightEnds) {
      total++;
      right.unshift(shortest[j]!);
    }
  }
  return { left, right };
}

function isEqual(a: GobwasNode, b: GobwasNode): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
