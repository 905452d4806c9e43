import type { GoValue } from "@tiphys/gotemplate";
import { wrapError } from "../fault.ts";
import { sanitizeName } from "../template/functions.ts";
import { nestedSlice, nestedString } from "../unstructured.ts";
import type { Generator } from "./generator.ts";
import { appendTemplatedValues } from "./values.ts";

/** applicationset/generators/scm_provider.go on recorded repositories. */
export const scmProviderGenerator: Generator = {
  name: "scmProvider",
  generate({ spec }, context) {
    const { items, origin } = context.fixtures.find("scmProvider", spec);
    return items.map((repository) => {
      const branch = nestedString(repository, "branch");
      const sha = nestedString(repository, "sha");
      const params = new Map<string, GoValue>([
        ["organization", nestedString(repository, "organization")],
        ["repository", nestedString(repository, "repository")],
        ["repository_id", repository.get("repository_id") ?? null],
        ["url", nestedString(repository, "url")],
        ["branch", branch],
        ["sha", sha],
        ["short_sha", sha.slice(0, 8)],
        ["short_sha_7", sha.slice(0, 7)],
        ["labels", nestedSlice(repository, "labels").map(String).join(",")],
        ["branchNormalized", sanitizeName(branch)],
      ]);
      try {
        appendTemplatedValues(spec.get("values"), params, context);
      } catch (error) {
        throw wrapError("failed to append templated values", error);
      }
      return { params, origins: [origin] };
    });
  },
};
