import { at, entriesOf } from "./expression.ts";
import type { Expression, Scope } from "./expression.ts";
import { HclError, toBoolean, toText } from "./value.ts";
import type { HclRange, HclValue } from "./value.ts";

/** A piece of a template string. */
export type TemplatePart =
  | { readonly kind: "text"; text: string }
  | { readonly kind: "expression"; readonly expression: Expression }
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly yes: readonly TemplatePart[];
      readonly no: readonly TemplatePart[];
    }
  | {
      readonly kind: "for";
      readonly keyName: string | undefined;
      readonly valueName: string;
      readonly collection: Expression;
      readonly body: readonly TemplatePart[];
    };

/** A template as an expression. One that is nothing but `${…}` gives the value itself. */
export function templateExpression(parts: readonly TemplatePart[], range: HclRange): Expression {
  const [only] = parts;
  if (parts.length === 1 && only!.kind === "expression") return { ...only.expression, range };
  return { range, references: parts.flatMap(referencesOf), evaluate: (scope) => at(range, () => render(parts, scope)) };
}

function referencesOf(part: TemplatePart): Expression["references"] {
  switch (part.kind) {
    case "text":
      return [];
    case "expression":
      return part.expression.references;
    case "if":
      return [...part.condition.references, ...[...part.yes, ...part.no].flatMap(referencesOf)];
    case "for":
      return [
        ...part.collection.references,
        ...part.body.flatMap(referencesOf).filter(({ root }) => root !== part.keyName && root !== part.valueName),
      ];
  }
}

function render(parts: readonly TemplatePart[], scope: Scope): string {
  return parts
    .map((part) => {
      const text = renderPart(part, scope);
      scope.work.takes(text.length);
      return text;
    })
    .join("");
}

function renderPart(part: TemplatePart, scope: Scope): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "expression":
      return interpolate(part.expression.evaluate(scope), part.expression.range);
    case "if":
      return render(
        at(part.condition.range, () => toBoolean(part.condition.evaluate(scope))) ? part.yes : part.no,
        scope,
      );
    case "for": {
      const { keyName, valueName, collection } = part;
      return entriesOf(collection.evaluate(scope), collection.range)
        .map(([key, value]) => {
          scope.work.round();
          const variables = new Map(scope.variables).set(valueName, value);
          if (keyName !== undefined) variables.set(keyName, key);
          return render(part.body, { ...scope, variables });
        })
        .join("");
    }
  }
}

function interpolate(value: HclValue, range: HclRange): string {
  if (value === null)
    throw new HclError(
      "Invalid template interpolation value; The expression result is null. Cannot include a null value in a string template.",
      range,
    );
  try {
    return toText(value);
  } catch (error) {
    if (!(error instanceof HclError)) throw error;
    throw new HclError(
      `Invalid template interpolation value; Cannot include the given value in a string template: ${error.message}.`,
      range,
    );
  }
}
