import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { define, FunctionError, parseTemplate, TemplateError, TemplateSet } from "./index.ts";
import type { CallContext, FunctionTable, GoValue } from "./index.ts";
import { nodeText } from "./parse/node.ts";

const functions: FunctionTable = new Map(
  [
    define("include", "func(string, interface {}) string", (context, name: string, data: GoValue) => {
      const engine = context.engine as { set: TemplateSet; depth: number };
      if (++engine.depth > 1000) throw new FunctionError("too deep");
      const out = engine.set.execute(name, data, context);
      engine.depth--;
      return out;
    }),
  ].map((fn) => [fn.name, fn]),
);

function setOf(...texts: string[]): TemplateSet {
  const set = new TemplateSet({ functions, name: "set" });
  texts.forEach((text, i) => set.add(parseTemplate(`t${i}`, text, { functions })));
  return set;
}

function contextFor(set: TemplateSet): CallContext {
  return {
    now: 0,
    timeZone: "UTC",
    environment: new Map(),
    random: { bytes: (count) => new Uint8Array(count) },
    engine: { set, depth: 0 },
  };
}

function execute(set: TemplateSet, name = "t0", data: GoValue = new Map()): string {
  return set.execute(name, data, contextFor(set));
}

function errorOf(run: () => unknown): TemplateError {
  try {
    run();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("definitions", () => {
  test("a later definition wins, an empty one does not", () => {
    expect(
      execute(
        setOf('{{define "x"}}1{{end}}', '{{define "x"}}2{{end}}', '{{define "x"}} {{end}}{{template "x"}}'),
        "t2",
      ),
    ).toBe("2");
  });

  test("an overlay is seen by the templates below it and leaves them as they were", () => {
    const set = setOf('{{define "x"}}below{{end}}{{define "y"}}{{template "x"}}{{end}}');
    const overlay = set.overlay();
    overlay.add(parseTemplate("o", '{{define "x"}}above{{end}}', { functions }));
    expect(execute(overlay, "y")).toBe("above");
    expect(execute(set, "y")).toBe("below");
    expect(overlay.names()).toEqual(["o", "t0", "x", "y"]);
    expect(set.has("o")).toBe(false);
  });

  test("a name without definition is Go's error", () => {
    expect(errorOf(() => execute(setOf(""), "nope")).message).toBe(
      'template: no template "nope" associated with template "set"',
    );
  });
});

describe("errors carry their place", () => {
  test("of parsing", () => {
    expect(errorOf(() => setOf("a\n{{ nope }}"))).toMatchObject({
      phase: "parse",
      message: 'template: t0:2: function "nope" not defined',
      line: 2,
      column: -1,
      detail: 'function "nope" not defined',
    });
  });

  test("of executing, with the cause of a call", () => {
    const set = setOf('{{define "d"}}{{ .a.b }}{{end}}x\n  {{ include "d" . }}');
    const error = errorOf(() => execute(set, "t0", new Map([["a", "text"]])));
    expect(error).toMatchObject({
      phase: "exec",
      parseName: "t0",
      templateName: "t0",
      line: 2,
      column: 5,
      nodeText: 'include "d" .',
    });
    expect(error.cause).toMatchObject({
      templateName: "d",
      line: 1,
      column: 19,
      detail: "can't evaluate field b in type interface {}",
    });
  });
});

describe("hostile input ends in an error", () => {
  test("templates that call themselves", () => {
    const error = errorOf(() => execute(setOf('{{define "r"}}{{template "r" .}}{{end}}{{template "r"}}')));
    expect(error).toMatchObject({
      depthExceeded: true,
      detail: "exceeded maximum template depth (100000)",
      nodeText: '{{template "r" .}}',
    });
  });

  test("a thousand nested includes fit the default stack; without a limit they end as well", () => {
    const text = '{{define "r"}}{{if true}}a {{include "r" .}}{{end}}{{end}}{{include "r" .}}';
    const error = errorOf(() => execute(setOf(text)));
    expect(error.message).toMatch(/too deep$|exceeded maximum template depth \(100000\)$/);
  });

  test("parentheses and blocks without end", () => {
    expect(errorOf(() => setOf("{{" + "(".repeat(200_000) + "1")).detail).toBe("max expression depth exceeded");
    expect(errorOf(() => setOf("{{if 1}}".repeat(200_000))).phase).toBe("parse");
  });

  test("keys of JavaScript's objects are ordinary keys", () => {
    const text = "{{ .constructor }} {{ .__proto__ }} {{ .toString }}";
    expect(execute(setOf(text))).toBe("<no value> <no value> <no value>");
    expect(execute(setOf(text), "t0", new Map([["__proto__", "p"]]))).toBe("<no value> p <no value>");
  });

  test("any text parses or fails with a TemplateError, and its tree prints as a template that means the same", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "{{",
        "}}",
        "{{- ",
        " -}}",
        " ",
        "\n",
        "(",
        ")",
        "|",
        ".",
        ".a",
        "$",
        "$x",
        ":=",
        "=",
        ",",
        '"s"',
        "`r`",
        "1",
        "'c'",
      ),
      fc.constantFrom(
        "if",
        "else",
        "end",
        "range",
        "with",
        "define",
        "template",
        "block",
        "break",
        "nil",
        "true",
        "len",
        "/*",
        "*/",
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        // Byte strings hold nothing above U+00FF.
        const text = pieces.join("").replace(/[^\0-\xff]/g, "?");
        try {
          for (const { root } of parseTemplate("f", text, { functions }).trees.values()) {
            const printed = nodeText(root);
            if (printed.includes("{{{")) continue;
            const again = parseTemplate("f", printed, { functions }).trees.get("f");
            expect(again ? nodeText(again.root) : "").toBe(printed);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
