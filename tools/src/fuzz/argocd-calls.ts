import type { Random } from "./random.ts";

/** Functions whose result depends on their arguments only. */
const functions =
  "trim upper lower title untitle swapcase snakecase kebabcase camelcase nospace initials repeat replace trimall trimAll trimSuffix trimPrefix plural abbrev abbrevboth trunc substr wrap wrapWith indent nindent split splitn splitList quote squote cat join toString toStrings sortAlpha contains hasPrefix hasSuffix atoi int int64 float64 toDecimal seq until untilStep add1 add sub div mod mul biggest max min add1f addf subf divf mulf maxf minf ceil floor round list tuple append push mustAppend prepend first mustFirst last rest initial reverse compact uniq without has slice chunk concat dict get set unset hasKey pluck keys values pick omit dig merge mergeOverwrite default empty coalesce all any ternary deepCopy fromJson mustFromJson toJson toPrettyJson toRawJson mustToRawJson typeOf typeIs typeIsLike kindOf kindIs deepEqual base dir clean ext isAbs osBase b64enc b64dec b32enc b32dec regexMatch mustRegexMatch regexFindAll regexFind regexReplaceAll regexReplaceAllLiteral regexSplit mustRegexFindAll regexQuoteMeta semver semverCompare duration durationRound urlParse urlJoin sha1sum sha256sum adler32sum toDate unixEpoch htmlDate normalize slugify toYaml fromYaml fromYamlArray tpl index slice len printf print println html js urlquery call not and or eq ne lt le gt ge".split(
    " ",
  );

const values = [
  ".name",
  ".env",
  ".num",
  ".flag",
  ".nested",
  ".nested.x",
  ".list",
  ".values",
  ".path",
  ".path.segments",
  ".metadata.labels",
  ".server",
  ".none",
  "nil",
  ".",
  "`a-b.c`",
  "`[a-z]+`",
  "`1.2.3`",
  "`^1.0`",
  "`a: [1, x]`",
  "`- a: 1`",
  '`{"a": 1.0, "b": [null]}`',
  "`%v-%v`",
  "``",
  "`ünï Ö`",
  "`x`",
  "0",
  "1",
  "3",
  "-1",
  "2.5",
  "1e3",
  "true",
  "(list 1 `b` nil)",
  "(dict `x` 1 `y` (list 2))",
  "(list `c` `a` `b` `a`)",
] as const;

/** A call with arguments of any kind, right or wrong, and what may follow it. */
export function callExpression(random: Random): string {
  const argument = (depth: number): string =>
    depth < 2 && random.chance(0.15) ? `(${call(depth + 1)})` : random.pick(values);
  const call = (depth: number): string =>
    [random.pick(functions), ...random.list(0, 3, () => argument(depth))].join(" ");
  const after = random.pick(["", "", "", " | toJson", " | quote", " | toString", " | len", ` | ${call(1)}`]);
  return `${call(0)}${after}`;
}
