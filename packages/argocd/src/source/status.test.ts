import { expect, it } from "vitest";
import { ArgoError } from "../fault.ts";
import { remoteText } from "./status.ts";

it.each([
  ["`kustomize build <path to cached source>` failed", "`kustomize build <path to cached source> failed"],
  ["open <path to cached source>/a b: gone", "open <path to cached source>/a b: gone"],
  ["in '<path to cached source>'\nend", "in '<path to cached source>"],
])("takes what stands at the checkout's path for a part of it: %j", (message, shown) => {
  expect(remoteText(new ArgoError(message))).toBe(`rpc error: code = Unknown desc = ${shown}`);
});
