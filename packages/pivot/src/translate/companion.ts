import type { RenderedObject } from "@tiphys/estate";
import { describeObject } from "@tiphys/estate";
import { bytesToByteString, toByteString } from "@tiphys/gotemplate";
import type { FileTree } from "@tiphys/source";
import type { HookManifests } from "./hook-manifests.ts";
import type { SmokeMode } from "./smoke.ts";
import { companionManifests, companionMarker, convertTest } from "./smoke.ts";
import { isHelmTest } from "@tiphys/estate";

/** A second component that a release becomes. It is rendered, and stands beside the release's own. */
export type Companion = RenderedCompanion | HookCompanion;

interface CompanionCore {
  readonly name: string;
  readonly wave: string;
  /** Id of the release. */
  readonly release: string;
}

/** Its tests, or its CRDs: objects of the release's own rendering. */
export interface RenderedCompanion extends CompanionCore {
  readonly kind: "smoke" | "crds";
  /** For tests: what becomes of them. */
  readonly mode: SmokeMode;
  readonly namespace: string;
}

/** What hooks of helmfile apply before or after it: files of the workspace. */
export interface HookCompanion extends CompanionCore {
  readonly kind: HookManifests["event"];
  readonly byEnvironment: ReadonlyMap<string, HookManifests>;
}

export function isHookCompanion(companion: Companion): companion is HookCompanion {
  return companion.kind === "presync" || companion.kind === "postsync";
}

/** What a hook's component holds in an environment: its files one after the other (a byte string); undefined: there it has none. */
export function manifestsOfHook(
  { byEnvironment }: HookCompanion,
  tree: FileTree,
  environment: string,
): string | undefined {
  const files = byEnvironment.get(environment)?.files;
  return files
    ?.map((file) => {
      const text = bytesToByteString(tree.read(file) ?? new Uint8Array()).replace(/^---[ \t]*\n/, "");
      return `---\n# Source: ${toByteString(file)}\n${text}${text.endsWith("\n") ? "" : "\n"}`;
    })
    .join("");
}

/** The annotation that ties a companion to its release, beside the one that ties the release's own component. */
export const companionAnnotation = "tiphys.dev/companion-of";

/** What a companion's manifests.yaml holds (a byte string), of what the release renders to; undefined: there it has none. */
export function manifestsOfCompanion(companion: RenderedCompanion, manifests: string): string | undefined {
  if (companion.kind === "smoke")
    return companionManifests(manifests, companion.mode, {
      name: companion.name,
      namespace: companion.namespace,
      of: companion.release,
    });
  const crds = crdDocuments(manifests);
  return crds.length === 0 ? undefined : crds.join("");
}

/** The objects that a companion must apply, of those of the release. */
export function objectsOfCompanion(companion: RenderedCompanion, objects: readonly RenderedObject[]): RenderedObject[] {
  if (companion.kind === "crds") return objects.filter(isFromCrdFolder);
  const tests = objects.filter(isHelmTest);
  if (tests.length === 0) return [];
  const marker = companionMarker({ name: companion.name, namespace: companion.namespace, of: companion.release });
  return [
    describeObject(marker, tests[0]!.origin, companion.namespace),
    ...tests.map((test) => convertTest(test, companion.mode)),
  ];
}

/** What is left for the release's own component. */
export function objectsWithoutCompanions(
  companions: readonly Companion[],
  objects: readonly RenderedObject[],
): readonly RenderedObject[] {
  return companions.some(({ kind }) => kind === "crds")
    ? objects.filter((object) => !isFromCrdFolder(object))
    : objects;
}

/** Only what lies in `crds/` can be left out by `skipCrds`; CRDs that templates make stay with the rest. */
export function isFromCrdFolder({ origin, kind }: RenderedObject): boolean {
  return (
    kind === "CustomResourceDefinition" && /(?:^|\/)crds\//.test(origin.file) && !origin.file.includes("/templates/")
  );
}

/** Documents below a `# Source: …/crds/…` line, up to the next such line. */
function crdDocuments(manifests: string): string[] {
  let isCrd = false;
  return manifests.split(/^(?=---(?:\s|$))/m).filter((text) => {
    const source = /^# Source: (\S+)/m.exec(text)?.[1];
    if (source !== undefined) isCrd = /\/crds\//.test(source) && !source.includes("/templates/");
    return isCrd;
  });
}
