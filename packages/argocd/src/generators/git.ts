import type { GoValue } from "@tiphys/gotemplate";
import { ArgoError, wrapError } from "../fault.ts";
import { nestedString } from "../unstructured.ts";
import type { Generator, GeneratorContext } from "./generator.ts";
import { repoSourceParams, type RepoSource } from "./repo-source.ts";

/** applicationset/generators/git.go. The AppProject must exist unless its name is a template. */
export const gitGenerator: Generator = {
  name: "git",
  generate({ spec }, context) {
    if (!context.project.includes("{{") && !context.projects.has(context.project)) {
      throw new ArgoError(
        `error getting project ${context.project}: appprojects.argoproj.io "${context.project}" not found`,
      );
    }
    return repoSourceParams(spec, gitSource(spec, context), context);
  },
};

function gitSource(spec: Map<string, GoValue>, context: GeneratorContext): RepoSource {
  const open = () => context.repositories.open(nestedString(spec, "repoURL"), nestedString(spec, "revision"));
  return {
    kind: "git",
    folders() {
      try {
        return open().folders(context.includeHiddenDirectories);
      } catch (error) {
        throw wrapError("error retrieving Git Directories", error);
      }
    },
    files(pattern) {
      try {
        return open().files(pattern, context.newGlobbing);
      } catch (error) {
        throw wrapError("error retrieving Git files", error);
      }
    },
  };
}
