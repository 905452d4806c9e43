import { formatGo, type GoValue } from "@tiphys/gotemplate";
import { ArgoError } from "../fault.ts";
import { deepEqual } from "../unstructured.ts";
import { keyOf } from "./merge-lists.ts";

/**
 * Throws `ArgoError` when the items of a patch's list do not come in the order of its `$setElementOrder` list, which may hold more; items that
 * delete do not count. Upstream: apimachinery v0.37.1 pkg/util/strategicpatch/patch.go, validatePatchWithSetOrderList.
 */
export function assertSameOrder(patch: readonly GoValue[], order: readonly GoValue[], mergeKey: string): void {
  if (patch.length === 0 || order.length === 0) return;
  const items =
    mergeKey === "" ? patch : patch.filter((item) => !(item instanceof Map && item.get("$patch") === "delete"));
  const keyOrItem = (item: GoValue): GoValue => (mergeKey === "" ? item : keyOf(item, mergeKey));
  let [next, at] = [0, 0];
  while (next < items.length && at < order.length) {
    const item = items[next]!;
    if (item instanceof Map && item.has("$patch")) {
      next++;
      continue;
    }
    if (deepEqual(keyOrItem(item), keyOrItem(order[at]!))) next++;
    at++;
  }
  if (next < items.length && at >= order.length)
    throw new ArgoError(
      formatGo("The order in patch list:\n%v\n doesn't match $setElementOrder list:\n%v\n", [[...patch], [...order]]),
    );
}
