import { describe, expect, it } from "vitest";
import { nameOf } from "../unstructured.ts";
import { ManifestError, splitManifests } from "./split-manifests.ts";

const named = (name: string): string => `{"kind": "ConfigMap", "metadata": {"name": "${name}"}}`;

function split(text: string): string[] | string {
  try {
    return splitManifests(text).map(nameOf);
  } catch (error) {
    if (error instanceof ManifestError) return `${error.before.map(nameOf).join(" ")} ! ${error.message}`;
    throw error;
  }
}

describe("a stream that begins with a brace", () => {
  it("is JSON: objects follow each other without a separator", () => {
    expect(split(`\n ${named("a")}${named("b")}\n\n${named("c")}\n`)).toEqual(["a", "b", "c"]);
  });

  it("becomes YAML where JSON ends, as long as that is no later than behind the first object", () => {
    expect(split(`${named("a")}\n---\nkind: Secret\nmetadata: {name: b}\n`)).toEqual(["a", "b"]);
    expect(split(`{kind: Secret, metadata: {name: flow}}\n`)).toEqual(["flow"]);
    expect(split(`${named("a")}${named("b")}\n---\nkind: Secret\n`)).toBe(
      "a b ! failed to unmarshal manifest: invalid character '-' in numeric literal",
    );
  });

  it("fails with JSON's message when it is neither", () => {
    expect(split("{{ if .Values.on }}\nkind: Secret\n{{ end }}\n")).toBe(
      " ! failed to unmarshal manifest: json: offset 2: invalid character '{' looking for beginning of object key string",
    );
    expect(split(`{"metadata": {"name":  "x"}}`)).toBe(
      ` ! failed to unmarshal manifest: Object 'Kind' is missing in '{"metadata": {"name":  "x"}}'`,
    );
    expect(split(`${named("a")}{"kind": `)).toBe("a ! failed to unmarshal manifest: unexpected EOF");
  });
});

it("reads other streams as YAML", () => {
  expect(split(`# {\nkind: Secret\nmetadata: {name: a}\n---\n${named("b")}\n`)).toEqual(["a", "b"]);
  expect(split("kind: [\n")).toMatch(/^ ! failed to unmarshal manifest: error converting YAML to JSON: yaml: /);
});
