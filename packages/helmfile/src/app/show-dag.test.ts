import { MemoryTree } from "@tiphys/source";
import { expect, it } from "vitest";
import { showDag } from "../index.ts";

it("says of a need that is named twice where helmfile panics", () => {
  const tree = new MemoryTree({
    "helmfile.yaml": "releases:\n- name: db\n  chart: ./db\n- name: web\n  chart: ./web\n  needs: [db, db]\n",
  });
  const { exitCode, stderr } = showDag({ tree });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("needs of web name a release twice");
});
