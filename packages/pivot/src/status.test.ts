import { MemoryTree } from "@tiphys/source";
import { expect, it } from "vitest";
import { pivotStatus } from "./status.ts";
import type { StatusInput } from "./status.ts";

const empty: StatusInput = {
  tree: new MemoryTree({}),
  helmfiles: ["helmfile.yaml"],
  guardFindings: [],
  staleApplicationSets: [],
  classifications: [],
  components: new Map(),
  allComponents: [],
  proofs: { proven: 0, different: 0, notProven: 0, notMigrated: 0, noRelease: 0, unexplained: 0, accepted: new Map() },
  gitopsFolder: "",
};
const states = (input: StatusInput): string[] =>
  pivotStatus(input).flatMap(({ id, state }) =>
    ["helm-sourced", "rendered", "proven"].includes(id) ? [`${id} ${state}`] : [],
  );

it("calls nothing done for all releases while a helmfile cannot be read", () => {
  expect(states(empty)).toEqual(["helm-sourced done", "rendered done", "proven done"]);
  const unread = [
    { severity: "error", code: "helmfile-invalid", message: "bad key", origin: { file: "helmfile.yaml" } },
  ] as const;
  expect(states({ ...empty, unread })).toEqual(["helm-sourced unknown", "rendered unknown", "proven unknown"]);
  expect(pivotStatus({ ...empty, unread }).find(({ id }) => id === "proven")).toMatchObject({
    evidence: "not every helmfile could be read",
    open: ["helmfile.yaml: bad key"],
  });
});
