import type { Answer } from "../session/session.ts";

/** One `kustomize build`. All strings are byte strings. */
export interface KustomizeRequest {
  /** The folder to build, with its `kustomization.yaml`, by path inside it. */
  readonly files: ReadonlyMap<string, string>;
  /** Where helmfile would have put the folder; error texts name it. */
  readonly target: string;
  /** An absolute path of the estate that `bases:` shall name, relative to the folder; undefined when all is in `files`. */
  readonly base: string | undefined;
  /** `kustomize edit …` before the build, without the first two words. */
  readonly edits: readonly (readonly string[])[];
  /** Flags of `kustomize build`. */
  readonly flags: readonly string[];
}

/** Runs kustomize for a face that was allowed to: the manifests, or what kustomize says on stderr. */
export type KustomizeRunner = (request: KustomizeRequest) => Answer<string>;

/** What `values` may say of a folder with a kustomization (kustomize.go of chartify 0.28.2). */
export interface KustomizeSettings {
  readonly images: readonly string[];
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly namespace: string;
}

export function editsOf(settings: KustomizeSettings): string[][] {
  const { images, namePrefix, nameSuffix, namespace } = settings;
  return [
    ...(images.length === 0 ? [] : [["set", "image", ...images]]),
    ...(namePrefix === "" ? [] : [["set", "nameprefix", namePrefix]]),
    ...(nameSuffix === "" ? [] : [["set", "namesuffix", "--", nameSuffix]]),
    ...(namespace === "" ? [] : [["set", "namespace", namespace]]),
  ];
}
