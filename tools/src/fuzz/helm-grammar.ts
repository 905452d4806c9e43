import type { Expression, Statement } from "./template-node.ts";
import type { Random } from "./random.ts";
import { tomlText } from "./toml-text.ts";

/** What an argument should be; absurd ones are thrown in besides. */
type Kind =
  | "string"
  | "int"
  | "float"
  | "bool"
  | "list"
  | "dict"
  | "any"
  | "regex"
  | "version"
  | "constraint"
  | "format"
  | "layout"
  | "date"
  | "path"
  | "url"
  | "separator"
  | "yaml"
  | "toml"
  | "json"
  | "key";

/** Functions with deterministic results and the kinds of their arguments. A trailing `*` repeats the last kind. */
const functions: readonly (readonly [name: string, ...kinds: (Kind | "*")[]])[] = [
  ["upper", "string"],
  ["lower", "string"],
  ["title", "string"],
  ["untitle", "string"],
  ["trim", "string"],
  ["trimAll", "separator", "string"],
  ["trimPrefix", "string", "string"],
  ["trimSuffix", "string", "string"],
  ["trunc", "int", "string"],
  ["abbrev", "int", "string"],
  ["abbrevboth", "int", "int", "string"],
  ["repeat", "int", "string"],
  ["substr", "int", "int", "string"],
  ["nospace", "string"],
  ["initials", "string"],
  ["wrap", "int", "string"],
  ["wrapWith", "int", "separator", "string"],
  ["contains", "string", "string"],
  ["hasPrefix", "string", "string"],
  ["hasSuffix", "string", "string"],
  ["quote", "any", "*"],
  ["squote", "any", "*"],
  ["cat", "any", "*"],
  ["indent", "int", "string"],
  ["nindent", "int", "string"],
  ["replace", "string", "string", "string"],
  ["plural", "string", "string", "int"],
  ["snakecase", "string"],
  ["camelcase", "string"],
  ["kebabcase", "string"],
  ["swapcase", "string"],
  ["sha256sum", "string"],
  ["sha1sum", "string"],
  ["sha512sum", "string"],
  ["adler32sum", "string"],
  ["toString", "any"],
  ["toStrings", "list"],
  ["join", "separator", "list"],
  ["split", "separator", "string"],
  ["splitList", "separator", "string"],
  ["splitn", "separator", "int", "string"],
  ["atoi", "string"],
  ["int", "any"],
  ["int64", "any"],
  ["float64", "any"],
  ["toDecimal", "any"],
  ["add", "int", "*"],
  ["add1", "int"],
  ["sub", "int", "int"],
  ["mul", "int", "*"],
  ["div", "int", "int"],
  ["mod", "int", "int"],
  ["max", "int", "*"],
  ["min", "int", "*"],
  ["maxf", "float", "*"],
  ["minf", "float", "*"],
  ["addf", "float", "*"],
  ["subf", "float", "*"],
  ["mulf", "float", "*"],
  ["divf", "float", "*"],
  ["ceil", "float"],
  ["floor", "float"],
  ["round", "float", "int"],
  ["biggest", "int", "*"],
  ["until", "int"],
  ["untilStep", "int", "int", "int"],
  ["seq", "int", "*"],
  ["default", "any", "any"],
  ["empty", "any"],
  ["coalesce", "any", "*"],
  ["all", "any", "*"],
  ["any", "any", "*"],
  ["ternary", "any", "any", "bool"],
  ["fromJson", "json"],
  ["toJson", "any"],
  ["toPrettyJson", "any"],
  ["toRawJson", "any"],
  ["fromYaml", "yaml"],
  ["fromToml", "toml"],
  ["fromToml", "toml"],
  ["fromYamlArray", "yaml"],
  ["fromJsonArray", "json"],
  ["toYaml", "any"],
  ["toYamlPretty", "any"],
  ["toToml", "dict"],
  ["mustToYaml", "any"],
  ["mustToJson", "any"],
  ["kindOf", "any"],
  ["typeOf", "any"],
  ["kindIs", "string", "any"],
  ["typeIs", "string", "any"],
  ["typeIsLike", "string", "any"],
  ["deepEqual", "any", "any"],
  ["list", "any", "*"],
  ["first", "list"],
  ["rest", "list"],
  ["last", "list"],
  ["initial", "list"],
  ["append", "list", "any"],
  ["prepend", "list", "any"],
  ["concat", "list", "*"],
  ["reverse", "list"],
  ["uniq", "list"],
  ["without", "list", "any", "*"],
  ["has", "any", "list"],
  ["compact", "list"],
  ["slice", "list", "int", "int"],
  ["chunk", "int", "list"],
  ["mustFirst", "list"],
  ["mustSlice", "list", "int", "int"],
  ["index", "list", "int"],
  ["index", "dict", "key"],
  ["sortAlpha", "list"],
  ["len", "any"],
  ["dict", "key", "any"],
  ["dict", "key", "any", "key", "any"],
  ["get", "dict", "key"],
  ["hasKey", "dict", "key"],
  ["pick", "dict", "key", "*"],
  ["omit", "dict", "key", "*"],
  ["merge", "dict", "dict"],
  ["mergeOverwrite", "dict", "dict"],
  ["deepCopy", "any"],
  ["dig", "key", "any", "dict"],
  ["dig", "key", "key", "any", "dict"],
  ["set", "dict", "key", "any"],
  ["unset", "dict", "key"],
  ["b64enc", "string"],
  ["b64dec", "string"],
  ["b32enc", "string"],
  ["b32dec", "string"],
  ["semver", "version"],
  ["semverCompare", "constraint", "version"],
  ["regexMatch", "regex", "string"],
  ["regexFindAll", "regex", "string", "int"],
  ["regexFind", "regex", "string"],
  ["regexReplaceAll", "regex", "string", "string"],
  ["regexReplaceAllLiteral", "regex", "string", "string"],
  ["regexSplit", "regex", "string", "int"],
  ["regexQuoteMeta", "string"],
  ["mustRegexMatch", "regex", "string"],
  ["urlParse", "url"],
  ["urlJoin", "dict"],
  ["base", "path"],
  ["dir", "path"],
  ["clean", "path"],
  ["ext", "path"],
  ["isAbs", "path"],
  ["osBase", "path"],
  ["osDir", "path"],
  ["printf", "format", "any", "*"],
  ["print", "any", "*"],
  ["println", "any", "*"],
  ["html", "any"],
  ["js", "any"],
  ["urlquery", "any"],
  ["not", "any"],
  ["and", "any", "any"],
  ["or", "any", "any"],
  ["eq", "any", "any", "*"],
  ["ne", "any", "any"],
  ["lt", "any", "any"],
  ["le", "any", "any"],
  ["gt", "int", "int"],
  ["ge", "any", "any"],
  ["required", "string", "any"],
  ["date", "layout", "int"],
  ["dateInZone", "layout", "int", "string"],
  ["toDate", "layout", "date"],
  ["unixEpoch", "any"],
  ["duration", "int"],
  ["durationRound", "string"],
  ["htmlDate", "int"],
  ["dateModify", "string", "any"],
  ["trimall", "separator", "string"],
  ["hello"],
  ["tuple", "any", "*"],
  ["tpl", "string", "any"],
  ["derivePassword", "int", "string", "string", "string", "string"],
  ["getHostByName", "string"],
  ["pluck", "key", "dict", "*"],
  ["values", "dict"],
];

