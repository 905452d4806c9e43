import { formatFloat, quoteGo, sprint, toByteString, type GoValue } from "@tiphys/gotemplate";
import { equalValues, findDuplicates, isMultipleOf, numberOf } from "./equality.ts";
import { SchemaError, type SchemaNode } from "./schema-node.ts";
import { quoteSingle, type ValidationError } from "./validation-error.ts";

/* validator.go of santhosh-tekuri/jsonschema 6.0.2. Where it ranges a map in random order, ours is the order of names. */

export interface ValidateOptions {
  /** Version 6.0.2 of the library counts the items behind `prefixItems` from 0 and gives property names no place. */
  readonly hasOldPlaces?: boolean;
}

/** Checks a value; undefined when it fits. */
export function validate(
  schema: SchemaNode,
  value: GoValue,
  { hasOldPlaces = false }: ValidateOptions = {},
): ValidationError | undefined {
  return new Validator(schema, value, {
    location: undefined,
    depth: 0,
    scope: undefined,
    isTest: false,
    hasOldPlaces,
    budget: { checks: mostChecks },
  }).validate();
}

/** Deeper values than this do not come from any values file. */
const maxDepth = 5000;

/** Schemas that refer to each other twice look at a value exponentially often. */
const mostChecks = 2_000_000;

/** Path of the value, innermost first. */
interface Location {
  readonly token: string;
  readonly parent: Location | undefined;
}

/** The schemas on the way here; those with one `depth` look at one value. */
interface Scope {
  readonly schema: SchemaNode;
  /** The keyword of the reference that led here. */
  readonly keyword: string;
  readonly depth: number;
  readonly parent: Scope | undefined;
}

interface Place {
  readonly location: Location | undefined;
  readonly depth: number;
  readonly scope: Scope | undefined;
  /** The keyword of the reference that led here. */
  readonly keyword?: string;
  /** Only whether it fits matters, not why. */
  readonly isTest: boolean;
  readonly hasOldPlaces: boolean;
  /** Checks that may still be done, of all together. */
  readonly budget: { checks: number };
}

/** What no keyword has looked at yet; undefined when nobody asks. */
interface Unevaluated {
  properties: Set<string> | undefined;
  items: Set<number> | undefined;
}

const failedTest: ValidationError = { location: [], message: "", kind: "keyword", causes: [] };

class Validator {
  readonly unevaluated: Unevaluated;
  readonly #schema: SchemaNode;
  readonly #value: GoValue;
  readonly #place: Place;
  readonly #scope: Scope;
  readonly #errors: ValidationError[] = [];

  // oxlint-disable-next-line max-params
  constructor(schema: SchemaNode, value: GoValue, place: Place, callerNeeds = false) {
    this.#schema = schema;
    this.#value = value;
    this.#place = place;
    this.#scope = { schema, keyword: place.keyword ?? "", depth: place.depth, parent: place.scope };
    this.unevaluated = unevaluatedOf(schema, value, callerNeeds);
  }

