import { type GoValue, typedSlice } from "@tiphys/gotemplate";
import { NotKnownOffline, wrapError } from "../fault.ts";
import { makeSlug } from "../template/slug.ts";
import { nestedSlice, nestedString } from "../unstructured.ts";
import { printValue } from "./flatten.ts";
import type { Generator } from "./generator.ts";
import { appendTemplatedValues } from "./values.ts";

/** applicationset/generators/pull_request.go on recorded pull requests. */
export const pullRequestGenerator: Generator = {
  name: "pullRequest",
  generate({ spec }, context) {
    const { items, origin } = context.fixtures.find("pullRequest", spec);
    return items.map((pull) => {
      const sha = nestedString(pull, "head_sha");
      const params = new Map<string, GoValue>([
        ["number", printValue(pull.get("number") ?? 0)],
        ["title", nestedString(pull, "title")],
        ["branch", nestedString(pull, "branch")],
        ["branch_slug", branchSlug(pull, "branch")],
        ["target_branch", nestedString(pull, "target_branch")],
        ["target_branch_slug", branchSlug(pull, "target_branch")],
        ["head_sha", sha],
        ["head_short_sha", sha.slice(0, 8)],
        ["head_short_sha_7", sha.slice(0, 7)],
        ["author", nestedString(pull, "author")],
      ]);
      if (context.goTemplate) params.set("labels", typedSlice("[]string", nestedSlice(pull, "labels").map(String)));
      try {
        appendTemplatedValues(spec.get("values"), params, context);
      } catch (error) {
        throw wrapError("failed to append templated values", error);
      }
      return { params, origins: [origin] };
    });
  },
};

/** The branch as a slug of at most 50 bytes; upstream spells other letters than ASCII in ASCII, which must be recorded. */
function branchSlug(pull: Map<string, GoValue>, key: string): string {
  const recorded = pull.get(`${key}_slug`);
  if (typeof recorded === "string") return recorded;
  const branch = nestedString(pull, key);
  if (/[^\x00-\x7f]/.test(branch))
    throw new NotKnownOffline(`wanted: recorded ${key}_slug of a pull request, whose ${key} is not ASCII`);
  return makeSlug(branch.replaceAll("_", "-"), 50, true);
}
