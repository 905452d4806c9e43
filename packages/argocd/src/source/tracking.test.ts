import { expect, it } from "vitest";
import { fromPlain } from "@tiphys/source";
import type { Unstructured } from "../unstructured.ts";
import { track } from "./tracking.ts";

const tracking = {
  method: "annotation",
  instanceLabel: "app.kubernetes.io/instance",
  installationID: "",
  application: "shop",
  namespace: "x",
} as const;
const broken = fromPlain({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "s", annotations: { on: true } },
}) as Unstructured;

it("says at which step an annotation that is no string stands in the way", () => {
  const fault = `.metadata.annotations accessor error: contains non-string value in the map under key "on": true is of the type bool, expected string`;
  expect(() => track(broken, tracking)).toThrow(
    `failed to set app instance tracking info on manifest: failed to get annotations for /v1, Kind=Secret /s: ${fault}`,
  );
  expect(() => track(broken, { ...tracking, installationID: "one" })).toThrow(
    `failed to get annotations from target object /v1, Kind=Secret /s: ${fault}`,
  );
});