  validate(): ValidationError | undefined {
    const schema = this.#schema;
    if (schema.bool !== undefined) return schema.bool ? undefined : this.#error("false schema");
    if (--this.#place.budget.checks < 0)
      throw new SchemaError(`unsupported: values.schema.json: more than ${mostChecks} checks`);
    if (this.#place.depth > maxDepth) return this.#error("values are nested too deeply");
    const cycle = this.#cycle();
    if (cycle !== undefined) {
      const [here, before] = [keywordLocation(this.#scope), keywordLocation(cycle)];
      const end = `resolve to ${quoteGo(schema.location)} causing reference cycle`;
      return this.#error(`both ${here} and ${before} ${end}`);
    }
    const early = this.#checkWhole();
    if (early) return early;
    if (schema.ref) {
      const error = this.#reference(schema.ref, "$ref");
      if (schema.draft < 2019) return error;
      this.#add(error);
    }
    this.#checkByType();
    if (this.#errors.length === 0 || !this.#place.isTest) {
      if (schema.draft >= 2019) this.#dynamicReferences();
      this.#conditions();
      if (schema.draft >= 2019) this.#checkUnevaluated();
    }
    if (this.#errors.length <= 1) return this.#errors[0];
    return { location: this.#location(), message: "validation failed", kind: "group", causes: this.#errors };
  }

  /** A value of the schema at a pointer below it, as the message shows it. */
  #written(value: GoValue, pointer: string): string {
    return this.#schema.numberText?.(pointer) ?? display(value);
  }

  /** Keywords that look at the value as a whole; the first that fails ends the validation. */
  #checkWhole(): ValidationError | undefined {
    const { types, const: constant, enum: values, format } = this.#schema;
    const value = this.#value;
    if (types && !hasType(types, value)) return this.#error(() => `got ${typeName(value)}, want ${types.join(" or ")}`);
    if (constant && !equalValues(value, constant.value)) {
      const { value: wanted } = constant;
      return this.#error(() =>
        isPrimitive(wanted) ? `value must be ${this.#written(wanted, "/const")}` : "'const' failed",
      );
    }
    if (values && !values.some((item) => equalValues(value, item)))
      return this.#error(() => enumMessage(values.map((item, index) => [item, this.#written(item, `/enum/${index}`)])));
    if (format && typeof value === "string") {
      const reason = format.check(value);
      if (reason !== undefined) return this.#error(() => `${display(value)} is not valid ${format.name}: ${reason}`);
    }
    return undefined;
  }

  #checkByType(): void {
    const value = this.#value;
    if (value instanceof Map) this.#checkObject(value);
    else if (Array.isArray(value)) this.#checkArray(value);
    else if (typeof value === "string") this.#checkString(value);
    else {
      const number = numberOf(value);
      if (number !== undefined) this.#checkNumber(number);
    }
  }

  #checkObject(object: ReadonlyMap<string, GoValue>): void {
    const schema = this.#schema;
    const { minProperties, maxProperties, required } = schema;
    if (minProperties !== undefined && object.size < minProperties) {
      this.#fail(`minProperties: got ${count(object.size)}, want ${count(minProperties)}`);
    }
    if (maxProperties !== undefined && object.size > maxProperties) {
      this.#fail(`maxProperties: got ${count(object.size)}, want ${count(maxProperties)}`);
    }
    if (required)
      this.#requireAll(object, required, (missing) =>
        missing.length === 1
          ? `missing property ${quoteSingle(missing[0]!)}`
          : `missing properties ${quoteAll(missing)}`,
      );
    if (this.#place.isTest && this.#errors.length > 0) return;
    for (const [name, dependency] of schema.dependencies ?? []) {
      if (!object.has(name)) continue;
      if (isNode(dependency)) this.#add(this.#sameValue(dependency));
      else
        this.#requireAll(
          object,
          dependency,
          (missing) => `properties ${quoteAll(missing)} required, if ${quoteSingle(name)} exists`,
        );
    }
    this.#checkProperties(object);
    if (schema.draft === 4) return;
    if (schema.propertyNames) this.#checkPropertyNames(object, schema.propertyNames);
    for (const [name, dependent] of schema.dependentSchemas ?? []) {
      if (object.has(name)) this.#add(this.#sameValue(dependent));
    }
    for (const [name, names] of schema.dependentRequired ?? []) {
      if (!object.has(name)) continue;
      this.#requireAll(
        object,
        names,
        (missing) => `properties ${quoteAll(missing)} required, if ${quoteSingle(name)} exists`,
      );
    }
  }

  #requireAll(
    object: ReadonlyMap<string, GoValue>,
    names: readonly string[],
    message: (missing: string[]) => string,
  ): void {
    const missing = names.filter((name) => !object.has(name));
    if (missing.length > 0) this.#fail(() => message(missing));
  }

  #checkProperties(object: ReadonlyMap<string, GoValue>): void {
    const { properties, patternProperties, additionalProperties } = this.#schema;
    if (!properties && !patternProperties && additionalProperties === undefined) return;
    const notAllowed: string[] = [];
    const found: { name: string; error: ValidationError }[] = [];
    for (const [name, value] of object) {
      if (this.#place.isTest && (found.length > 0 || this.#errors.length > 0)) break;
      let isEvaluated = false;
      const check = (schema: SchemaNode): void => {
        isEvaluated = true;
        const error = this.#child(schema, value, name);
        if (error) found.push({ name, error });
      };
      const property = properties?.get(name);
      if (property) check(property);
      for (const { pattern, node } of patternProperties ?? []) if (pattern.matches(name)) check(node);
      if (!isEvaluated && additionalProperties !== undefined) {
        if (additionalProperties === false) notAllowed.push(name);
        else if (additionalProperties !== true) check(additionalProperties);
        isEvaluated = true;
      }
      if (isEvaluated) this.unevaluated.properties?.delete(name);
    }
    found.sort((a, b) => compare(a.name, b.name));
    for (const { error } of found) this.#add(error);
    if (notAllowed.length > 0)
      this.#fail(() => `additional properties ${quoteAll(notAllowed.sort(compare))} not allowed`);
  }

  #checkPropertyNames(object: ReadonlyMap<string, GoValue>, schema: SchemaNode): void {
    for (const name of [...object.keys()].sort(compare)) {
      const { hasOldPlaces } = this.#place;
      const error = validate(schema, name, { hasOldPlaces });
      if (!error) continue;
      const causes = error.kind === "group" ? error.causes : [error];
      const location = hasOldPlaces ? [] : this.#location();
      this.#errors.push({ location, message: `invalid propertyName ${quoteSingle(name)}`, kind: "keyword", causes });
    }
  }

  #checkArray(items: readonly GoValue[]): void {
    const { minItems, maxItems, uniqueItems } = this.#schema;
    if (minItems !== undefined && items.length < minItems)
      this.#fail(`minItems: got ${count(items.length)}, want ${count(minItems)}`);
    if (maxItems !== undefined && items.length > maxItems)
      this.#fail(`maxItems: got ${count(items.length)}, want ${count(maxItems)}`);
    if (uniqueItems && items.length > 1) {
      const pair = findDuplicates(items);
      if (pair) this.#fail(`items at ${count(pair[0])} and ${count(pair[1])} are equal`);
    }
    if (this.#schema.draft < 2020) this.#checkItemsBefore2020(items);
    else this.#checkItems2020(items);
    this.#checkContains(items);
  }

  #checkItemsBefore2020(items: readonly GoValue[]): void {
    const { items: schemas, additionalItems } = this.#schema;
    let evaluated = 0;
    if (Array.isArray(schemas)) {
      evaluated = Math.min(items.length, schemas.length);
      for (let i = 0; i < evaluated; i++) this.#add(this.#child(schemas[i]!, items[i]!, String(i)));
    } else if (schemas) {
      evaluated = items.length;
      items.forEach((item, i) => this.#add(this.#child(schemas, item, String(i))));
    }
    if (additionalItems === false && evaluated !== items.length) {
      this.#fail(`last ${count(items.length - evaluated)} additionalItem(s) not allowed`);
    } else if (isNode(additionalItems)) {
      for (let i = evaluated; i < items.length; i++)
        this.#add(this.#child(additionalItems, items[i]!, this.#index(i, evaluated)));
    }
  }

  #checkItems2020(items: readonly GoValue[]): void {
    const { prefixItems = [], items2020 } = this.#schema;
    const evaluated = Math.min(prefixItems.length, items.length);
    for (let i = 0; i < evaluated; i++) this.#add(this.#child(prefixItems[i]!, items[i]!, String(i)));
    if (!items2020) return;
    for (let i = evaluated; i < items.length; i++)
      this.#add(this.#child(items2020, items[i]!, this.#index(i, evaluated)));
  }

  #index(index: number, evaluated: number): string {
    return String(this.#place.hasOldPlaces ? index - evaluated : index);
  }

  #checkContains(items: readonly GoValue[]): void {
    const { contains, minContains, maxContains, draft } = this.#schema;
    if (!contains) return;
    const causes: ValidationError[] = [];
    const matched: number[] = [];
    items.forEach((item, i) => {
      const error = this.#child(contains, item, String(i));
      if (error) {
        causes.push(error);
        return;
      }
      matched.push(i);
      if (draft >= 2020) this.unevaluated.items?.delete(i);
    });
    if (minContains !== undefined) {
      if (matched.length < minContains) {
        const required = `min ${count(minContains)} items required to match contains schema, but`;
        const but =
          matched.length === 0 ? "none matched" : `matched ${count(matched.length)} items at ${matched.join(" ")}`;
        this.#fail(`${required} ${but}`, causes);
      }
    } else if (matched.length === 0) {
      this.#fail("no items match contains schema", causes);
    }
    if (maxContains !== undefined && matched.length > maxContains) {
      const required = `max ${count(maxContains)} items required to match contains schema`;
      this.#fail(`${required}, but matched ${count(matched.length)} items at ${matched.join(" ")}`);
    }
  }

  #checkString(text: string): void {
    const { minLength, maxLength, pattern } = this.#schema;
    if (minLength !== undefined || maxLength !== undefined) {
      const length = runeCount(text);
      if (minLength !== undefined && length < minLength)
        this.#fail(`minLength: got ${count(length)}, want ${count(minLength)}`);
      if (maxLength !== undefined && length > maxLength)
        this.#fail(`maxLength: got ${count(length)}, want ${count(maxLength)}`);
    }
    if (pattern && !pattern.matches(text)) {
      this.#fail(() => `${quoteSingle(text)} does not match pattern ${quoteSingle(pattern.source)}`);
    }
  }

  #checkNumber(number: number): void {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = this.#schema;
    const against = (keyword: string, limit: number): string =>
      `${keyword}: got ${decimal(number)}, want ${decimal(limit)}`;
    if (minimum !== undefined && number < minimum) this.#fail(against("minimum", minimum));
    if (maximum !== undefined && number > maximum) this.#fail(against("maximum", maximum));
    if (exclusiveMinimum !== undefined && number <= exclusiveMinimum)
      this.#fail(against("exclusiveMinimum", exclusiveMinimum));
    if (exclusiveMaximum !== undefined && number >= exclusiveMaximum)
      this.#fail(against("exclusiveMaximum", exclusiveMaximum));
    if (multipleOf !== undefined && !isMultipleOf(number, multipleOf)) this.#fail(against("multipleOf", multipleOf));
  }

  #conditions(): void {
    const { not, allOf, anyOf, oneOf, if: condition, then, else: otherwise } = this.#schema;
    if (not && !this.#sameValue(not, true)) this.#fail("'not' failed");
    if (allOf) this.#allOf(allOf);
    if (anyOf) this.#anyOf(anyOf);
    if (oneOf) this.#oneOf(oneOf);
    if (!condition) return;
    const branch = this.#sameValue(condition, true) ? otherwise : then;
    if (branch) this.#add(this.#sameValue(branch));
  }

  #allOf(schemas: readonly SchemaNode[]): void {
    const causes: ValidationError[] = [];
    for (const schema of schemas) {
      const error = this.#sameValue(schema);
      if (!error) continue;
      causes.push(error);
      if (this.#place.isTest) break;
    }
    if (causes.length > 0) this.#fail("'allOf' failed", causes);
  }

  #anyOf(schemas: readonly SchemaNode[]): void {
    const causes: ValidationError[] = [];
    let matched = false;
    for (const schema of schemas) {
      const error = this.#sameValue(schema);
      if (error) {
        causes.push(error);
        continue;
      }
      matched = true;
      // Only those who ask for what is unevaluated need the others.
      if (!this.unevaluated.properties?.size && !this.unevaluated.items?.size) break;
    }
    if (!matched) this.#fail("'anyOf' failed", causes);
  }

  #oneOf(schemas: readonly SchemaNode[]): void {
    const causes: ValidationError[] = [];
    let matched = -1;
    for (const [index, schema] of schemas.entries()) {
      const error = this.#sameValue(schema, matched >= 0);
      if (error) {
        if (matched < 0) causes.push(error);
      } else if (matched < 0) {
        matched = index;
      } else {
        this.#fail(`'oneOf' failed, subschemas ${count(matched)}, ${count(index)} matched`);
        break;
      }
    }
    if (matched < 0) this.#fail("'oneOf' failed, none matched", causes);
  }

  #checkUnevaluated(): void {
    const { unevaluatedProperties, unevaluatedItems } = this.#schema;
    const value = this.#value;
    if (value instanceof Map && unevaluatedProperties) {
      for (const name of [...(this.unevaluated.properties ?? [])].sort(compare)) {
        const property = value.get(name);
        if (property !== undefined) this.#add(this.#child(unevaluatedProperties, property, name));
      }
      this.unevaluated.properties = undefined;
    }
    if (Array.isArray(value) && unevaluatedItems) {
      for (const index of this.unevaluated.items ?? [])
        this.#add(this.#child(unevaluatedItems, value[index]!, String(index)));
      this.unevaluated.items = undefined;
    }
  }

  #dynamicReferences(): void {
    const { recursiveRef, dynamicRef } = this.#schema;
    if (recursiveRef) {
      this.#add(
        this.#reference(
          recursiveRef.recursiveAnchor ? this.#outermost(recursiveRef, recursiveAnchorOf) : recursiveRef,
          "$recursiveRef",
        ),
      );
    }
    if (dynamicRef) {
      const { node, anchor } = dynamicRef;
      const isDynamic = anchor !== "" && node.dynamicAnchor === anchor;
      const target = isDynamic
        ? this.#outermost(node, (scope) => scope.schema.resource.dynamicAnchors?.get(anchor))
        : node;
      this.#add(this.#reference(target, "$dynamicRef"));
    }
  }

  #outermost(fallback: SchemaNode, find: (scope: Scope) => SchemaNode | undefined): SchemaNode {
    let found = fallback;
    for (let scope: Scope | undefined = this.#scope; scope; scope = scope.parent) found = find(scope) ?? found;
    return found;
  }

  #reference(schema: SchemaNode, keyword: string): ValidationError | undefined {
    const error = this.#sameValue(schema, false, keyword);
    if (!error) return undefined;
    const causes = error.kind === "group" ? error.causes : [error];
    return { location: this.#location(), message: "validation failed", kind: "reference", causes };
  }

  /** Validates the same value against another schema, and learns what that one has evaluated. */
  #sameValue(schema: SchemaNode, isTest = false, keyword = ""): ValidationError | undefined {
    const { unevaluated } = this;
    const needs = (unevaluated.properties?.size ?? 0) > 0 || (unevaluated.items?.size ?? 0) > 0;
    const place = { ...this.#place, scope: this.#scope, keyword, isTest: this.#place.isTest || isTest };
    const validator = new Validator(schema, this.#value, place, needs);
    const error = validator.validate();
    if (!error && needs) {
      const other = validator.unevaluated;
      for (const name of unevaluated.properties ?? [])
        if (!other.properties?.has(name)) unevaluated.properties!.delete(name);
      for (const index of unevaluated.items ?? []) if (!other.items?.has(index)) unevaluated.items!.delete(index);
    }
    return error;
  }

  #child(schema: SchemaNode, value: GoValue, token: string): ValidationError | undefined {
    const place: Place = {
      location: { token, parent: this.#place.location },
      depth: this.#place.depth + 1,
      scope: this.#scope,
      isTest: this.#place.isTest,
      hasOldPlaces: this.#place.hasOldPlaces,
      budget: this.#place.budget,
    };
    return new Validator(schema, value, place).validate();
  }

  /** Where the same schema looks at the same value already. */
  #cycle(): Scope | undefined {
    const { schema, depth } = this.#scope;
    for (let scope = this.#scope.parent; scope && scope.depth === depth; scope = scope.parent) {
      if (scope.schema === schema) return scope;
    }
    return undefined;
  }

  #add(error: ValidationError | undefined): void {
    if (error) this.#errors.push(error);
  }

  #fail(message: string | (() => string), causes: readonly ValidationError[] = []): void {
    this.#errors.push({ ...this.#error(message), causes });
  }

  #error(message: string | (() => string)): ValidationError {
    if (this.#place.isTest) return failedTest;
    return {
      location: this.#location(),
      message: typeof message === "string" ? message : message(),
      kind: "keyword",
      causes: [],
    };
  }

  #location(): string[] {
    const tokens: string[] = [];
    for (let at = this.#place.location; at; at = at.parent) tokens.push(at.token);
    return tokens.reverse();
  }
}

