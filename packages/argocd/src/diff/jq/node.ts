/** The tree of a jq program. */
export type JqNode =
  | { readonly type: "identity" | "recurse" | "iterate" }
  | { readonly type: "literal"; readonly value: null | boolean | number | string }
  /** Parts of a string: texts and queries; `format` is `@base64` and the like. */
  | { readonly type: "string"; readonly parts: readonly (string | JqNode)[]; readonly format: string | undefined }
  | { readonly type: "format"; readonly name: string }
  | { readonly type: "index"; readonly key: JqNode }
  | { readonly type: "slice"; readonly from: JqNode | undefined; readonly to: JqNode | undefined }
  /** `term suffix`: what the suffix names is found in each of the term's results; its queries see the term's own input. */
  | { readonly type: "suffix"; readonly term: JqNode; readonly suffix: JqNode }
  | { readonly type: "pipe" | "comma" | "alternative" | "and" | "or"; readonly left: JqNode; readonly right: JqNode }
  | { readonly type: "binary"; readonly operator: BinaryOperator; readonly left: JqNode; readonly right: JqNode }
  | { readonly type: "update"; readonly operator: string; readonly left: JqNode; readonly right: JqNode }
  | { readonly type: "negate" | "array"; readonly body: JqNode | undefined }
  | {
      readonly type: "object";
      readonly entries: readonly { readonly key: JqNode; readonly value: JqNode | undefined }[];
    }
  | {
      readonly type: "if";
      readonly branches: readonly { readonly condition: JqNode; readonly body: JqNode }[];
      readonly otherwise: JqNode | undefined;
    }
  | { readonly type: "try"; readonly body: JqNode; readonly handler: JqNode | undefined }
  | {
      readonly type: "reduce";
      readonly source: JqNode;
      readonly pattern: JqPattern;
      readonly start: JqNode;
      readonly update: JqNode;
    }
  | {
      readonly type: "foreach";
      readonly source: JqNode;
      readonly pattern: JqPattern;
      readonly start: JqNode;
      readonly update: JqNode;
      readonly extract: JqNode | undefined;
    }
  | { readonly type: "bind"; readonly source: JqNode; readonly patterns: readonly JqPattern[]; readonly body: JqNode }
  | { readonly type: "label"; readonly name: string; readonly body: JqNode }
  | { readonly type: "break" | "variable"; readonly name: string }
  | { readonly type: "call"; readonly name: string; readonly arguments: readonly JqNode[] }
  | { readonly type: "define"; readonly definition: JqDefinition; readonly body: JqNode };

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<" | "<=" | ">" | ">=";

export interface JqDefinition {
  readonly name: string;
  /** Names with `$` are values, the others closures. */
  readonly parameters: readonly string[];
  readonly body: JqNode;
}

export type JqPattern =
  | { readonly type: "variable"; readonly name: string }
  | { readonly type: "array"; readonly items: readonly JqPattern[] }
  | {
      readonly type: "object";
      readonly entries: readonly {
        readonly key: JqNode;
        readonly bind: string | undefined;
        readonly pattern: JqPattern | undefined;
      }[];
    };

/** The variables of a pattern. */
export function patternNames(pattern: JqPattern): string[] {
  if (pattern.type === "variable") return [pattern.name];
  if (pattern.type === "array") return pattern.items.flatMap(patternNames);
  return pattern.entries.flatMap(({ bind: name, pattern: inner }) => [
    ...(name === undefined ? [] : [name]),
    ...(inner === undefined ? [] : patternNames(inner)),
  ]);
}
