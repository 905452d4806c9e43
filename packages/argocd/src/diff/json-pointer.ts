import type { GoValue } from "@tiphys/gotemplate";
import { isMap } from "../unstructured.ts";

/**
 * Removes what a JSON pointer names, in place; false when nothing is there. A negative index counts from the end.
 * Mirrors the `remove` operation of evanphx/json-patch v4.
 */
export function removeByPointer(document: GoValue, pointer: string): boolean {
  const parts = pointer.split("/");
  if (parts.length < 2) return false;
  const keys = parts.slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop() as string;
  let at: GoValue | undefined = document;
  for (const key of keys) {
    if (isMap(at)) at = at.get(key);
    else if (Array.isArray(at)) at = at[indexOf(key, at.length) ?? -1];
    else return false;
    if (at === undefined || at === null) return false;
  }
  if (isMap(at)) return at.delete(last);
  const index = Array.isArray(at) ? indexOf(last, at.length) : undefined;
  if (!Array.isArray(at) || index === undefined) return false;
  at.splice(index, 1);
  return true;
}

function indexOf(text: string, length: number): number | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const index = Number(text);
  const place = index < 0 ? index + length : index;
  return place >= 0 && place < length ? place : undefined;
}
