import {
  at,
  attributeOf,
  binary,
  conditional,
  elementOf,
  forExpression,
  literal,
  operand,
  variable,
} from "./expression.ts";
import type { Expression, ForParts } from "./expression.ts";
import { callFunction } from "./functions.ts";
import { parseHeredoc, parseQuoted } from "./parse-template.ts";
import type { Reader } from "./reader.ts";
import { HclError, isList, objectOf, toBoolean, toNumber, toText } from "./value.ts";
import type { HclRange, HclValue } from "./value.ts";

const levels = [["||"], ["&&"], ["==", "!="], ["<=", ">=", "<", ">"], ["+", "-"], ["*", "/", "%"]] as const;

/** Reads one expression; inside brackets line breaks mean nothing. Throws `HclError`. */
export function parseExpression(reader: Reader, lines: boolean): Expression {
  return reader.deeper(() => parseConditional(reader, lines));
}

function parseConditional(reader: Reader, lines: boolean): Expression {
  const condition = parseBinary(reader, 0, lines);
  reader.skip(lines);
  if (!reader.take("?")) return condition;
  reader.skip(lines);
  const yes = parseExpression(reader, lines);
  reader.skip(lines);
  if (!reader.take(":"))
    throw reader.fail(
      "Missing false expression in conditional; The conditional operator (...?...:...) requires a false expression, delimited by a colon.",
    );
  reader.skip(lines);
  return conditional(condition, yes, parseExpression(reader, lines));
}

function parseBinary(reader: Reader, level: number, lines: boolean): Expression {
  const operators = levels[level];
  if (operators === undefined) return parseUnary(reader, lines);
  let left = parseBinary(reader, level + 1, lines);
  for (;;) {
    reader.skip(lines);
    const operator = operators.find((each) => reader.looksAt(each));
    if (operator === undefined) return left;
    reader.take(operator);
    reader.skip(lines);
    left = binary(operator, left, parseBinary(reader, level + 1, lines));
  }
}

function parseUnary(reader: Reader, lines: boolean): Expression {
  reader.skip(lines);
  const start = reader.position;
  const isNegation = reader.take("-");
  if (!isNegation && (reader.looksAt("!=") || !reader.take("!"))) return parseTerm(reader, lines);
  const inner = reader.deeper(() => parseUnary(reader, lines));
  const range = reader.range(start);
  return {
    range,
    references: inner.references,
    evaluate: (scope) => {
      const value = inner.evaluate(scope);
      return isNegation
        ? -operand("unary", [value, inner.range], toNumber)
        : !operand("unary", [value, inner.range], toBoolean);
    },
  };
}

function parseTerm(reader: Reader, lines: boolean): Expression {
  const start = reader.position;
  let term = parsePrimary(reader, lines);
  for (;;) {
    const before = reader.position;
    reader.skip(lines);
    if (reader.looksAt("...") || !(reader.looksAt(".") || reader.looksAt("["))) {
      reader.position = before;
      return term;
    }
    term = parseStep(reader, term, start);
  }
}

type Step = (target: HclValue, scope: Parameters<Expression["evaluate"]>[0]) => HclValue;

/** `.name`, `.0`, `[key]`, `.*` and `[*]`. */
function parseStep(reader: Reader, target: Expression, start: number): Expression {
  if (reader.take(".*")) return splat(reader, target, { start, steps: parseSteps(reader, false) });
  if (
    /\[\s*\*\s*\]/y.test(reader.text.slice(reader.position, reader.position + 10)) &&
    reader.match(/\[\s*\*\s*\]/y) !== undefined
  ) {
    return splat(reader, target, { start, steps: parseSteps(reader, true) });
  }
  const stepStart = reader.position;
  const { step, references, attribute, isIndex } = parseSingleStep(reader);
  const stepRange = reader.range(stepStart);
  return {
    range: reader.range(start),
    references: [...withFirstStep(target, { attribute, isIndex, stepRange }), ...references],
    evaluate: (scope) => {
      const value = target.evaluate(scope);
      return at(stepRange, () => step(value, scope));
    },
  };
}

/** The references of a variable that gets its first step here. */
function withFirstStep(
  target: Expression,
  {
    attribute,
    isIndex,
    stepRange,
  }: { readonly attribute: string | undefined; readonly isIndex: boolean; readonly stepRange: HclRange },
): Expression["references"] {
  const [only] = target.references;
  const isBareVariable = target.references.length === 1 && only!.step === undefined && only!.range === target.range;
  if (!isBareVariable || (attribute === undefined && !isIndex)) return target.references;
  return [
    { ...only!, step: attribute === undefined ? "index" : "attribute", attribute: attribute ?? "", range: stepRange },
  ];
}

