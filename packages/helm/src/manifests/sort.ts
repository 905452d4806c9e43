import { YamlError } from "@tiphys/source";
import type { ChartWarning } from "../chart/chart.ts";
import { HelmError } from "../error.ts";
import type { Profile } from "../profile.ts";
import type { RenderedDocument, RenderedHook } from "../render-chart.ts";
import { DecodeError } from "../values/decode.ts";
import { readHead as readHeadAnew, type SimpleHead } from "./head.ts";
import { compareKinds } from "./install-order.ts";
import { splitManifests, trimSpace } from "./split.ts";

const hookAnnotation = "helm.sh/hook";

/** Names of hook events; `test-success` is Helm 2's word for `test`. */
const hookEvents: ReadonlyMap<string, string> = new Map([
  ...[
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
  ].map((event) => [event, event] as const),
  ["test-success", "test"],
]);

export interface SortedManifests {
  readonly hooks: RenderedHook[];
  readonly manifests: RenderedDocument[];
}

/**
 * `SortManifests` (pkg/release/v1/util/manifest_sorter.go): splits the rendered files, reads every head, and puts hooks and
 * manifests in the order of installation. Throws `HelmError` "YAML parse error on FILE: …".
 */
export function sortManifests(
  files: ReadonlyMap<string, string>,
  profile: Profile,
  log: (line: ChartWarning) => void,
  {
    hooks = [],
    readHead = (document) => readHeadAnew(document, profile),
  }: {
    /** Takes the hooks, also those before an error. */
    readonly hooks?: RenderedHook[];
    /** Throws `YamlError` and `DecodeError`. */
    readonly readHead?: (document: string) => SimpleHead;
  } = {},
): SortedManifests {
  const manifests: RenderedDocument[] = [];
  const paths = [...files.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  for (const path of paths) {
    const content = files.get(path)!;
    if (path.slice(path.lastIndexOf("/") + 1).startsWith("_") || trimSpace(content) === "") continue;
    for (const document of splitManifests(content, profile)) {
      const head = parseHead(path, document, readHead);
      const base: RenderedDocument = {
        path,
        content: document,
        apiVersion: head.apiVersion,
        kind: head.kind,
        name: head.name,
        isCrdFile: false,
      };
      const hookTypes = head.annotations?.get(hookAnnotation);
      if (hookTypes === undefined) {
        manifests.push(base);
        continue;
      }
      const hook = readHook(base, head, hookTypes);
      if (hook) hooks.push(hook);
      else log({ level: "INFO", message: "skipping unknown hooks", attributes: [["hookTypes", hookTypes]] });
    }
  }
  const byKind = (a: RenderedDocument, b: RenderedDocument) => compareKinds(a.kind, b.kind, profile);
  return { hooks: hooks.sort(byKind), manifests: manifests.sort(byKind) };
}

function parseHead(path: string, document: string, readHead: (document: string) => SimpleHead): SimpleHead {
  try {
    return readHead(document);
  } catch (error) {
    if (!(error instanceof YamlError || error instanceof DecodeError)) throw error;
    throw new HelmError("manifest-invalid", `YAML parse error on ${path}: ${error.message}`, {
      hasRelease: true,
      place: { file: path },
      cause: error,
    });
  }
}

/** The hook; undefined when one of its events is unknown, which drops the document. */
function readHook(base: RenderedDocument, head: SimpleHead, hookTypes: string): RenderedHook | undefined {
  const events: string[] = [];
  for (const type of hookTypes.split(",")) {
    const event = hookEvents.get(trimSpace(type).toLowerCase());
    if (event === undefined) return undefined;
    events.push(event);
  }
  const weight = head.annotations?.get("helm.sh/hook-weight") ?? "";
  const policies = head.annotations?.get("helm.sh/hook-delete-policy");
  return {
    ...base,
    events,
    weight: /^[+-]?[0-9]+$/.test(weight) ? Number(weight) : 0,
    deletePolicies: policies === undefined ? [] : policies.split(",").map((policy) => trimSpace(policy).toLowerCase()),
  };
}
