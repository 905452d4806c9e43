/** A generated template as a tree, so that a difference can be shrunk. */
export type Expression =
  | { readonly kind: "leaf"; readonly text: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[]; readonly piped: boolean };

export type Statement =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print"; readonly expression: Expression; readonly trim: boolean }
  | { readonly kind: "set"; readonly name: string; readonly operator: ":=" | "="; readonly expression: Expression }
  | {
      readonly kind: "block";
      readonly word: "if" | "with" | "range";
      readonly variables: string;
      readonly expression: Expression;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[] | undefined;
    };

export function printStatements(statements: readonly Statement[]): string {
  return statements.map(printStatement).join("");
}

function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case "text":
      return statement.text;
    case "print":
      return statement.trim
        ? `{{- ${printExpression(statement.expression)} -}}`
        : `{{ ${printExpression(statement.expression)} }}`;
    case "set":
      return `{{ ${statement.name} ${statement.operator} ${printExpression(statement.expression)} }}`;
    case "block": {
      const otherwise = statement.otherwise === undefined ? "" : `{{ else }}${printStatements(statement.otherwise)}`;
      const head = `${statement.word} ${statement.variables}${printExpression(statement.expression)}`;
      return `{{ ${head} }}${printStatements(statement.body)}${otherwise}{{ end }}`;
    }
  }
}

export function printExpression(expression: Expression): string {
  if (expression.kind === "leaf") return expression.text;
  const { name, args, piped } = expression;
  if (piped && args.length > 0) {
    const rest = args.slice(0, -1).map(printArgument).join(" ");
    return `${printExpression(args.at(-1)!)} | ${name}${rest === "" ? "" : ` ${rest}`}`;
  }
  return [name, ...args.map(printArgument)].join(" ");
}

function printArgument(expression: Expression): string {
  const text = printExpression(expression);
  return expression.kind === "call" ? `(${text})` : text;
}

/** Smaller templates that may still show the same difference, most promising first. */
export function smallerStatements(statements: readonly Statement[]): Statement[][] {
  const smaller: Statement[][] = [];
  for (const index of statements.keys()) {
    smaller.push([...statements.slice(0, index), ...statements.slice(index + 1)]);
  }
  for (const [index, statement] of statements.entries()) {
    for (const replacement of smallerStatement(statement)) {
      smaller.push([...statements.slice(0, index), ...replacement, ...statements.slice(index + 1)]);
    }
  }
  return smaller;
}

function smallerStatement(statement: Statement): Statement[][] {
  switch (statement.kind) {
    case "text":
      return [];
    case "print":
    case "set":
      return smallerExpression(statement.expression).map((expression) => [{ ...statement, expression }]);
    case "block":
      return [
        [...statement.body],
        ...(statement.otherwise === undefined
          ? []
          : [[...statement.otherwise], [{ ...statement, otherwise: undefined }]]),
        ...smallerExpression(statement.expression).map((expression): Statement[] => [{ ...statement, expression }]),
        ...smallerStatements(statement.body).map((body): Statement[] => [{ ...statement, body }]),
      ];
  }
}

function smallerExpression(expression: Expression): Expression[] {
  if (expression.kind === "leaf") return [];
  return [
    ...expression.args,
    ...expression.args.flatMap((argument, index) =>
      smallerExpression(argument).map((smaller): Expression => ({
        ...expression,
        args: expression.args.map((other, at) => (at === index ? smaller : other)),
      })),
    ),
  ];
}
