import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  normalizeAndDiff,
  respectIgnoreDifferences,
  type DiffRequest,
  type DiffResult,
  type SyncTarget,
  type TrackingMethod,
} from "@tiphys/argocd";
import { bytesToByteString, fromByteString, type GoValue } from "@tiphys/gotemplate";
import { readYaml, toPlain } from "@tiphys/source";
import type { CaseRunner } from "./case.ts";
import { differences } from "./difference.ts";
import { readObject, readOptions, readPlain } from "./kubernetes-objects.ts";

/** Cases of the form `live.yaml`, `target.yaml`, ignore rules; wanted comparison. */
export const argocdDiffRunner: CaseRunner = {
  name: "argocd-diff",
  matches: (folder) =>
    ["live.yaml", "target.yaml"].some((name) => existsSync(join(folder, name))) &&
    existsSync(join(folder, "expected.yaml")),
  run(folder) {
    const options = readOptions(folder);
    const method = options["trackingMethod"];
    if (typeof options["fieldManager"] === "string")
      return { verdict: "unsupported", detail: "unsupported: structured-merge diff" };
    const request: DiffRequest = {
      live: readObject(folder, "live.yaml"),
      target: readObject(folder, "target.yaml"),
      ignoreDifferences: ignoreDifferences(folder),
      argocdCm: readObject(folder, "argocd-cm.yaml"),
      options: {
        ignoreAggregatedRoles: options["ignoreAggregatedRoles"] === true,
        ...(typeof method === "string" && method !== "" && { trackingMethod: method as TrackingMethod }),
      },
    };
    const result = normalizeAndDiff(request);
    const synced = options["respectIgnoreDifferences"] === true ? respectIgnoreDifferences(request) : undefined;
    const notKnown = result.notKnown ?? synced?.notKnown;
    if (notKnown !== undefined) return { verdict: "unsupported", detail: notKnown };
    const actual = recorded(result, synced);
    const expected = readPlain(folder, "expected.yaml");
    const found = differences(actual, expected);
    return { verdict: found.length === 0 ? "equal" : "different", detail: found.join("\n"), actual, expected };
  },
};

function ignoreDifferences(folder: string): readonly GoValue[] {
  const file = join(folder, "ignore-differences.yaml");
  const value = existsSync(file) ? readYaml(bytesToByteString(readFileSync(file))).value : null;
  return Array.isArray(value) ? value : [];
}

/** In the shape of the recorded files. */
function recorded(
  { modified, normalized, diff, error }: DiffResult,
  synced: SyncTarget | undefined,
): Record<string, unknown> {
  const plain = (object: Map<string, GoValue> | undefined): unknown => (object === undefined ? null : toPlain(object));
  return {
    modified,
    ...(normalized !== undefined && { normalized: { live: plain(normalized.live), target: plain(normalized.target) } }),
    ...(diff !== undefined && { diff: { live: plain(diff.live), predicted: plain(diff.predicted) } }),
    ...(synced?.target !== undefined && { syncTarget: plain(synced.target) }),
    ...(synced?.error !== undefined && { syncTargetError: fromByteString(synced.error) }),
    ...(error !== undefined && { error: fromByteString(error) }),
  };
}