function parseSingleStep(reader: Reader): {
  readonly step: Step;
  readonly references: Expression["references"];
  readonly attribute: string | undefined;
  readonly isIndex: boolean;
} {
  if (reader.take("[")) {
    reader.skip(true);
    const key = parseExpression(reader, true);
    reader.skip(true);
    if (!reader.take("]"))
      throw reader.fail('Missing close bracket on index; The index operator must end with a closing bracket ("]").');
    const isLiteral = key.references.length === 0;
    return {
      step: (target, scope) => elementOf(target, key.evaluate(scope)),
      references: key.references,
      attribute: undefined,
      isIndex: isLiteral,
    };
  }
  reader.take(".");
  const digits = reader.match(/\d+/y);
  if (digits !== undefined)
    return { step: (target) => elementOf(target, Number(digits)), references: [], attribute: undefined, isIndex: true };
  const name = reader.identifier();
  if (name === undefined) throw reader.fail("Invalid attribute name; An attribute name is required after a dot.");
  return { step: (target) => attributeOf(target, name), references: [], attribute: name, isIndex: false };
}

function parseSteps(reader: Reader, withIndexes: boolean): Step[] {
  const steps: Step[] = [];
  while (!reader.looksAt("...") && (reader.looksAt(".") || (withIndexes && reader.looksAt("["))))
    steps.push(parseSingleStep(reader).step);
  return steps;
}

function splat(
  reader: Reader,
  target: Expression,
  { start, steps }: { readonly start: number; readonly steps: readonly Step[] },
): Expression {
  const range = reader.range(start);
  return {
    range,
    references: target.references,
    evaluate: (scope) => {
      const value = target.evaluate(scope);
      const items = isList(value) ? value : value === null ? [] : [value];
      return at(range, () => items.map((item) => steps.reduce((each, step) => step(each, scope), item)));
    },
  };
}

function parsePrimary(reader: Reader, lines: boolean): Expression {
  const start = reader.position;
  if (reader.take("(")) {
    reader.skip(true);
    const inner = parseExpression(reader, true);
    reader.skip(true);
    if (!reader.take(")"))
      throw reader.fail("Unbalanced parentheses; Expected a closing parenthesis to terminate the expression.");
    return { ...inner, range: reader.range(start) };
  }
  if (reader.looksAt('"')) return parseQuoted(reader, parseExpression);
  if (reader.looksAt("<<")) return parseHeredoc(reader, parseExpression);
  if (reader.looksAt("[")) return parseTuple(reader);
  if (reader.looksAt("{")) return parseObject(reader);
  const number = reader.match(/\d+(\.\d+)?([eE][+-]?\d+)?/y);
  if (number !== undefined) return literal(Number(number), reader.range(start));
  const name = reader.identifier();
  if (name === undefined)
    throw reader.fail(
      "Invalid expression; Expected the start of an expression, but found an invalid expression token.",
    );
  const before = reader.position;
  reader.skip(lines);
  if (reader.looksAt("(")) return parseCall(reader, name, start);
  reader.position = before;
  const range = reader.range(start);
  if (name === "true" || name === "false") return literal(name === "true", range);
  return name === "null" ? literal(null, range) : variable(name, range);
}

function parseCall(reader: Reader, name: string, start: number): Expression {
  const nameRange = reader.range(start, start + name.length);
  reader.take("(");
  const openRange = reader.range(start);
  const args: Expression[] = [];
  let expands = false;
  for (reader.skip(true); !reader.take(")"); reader.skip(true)) {
    args.push(parseExpression(reader, true));
    reader.skip(true);
    if (reader.take("...")) expands = true;
    reader.skip(true);
    if (!reader.take(",") && !reader.looksAt(")"))
      throw reader.fail(
        "Missing argument separator; A comma is required to separate each function argument from the next.",
      );
  }
  const closeRange = reader.range(reader.position - 1);
  return {
    range: reader.range(start),
    references: args.flatMap((arg) => arg.references),
    evaluate: (scope) => {
      const last = expands ? args.at(-1)! : undefined;
      const items = last?.evaluate(scope) ?? null;
      const plain = (expands ? args.slice(0, -1) : args).map((arg) => ({
        range: arg.range,
        evaluate: () => arg.evaluate(scope),
      }));
      const expanded =
        last !== undefined && isList(items) ? items.map((item) => ({ range: last.range, evaluate: () => item })) : [];
      return callFunction({ name, args: [...plain, ...expanded], nameRange, openRange, closeRange }, scope.work);
    },
  };
}

