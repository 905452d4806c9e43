import type { GoValue } from "@tiphys/gotemplate";
import { formats } from "./formats.ts";
import type { Draft } from "./schema-node.ts";

/*
 * Nearly every chart's schema is valid against its metaschema, and validating it like any other value takes longer than everything that is
 * done with it. Here are the rules of the metaschemas (drafts 4 to 2020-12) for the keywords that charts use, as far as they can be said
 * without exceptions.
 */

/** Deeper schemas are left to the validator. */
const mostLevels = 100;

type Rule = (value: GoValue, draft: Draft, level: number) => boolean;

const isString: Rule = (value) => typeof value === "string";
const isBoolean: Rule = (value) => typeof value === "boolean";
const isNumber: Rule = (value) => typeof value === "number";
const isCount: Rule = (value) => typeof value === "number" && Number.isInteger(value) && value >= 0;
const isAnything: Rule = () => true;
const isRegularExpression: Rule = (value) =>
  typeof value === "string" && formats.get("regex")?.check(value) === undefined;

const isSchema: Rule = (value, draft, level) =>
  typeof value === "boolean" ? draft !== 4 : isPlainSchema(value, draft, level);
const isSchemaOrBoolean: Rule = (value, draft, level) =>
  typeof value === "boolean" || isPlainSchema(value, draft, level);
const isSchemaList: Rule = (value, draft, level) =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isSchema(item, draft, level));
const isSchemaMap: Rule = (value, draft, level) =>
  value instanceof Map && [...value.values()].every((item) => isSchema(item, draft, level));

const isSetOfScalars: Rule = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => item === null || ["string", "number", "boolean"].includes(typeof item)) &&
  new Set(value).size === value.length;

const isSetOfStrings: Rule = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => typeof item === "string") &&
  new Set(value).size === value.length;

const simpleTypes: ReadonlySet<GoValue> = new Set([
  "array",
  "boolean",
  "integer",
  "null",
  "number",
  "object",
  "string",
]);
const isTypes: Rule = (value, draft, level) =>
  simpleTypes.has(value) ||
  (isSetOfStrings(value, draft, level) && (value as GoValue[]).every((item) => simpleTypes.has(item)));

const address = /^https?:\/\/[\w./-]+#?$/;
const isAddress: Rule = (value) => typeof value === "string" && address.test(value);
const isReference: Rule = (value) =>
  typeof value === "string" && formats.get("uri-reference")?.check(value) === undefined;

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["$schema", isAddress],
  ["$id", isAddress],
  ["id", isAddress],
  ["$ref", isReference],
  ["$comment", isString],
  ["title", isString],
  ["description", isString],
  ["format", isString],
  ["default", isAnything],
  ["const", isAnything],
  ["examples", (value) => Array.isArray(value)],
  ["deprecated", isBoolean],
  ["readOnly", isBoolean],
  ["writeOnly", isBoolean],
  ["uniqueItems", isBoolean],
  ["minimum", isNumber],
  ["maximum", isNumber],
  ["minLength", isCount],
  ["maxLength", isCount],
  ["minItems", isCount],
  ["maxItems", isCount],
  ["minProperties", isCount],
  ["maxProperties", isCount],
  ["pattern", isRegularExpression],
  ["type", isTypes],
  ["enum", isSetOfScalars],
  ["required", isSetOfStrings],
  ["properties", isSchemaMap],
  ["definitions", isSchemaMap],
  ["$defs", isSchemaMap],
  [
    "patternProperties",
    (value, draft, level) =>
      isSchemaMap(value, draft, level) &&
      [...(value as Map<string, GoValue>).keys()].every((key) => isRegularExpression(key, draft, level)),
  ],
  [
    "items",
    (value, draft, level) => isSchema(value, draft, level) || (draft < 2020 && isSchemaList(value, draft, level)),
  ],
  ["additionalItems", isSchemaOrBoolean],
  ["additionalProperties", isSchemaOrBoolean],
  ["unevaluatedProperties", isSchemaOrBoolean],
  ["unevaluatedItems", isSchemaOrBoolean],
  ["allOf", isSchemaList],
  ["anyOf", isSchemaList],
  ["oneOf", isSchemaList],
  ["not", isSchema],
  ["if", isSchema],
  ["then", isSchema],
  ["else", isSchema],
  ["contains", isSchema],
  ["propertyNames", isSchema],
]);

/** Keywords that need more than a rule. All other names are no keywords, and hold anything. */
const others: ReadonlySet<string> = new Set([
  "$anchor",
  "$dynamicAnchor",
  "$dynamicRef",
  "$recursiveAnchor",
  "$recursiveRef",
  "$vocabulary",
  "contentEncoding",
  "contentMediaType",
  "contentSchema",
  "dependencies",
  "dependentRequired",
  "dependentSchemas",
  "exclusiveMaximum",
  "exclusiveMinimum",
  "maxContains",
  "minContains",
  "multipleOf",
  "prefixItems",
]);

/** Whether a schema document is valid against its metaschema beyond doubt; false means that the validator has to look. */
export function isPlainlyValid(schema: GoValue, draft: Draft): boolean {
  return isSchema(schema, draft, 0);
}

function isPlainSchema(schema: GoValue, draft: Draft, level: number): boolean {
  if (!(schema instanceof Map) || level > mostLevels) return false;
  for (const [keyword, value] of schema) {
    const rule = rules.get(keyword);
    if (rule === undefined ? others.has(keyword) : !rule(value, draft, level + 1)) return false;
  }
  return true;
}
