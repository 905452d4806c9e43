import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { newEditableNode, readEditableDocument, writeEditableDocuments } from "../index.ts";

/*
 * Texts with comments everywhere, and what go.yaml.in/yaml/v3 3.0.4 makes of them: Decoder.Decode into a Node, then
 * Encoder.SetIndent(2) and Encode twice, after CompactSeqIndent and after DefaultSeqIndent. All are byte strings.
 */
const cases = JSON.parse(readFileSync(new URL("../../cases/editable-nodes.json", import.meta.url), "utf8")) as {
  readonly text: string;
  readonly written?: string;
  readonly error?: string;
}[];

describe("documents that are read with their comments and written again", () => {
  it.each(cases.filter(({ written }) => written !== undefined))("$text", ({ text, written }) => {
    const document = readEditableDocument(text)!;
    expect(writeEditableDocuments([document, { ...document, hasWideSequences: true }])).toBe(written);
  });

  it.each(cases.filter(({ error }) => error !== undefined))("$error", ({ text, error }) => {
    expect(() => readEditableDocument(text)).toThrow(expect.objectContaining({ name: "YamlError", message: error }));
  });

  it("is nothing where there is only a comment", () => {
    expect(readEditableDocument("# only\n\n")).toBeUndefined();
  });

  it("says where comments belong", () => {
    const document = readEditableDocument("# file\n\n# head\na: b # line\n# foot\n\nc: d\n\n# end\n")!;
    const [a, b] = document.root.content;
    expect(document.headComment).toBe("# file");
    expect(a).toMatchObject({ headComment: "# head", footComment: "# foot" });
    expect(b).toMatchObject({ lineComment: "# line" });
    expect(document.footComment).toBe("# end");
  });

  it("writes new nodes by what they are", () => {
    const scalar = (value: string, tag = "") => newEditableNode("scalar", { value, tag });
    const content = [
      scalar("a"),
      scalar("12", "!!str"),
      scalar("b"),
      scalar("12"),
      scalar("c"),
      scalar("x\ny\n", "!!str"),
    ];
    const root = newEditableNode("mapping", { content });
    const document = { root, headComment: "", footComment: "" };
    expect(writeEditableDocuments([document])).toBe('a: "12"\nb: 12\nc: |\n  x\n  y\n');
  });

  it("reads no more nodes than it may", () => {
    const budget = { nodes: 8 };
    readEditableDocument("a: b\n", budget);
    expect(budget.nodes).toBe(5);
    expect(() => readEditableDocument("a: [b, c, d, e]\n", budget)).toThrow(/too many nodes/);
  });

  it("refuses what is nested too deep", () => {
    expect(() => readEditableDocument("[".repeat(3000) + "]".repeat(3000))).toThrow(/nested deeper than 1000 levels/);
  });
});