function parseTuple(reader: Reader): Expression {
  const start = reader.position;
  reader.take("[");
  reader.skip(true);
  const loop = parseFor(reader, { close: "]", start });
  if (loop !== undefined) return loop;
  const items: Expression[] = [];
  for (; !reader.take("]"); reader.skip(true)) {
    items.push(parseExpression(reader, true));
    reader.skip(true);
    if (!reader.take(",") && !reader.looksAt("]"))
      throw reader.fail("Missing item separator; Expected a comma to mark the beginning of the next item.");
  }
  return {
    range: reader.range(start),
    references: items.flatMap((item) => item.references),
    evaluate: (scope) => items.map((item) => item.evaluate(scope)),
  };
}

function parseObject(reader: Reader): Expression {
  const start = reader.position;
  reader.take("{");
  reader.skip(true);
  const loop = parseFor(reader, { close: "}", start });
  if (loop !== undefined) return loop;
  const items: { readonly key: Expression; readonly value: Expression }[] = [];
  for (; !reader.take("}"); reader.skip(true)) {
    const key = parseKey(reader);
    reader.skip(false);
    if (!reader.take("=") && !reader.take(":"))
      throw reader.fail('Missing attribute value; Expected an attribute value, introduced by an equals sign ("=").');
    reader.skip(true);
    items.push({ key, value: parseExpression(reader, false) });
    reader.skip(false);
    if (!reader.take(",") && !reader.take("\n") && !reader.looksAt("}"))
      throw reader.fail(
        "Missing attribute separator; Expected a newline or comma to mark the beginning of the next attribute.",
      );
  }
  return {
    range: reader.range(start),
    references: items.flatMap(({ key, value }) => [...key.references, ...value.references]),
    evaluate: (scope) =>
      objectOf(
        new Map(
          items.map(
            ({ key, value }) => [at(key.range, () => keyText(key.evaluate(scope))), value.evaluate(scope)] as const,
          ),
        ),
      ),
  };
}

function keyText(value: HclValue): string {
  if (value === null) throw new HclError("Null value as key; Can't use a null value as a key.");
  return toText(value);
}

/** A bare word is a key by itself, not a variable. */
function parseKey(reader: Reader): Expression {
  const start = reader.position;
  const name = reader.identifier();
  const after = reader.position;
  reader.skip(false);
  if (name !== undefined && (reader.looksAt("=") || reader.looksAt(":")))
    return literal(name, reader.range(start, after));
  reader.position = start;
  return parseExpression(reader, false);
}

function parseFor(
  reader: Reader,
  { close, start }: { readonly close: string; readonly start: number },
): Expression | undefined {
  if (reader.match(/for(?=[\s])/y) === undefined) return undefined;
  const word = (): string => {
    reader.skip(true);
    const name = reader.identifier();
    if (name === undefined)
      throw reader.fail("Invalid 'for' expression; For expression requires variable name after 'for'.");
    reader.skip(true);
    return name;
  };
  const first = word();
  const second = reader.take(",") ? word() : undefined;
  if (reader.match(/in(?=[\s([{"])/y) === undefined)
    throw reader.fail(
      "Invalid 'for' expression; For expression requires the 'in' keyword after its name declarations.",
    );
  reader.skip(true);
  const collection = parseExpression(reader, true);
  reader.skip(true);
  if (!reader.take(":"))
    throw reader.fail("Invalid 'for' expression; For expression requires a colon after the collection expression.");
  reader.skip(true);
  let value = parseExpression(reader, true);
  let key: Expression | undefined;
  reader.skip(true);
  if (reader.take("=>")) {
    key = value;
    reader.skip(true);
    value = parseExpression(reader, true);
    reader.skip(true);
  }
  const groups = reader.take("...");
  reader.skip(true);
  let condition: Expression | undefined;
  if (reader.match(/if(?=[\s(!])/y) !== undefined) {
    reader.skip(true);
    condition = parseExpression(reader, true);
    reader.skip(true);
  }
  if (!reader.take(close))
    throw reader.fail("Invalid 'for' expression; Extra characters after the end of the 'for' expression.");
  const parts: ForParts = {
    keyName: second === undefined ? undefined : first,
    valueName: second ?? first,
    collection,
    key,
    value,
    condition,
    groups,
  };
  return forExpression(parts, reader.range(start));
}
