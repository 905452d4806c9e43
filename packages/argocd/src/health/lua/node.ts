/** The tree of a Lua chunk with names already resolved to slots. */

/** A local variable: a slot of its function's frame, in a cell of its own when an inner function uses it. */
export interface LocalVariable {
  readonly slot: number;
  captured: boolean;
}

/** Where a closure finds a variable of an outer function: in the frame that makes it, or among that one's own upvalues. */
export type UpvalueSource =
  | { readonly from: "local"; readonly variable: LocalVariable }
  | { readonly from: "upvalue"; readonly index: number };

export interface FunctionNode {
  readonly parameters: readonly LocalVariable[];
  readonly isVariadic: boolean;
  readonly body: Block;
  readonly upvalues: readonly UpvalueSource[];
  readonly slots: number;
  readonly line: number;
  readonly lastLine: number;
}

export type Block = readonly Statement[];

export type Expression = { readonly line: number } & (
  | { readonly type: "constant"; readonly value: undefined | boolean | number | string }
  | { readonly type: "varargs" }
  | { readonly type: "function"; readonly function: FunctionNode }
  | { readonly type: "local"; readonly variable: LocalVariable; readonly name: string }
  | { readonly type: "upvalue"; readonly index: number; readonly name: string }
  | { readonly type: "global"; readonly name: string }
  | { readonly type: "index"; readonly object: Expression; readonly key: Expression }
  | { readonly type: "call"; readonly callee: Expression; readonly arguments: readonly Expression[] }
  | {
      readonly type: "method";
      readonly object: Expression;
      readonly name: string;
      readonly arguments: readonly Expression[];
    }
  | { readonly type: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: "unary"; readonly operator: "-" | "not" | "#"; readonly operand: Expression }
  /** One value of a call or of `...`. */
  | { readonly type: "parentheses"; readonly inner: Expression }
  | { readonly type: "table"; readonly items: readonly TableItem[] }
);

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "^" | ".." | "==" | "~=" | "<" | "<=" | ">" | ">=";

export interface TableItem {
  /** undefined: the next number. */
  readonly key: Expression | undefined;
  readonly value: Expression;
}

export type Statement = { readonly line: number } & (
  | { readonly type: "local"; readonly variables: readonly LocalVariable[]; readonly values: readonly Expression[] }
  | { readonly type: "localFunction"; readonly variable: LocalVariable; readonly function: FunctionNode }
  | { readonly type: "assign"; readonly targets: readonly Expression[]; readonly values: readonly Expression[] }
  | { readonly type: "call"; readonly call: Expression }
  | { readonly type: "do"; readonly body: Block }
  | { readonly type: "while"; readonly condition: Expression; readonly body: Block }
  | { readonly type: "repeat"; readonly body: Block; readonly condition: Expression }
  | {
      readonly type: "if";
      readonly branches: readonly { readonly condition: Expression; readonly body: Block }[];
      readonly otherwise: Block | undefined;
    }
  | {
      readonly type: "numericFor";
      readonly variable: LocalVariable;
      readonly first: Expression;
      readonly last: Expression;
      readonly step: Expression | undefined;
      readonly body: Block;
    }
  | {
      readonly type: "genericFor";
      readonly variables: readonly LocalVariable[];
      readonly values: readonly Expression[];
      readonly body: Block;
    }
  | { readonly type: "return"; readonly values: readonly Expression[] }
  | { readonly type: "break" }
  | { readonly type: "goto"; readonly label: string }
  | { readonly type: "label"; readonly name: string }
);
