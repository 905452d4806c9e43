import { describe, expect, test } from "vitest";
import type { Diagnostic } from "./diagnostic.ts";
import { MemoryTree } from "./memory-tree.ts";
import { formatOrigin, printDiagnostic } from "./print-diagnostic.ts";

const tree = new MemoryTree({
  "values.yaml": "image:\n\ttag: 1\nname: héllo wörld\r\n世界: x\n",
  "long.yaml": `${"a".repeat(300)}HERE${"b".repeat(300)}\n`,
});

function print(origin: Diagnostic["origin"], more: Partial<Diagnostic> = {}): string {
  const diagnostic = { code: "values-file-missing", severity: "error", message: "no such file", ...more } as const;
  return printDiagnostic(origin === undefined ? diagnostic : { ...diagnostic, origin }, { tree });
}

describe("printDiagnostic", () => {
  test("without a place", () => {
    expect(print(undefined)).toBe("error[values-file-missing]: no such file\n");
  });

  test("with place, line, caret and fix", () => {
    expect(print({ file: "values.yaml", line: 1, column: 1, path: "image" }, { fix: "add it" })).toBe(
      "error[values-file-missing]: no such file\n --> values.yaml:1:1 (image)\n1 | image:\n  | ^\n  fix: add it\n",
    );
  });

  test("tabs, bytes and wide characters", () => {
    expect(print({ file: "values.yaml", line: 2, column: 7 })).toContain("2 |     tag: 1\n  |          ^\n");
    // Columns count bytes: é and ö are two each, so `wörld` begins at column 14.
    expect(print({ file: "values.yaml", line: 3, column: 14 })).toContain("3 | name: héllo wörld\n  |             ^\n");
    expect(print({ file: "values.yaml", line: 4, column: 9 })).toContain("4 | 世界: x\n  |       ^\n");
  });

  test("long lines are cut around the caret", () => {
    const text = print({ file: "long.yaml", line: 1, column: 301 });
    const [, , source, caret] = text.split("\n");
    expect(source).toMatch(/^1 \| …a+HEREb+…$/);
    expect(source!.length).toBeLessThan(130);
    expect(source![caret!.indexOf("^")]).toBe("H");
  });

  test("files that are not there, display names, related places, severities", () => {
    expect(print({ file: "nothing.yaml", line: 3 })).toBe(
      "error[values-file-missing]: no such file\n --> nothing.yaml:3\n",
    );
    expect(print({ file: "/dev/stdin", line: 3 })).toContain(" --> /dev/stdin:3\n");
    expect(print({ file: "values.yaml", line: 99 })).not.toContain("|");
    const related = [{ origin: { file: "values.yaml", line: 1 }, message: "set here" }];
    expect(print({ file: "--set" }, { severity: "warning", related })).toBe(
      "warning[values-file-missing]: no such file\n --> --set\n  set here:\n --> values.yaml:1\n1 | image:\n",
    );
  });

  test("colours go around the parts", () => {
    const colour = (part: string, text: string): string => `<${part}>${text}</${part}>`;
    const origin = { file: "values.yaml", line: 1, column: 3 };
    const text = printDiagnostic({ code: "c", severity: "info", message: "m", origin, fix: "f" }, { tree, colour });
    expect(text).toContain("<info>info[c]</info>: m\n <place>--></place> values.yaml:1:3\n");
    expect(text).toContain("  |   <caret>^</caret>\n  <fix>fix</fix>: f\n");
  });

  test("formatOrigin", () => {
    expect(formatOrigin({ file: "a.yaml" })).toBe("a.yaml");
    expect(formatOrigin({ file: "a.yaml", line: 2, column: 3, path: "b[0]" })).toBe("a.yaml:2:3 (b[0])");
  });
});
