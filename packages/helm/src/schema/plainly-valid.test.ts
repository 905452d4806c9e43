import fc from "fast-check";
import type { GoValue } from "@tiphys/gotemplate";
import { expect, it } from "vitest";
import { checkAgainstMetaschema } from "./compile.ts";
import { isPlainlyValid } from "./plainly-valid.ts";
import { readDocument } from "./resource.ts";
import { type Draft, SchemaError } from "./schema-node.ts";

/** What the validator says of a document; undefined where it cannot be read as a schema at all. */
function isValid(schema: GoValue): { draft: Draft; valid: boolean } | undefined {
  try {
    const document = readDocument("file:///values.schema.json", schema);
    const { draft } = document.resources.get("")!;
    try {
      checkAgainstMetaschema(document);
      return { draft, valid: true };
    } catch (error) {
      if (error instanceof SchemaError) return { draft, valid: false };
      throw error;
    }
  } catch (error) {
    if (error instanceof SchemaError) return undefined;
    throw error;
  }
}

const keywords = [
  "$id $schema $ref $anchor $defs $comment id title description default examples const enum type format pattern minimum maximum",
  "exclusiveMinimum multipleOf minLength maxItems uniqueItems minProperties required items additionalItems prefixItems contains",
  "properties patternProperties additionalProperties propertyNames dependencies dependentRequired dependentSchemas definitions",
  "if then else not allOf anyOf oneOf unevaluatedItems unevaluatedProperties readOnly deprecated contentSchema x-own",
].flatMap((line) => line.split(" "));

const drafts = ["http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-06/schema", "x"].concat(
  "http://json-schema.org/draft-07/schema#",
  "https://json-schema.org/draft/2019-09/schema",
  "https://json-schema.org/draft/2020-12/schema",
);

const { schema } = fc.letrec<{ schema: GoValue; value: GoValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<GoValue>(
      "a",
      "object",
      "^a(b",
      "^[a-z]+$",
      "#/definitions/a",
      "https://a.example/b",
      "",
      ...drafts,
    ),
    fc.constantFrom<GoValue>(null, true, false, 0, 1, -1, 2.5),
    tie("schema"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(tie("schema"), { maxLength: 2 }),
    fc.uniqueArray(fc.constantFrom<GoValue>("a", "b", "string", "null"), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom("a", "type", "^x", "(("), tie("schema")), { maxLength: 2 })
      .map((entries): GoValue => new Map(entries)),
  ),
  schema: fc
    .array(fc.tuple(fc.constantFrom(...keywords), tie("value")), { maxLength: 3 })
    .map((entries): GoValue => new Map(entries)),
}));

it("calls no schema valid that its metaschema refuses", () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.constantFrom(...drafts), schema, (draft, body) => {
      (body as Map<string, GoValue>).set("$schema", draft);
      const answer = isValid(body);
      if (answer === undefined || !isPlainlyValid(body, answer.draft)) return;
      plain++;
      expect(answer.valid).toBe(true);
    }),
    { numRuns: 4000 },
  );
  expect(plain).toBeGreaterThan(100);
});