const pool: Readonly<Record<Kind, readonly string[]>> = {
  string: [
    '"hello"',
    '"Hello World-foo_bar"',
    '""',
    '"a,b;c"',
    '"  pad "',
    '`raw\\n"x"`',
    '"h\\u00e9llo w\\u00f6rld"',
    '"a\\nb\\n"',
    '"\\xff\\xfe"',
    '"😀"',
    '"12345678"',
    '"0x1F"',
    '"{{ .Values.s }}"',
    '"fooBarBAZ"',
    '"ß İ ǆ"',
    ".Values.s",
    ".Values.uni",
    ".Values.multi",
    ".Values.image.tag",
    ".Release.Name",
    ".Chart.Version",
  ],
  int: [
    "0",
    "1",
    "2",
    "3",
    "7",
    "-1",
    "10",
    "100",
    "0x10",
    "'a'",
    "(int .Values.n)",
    "(int64 5)",
    ".Values.n",
    "1_000",
    "-9223372036854775808",
  ],
  float: ["1.5", "0.1", "-2.25", "1e6", "3", "1e21", "1e-7", ".Values.f", ".Values.n", '"2.5"', '(float64 "1e3")'],
  bool: ["true", "false", ".Values.yes", ".Values.no", ".Values.missing"],
  list: [
    "(list 1 2 3)",
    '(list "b" "a" "c" "a")',
    "(list)",
    ".Values.list",
    ".Values.mixed",
    ".Values.objects",
    '(splitList "," "x,y,z")',
    "(until 4)",
    '(list 1 "1" 1.0 nil true)',
  ],
  dict: [
    '(dict "a" 1 "b" "two")',
    "(dict)",
    ".Values.map",
    ".Values.image",
    ".Values",
    '(dict "x" (dict "y" (list 1)))',
    ".Values.nested",
    "(deepCopy .Values.map)",
  ],
  any: [
    "nil",
    "true",
    "1",
    "1.5",
    '"x"',
    '""',
    "(list 1 2)",
    '(dict "k" nil)',
    ".Values.missing",
    ".Values.null",
    ".Values.n",
    ".Values.big",
    ".Values.f",
    ".Values.list",
    ".Values.map",
    ".Values.s",
    ".Values.t1",
    ".Values.yaml11",
    "(int64 7)",
    ".Values.empty",
    ".Chart.Name",
    ".Capabilities.KubeVersion",
    ".Values.missing.x",
  ],
  regex: [
    '"[a-z]+"',
    '"(\\\\w)(\\\\w*)"',
    '"^$"',
    '"o*"',
    '"(?i)HELLO"',
    '"[^a-c]"',
    '"(a|b)+"',
    '"("',
    '"\\\\p{L}+"',
    '".*?"',
    '"(?P<x>l+)"',
    '"[[:upper:]]"',
    '"a{2,1}"',
  ],
  version: [
    '"1.2.3"',
    '"v1.2"',
    '"1.2.3-alpha.1+build"',
    '"2"',
    '"not"',
    '"1.27.4-gke.100"',
    ".Capabilities.KubeVersion.Version",
  ],
  constraint: [
    '">=1.2.0"',
    '"^1.2"',
    '"~1.2.3"',
    '">=1.21-0"',
    '"1.x || >=2.5.0 <3"',
    '"1.2 - 1.4"',
    '"*"',
    '"!=1.2.3"',
    '"=>1"',
    '"bad range"',
  ],
  format: [
    '"%d"',
    '"%s"',
    '"%v"',
    '"%q"',
    '"%5.2f"',
    '"%-5s|"',
    '"%05d"',
    '"%x"',
    '"%+v"',
    '"%#v"',
    '"%T"',
    '"%t"',
    '"%c"',
    '"%U"',
    '"%e"',
    '"%g"',
    '"%s-%d"',
    '"%[2]v %[1]v"',
    '"%*d"',
    '"%%"',
    '"%!"',
    '"%"',
    '"no verbs"',
    '"% x"',
    '"%o"',
    '"%b"',
    '"%6.3v|"',
  ],
  layout: [
    '"2006-01-02"',
    '"15:04:05 MST"',
    '"Mon Jan _2 2006"',
    '"Jan 02, 06 03:04PM -07:00"',
    '"2006-01-02T15:04:05.000Z07:00"',
    '"002 .999999 Z0700"',
  ],
  date: ['"2024-02-29"', '"2024-13-01"', '"15:04:05 UTC"', '""'],
  path: ['"/a/b/c.txt"', '"a/../b"', '""', '"."', '"foo.tar.gz"', '"//x//y/"', '"../../z"'],
  url: [
    '"http://user:pw@host:80/p?q=1#f"',
    '"host/path"',
    '"://bad"',
    '"mailto:x@y"',
    '"http://[::1]:80/"',
    '""',
    '"/a b?x=y z"',
  ],
  separator: ['","', '""', '" "', '"a"', '"--"', '"\\n"'],
  yaml: [
    '"a: 1\\nb: [x, 2]"',
    '"- 1\\n- yes"',
    '"a: {b: c"',
    '"x"',
    '"on: off\\n0777: 1e3"',
    '".5: ~"',
    '"a: &x 1\\nb: *x"',
    ".Values.yamlText",
    '"- a\\n- b: 012\\n  c: 0x1f"',
    '"{}"',
    '"a: |\\n  x\\n   y\\n"',
  ],
  toml: ['"a = 1\\nb.c = [1, 2]"', '"[a]\\nb = 2024-01-02"', ".Values.yamlText", '""'],
  json: [
    '"{\\"a\\": 1, \\"b\\": [1.5, null, true]}"',
    '"[1, \\"x\\"]"',
    '"{bad"',
    '"1e400"',
    '"\\"s\\""',
    '"{\\"a\\":{\\"a\\":12345678901234567890}}"',
    '"null"',
    '"[]"',
  ],
  key: ['"a"', '"b"', '"tag"', '"x"', '"missing"', '"k"', '"y"', '"__proto__"', '"constructor"'],
};

