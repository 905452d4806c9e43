import {
  calculate,
  equalValues,
  HclError,
  isList,
  isObject,
  objectOf,
  toBoolean,
  toNumber,
  toText,
  typeName,
} from "./value.ts";
import type { HclRange, HclValue } from "./value.ts";
import type { Work } from "./work.ts";

/** What an expression may see. */
export interface Scope {
  readonly variables: ReadonlyMap<string, HclValue>;
  readonly work: Work;
}

export interface FunctionCall {
  readonly name: string;
  readonly args: readonly FunctionArgument[];
  readonly nameRange: HclRange;
  /** The name and the opening parenthesis. */
  readonly openRange: HclRange;
  /** The closing parenthesis. */
  readonly closeRange: HclRange;
}

export interface FunctionArgument {
  readonly range: HclRange;
  readonly evaluate: () => HclValue;
}

/** A variable that an expression names, with its first step. */
export interface Reference {
  readonly root: string;
  readonly step: "attribute" | "index" | undefined;
  readonly attribute: string;
  readonly range: HclRange;
}

export interface Expression {
  readonly range: HclRange;
  readonly references: readonly Reference[];
  readonly evaluate: (scope: Scope) => HclValue;
}

/** Puts the place into an error that has none. */
export function at<Result>(range: HclRange, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof HclError && error.range === undefined) throw new HclError(error.message, range);
    throw error;
  }
}

export function literal(value: HclValue, range: HclRange): Expression {
  return { range, references: [], evaluate: () => value };
}

export function variable(name: string, range: HclRange): Expression {
  return {
    range,
    references: [{ root: name, step: undefined, attribute: "", range }],
    evaluate: ({ variables }) => {
      const value = variables.get(name);
      if (value === undefined) throw new HclError(`Unknown variable; There is no variable named "${name}".`, range);
      return value;
    },
  };
}

export function attributeOf(target: HclValue, name: string): HclValue {
  if (target === null)
    throw new HclError(
      "Attempt to get attribute from null value; This value is null, so it does not have any attributes.",
    );
  if (isObject(target)) {
    const value = target.get(name);
    if (value === undefined)
      throw new HclError(`Unsupported attribute; This object does not have an attribute named "${name}".`);
    return value;
  }
  throw new HclError(
    isList(target)
      ? "Unsupported attribute; This value does not have any attributes."
      : `Unsupported attribute; Can't access attributes on a primitive-typed value (${typeof target === "boolean" ? "bool" : typeof target}).`,
  );
}

export function elementOf(target: HclValue, key: HclValue): HclValue {
  if (target === null)
    throw new HclError("Attempt to index null value; This value is null, so it does not have any indices.");
  if (isList(target)) {
    const index = toNumber(key);
    const value = Number.isInteger(index) && index >= 0 ? target[index] : undefined;
    if (value === undefined)
      throw new HclError("Invalid index; The given key does not identify an element in this collection value.");
    return value;
  }
  if (isObject(target)) {
    const value = target.get(toText(key));
    if (value === undefined)
      throw new HclError("Invalid index; The given key does not identify an element in this collection value.");
    return value;
  }
  throw new HclError("Invalid index; This value does not have any indices.");
}

export function binary(operator: string, left: Expression, right: Expression): Expression {
  const range = { ...left.range, endLine: right.range.endLine, endColumn: right.range.endColumn };
  const evaluate = (scope: Scope): HclValue => {
    const a = left.evaluate(scope);
    const b = right.evaluate(scope);
    return at(range, () => operate(operator, [a, left.range], [b, right.range]));
  };
  return { range, references: [...left.references, ...right.references], evaluate };
}

type Operand = readonly [HclValue, HclRange];

function operate(operator: string, left: Operand, right: Operand): HclValue {
  const [a] = left;
  const [b] = right;
  switch (operator) {
    case "==":
      return equalValues(a, b);
    case "!=":
      return !equalValues(a, b);
    case "&&":
      return operand("left", left, toBoolean) && operand("right", right, toBoolean);
    case "||":
      return operand("left", left, toBoolean) || operand("right", right, toBoolean);
  }
  if (a === null || b === null)
    throw new HclError("Operation failed; Error during operation: argument must not be null.");
  const x = operand("left", left, toNumber);
  const y = operand("right", right, toNumber);
  switch (operator) {
    case "+":
    case "-":
    case "*":
      return calculate(operator, x, y);
    case "/":
      return x / y;
    case "%":
      return x % y;
    case "<":
      return x < y;
    case ">":
      return x > y;
    case "<=":
      return x <= y;
    default:
      return x >= y;
  }
}

