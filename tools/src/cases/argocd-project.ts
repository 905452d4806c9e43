import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  isApplicationNamespacePermitted,
  isDestinationPermitted,
  isKindPermitted,
  isSourcePermitted,
  readProject,
  withGlobalProjects,
} from "@tiphys/argocd";
import { toByteString } from "@tiphys/gotemplate";
import type { CaseRunner } from "./case.ts";
import { differences } from "./difference.ts";
import { readObject, readObjects, readPlain } from "./kubernetes-objects.ts";

interface Questions {
  readonly sources?: readonly string[];
  readonly destinations?: readonly { readonly server: string; readonly name: string; readonly namespace: string }[];
  readonly kinds?: readonly {
    readonly group: string;
    readonly kind: string;
    readonly name: string;
    readonly namespaced: boolean;
  }[];
  readonly namespaces?: readonly string[];
}

/** Cases of the form `project.yaml` (the project that is asked, then others), optional `argocd-cm.yaml`, `questions.json` (sources, destinations, kinds, namespaces of Applications); wanted: what is permitted. */
export const argocdProjectRunner: CaseRunner = {
  name: "argocd-project",
  matches: (folder) => existsSync(join(folder, "project.yaml")) && existsSync(join(folder, "questions.json")),
  run(folder) {
    const projects = readObjects(join(folder, "project.yaml")).map((object) => readProject(object, { file: "project.yaml" }));
    const byName = new Map(projects.map((project) => [project.name, project]));
    const project = withGlobalProjects(byName, readObject(folder, "argocd-cm.yaml")).get(projects[0]!.name)!;
    const questions = JSON.parse(readFileSync(join(folder, "questions.json"), "utf8")) as Questions;
    const answers = {
      sources: questions.sources?.map((url) => isSourcePermitted(project, toByteString(url))),
      destinations: questions.destinations?.map(({ namespace, ...cluster }) =>
        isDestinationPermitted(project, cluster, namespace),
      ),
      kinds: questions.kinds?.map(({ namespaced, ...resource }) => isKindPermitted(project, resource, namespaced)),
      namespaces: questions.namespaces?.map((namespace) => isApplicationNamespacePermitted(project, namespace, "argocd")),
    };
    const actual = Object.fromEntries(Object.entries(answers).filter(([, list]) => list !== undefined && list.length > 0));
    const expected = readPlain(folder, "expected.yaml");
    const found = differences(actual, expected);
    return { verdict: found.length === 0 ? "equal" : "different", detail: found.join("\n"), actual, expected };
  },
};
