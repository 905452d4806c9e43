import { analyzeScalar } from "./analyze-scalar.ts";
import { implicitTag, type EditableNode } from "./editable-node.ts";

/* How a node must look to be read again as what it is (encode.go and emitterc.go of go-yaml v3.0.4). */

/** Characters that a plain scalar may not hold inside brackets, beyond those that it may hold nowhere. */
export const flowIndicators = /[,?[\]{}:]/;

/** A key without its foot comment, which comes after its value. */
export function withoutFoot(key: EditableNode | undefined): EditableNode | undefined {
  return key === undefined || key.footComment === "" ? key : { ...key, footComment: "" };
}

/** Whether a string would be something else without quotes. */
export function needsQuotes({ tag, value }: EditableNode): boolean {
  return tag === "!!str" && implicitTag(value) !== "!!str";
}

/** The tag that must stand there; "" when the text says as much, or when quotes do. */
export function writtenTag({ kind, tag, isTagged, style, value }: EditableNode): string {
  if (tag === "" || isTagged) return tag;
  if (kind === "mapping") return tag === "!!map" ? "" : tag;
  if (kind === "sequence") return tag === "!!seq" ? "" : tag;
  if (tag === "!!str" && style !== "plain") return "";
  return tag === "!!str" || implicitTag(value) === tag ? "" : tag;
}

/** `!!str`, `!mine`, or `!<uri>` for a tag of another kind. */
export function tagText(tag: string): string {
  if (tag.startsWith("!!")) return `!!${escapeTag(tag.slice(2))}`;
  if (tag.startsWith("!")) return `!${escapeTag(tag.slice(1))}`;
  return `!<${escapeTag(tag)}>`;
}

function escapeTag(text: string): string {
  return text.replace(
    /[^A-Za-z0-9_\-;/?:@&=+$,.~*'()[\]]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** yaml_emitter_check_simple_key. */
export function isSimpleKey(key: EditableNode): boolean {
  if (key.kind === "alias") return key.value.length <= 128;
  if (key.kind === "scalar") {
    if (analyzeScalar(key.value, true).multiline) return false;
  } else if (key.content.length > 0) return false;
  return key.anchor.length + writtenTag(key).length + key.value.length <= 128;
}
