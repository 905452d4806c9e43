import { describe, expect, test } from "vitest";
import { layerNames } from "./layer-names.ts";

describe("layer names", () => {
  const namesOf = (...files: string[]): string[] => files.map(layerNames(files));

  test("are those of files, or of folders of files that are all called helmfile", () => {
    expect(
      namesOf("helmfile.yaml", "layers/10-base.yaml.gotmpl", "20-apps/helmfile.yaml", "30-data/state.yml"),
    ).toEqual(["helmfile", "10-base", "20-apps", "30-data"]);
  });

  test("have as many folders as tell files apart", () => {
    expect(namesOf("a/wiki/child.yaml", "a/chat/child.yaml", "b/wiki/child.yaml", "a/mail/mail.yaml")).toEqual([
      "a-wiki-child",
      "chat-child",
      "b-wiki-child",
      "mail",
    ]);
    expect(namesOf("dev/apps/helmfile.yaml", "prod/apps/helmfile.yaml", "apps.yaml")).toEqual([
      "dev-apps",
      "prod-apps",
      "apps",
    ]);
  });

  test("stay the same for one file with two endings", () => {
    expect(namesOf("apps.yaml", "apps.yaml.gotmpl")).toEqual(["apps", "apps"]);
  });

  test("do not depend on the order of files", () => {
    const files = ["a/x/child.yaml", "b/x/child.yaml", "child.yaml", "c/child/helmfile.yaml"];
    expect([...files].reverse().map(layerNames(files))).toEqual(namesOf(...files).reverse());
    expect(new Set(namesOf(...files)).size).toBe(4);
  });
});