/** The keywords on the way to a schema. */
function keywordLocation(scope: Scope): string {
  let location = "";
  for (let { schema, keyword, parent } = scope; parent; { schema, keyword, parent } = parent) {
    const step = keyword === "" ? schema.location.slice(parent.schema.location.length) : `/${keyword}`;
    location = step + location;
  }
  return location;
}

function recursiveAnchorOf(scope: Scope): SchemaNode | undefined {
  return scope.schema.resource.recursiveAnchor ? scope.schema : undefined;
}

function unevaluatedOf(schema: SchemaNode, value: GoValue, callerNeeds: boolean): Unevaluated {
  const unevaluated: Unevaluated = { properties: undefined, items: undefined };
  if (value instanceof Map) {
    const isAsked = callerNeeds || schema.unevaluatedProperties !== undefined;
    if (isAsked && schema.additionalProperties === undefined) unevaluated.properties = new Set(value.keys());
  } else if (Array.isArray(value)) {
    const isAsked = callerNeeds || schema.unevaluatedItems !== undefined;
    const evaluated = evaluatedItems(schema);
    if (isAsked && evaluated < value.length) {
      unevaluated.items = new Set(Array.from({ length: value.length - evaluated }, (_, i) => i + evaluated));
    }
  }
  return unevaluated;
}

