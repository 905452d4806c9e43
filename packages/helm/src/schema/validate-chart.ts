import { goTypeName } from "@tiphys/gotemplate";
import type { ChartNode } from "../chart/chart-node.ts";
import type { ChartWarning } from "../chart/chart.ts";
import { HelmError } from "../error.ts";
import type { HelmEngine } from "../helm-engine.ts";
import type { Profile } from "../profile.ts";
import { isTable, type Table } from "../values/values.ts";
import type { CompiledSchema } from "./compile.ts";
import { SchemaError } from "./schema-node.ts";
import { validate } from "./validate.ts";
import { printValidation } from "./validation-error.ts";

export interface SchemaContext {
  readonly engine: HelmEngine;
  readonly profile: Profile;
  readonly log: (line: ChartWarning) => void;
  readonly isDebug: boolean;
}

/**
 * `ValidateAgainstSchema` (pkg/chart/common/util/jsonschema.go): the chart's values and then each subchart's part of them.
 * Throws `HelmError` with all that is wrong.
 */
export function validateAgainstSchema(chart: ChartNode, values: Table, context: SchemaContext): void {
  const text = describe(chart, values, context);
  if (text === "") return;
  throw new HelmError(
    "values-schema",
    `values don't meet the specifications of the schema(s) in the following chart(s):\n${text}`,
    { place: { file: "values.schema.json" } },
  );
}

function describe(chart: ChartNode, values: Table, context: SchemaContext): string {
  let text = "";
  const { schema } = chart.source;
  const debug = (message: string, ...attributes: (readonly [string, string])[]): void => {
    if (context.isDebug) context.log({ level: "DEBUG", message, attributes });
  };
  if (schema) {
    debug("chart name", ["chart-name", chart.name]);
    const failure = checkSchema(schema.text, values, context);
    if (failure !== undefined) text += `${chart.name}:\n${failure}`;
  }
  debug(
    "number of dependencies in the chart",
    ["chart", chart.name],
    ["dependencies", String(chart.dependencies.length)],
  );
  for (const subchart of chart.dependencies) {
    const part = values.get(subchart.name);
    if (part === undefined || part === null) continue;
    if (isTable(part)) text += describe(subchart, part, context);
    else text += `${subchart.name}:\ninvalid type for values: expected object (map), got ${goTypeName(part)}\n`;
  }
  return text;
}

const printedPrefix = "jsonschema validation failed with 'file:///values.schema.json#'\n";

function checkSchema(text: string, values: Table, context: SchemaContext): string | undefined {
  const { profile, log } = context;
  const sayRead = (): void => {
    const attributes = [["schema", text]] as const;
    if (context.isDebug) log({ level: "DEBUG", message: "unmarshalled JSON schema", attributes, hasByteValues: true });
  };
  try {
    const { root, unresolvedUrns } = compiledSchema(context, text, sayRead);
    for (const urn of unresolvedUrns) {
      log({
        level: "WARN",
        message: "unresolved URN reference ignored; using permissive schema",
        attributes: [["urn", urn]],
      });
    }
    const failure = validate(root, values, { hasOldPlaces: profile.schemaHasOldPlaces });
    if (!failure) return undefined;
    const printed = printValidation(root.location, failure);
    return `${printed.startsWith(printedPrefix) ? printed.slice(printedPrefix.length) : printed}\n`;
  } catch (error) {
    if (error instanceof SchemaError) return error.message;
    throw error;
  }
}

/** The compiled schema; `sayRead` is called when its text is JSON at least. Throws `SchemaError`. */
function compiledSchema({ engine, profile }: SchemaContext, text: string, sayRead: () => void): CompiledSchema {
  try {
    const schema = engine.schema(text, profile);
    sayRead();
    return schema;
  } catch (error) {
    if (error instanceof SchemaError && !error.isSyntax) sayRead();
    throw error;
  }
}
