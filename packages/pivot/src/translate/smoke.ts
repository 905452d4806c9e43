import type { ChartPlace, RenderedObject } from "@tiphys/estate";
import { describeObject, isHelmTest, readObjects } from "@tiphys/estate";
import { fromByteString, toByteString } from "@tiphys/gotemplate";
import type { Chart } from "@tiphys/helm";
import type { Plain } from "@tiphys/source";
import { fromPlain, writeYamlV3 } from "@tiphys/source";

/**
 * What becomes of a release's Helm tests. `gate`: tracked Jobs, whose health holds the next wave. `postsync`: PostSync hooks, which run but hold
 * nothing. `ignore`: they stay as they are, and nobody runs them.
 */
export type SmokeMode = "gate" | "postsync" | "ignore";

/** Where the tests go: into the release's own component, or into a companion beside it. */
export interface SmokePlan {
  readonly mode: SmokeMode;
  readonly place: "own" | "companion";
}

/** Kinds that a test needs beside itself; a release that has nothing else is a smoke release. */
const supportKinds = new Set([
  "ServiceAccount",
  "ConfigMap",
  "Secret",
  "Role",
  "RoleBinding",
  "ClusterRole",
  "ClusterRoleBinding",
  "NetworkPolicy",
]);

/** What the plan needs to know of an object. */
type ObjectHead = Pick<RenderedObject, "kind" | "helmHooks">;

/**
 * The plan for a release, from its objects in all environments; undefined when it has no tests. A release whose only workloads are tests gates what
 * comes after it, and so become its tests. Other tests run as PostSync hooks: in our own charts by an annotation, for charts of
 * others in a companion component.
 */
export function planSmoke(
  objects: readonly ObjectHead[],
  release: {
    readonly asked: SmokeMode | undefined;
    readonly isRendered: boolean;
    readonly isThirdParty: () => boolean;
  },
): SmokePlan | undefined {
  const tests = objects.filter(isHelmTest);
  if (tests.length === 0) return undefined;
  const isSmokeRelease =
    tests.some(isWorkload) && objects.every((object) => isHelmTest(object) || supportKinds.has(object.kind));
  const mode = release.asked ?? (isSmokeRelease ? "gate" : "postsync");
  const isOwn = release.isRendered || (mode === "gate" ? isSmokeRelease : !release.isThirdParty());
  return { mode, place: isOwn || mode === "ignore" ? "own" : "companion" };
}

/** Charts that come from outside, or lie where people keep those of others: they are not edited. */
export function isThirdPartyChart(place: ChartPlace | undefined, isRemote: boolean): boolean {
  return (
    isRemote ||
    place === undefined ||
    place.isArchive ||
    /(?:^|\/)(?:third[_-]party|vendor(?:ed)?|upstream|external)\//.test(place.path)
  );
}

function isWorkload({ kind }: ObjectHead): boolean {
  return kind === "Pod" || kind === "Job";
}

type PlainMap = Readonly<Record<string, Plain>>;

const hookAnnotations = ["helm.sh/hook", "helm.sh/hook-weight", "helm.sh/hook-delete-policy"];
const postSync = "argocd.argoproj.io/hook";

/** Seconds after which a test that hangs has failed, where it names none itself. */
const defaultDeadline = 600;

/** A test as Argo CD gets it; every other object as it is. */
export function convertTest(object: RenderedObject, mode: SmokeMode): RenderedObject {
  if (mode === "ignore" || !isHelmTest(object)) return object;
  const value =
    mode === "gate"
      ? gateValue(object)
      : withAnnotations(object.value, { ...annotationsOf(object.value), [postSync]: "PostSync" });
  return { ...describeObject(value, object.origin, object.namespace), namespaceInjected: object.namespaceInjected };
}

/** Tracked instead of a hook; a Pod becomes a Job, because only a Job's health says that it is done. Jobs cannot be changed, so they are replaced. */
function gateValue({ value, kind }: RenderedObject): PlainMap {
  const annotations = annotationsOf(value);
  const weight = annotations["helm.sh/hook-weight"];
  const kept = Object.fromEntries(Object.entries(annotations).filter(([name]) => !hookAnnotations.includes(name)));
  const isRun = kind === "Pod" || kind === "Job";
  const tracked = withAnnotations(value, {
    ...kept,
    ...(weight === undefined || Number(weight) === 0 ? {} : { "argocd.argoproj.io/sync-wave": String(weight) }),
    ...(isRun ? { "argocd.argoproj.io/sync-options": "Force=true,Replace=true" } : {}),
  });
  return kind === "Pod" ? jobOf(tracked, kept) : tracked;
}

