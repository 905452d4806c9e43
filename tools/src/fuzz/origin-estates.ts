import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { HelmfileOptions } from "@tiphys/helmfile";
import type { FileTree } from "@tiphys/source";
import { MemoryTree } from "@tiphys/source";
import { findEnvironments } from "../cases/estates.ts";
import { FolderTree } from "../cases/folder-tree.ts";
import { KeptTree } from "./edited-tree.ts";
import { HelmfileGrammar } from "./helmfile-grammar.ts";
import type { Random } from "./random.ts";

/** One environment of an estate, to be read with changed files. */
export interface OriginEstate {
  readonly name: string;
  readonly tree: FileTree;
  readonly options: Omit<HelmfileOptions, "tree">;
}

const repository = new URL("../../../", import.meta.url);
const environments = ["local", "dev", "staging", "production"];

/** The reference estate in each of its environments. */
export function referenceEstates(): OriginEstate[] {
  const tree = new KeptTree(new FolderTree(fileURLToPath(new URL("examples/reference-estate", repository))));
  return environments.map((environment) => ({
    name: `reference ${environment}`,
    tree,
    options: { environment, file: "infra/kubernetes/helmfile.yaml" },
  }));
}

/** The estates of `shared/estates` beside the repository; none where there is no such folder. */
export function recordedEstates(): OriginEstate[] {
  const recordings = fileURLToPath(new URL("../shared/estates/expected", repository));
  if (!existsSync(recordings)) return [];
  return findEnvironments(recordings).map(({ estate, name, options: { tree, ...options } }) => ({
    name: `${estate} ${name}`,
    tree: new KeptTree(tree),
    options,
  }));
}

/** A random estate of the helmfile grammar, beside the chart that its releases name. */
export function randomEstate(name: string, random: Random): OriginEstate {
  const { files, args } = new HelmfileGrammar(random).estate();
  const charts = fileURLToPath(new URL("packages/helmfile/cases/_charts", repository));
  const tree = new MemoryTree([
    ...filesOf(charts, "_charts"),
    ...[...files].map(([path, text]) => [`case/${path}`, text] as const),
  ]);
  return {
    name,
    tree,
    options: {
      workingDirectory: "case",
      environment: args.environment ?? "",
      environmentVariables: new Map(Object.entries(args.env ?? {})),
      stateValuesFiles: args.stateValuesFile ?? [],
      stateValuesSet: args.stateValuesSet ?? [],
      stateValuesSetString: args.stateValuesSetString ?? [],
      allowNoMatchingRelease: true,
    },
  };
}

const folders = new Map<string, (readonly [string, Uint8Array])[]>();

function filesOf(folder: string, prefix: string): readonly (readonly [string, Uint8Array])[] {
  const known = folders.get(folder);
  if (known !== undefined) return known;
  const tree = new FolderTree(folder);
  const files: (readonly [string, Uint8Array])[] = [];
  const walk = (path: string): void => {
    for (const { name, kind } of tree.list(path) ?? []) {
      const inside = path === "" ? name : `${path}/${name}`;
      if (kind === "directory") walk(inside);
      else files.push([`${prefix}/${inside}`, tree.read(inside)!]);
    }
  };
  walk("");
  folders.set(folder, files);
  return files;
}
