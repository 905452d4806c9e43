import type { Json } from "./argocd-grammar.ts";
import type { Random } from "./random.ts";

type JsonMap = { [key: string]: Json };

const literals = [
  '"app"',
  '"http"',
  '"a"',
  '"1"',
  "1",
  "0",
  "80",
  "null",
  "true",
  '""',
  '"nginx"',
  "[]",
  "{}",
] as const;
const regularExpressions = [
  '"^a"',
  '"o+"',
  '"[0-9]+$"',
  '"(?i)APP"',
  '"example\\\\.com"',
  '".*"',
  '"^$"',
  '"[", "x"',
] as const;
const plainFunctions = [
  "keys",
  "length",
  "type",
  "tostring",
  "not",
  "to_entries",
  "from_entries",
  "add",
  "first",
  "last",
  "sort",
  "unique",
  "reverse",
  "ascii_downcase",
  "tonumber",
  "values",
  "scalars",
  "objects",
  "arrays",
  "strings",
  "numbers",
  "min",
  "max",
  "any",
  "all",
  "flatten",
  "tojson",
  "fromjson",
  "paths",
  "leaf_paths",
  "empty",
  "error",
  'ltrimstr("a")',
  'split("/")',
  'join(",")',
  "map(.)",
  "group_by(.name)",
  "min_by(.name)",
  "with_entries(.)",
  "env | keys | length",
  "input_line_number",
  'splits("a")',
  'getpath(["spec"])',
  "limit(1; .[]?)",
  "@base64",
  "@json",
  "ascii",
  "infinite",
] as const;

/** What people write into `jqPathExpressions`, and what they should not: paths, with conditions of all kinds. */
export class JqGrammar {
  readonly #random: Random;
  readonly #object: JsonMap;
  /** Paths lead mostly to what `object` has. */
  constructor(random: Random, object: JsonMap) {
    this.#random = random;
    this.#object = object;
  }

  path(depth = 0): string {
    const random = this.#random;
    const base = this.#steps();
    const choice = random.below(depth > 2 ? 4 : 20);
    if (choice < 4) return base;
    const value = (): string => this.#value(depth + 1);
    const condition = (): string => this.#condition(depth + 1);
    const inner = (): string => this.path(depth + 1);
    const forms: readonly (() => string)[] = [
      () => `${base} | select(${condition()})`,
      () => `${base}[]? | select(${condition()})`,
      () => `${base}, ${inner()}`,
      () => `${base} | ${inner()}`,
      () => `(${base} // ${inner()})`,
      () => `if ${condition()} then ${base} else ${random.chance(0.5) ? inner() : "empty"} end`,
      () => `${base}[${random.pick(["0", "-1", "1:", ":1", "-2:", "0:1", '"a"', "1.5", "null", value()])}]`,
      () =>
        `${random.pick(["..", "recurse", "recurse(.[]?)", "recurse(.spec?; . != null)"])} | ${random.pick([`select(${condition()})`, "objects", ".name?", ".image?", 'select(type == "string")'])}`,
      () =>
        `${random.pick(["first", "last", "limit(1; ", "limit(2; ", "nth(1; ", "until(true; ", "until(. == null; "]).replace(/^(first|last)$/, "$1(")}${base}[]?)`,
      () =>
        `getpath(${random.pick(['["spec"]', '["spec","replicas"]', '["metadata","labels","app"]', '["a",0]', "[]", 'paths(type == "string")', value()])})`,
      () => `paths(${condition()}) as $p | getpath($p)`,
      () => `${base} as $x | ${inner()}`,
      () => `${base}?`,
      () => `try ${inner()} catch ${random.pick([".", "empty", '"x"'])}`,
      () => `try error("x") catch .`,
      () => `def f: ${base}; f${random.pick(["", " | f", "[]?"])}`,
      () => `def f(g): g | ${inner()}; f(${base})`,
      () => `label $out | ${base} | ., break $out`,
      () => `(${base})${random.pick(["", "[]", ".name", "[0]"])}`,
      () => `${base} | ${random.pick(plainFunctions)}`,
      () => `to_entries[] | select(.key == "spec") | .value`,
      () => `map_values(${inner()})`,
      () => `del(${inner()})`,
      () => `path(${inner()})`,
      () => `${base} |= ${value()}`,
      () => `${base} = ${value()}`,
      () => `with_entries(select(${condition()}))`,
      () => `delpaths([["spec"]])`,
      () => `pick(${base})`,
      () => `walk(${value()})`,
      () => `to_entries | map(select(${condition()})) | from_entries`,
      () => `{a: ${value()}}`,
      () => `[${inner()}]`,
      () => `.[${value()}]`,
      () => `$ENV.PATH`,
    ];
    return random.pick(forms)();
  }