function jobOf(pod: PlainMap, podAnnotations: PlainMap): PlainMap {
  const metadata = pod["metadata"] as PlainMap;
  const { activeDeadlineSeconds = defaultDeadline, restartPolicy, ...spec } = (pod["spec"] ?? {}) as PlainMap;
  const labels = metadata["labels"];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata,
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds,
      template: {
        ...(labels === undefined && Object.keys(podAnnotations).length === 0
          ? {}
          : {
              metadata: {
                ...(labels === undefined ? {} : { labels }),
                ...(Object.keys(podAnnotations).length === 0 ? {} : { annotations: podAnnotations }),
              },
            }),
        spec: { restartPolicy: restartPolicy === "OnFailure" ? restartPolicy : "Never", ...spec },
      },
    },
  };
}

function annotationsOf(value: PlainMap): PlainMap {
  return ((value["metadata"] as PlainMap | undefined)?.["annotations"] ?? {}) as PlainMap;
}

function withAnnotations(value: PlainMap, annotations: PlainMap): PlainMap {
  const { annotations: _before, ...metadata } = (value["metadata"] ?? {}) as PlainMap;
  return { ...value, metadata: Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations } };
}

/** Rendered manifests (a byte string) with their tests converted; documents that are no tests stay word for word. */
export function convertTestsInText(manifests: string, mode: SmokeMode): string {
  return documentsOf(manifests)
    .map(({ text, head, object }) =>
      object === undefined || !isHelmTest(object) ? text : head + written(convertTest(object, mode).value),
    )
    .join("");
}

/** The manifests of a companion (a byte string): the converted tests and one object that Argo CD tracks. Undefined when there is no test. */
export function companionManifests(
  manifests: string,
  mode: SmokeMode,
  companion: { readonly name: string; readonly namespace: string; readonly of: string },
): string | undefined {
  const tests = documentsOf(manifests).filter(({ object }) => object !== undefined && isHelmTest(object));
  if (tests.length === 0) return undefined;
  const tracked = written(companionMarker(companion));
  return `---\n# Tracked, so that the Application is more than its hooks.\n${tracked}${tests.map(({ head, object }) => head + written(convertTest(object!, mode).value)).join("")}`;
}

/** The tracked object of a companion. */
export function companionMarker({
  name,
  namespace,
  of,
}: {
  readonly name: string;
  readonly namespace: string;
  readonly of: string;
}): PlainMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { tests: of } };
}

function documentsOf(manifests: string): { text: string; head: string; object: RenderedObject | undefined }[] {
  return manifests.split(/^(?=---(?:\s|$))/m).map((text) => {
    const { objects } = readObjects([{ source: "", text: text.replace(/^---[^\n]*\n/, "") }], "");
    const head = /^(?:---[^\n]*\n)?(?:#[^\n]*\n)*/.exec(text)![0];
    return { text, head, object: objects.length === 1 ? objects[0] : undefined };
  });
}

function written(value: PlainMap): string {
  return writeYamlV3(fromPlain(value), { indent: 2 });
}

/** A chart template's text (a byte string) in which each `helm.sh/hook: test` is accompanied by Argo CD's PostSync. */
export function annotateTemplate(text: string): string {
  return text
    .replace(
      /^([ \t]*)(["']?)helm\.sh\/hook\2:[ \t]*["']?test(?:-success)?["']?[ \t]*\r?\n(?!\1["']?argocd\.argoproj\.io\/hook)/gm,
      (line, indent: string) => `${line}${indent}argocd.argoproj.io/hook: PostSync\n`,
    )
    .replace(
      /("helm\.sh\/hook" "test(?:-success)?")(?! "argocd\.argoproj\.io\/hook")/g,
      '$1 "argocd.argoproj.io/hook" "PostSync"',
    );
}

/** Whether every test of a chart is written where `annotateTemplate` finds it. */
export function canAnnotate(chart: Chart, objects: readonly RenderedObject[]): boolean {
  const texts = new Map(chart.templates.map(({ name, text }) => [name, text]));
  return objects.filter(isHelmTest).every(({ origin }) => {
    const text = texts.get(toByteString(origin.file.slice(origin.file.indexOf("/") + 1)));
    return text !== undefined && annotateTemplate(text) !== text;
  });
}

/** The same for the files of a chart, by path. */
export function annotateChart(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  return new Map(
    [...files].map(([path, bytes]) => [path, /\/templates\/.*\.(?:ya?ml|tpl)$/.test(path) ? annotated(bytes) : bytes]),
  );
}

function annotated(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  const changed = fromByteString(annotateTemplate(toByteString(text)));
  return changed === text ? bytes : new TextEncoder().encode(changed);
}
