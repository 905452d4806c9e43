import type { GoValue } from "@tiphys/gotemplate";

/** Versions of JSON Schema, as numbers that compare. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

/** A pattern in RE2's syntax on byte strings. */
export interface Pattern {
  readonly source: string;
  matches(text: string): boolean;
}

/** A format that is asserted: gives the reason why a text does not have it. */
export interface Format {
  readonly name: string;
  readonly check: (text: string) => string | undefined;
}

/**
 * One compiled schema (schema.go of santhosh-tekuri/jsonschema 6.0.2). Only the keywords that the schema has are set.
 * Strings are byte strings.
 */
export interface SchemaNode {
  /** URL with fragment: where the schema stands. */
  readonly location: string;
  draft: Draft;
  /** Node of the resource that the schema belongs to, with its dynamic anchors. */
  resource: SchemaNode;
  dynamicAnchors?: Map<string, SchemaNode>;
  bool?: boolean;
  ref?: SchemaNode;
  recursiveRef?: SchemaNode;
  recursiveAnchor?: boolean;
  dynamicRef?: { node: SchemaNode; anchor: string };
  dynamicAnchor?: string;
  /** In the library's order of types. */
  types?: readonly string[];
  enum?: readonly GoValue[];
  const?: { value: GoValue };
  /** The number at a pointer below the schema as it is written; absent where that is not known. */
  numberText?: (pointer: string) => string | undefined;
  not?: SchemaNode;
  allOf?: SchemaNode[];
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  if?: SchemaNode;
  then?: SchemaNode;
  else?: SchemaNode;
  format?: Format;
  maxProperties?: number;
  minProperties?: number;
  required?: readonly string[];
  propertyNames?: SchemaNode;
  properties?: Map<string, SchemaNode>;
  patternProperties?: { pattern: Pattern; node: SchemaNode }[];
  additionalProperties?: boolean | SchemaNode;
  dependencies?: Map<string, readonly string[] | SchemaNode>;
  dependentRequired?: Map<string, readonly string[]>;
  dependentSchemas?: Map<string, SchemaNode>;
  unevaluatedProperties?: SchemaNode;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  contains?: SchemaNode;
  minContains?: number;
  maxContains?: number;
  /** `items` before 2020: one schema or one for each place. */
  items?: SchemaNode | SchemaNode[];
  additionalItems?: boolean | SchemaNode;
  prefixItems?: SchemaNode[];
  /** `items` since 2020. */
  items2020?: SchemaNode;
  unevaluatedItems?: SchemaNode;
  minLength?: number;
  maxLength?: number;
  pattern?: Pattern;
  maximum?: number;
  minimum?: number;
  exclusiveMaximum?: number;
  exclusiveMinimum?: number;
  multipleOf?: number;
}

/** A schema that cannot be compiled; `message` is the library's text, as a byte string. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  /** The schema's text is no JSON. */
  readonly isSyntax: boolean;

  constructor(message: string, isSyntax = false) {
    super(message);
    this.isSyntax = isSyntax;
  }
}