/** Converts an operand, or says which one does not fit. */
export function operand<Result>(side: string, [value, range]: Operand, convert: (value: HclValue) => Result): Result {
  try {
    return convert(value);
  } catch (error) {
    if (!(error instanceof HclError)) throw error;
    throw new HclError(`Invalid operand; Unsuitable value for ${side} operand: ${error.message}.`, range);
  }
}

export function conditional(condition: Expression, yes: Expression, no: Expression): Expression {
  const range = { ...condition.range, endLine: no.range.endLine, endColumn: no.range.endColumn };
  const evaluate = (scope: Scope): HclValue => {
    const chosen = at(condition.range, () => toBoolean(condition.evaluate(scope))) ? yes : no;
    const value = chosen.evaluate(scope);
    const other = otherOrNull(chosen === yes ? no : yes, scope);
    const isPrimitive = (each: HclValue): boolean => typeof each === "number" || typeof each === "boolean";
    // Both results get one type: with text on one side, everything becomes text.
    if (isPrimitive(value) && other !== null && typeof other !== typeof value) {
      if (typeof other === "object")
        throw inconsistent(chosen === yes ? [value, other] : [other, value], {
          ...yes.range,
          endLine: range.endLine,
          endColumn: range.endColumn,
        });
      return toText(value);
    }
    return value;
  };
  return { range, references: [condition, yes, no].flatMap((each) => each.references), evaluate };
}

function inconsistent([yes, no]: readonly [HclValue, HclValue], range: HclRange): HclError {
  const types = `The 'true' value is ${typeName(yes)}, but the 'false' value is ${typeName(no)}.`;
  return new HclError(
    `Inconsistent conditional result types; The true and false result expressions must have consistent types. ${types}`,
    range,
  );
}

/** The result that was not chosen, for its type only; its faults do not count. */
function otherOrNull(expression: Expression, scope: Scope): HclValue {
  try {
    return expression.evaluate(scope);
  } catch (error) {
    if (error instanceof HclError) return null;
    throw error;
  }
}

export interface ForParts {
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly condition: Expression | undefined;
  /** `value...`: values of one key are collected. */
  readonly groups: boolean;
}

export function forExpression(parts: ForParts, range: HclRange): Expression {
  const { keyName, valueName, collection, key, value, condition, groups } = parts;
  const bound = new Set([keyName, valueName]);
  const inner = [key, value, condition]
    .flatMap((each) => each?.references ?? [])
    .filter((reference) => !bound.has(reference.root));
  const evaluate = (scope: Scope): HclValue => {
    const list: HclValue[] = [];
    const object = new Map<string, HclValue>();
    for (const [itemKey, item] of entriesOf(
      at(collection.range, () => collection.evaluate(scope)),
      collection.range,
    )) {
      const variables = new Map(scope.variables).set(valueName, item);
      if (keyName !== undefined) variables.set(keyName, itemKey);
      const own = { ...scope, variables };
      at(range, () => scope.work.round());
      if (condition !== undefined && !at(condition.range, () => toBoolean(condition.evaluate(own)))) continue;
      const result = value.evaluate(own);
      if (key === undefined) {
        list.push(result);
        continue;
      }
      const name = at(key.range, () => toText(key.evaluate(own)));
      if (groups) object.set(name, [...((object.get(name) as readonly HclValue[] | undefined) ?? []), result]);
      else if (object.has(name))
        throw new HclError(
          `Duplicate object key; Two different items produced the key "${name}" in this 'for' expression. If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key.`,
          value.range,
        );
      else object.set(name, result);
    }
    return key === undefined ? list : objectOf(object);
  };
  return { range, references: [...collection.references, ...inner], evaluate };
}

export function entriesOf(collection: HclValue, range: HclRange): [HclValue, HclValue][] {
  if (isList(collection)) return collection.map((item, index) => [index, item]);
  if (isObject(collection)) return [...collection];
  const what =
    collection === null
      ? "A null value cannot be used as the collection in a 'for' expression."
      : `A value of type ${typeName(collection)} cannot be used as the collection in a 'for' expression.`;
  throw new HclError(
    `${collection === null ? "Iteration over null value" : "Iteration over non-iterable value"}; ${what}`,
    range,
  );
}
