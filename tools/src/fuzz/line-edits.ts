import type { Random } from "./random.ts";

/** One line of a file replaced by others (none: it is gone). */
export interface LineEdit {
  /** Path below the chart's folder. */
  readonly path: string;
  readonly line: number;
  readonly lines: readonly string[];
}

/** A text (byte string) with the edits; lines are counted in the text as it was. */
export function applyEdits(text: string, edits: readonly LineEdit[]): string {
  const lines: (string | readonly string[])[] = text.split("\n");
  for (const edit of edits) lines[edit.line] = edit.lines;
  return lines.flat().join("\n");
}

/** What a template's actions are made of, to put in the place of others. */
export interface TemplateWords {
  readonly functions: readonly string[];
  /** Operands as charts write them: fields, variables, literals, parenthesized pipelines. */
  readonly operands: readonly string[];
}

/** A random edit of one line of a file; undefined when the line has nothing to edit. */
export function randomEdit(random: Random, path: string, text: string, words: TemplateWords): LineEdit | undefined {
  const lines = text.split("\n");
  const isTemplate = /(?:^|\/)templates\//.test(path);
  const candidates = [...lines.keys()].filter((at) => (isTemplate ? lines[at]!.includes("{{") : lines[at] !== ""));
  if (candidates.length === 0) return undefined;
  const line = random.pick(random.chance(0.85) ? candidates : [...lines.keys()]);
  const before = lines[line]!;
  const edited =
    isTemplate && random.chance(0.85) ? editAction(random, before, words) : editText(random, before, lines);
  return edited === undefined || edited.join("\n") === before ? undefined : { path, line, lines: edited };
}

