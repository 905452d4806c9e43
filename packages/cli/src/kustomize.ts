import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { KustomizeRunner } from "@tiphys/argocd";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { FileTree } from "@tiphys/source";

const shownRoot = "<path to cached source>";

/** The kustomize on PATH, run in a temporary copy of the tree; undefined when there is none. */
export function kustomizeOnPath(): KustomizeRunner | undefined {
  if (!isOnPath("kustomize")) return undefined;
  return {
    open(tree, folder) {
      const root = mkdtempSync(join(tmpdir(), "kustomize-"));
      copyTree(tree, folder, root);
      return {
        run(args, at, environment) {
          const real = args.map((arg) => fromByteString(arg).replaceAll(shownRoot, root));
          const { status, stdout, stderr } = spawnSync("kustomize", real, {
            cwd: join(root, at),
            env: { ...process.env, ...Object.fromEntries(environment) },
            maxBuffer: 1 << 30,
          });
          const text = (bytes: Uint8Array): string => bytesToByteString(bytes).replaceAll(root, shownRoot);
          return { exitCode: status ?? 1, stdout: text(stdout), stderr: text(stderr) };
        },
        read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path)) : undefined),
        write: (path, content) => writeFileSync(join(root, path), content),
        close: () => rmSync(root, { recursive: true, force: true }),
      };
    },
  };
}

/** Looks without starting anything. */
export function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .some((folder) => folder !== "" && existsSync(join(folder, program)));
}

function copyTree(tree: FileTree, folder: string, target: string): void {
  for (const { name, kind } of tree.list(folder) ?? []) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (kind === "directory") {
      mkdirSync(join(target, name), { recursive: true });
      copyTree(tree, path, join(target, name));
    } else {
      mkdirSync(dirname(join(target, name)), { recursive: true });
      const bytes = tree.read(path);
      if (bytes !== undefined) writeFileSync(join(target, name), bytes);
    }
  }
}
