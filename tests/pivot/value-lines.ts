import { readYaml, writeYamlV2 } from "@tiphys/source";
import { filesOf } from "./workspace.ts";

/** How many lines the value files of a GitOps tree have, against what their content needs. */
export interface ValueLines {
  readonly files: number;
  /** Lines without comments and blank lines. */
  readonly written: number;
  /** With comments and blank lines. */
  readonly all: number;
  /** Lines of the same values as Helm itself writes them. */
  readonly needed: number;
}

/** Counts the files below `sources/values`; what the environments share is in `_shared` once, so nothing is needed twice. Throws on a file with a key twice. */
export function countValueLines(folder: string): ValueLines {
  const counts = { files: 0, written: 0, all: 0, needed: 0 };
  for (const [path, text] of filesOf(folder)) {
    if (!/(?:^|\/)sources\/values\/.*\.yaml$/.test(path)) continue;
    const { value } = readYaml(text, { strict: true });
    counts.files++;
    counts.all += text.trimEnd().split("\n").length;
    counts.written += text.split("\n").filter((line) => line.trim() !== "" && !/^\s*#/.test(line)).length;
    counts.needed += writeYamlV2(value)
      .trimEnd()
      .split("\n")
      .filter((line) => line.trim() !== "").length;
  }
  return counts;
}
