import type { Expression } from "./expression.ts";
import { parseExpression } from "./parse-expression.ts";
import { Reader } from "./reader.ts";
import { HclError } from "./value.ts";
import type { HclRange } from "./value.ts";

/** One `name = expression` of a block. */
export interface Definition {
  readonly name: string;
  readonly expression: Expression;
  readonly range: HclRange;
  readonly file: HclFile;
}

/** A file of `values` and `locals` blocks; definitions by name in order. */
export interface HclFile {
  readonly path: string;
  readonly values: Map<string, Definition[]>;
  readonly locals: Map<string, Definition[]>;
}

/** Reads a file. Throws `HclError`. */
export function parseHcl(text: string, path: string): HclFile {
  const reader = new Reader(text);
  const file: HclFile = { path, values: new Map(), locals: new Map() };
  let localsBlocks = 0;
  let first: HclRange | undefined;
  for (reader.skip(true); !reader.isAtEnd; reader.skip(true)) {
    const start = reader.position;
    const type = reader.identifier();
    if (type === undefined)
      throw reader.fail("Argument or block definition required; An argument or block definition is required here.");
    const nameEnd = reader.position;
    reader.skip(false);
    if (reader.looksAt("=") && !reader.looksAt("=="))
      throw new HclError(
        `Unsupported argument; An argument named "${type}" is not expected here.`,
        reader.range(start, nameEnd),
      );
    const label = reader.match(/"[^"\n]*"/y);
    if (label !== undefined)
      throw reader.fail(
        `Extraneous label for ${type}; No labels are expected for ${type} blocks.`,
        reader.position - label.length,
        reader.position,
      );
    if (!reader.take("{"))
      throw reader.fail(
        'Invalid block definition; A block definition must have block content delimited by "{" and "}", starting on the same line as the block header.',
      );
    if (type !== "values" && type !== "locals")
      throw new HclError(
        `Unsupported block type; Blocks of type "${type}" are not expected here.`,
        reader.range(start, nameEnd),
      );
    first ??= reader.range(start, nameEnd);
    if (type === "locals" && ++localsBlocks > 1)
      throw new HclError("A file can only support exactly 1 `locals` block; ", first);
    readBlock(reader, file, type === "values" ? file.values : file.locals);
  }
  return file;
}

function readBlock(reader: Reader, file: HclFile, into: Map<string, Definition[]>): void {
  const names = new Map<string, HclRange>();
  for (reader.skip(true); !reader.take("}"); reader.skip(true)) {
    const start = reader.position;
    const name = reader.identifier();
    if (name === undefined)
      throw reader.fail("Argument or block definition required; An argument or block definition is required here.");
    const nameRange = reader.range(start);
    reader.skip(false);
    if (reader.looksAt("{")) throw new HclError(`Unexpected "${name}" block; Blocks are not allowed here.`, nameRange);
    if (!reader.take("="))
      throw reader.fail(
        'Invalid block definition; Either a quoted string block label or an opening brace ("{") is expected here.',
      );
    reader.skip(false);
    const expression = parseExpression(reader, false);
    const first = names.get(name);
    if (first !== undefined)
      throw new HclError(
        `Attribute redefined; The argument "${name}" was already set at ${file.path}:${first.line},${first.column}-${first.endColumn}. Each argument may be set only once.`,
        nameRange,
      );
    names.set(name, nameRange);
    into.set(name, [...(into.get(name) ?? []), { name, expression, range: reader.range(start), file }]);
    reader.skip(false);
    if (!reader.take("\n") && !reader.looksAt("}"))
      throw reader.fail("Missing newline after argument; An argument definition must end with a newline.");
  }
}
