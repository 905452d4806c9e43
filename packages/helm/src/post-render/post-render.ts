import { compareBytewise, type NodeBudget } from "@tiphys/source";
import { HelmError } from "../error.ts";
import { splitManifests, trimSpace } from "../manifests/split.ts";
import type { Profile } from "../profile.ts";
import { parseAll, stringAll } from "./byte-io.ts";
import { asResourceError, clearAnnotation, metaOf, ResourceError, setAnnotation, type Resource } from "./resource.ts";

/** Gets all manifests as one stream and gives what takes their place, or why not, in Helm's words. All are byte strings. */
export type PostRenderer = (manifests: string) => { readonly manifests: string } | { readonly error: string };

/** What goes through a post-renderer may be this long, and hold so many nodes. */
const mostText = 16 << 20;
const mostNodes = 300_000;

const filenameAnnotation = "postrenderer.helm.sh/postrender-filename";

/**
 * Sends rendered files through a post-renderer, as pkg/action/action.go does (Helm 4.2.4, `PostRenderStrategyCombined`): all
 * documents with hooks, in one stream that kyaml has written anew, each with the file's name in an annotation. Throws `HelmError`.
 */
export function postRenderFiles(
  files: ReadonlyMap<string, string>,
  run: PostRenderer,
  profile: Profile,
): Map<string, string> {
  const rendered = run(annotateAndMerge(files, profile));
  if ("error" in rendered) throw failure(`error while running post render on files: ${rendered.error}`);
  return asHelmError("error while parsing post rendered output", () => splitAndDeannotate(rendered.manifests));
}

function annotateAndMerge(files: ReadonlyMap<string, string>, profile: Profile): string {
  const resources: Resource[] = [];
  const budget = { nodes: mostNodes };
  for (const file of [...files.keys()].sort(compareBytewise)) {
    const content = files.get(file)!;
    if (file.slice(file.lastIndexOf("/") + 1).startsWith("_") || trimSpace(content) === "") continue;
    for (const document of splitManifests(content, profile)) {
      const parsed = asHelmError(`error merging manifests: parsing ${file}`, () => parseWithin(document, budget), file);
      for (const resource of parsed) {
        const annotate = (): void => setAnnotation(resource.root, filenameAnnotation, file);
        asHelmError(`error merging manifests: annotating ${file}`, annotate, file);
        resources.push(resource);
      }
    }
  }
  return asHelmError("error merging manifests: writing merged docs", () => stringAll(resources));
}

function parseWithin(text: string, budget: NodeBudget): Resource[] {
  if (text.length > mostText) throw new ResourceError(`unsupported: more than ${mostText} bytes`);
  return parseAll(text, budget);
}

function splitAndDeannotate(manifests: string): Map<string, string> {
  const resources = asResourceError("error parsing YAML", () => parseWithin(manifests, { nodes: mostNodes }));
  const byFile = new Map<string, Resource[]>();
  for (const [index, resource] of resources.entries()) {
    const meta = metaOf(resource.root);
    if (meta === undefined) throw new ResourceError("getting metadata: missing Resource metadata");
    const given = meta.annotations.get(filenameAnnotation) ?? "";
    const file = given === "" ? `generated-by-postrender-${index}.yaml` : given;
    asResourceError("clearing filename annotation", () => clearAnnotation(resource.root, filenameAnnotation));
    byFile.set(file, [...(byFile.get(file) ?? []), resource]);
  }
  const files = new Map<string, string>();
  for (const [file, parts] of byFile)
    files.set(
      file,
      asResourceError(`re-writing ${file}`, () => stringAll(parts)),
    );
  return files;
}

function asHelmError<Result>(prefix: string, run: () => Result, file?: string): Result {
  try {
    return asResourceError(prefix, run);
  } catch (error) {
    if (error instanceof ResourceError) throw failure(error.message, file);
    throw error;
  }
}

function failure(message: string, file?: string): HelmError {
  const place = file === undefined ? {} : { place: { file } };
  return new HelmError("post-render-failed", message, { hasRelease: true, ...place });
}