function editText(random: Random, line: string, lines: readonly string[]): readonly string[] | undefined {
  const indented = /^(\s*)(.*)$/s.exec(line)!;
  return random.pick<() => readonly string[] | undefined>([
    () => [],
    () => [line, line],
    () => [line, random.pick(lines)],
    () => [`  ${line}`],
    () => [line.replace(/^ {1,2}/, "")],
    () => [`\t${line}`],
    () => [`${line}\r`],
    () => [`${line}  `],
    () => [`${line} # note`],
    () => [`${indented[1]}# ${indented[2]}`],
    () => (/^\s*#/.test(line) ? [line.replace(/# ?/, "")] : undefined),
    () => [line.replace(/: .*$/, ": &anchor x"), `${indented[1]}other: *anchor`],
    () => [line.replace(/:\s.*$/, `: ${random.pick(scalars)}`)],
    () => [line.replace(/:\s.*$/, `: ${random.pick(scalars)}`)],
    () => [line.replace(/^(\s*)([\w.-]+):/, `$1"$2":`)],
    () => [line.replace(/["']/, "")],
    () => [line.replace(/[:{}[\],]/, random.pick([":", "", "{", "]", ","]))],
    () => ["---", line],
    () => [line, `${indented[1]}<<: {a: b, c: [1, 2]}`],
    () => [`${line}\u00ef\u00bb\u00bf`],
  ])();
}

const scalars = [
  "{}",
  "[]",
  "null",
  "",
  "|",
  ">-",
  "yes",
  "0777",
  "1e6",
  "1_000",
  "!!binary aGVsbG8=",
  "!custom x",
  '"\\x41\\u00e9"',
  "'it''s'",
  "{a: 1, b: [x, 'y']}",
  "2024-01-02T03:04:05Z",
  "*nowhere",
  "@x",
  "%x",
  "- a",
  "x: y",
  "9999999999999999999999",
  ".nan",
  "{{ .Release.Name }}",
];

/** Text → the edits of one action in it. */
function editAction(random: Random, line: string, words: TemplateWords): readonly string[] | undefined {
  const actions = [...line.matchAll(/\{\{-?\s*(?!\/\*)(.*?)\s*-?\}\}/g)];
  if (actions.length === 0) return undefined;
  const action = random.pick(actions);
  const start = action.index;
  const whole = action[0];
  const put = (text: string): readonly string[] => [line.slice(0, start) + text + line.slice(start + whole.length)];
  const inner = (change: (text: string) => string): readonly string[] =>
    put(whole.replace(action[1]!, () => change(action[1]!)));
  return random.pick<() => readonly string[] | undefined>([
    () => put(""),
    () => put(whole.startsWith("{{-") ? whole.replace("{{-", "{{") : whole.replace("{{", "{{-")),
    () => put(whole.endsWith("-}}") ? whole.replace(/-\}\}$/, "}}") : whole.replace(/\}\}$/, " -}}")),
    () => put(`${whole}${whole}`),
    () => inner((text) => replaceOne(random, text, functionWord, () => random.pick(words.functions))),
    () => inner((text) => replaceOne(random, text, functionWord, () => random.pick(words.functions))),
    () => inner((text) => replaceOne(random, text, operandWord, () => random.pick(words.operands))),
    () => inner((text) => replaceOne(random, text, operandWord, () => random.pick(words.operands))),
    () =>
      inner((text) => replaceOne(random, text, operandWord, (word) => `(${word} | ${random.pick(words.functions)})`)),
    () => inner((text) => replaceOne(random, text, operandWord, () => "")),
    () => inner((text) => `${text} | ${random.pick(stages)}`),
    () => inner((text) => `${text} | ${random.pick(words.functions)}`),
    () => inner((text) => `${text} | ${random.pick(words.functions)} ${random.pick(words.operands)}`),
    () => inner((text) => text.replace(/ \| [^|]*$/, "")),
    () => inner((text) => replaceOne(random, text, /"[^"]*"|\b\d+\b/g, () => random.pick(literals))),
    () =>
      inner((text) =>
        text.replace(
          /^(\w+) /,
          (_, name: string) => `${random.pick(["if", "with", "range", "else if", "include", "not", name])} `,
        ),
      ),
    () =>
      inner((text) =>
        replaceOne(random, text, /[()|.$"]/g, () => random.pick(["", "(", ")", "|", ".", "$", '"', "`", "'"])),
      ),
  ])();
}

const functionWord = /(?<=[( |]|^)[a-z]\w+(?=[ )]|$)/g;
const operandWord = /\$?(?:\.\w+)+|\$\w*|"[^"]*"|\b\d+\b/g;

const literals = [
  '""',
  '"x"',
  "0",
  "1",
  "-1",
  "5",
  "63",
  "1.5",
  "nil",
  "true",
  '"%s-%d"',
  "`raw`",
  "'c'",
  '"a.b"',
  "1e3",
  '"\\n"',
  "0x1F",
];

const stages = [
  "quote",
  "squote",
  "toYaml",
  "toJson",
  "toToml",
  "nindent 4",
  "indent 2",
  "trunc 5",
  "trunc -5",
  'trimSuffix "-"',
  "default (dict)",
  "default list",
  'default "d"',
  "b64enc",
  "sha256sum",
  "int",
  "int64",
  "float64",
  "toString",
  "upper",
  "trim",
  "keys",
  "len",
  "fromYaml",
  "fromJson",
  "fromYamlArray",
  "toPrettyJson",
  "toYamlPretty",
  "kindOf",
  "typeOf",
  "not",
  "empty",
  'required "needed"',
  "fail",
  'join ","',
  'splitList "-"',
  "first",
  "last",
  "uniq",
  "sortAlpha",
  "compact",
  'printf "%v"',
  'printf "%q"',
  'printf "%d"',
  'printf "%-5s|"',
  "tpl $",
  "title",
  "camelcase",
  "snakecase",
  'replace "-" "_"',
  'regexReplaceAll "[^a-z]" "x"',
  "semver",
  'ternary "a" "b"',
  "html",
  "js",
  "urlquery",
  "add1",
  "deepCopy",
  "cat 1",
  "print",
  "println",
];

function replaceOne(random: Random, text: string, pattern: RegExp, replacement: (word: string) => string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const { 0: word, index } = random.pick(found);
  return text.slice(0, index) + replacement(word) + text.slice(index + word.length);
}
