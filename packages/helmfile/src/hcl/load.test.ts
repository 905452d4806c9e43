import { MemoryTree } from "@tiphys/source";
import { describe, expect, it } from "vitest";
import { printEnvironment } from "../app/print-env.ts";

function print(...files: string[]): string {
  const names = files.map((_text, index) => `${index}.hcl`);
  const tree = new MemoryTree({
    "helmfile.yaml": `environments:\n  default:\n    values: [${names.join(", ")}]\n---\nreleases: []\n`,
    ...Object.fromEntries(files.map((text, index) => [names[index]!, text])),
  });
  const result = printEnvironment({ tree }, { output: "" });
  return result.exitCode === 0 ? result.stdout.slice(result.stdout.indexOf("values:\n") + 8) : result.stderr;
}

describe("HCL values", () => {
  it("evaluates in the order of need and computes as cty does", () => {
    expect(print('values {\n a = "x-${hv.b}"\n b = 0.1 + 0.2\n c = [for i, v in ["p"] : "${i}${upper(v)}"]\n}\n')).toBe(
      "  a: x-0.3\n  b: 0.3\n  c:\n    - 0P\n",
    );
  });

  it("merges objects of several files, each with its own locals", () => {
    expect(
      print(
        "locals {\n v = 1\n}\nvalues {\n o = { a = local.v, b = 1 }\n}\n",
        "locals {\n v = 2\n}\nvalues {\n o = { b = local.v }\n}\n",
      ),
    ).toBe("  o:\n    a: 1\n    b: 2\n");
  });

  it("names place and cause of faults", () => {
    expect(print("values {\n a = hv.b\n}\n")).toContain('variables "a" depend(s) on undefined vars "b"');
    expect(print("values {\n a = hv.b\n b = hv.a\n}\n")).toContain("cycle detected: a -> b -> a");
    expect(print("values {\n a = nofunc(1)\n}\n")).toContain(
      '0.hcl:2,6-12: Call to unknown function; There is no function named "nofunc".',
    );
  });
});
