import type { ComposedNode } from "./composed-node.ts";
import { atRow, YamlError } from "./error.ts";

/** Values nested deeper than this are refused: everything that walks them afterwards recurses. Go's own limit is 10,000. */
export const maxValueDepth = 1000;

/** Counts that stop alias bombs, shared by both decoders (decode.go). */
export class DecodeState {
  readonly errors: string[] = [];
  private depth = 0;
  private decodeCount = 0;
  private aliasCount = 0;
  private aliasDepth = 0;
  private readonly openAliases = new Set<ComposedNode>();

  /** Counts one node; throws when aliases make up too much of the document. */
  count(): void {
    const decoded = ++this.decodeCount;
    if (this.aliasDepth === 0) return;
    const aliased = ++this.aliasCount;
    if (aliased > 100 && decoded > 1000 && aliased / decoded > allowedAliasRatio(decoded)) {
      throw new YamlError("yaml: document contains excessive aliasing");
    }
  }

  enter(node: ComposedNode): void {
    if (++this.depth > maxValueDepth)
      throw new YamlError(`yaml: unsupported: nested deeper than ${maxValueDepth} levels`, node.row + 1);
  }

  leave(): void {
    this.depth--;
  }

  /** Decodes what an alias points to. */
  alias<Result>(node: ComposedNode, decode: (target: ComposedNode) => Result): Result {
    if (this.openAliases.has(node))
      throw new YamlError(`yaml: anchor '${node.value}' value contains itself`, node.row + 1);
    this.openAliases.add(node);
    this.aliasDepth++;
    const result = atRow(node.row, () => decode(node.target!));
    this.aliasDepth--;
    this.openAliases.delete(node);
    return result;
  }

  /** Throws the collected errors as Go's TypeError. */
  finish(): void {
    if (this.errors.length > 0) {
      const line = /^line (\d+):/.exec(this.errors[0]!);
      throw new YamlError(`yaml: unmarshal errors:\n  ${this.errors.join("\n  ")}`, line ? Number(line[1]) : undefined);
    }
  }
}

function allowedAliasRatio(decoded: number): number {
  if (decoded <= 400_000) return 0.99;
  if (decoded >= 4_000_000) return 0.1;
  return 0.99 - 0.89 * ((decoded - 400_000) / 3_600_000);
}

/** The error for a `<<` that does not hold a map or a list of maps. */
export function wantMap(): never {
  throw new YamlError("yaml: map merge requires map or sequence of maps as the value");
}
