import { byteStringToBytes } from "@tiphys/gotemplate";
import { doublestarMatch } from "@tiphys/source";
import { ArgoError } from "../fault.ts";
import { nestedString } from "../unstructured.ts";
import type { Fixture } from "./fixtures.ts";
import type { Generator } from "./generator.ts";
import { repoSourceParams } from "./repo-source.ts";

/** applicationset/generators/oci.go on a recorded artifact: one item `{path, content}` per file. No AppProject is looked up. */
export const ociGenerator: Generator = {
  name: "oci",
  generate({ spec }, context) {
    const recorded = context.fixtures.find("oci", spec);
    const files = new Map(recorded.items.map((item) => [nestedString(item, "path"), nestedString(item, "content")]));
    return repoSourceParams(
      spec,
      {
        kind: "oci",
        folders: () => foldersOf([...files.keys()], context.includeHiddenDirectories),
        files: (pattern) => matching(files, pattern, recorded),
      },
      context,
    );
  },
};

function matching(files: ReadonlyMap<string, string>, pattern: string, { origin }: Fixture): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  try {
    for (const [path, content] of files)
      if (doublestarMatch(pattern, path)) found.set(path, byteStringToBytes(content));
  } catch {
    throw new ArgoError(`error retrieving OCI files: ${origin.file}: syntax error in pattern`);
  }
  return found;
}

function foldersOf(paths: readonly string[], includeHidden: boolean): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split("/").slice(0, -1);
    for (let i = 1; i <= parts.length; i++) {
      if (!includeHidden && parts[i - 1]!.startsWith(".")) break;
      folders.add(parts.slice(0, i).join("/"));
    }
  }
  return [...folders].sort((a, b) => (a.replaceAll("/", "\0") < b.replaceAll("/", "\0") ? -1 : 1));
}