  /** A path along the object, with iterators instead of some of its steps. */
  #steps(): string {
    const random = this.#random;
    let at: Json = this.#object;
    let text = "";
    for (let steps = 1 + random.below(6); steps > 0; steps--) {
      if (at === null || typeof at !== "object") break;
      if (random.chance(0.06)) {
        text += random.pick([".nope", '["x y"]', ".x?", "[]?", ".[]?", '."a-b"', ".nope.more"]);
        break;
      }
      if (Array.isArray(at)) {
        if (at.length === 0) break;
        const index = random.below(at.length);
        text += random.chance(0.7) ? "[]" : `[${random.chance(0.8) ? index : index - at.length}]`;
        at = at[index] ?? null;
        continue;
      }
      const keys: string[] = Object.keys(at);
      if (keys.length === 0) break;
      const key: string = random.pick(keys);
      const isWord = /^[A-Za-z_]\w*$/.test(key);
      if (random.chance(0.08)) text += text === "" ? ".[]" : "[]";
      else if (isWord && random.chance(0.9)) text += `.${key}`;
      else text += text === "" || random.chance(0.5) ? `.${JSON.stringify(key)}` : `[${JSON.stringify(key)}]`;
      if (random.chance(0.08)) text += "?";
      at = (at as JsonMap)[key] ?? null;
    }
    return text === "" ? "." : text.startsWith("[") ? `.${text}` : text;
  }

  #value(depth: number): string {
    const random = this.#random;
    if (depth > 3 || random.chance(0.4)) return random.pick(literals);
    return random.pick([
      this.#steps(),
      `${this.#steps()} | ${random.pick(plainFunctions)}`,
      `(${this.#value(depth + 1)} ${random.pick(["+", "-", "*", "/", "%", "//"])} ${this.#value(depth + 1)})`,
      `[${this.#value(depth + 1)}, ${this.#value(depth + 1)}]`,
      `{name: ${this.#value(depth + 1)}}`,
      `"x\\(${this.#value(depth + 1)})"`,
      ".",
    ]);
  }

  #condition(depth: number): string {
    const random = this.#random;
    const name = random.pick([
      ".name",
      ".kind",
      ".key",
      ".",
      ".image",
      ".port",
      ".metadata.name",
      ".type",
      ".value",
      ".name?",
    ]);
    if (depth > 4) return `${name} == ${random.pick(literals)}`;
    return random.pick([
      `${name} ${random.pick(["==", "!=", "<", ">=", ">", "<="])} ${random.pick(literals)}`,
      `${name} | test(${random.pick(regularExpressions)})`,
      `${name} | ${random.pick(["startswith", "endswith", "contains", "inside", "index", "ltrimstr", "has", "in", "match", "test", "IN", "indices", "capture"])}(${random.pick(literals)})`,
      `${name} | IN(${random.pick(literals)}, ${random.pick(literals)})`,
      `any(.[]?; . == ${random.pick(literals)})`,
      `all(${name} != ${random.pick(literals)})`,
      `has(${random.pick(['"name"', '"spec"', "0", '"app"'])})`,
      `type == ${random.pick(['"object"', '"string"', '"array"', '"number"'])}`,
      `(${this.#condition(depth + 1)}) and (${this.#condition(depth + 1)})`,
      `${this.#condition(depth + 1)} or ${this.#condition(depth + 1)}`,
      `${this.#condition(depth + 1)} | not`,
      `(${this.#value(depth + 1)}) == (${this.#value(depth + 1)})`,
      `${name}`,
      `length > ${random.below(3)}`,
      `[${name}] | inside(["app", "a", null])`,
    ]);
  }
}