/** A text as Go's templates write it between double quotes. */
function goString(text: string): string {
  return JSON.stringify(text);
}

/** Generates the body of one template: text, output, variables and control flow over the values of `valuesText`. */
export class TemplateGrammar {
  readonly #random: Random;
  #variables: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  template(): Statement[] {
    this.#variables = [];
    return this.#random.list(1, 3, () => this.#statement(2));
  }

  #statement(depth: number): Statement {
    const random = this.#random;
    const roll = random.next();
    if (roll < 0.12) return { kind: "text", text: random.pick([" text ", "\n", "  \n\t", "a: b\n", "é", "}} ", "-"]) };
    if (roll < 0.62 || depth === 0)
      return { kind: "print", expression: this.#expression("any", 3), trim: random.chance(0.15) };
    if (roll < 0.72) return this.#assignment();
    return this.#block(depth);
  }

  #assignment(): Statement {
    const random = this.#random;
    const known = this.#variables.length > 0 && random.chance(0.4);
    const name = known ? random.pick(this.#variables) : `$v${this.#variables.length}`;
    const expression = this.#expression("any", 2);
    if (!known) this.#variables.push(name);
    return { kind: "set", name, operator: known ? "=" : ":=", expression };
  }

  #block(depth: number): Statement {
    const random = this.#random;
    const word = random.pick(["if", "with", "range"] as const);
    const outer = [...this.#variables];
    const expression = this.#expression(word === "range" ? random.pick(["list", "dict", "int"]) : "any", 2);
    let variables = "";
    if (word === "range" && random.chance(0.5)) {
      const names = random.chance(0.5) ? ["$i", "$e"] : ["$e"];
      variables = `${names.join(", ")} := `;
      this.#variables.push(...names);
    } else if (random.chance(0.2)) {
      variables = "$w := ";
      this.#variables.push("$w");
    }
    const body = random.list(1, 2, () => this.#statement(depth - 1));
    this.#variables = outer;
    const otherwise = random.chance(0.4) ? random.list(1, 2, () => this.#statement(depth - 1)) : undefined;
    this.#variables = outer;
    return { kind: "block", word, variables, expression, body, otherwise };
  }

  #expression(kind: Kind, depth: number): Expression {
    const random = this.#random;
    if (depth === 0 || random.chance(0.25)) return { kind: "leaf", text: this.#leaf(kind) };
    const [name, ...kinds] = random.pick(functions);
    const wanted = kinds.filter((entry): entry is Kind => entry !== "*");
    if (kinds.at(-1) === "*") for (let more = random.below(3); more > 0; more--) wanted.push(wanted.at(-1)!);
    if (random.chance(0.03)) wanted.pop();
    const args = wanted.map((entry) =>
      this.#expression(random.chance(0.06) ? "any" : entry, random.chance(0.35) ? depth - 1 : 0),
    );
    return { kind: "call", name, args, piped: args.length > 0 && random.chance(0.4) };
  }

  #leaf(kind: Kind): string {
    const random = this.#random;
    if (this.#variables.length > 0 && random.chance(0.15)) return random.pick(this.#variables);
    if (random.chance(0.05)) return random.pick([".", "$", ".x", "$.Values.map.a", ".Values.nested.deep.er"]);
    if (kind === "toml" && random.chance(0.9)) return goString(tomlText(random));
    return random.pick(pool[kind]);
  }
}

const scalars = [
  "1",
  "0",
  "-1",
  "12345678",
  "1.5",
  "1e3",
  "0777",
  "0o17",
  "0x1F",
  "1_000",
  "yes",
  "off",
  "true",
  "~",
  "null",
  '""',
  '"yes"',
  "text",
  '"0123"',
  "2024-01-02",
  "12:30",
  "é",
  "'it''s'",
  "+1",
  ".5",
  "1e400",
  "!!str 1",
  "|\n      a\n      b\n",
  "[]",
  "{}",
  "[1, a, {b: c}]",
  "{x: 1, y: [z]}",
  '"a\\tb"',
  "a b  c",
  "- ",
  "99999999999999999999",
  "-0.0",
  "=",
  "<<",
  "y",
  "N",
];

/** A values file with the names that the grammar's leaves use, and random values of all YAML forms. */
export function valuesText(random: Random): string {
  const scalar = (): string =>
    random.pick(scalars.filter((text) => !text.startsWith("|") && text !== "- " && text !== "1e400"));
  return `s: ${random.pick(['"hello world"', "plain", '"12"', "'quo''ted'", '"line\\nbreak"'])}
uni: "héllo ✓ 😀"
multi: |
  line one
    line two

  last
n: ${random.pick(["80", "12345678", "0", "-3", "1e3"])}
big: ${random.pick(["9007199254740993", "12345678901234567890", "1e21", "100000000000000000000"])}
f: ${random.pick(["1.5", "0.1", "-0.0", "1e-7", "123456.789"])}
yes: true
"no": false
"null": ~
empty:
t1: ${scalar()}
yaml11: [yes, no, on, 0777, 0o17, 1_000, 0x1F, 12:30, 2024-01-02, ~, .5, 1e3, "08", +1]
list: [${random.list(0, 4, scalar).join(", ")}]
mixed: [1, "a", true, ~, 2.5, {b: 1, a: x}, [c]]
objects:
  - {name: one, value: ${scalar()}}
  - name: two
image:
  repository: nginx
  tag: ${random.pick(['"1.20"', "1.20", "latest", "~"])}
map: {a: ${scalar()}, b: ${scalar()}, 10: x, 9: y, "k": ~}
nested: {x: {y: {z: ${scalar()}}}, deep: ${random.pick(["{}", "{er: 1}", "[1]"])}}
yamlText: "a: 1\\nlist:\\n- x\\n- 2\\n"
`;
}