function evaluatedItems(schema: SchemaNode): number {
  if (schema.draft >= 2020) return schema.items2020 ? Infinity : (schema.prefixItems?.length ?? 0);
  if (schema.additionalItems !== undefined) return Infinity;
  return Array.isArray(schema.items) ? schema.items.length : schema.items ? Infinity : 0;
}

function isNode(value: unknown): value is SchemaNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasType(types: readonly string[], value: GoValue): boolean {
  const type = typeName(value);
  if (types.includes(type)) return true;
  return type === "number" && types.includes("integer") && Number.isInteger(numberOf(value));
}

function typeName(value: GoValue): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "string";
  if (Array.isArray(value)) return "array";
  return value instanceof Map ? "object" : "number";
}

function isPrimitive(value: GoValue): boolean {
  return !Array.isArray(value) && !(value instanceof Map);
}

function enumMessage(values: readonly (readonly [value: GoValue, shown: string])[]): string {
  if (!values.every(([value]) => isPrimitive(value))) return "'enum' failed";
  const shown = values.map(([, text]) => text);
  return shown.length === 1 ? `value must be ${shown[0]}` : `value must be one of ${shown.join(", ")}`;
}

function display(value: GoValue): string {
  if (typeof value === "string") return quoteSingle(value);
  // Numbers of a metaschema: a JavaScript number prints like they are written.
  return typeof value === "number" ? String(value) : sprint([value]);
}

/** A whole number as golang.org/x/text prints it in English: digits in groups of three. */
function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A float64 as golang.org/x/text prints it in English (byte string): where Go's %g has an exponent, as `1.5×10⁰⁶`. */
function decimal(value: number): string {
  const [mantissa, exponent] = formatFloat(value + 0).split("e") as [string, string | undefined];
  if (exponent !== undefined) {
    const raised = exponent.replace(/[-\d]/g, (digit) => (digit === "-" ? "⁻" : superscripts[Number(digit)]!));
    return toByteString(`${mantissa}×10${raised.replace("+", "")}`);
  }
  const [whole, fraction] = mantissa.split(".") as [string, string | undefined];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const superscripts = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

function quoteAll(names: readonly string[]): string {
  return names.map(quoteSingle).join(", ");
}

/** Code points of UTF-8 bytes. */
function runeCount(text: string): number {
  let runes = 0;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xc0) !== 0x80) runes++;
  return runes;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
