import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { KustomizeRunner, KustomizeSession } from "@tiphys/argocd";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { FileTree } from "@tiphys/source";

const shownRoot = "<path to cached source>";

const kustomizationNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/**
 * The kustomize on PATH, run in a temporary copy of the tree; undefined when there is none. A tree is copied once and the copy removed
 * when the process ends; what a session changes in it is undone when the session closes.
 */
export function kustomizeOnPath(): KustomizeRunner | undefined {
  if (!isOnPath("kustomize")) return undefined;
  const roots = new Map<FileTree, Map<string, string>>();
  return {
    open(tree, folder) {
      const known = roots.get(tree) ?? new Map<string, string>();
      roots.set(tree, known);
      const root = known.get(folder) ?? temporaryCopy(tree, folder);
      known.set(folder, root);
      return session(root);
    },
  };
}

/** Copies that the end of the process removes. */
const copies = new Set<string>();

function temporaryCopy(tree: FileTree, folder: string): string {
  const root = mkdtempSync(join(tmpdir(), "kustomize-"));
  if (copies.size === 0)
    process.once("exit", () => copies.forEach((copy) => rmSync(copy, { recursive: true, force: true })));
  copies.add(root);
  copyTree(tree, folder, root, false);
  return root;
}

function session(root: string): KustomizeSession {
  /** What files were before they were changed; undefined for one that was not there. */
  const before = new Map<string, Uint8Array | undefined>();
  const contentOf = (path: string): Uint8Array | undefined =>
    existsSync(join(root, path)) ? readFileSync(join(root, path)) : undefined;
  const remember = (path: string): void => {
    if (!before.has(path)) before.set(path, contentOf(path));
  };
  return {
    run(args, at, environment) {
      if (args[0] === "edit") for (const name of kustomizationNames) remember(join(at, name));
      const real = args.map((arg) => fromByteString(arg).replaceAll(shownRoot, root));
      const { status, stdout, stderr } = spawnSync("kustomize", real, {
        cwd: join(root, at),
        env: { ...process.env, ...Object.fromEntries(environment) },
        maxBuffer: 1 << 30,
      });
      const text = (bytes: Uint8Array): string => bytesToByteString(bytes).replaceAll(root, shownRoot);
      return { exitCode: status ?? 1, stdout: text(stdout), stderr: text(stderr) };
    },
    read: contentOf,
    write(path, content) {
      remember(path);
      writeFileSync(join(root, path), content);
    },
    close() {
      for (const [path, content] of before) {
        if (content === undefined) rmSync(join(root, path), { force: true });
        else writeFileSync(join(root, path), content);
      }
    },
  };
}

/** Looks without starting anything. */
export function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .some((folder) => folder !== "" && existsSync(join(folder, program)));
}

/** Linked folders are copied, too, but none that is met below another: links may lead in circles. */
function copyTree(tree: FileTree, folder: string, target: string, isLinked: boolean): void {
  for (const { name, kind, isLink = false } of tree.list(folder) ?? []) {
    if (name === ".git" || (isLink && isLinked && kind === "directory")) continue;
    const path = folder === "" ? name : `${folder}/${name}`;
    if (kind === "directory") {
      mkdirSync(join(target, name), { recursive: true });
      copyTree(tree, path, join(target, name), isLinked || isLink);
    } else {
      const bytes = tree.read(path);
      if (bytes !== undefined) writeFileSync(join(target, name), bytes);
    }
  }
}
