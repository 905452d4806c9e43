import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toByteString } from "@tiphys/gotemplate";
import { readYamlDocuments, toPlain } from "@tiphys/source";
import { tiphys, workspaceOf } from "./pivot/workspace.ts";

const release = (name: string, rest: string): string =>
  `  - name: ${name}\n    namespace: web\n    chart: ./charts/web\n${rest}`;

/** A helmfile that changes its charts in every way that helmfile knows. */
const estate = {
  "helmfile.yaml.gotmpl": [
    "environments:\n  dev:\n    values: [{replicas: 2}]\n  prod:\n    values: [{replicas: 5}]\n---\nreleases:\n",
    release("merged", "    strategicMergePatches: [patches/deployment.yaml.gotmpl]\n"),
    release(
      "pointed",
      "    jsonPatches:\n      - target: {kind: Deployment, name: pointed}\n        patch: [{op: replace, path: /spec/replicas, value: 9}]\n",
    ),
    release(
      "transformed",
      '    transformers:\n      - apiVersion: builtin\n        kind: AnnotationsTransformer\n        metadata: {name: notes}\n        annotations: {area: "51"}\n        fieldSpecs: [{path: metadata/annotations, create: true}]\n',
    ),
    release("forced", "    forceNamespace: elsewhere\n"),
    release(
      "added",
      "    dependencies: [{chart: ./charts/extra, version: 1.0.0}]\n    values: [{extra: {enabled: true}}]\n",
    ),
    "  - {name: plain, namespace: web, chart: ./plain}\n  - {name: kustomized, namespace: web, chart: ./kustomized}\n",
    release("untouched", ""),
  ].join(""),
  "patches/deployment.yaml.gotmpl":
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: merged}\nspec:\n  replicas: {{ .Values.replicas }}\n  template:\n    spec:\n      containers:\n        - name: web\n          command: [/entry.sh]\n",
  "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "charts/web/templates/deployment.yaml":
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: x}}\n  template:\n    metadata: {labels: {app: x}}\n    spec:\n      containers:\n        - name: web\n          image: web\n        - name: proxy\n          image: proxy\n",
  "charts/web/templates/migrate.yaml":
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {{ .Release.Name }}-migrate\n  annotations:\n    helm.sh/hook: post-install\nspec:\n  template:\n    spec: {restartPolicy: Never, containers: [{name: m, image: m}]}\n",
  "charts/extra/Chart.yaml": "apiVersion: v2\nname: extra\nversion: 1.0.0\n",
  "charts/extra/templates/config.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-extra\n",
  "plain/config.yaml": 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: plain\ndata:\n  x: "{{ .Values.x }}"\n',
  "kustomized/kustomization.yaml": "resources: [config.yaml]\nnamePrefix: k-\n",
  "kustomized/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\n",
};

const needsKustomize = ["merged", "pointed", "transformed", "kustomized"];
const names = ["merged", "pointed", "transformed", "forced", "added", "plain", "kustomized", "untouched"];

const isHere = (program: string, ...words: string[]): boolean => spawnSync(program, words).status === 0;
const hasKustomize = isHere("kustomize", "version");
const hasHelmfile = hasKustomize && isHere("helmfile", "--version") && isHere("helm", "version");

interface Moves {
  readonly moves: readonly { readonly release: string; readonly class: string; readonly blockers: readonly string[] }[];
}

async function classes(folder: string): Promise<Record<string, string>> {
  const { moves } = JSON.parse((await tiphys(folder, "migrate", "-o", "json")).stdout) as Moves;
  return Object.fromEntries(
    moves.map((move) => [move.release.split("/").at(-1)!, [move.class, ...move.blockers].join(" ")]),
  );
}

/** The objects of a stream of manifests, sorted; order is kustomize's own. */
function objects(text: string): string[] {
  return readYamlDocuments(toByteString(text))
    .map(({ value }) => JSON.stringify(toPlain(value)))
    .filter((object) => object !== "null")
    .toSorted();
}

describe.skipIf(!hasKustomize)("charts that helmfile makes, with kustomize on PATH", () => {
  test("become rendered components that are proven equal", async () => {
    const folder = workspaceOf(estate);
    expect(await classes(folder)).toEqual(
      Object.fromEntries(names.map((name) => [name, name === "untouched" ? "helm" : "rendered"])),
    );
    await tiphys(folder, "migrate", "--write");
    const manifests = join(folder, "environments/prod/components/apps/helmfile/merged/manifests.yaml");
    expect(readFileSync(manifests, "utf8")).toMatch(/command:\n\s+- \/entry\.sh\n/);
    expect(readFileSync(manifests, "utf8")).toContain("replicas: 5");
    const proof = await tiphys(folder, "prove");
    expect(proof.stdout).toContain("16 proven, 0 different, 0 not proven, 0 not migrated");
    expect((await tiphys(folder, "migrate")).stdout).toContain("nothing changes");
    const status = JSON.parse((await tiphys(folder, "status", "-o", "json")).stdout) as {
      id: string;
      evidence: string;
    }[];
    expect(status.find(({ id }) => id === "rendered")).toMatchObject({ state: "done", evidence: "all 7 are" });
    expect(status.find(({ id }) => id === "helm-sourced")).toMatchObject({ state: "done", evidence: "all 1 are" });
  });

  test("a patch that changes later makes the committed manifests stale, and the proof says so", async () => {
    const folder = workspaceOf(estate);
    await tiphys(folder, "migrate", "--write");
    writeFileSync(
      join(folder, "patches/deployment.yaml.gotmpl"),
      estate["patches/deployment.yaml.gotmpl"].replace("/entry.sh", "/other.sh"),
    );
    const proof = await tiphys(folder, "prove", "-e", "dev");
    expect(proof.code).toBe(1);
    expect(proof.stdout).toMatch(/-\s+spec\.template\.spec\.containers\[web\]\.command\[0\]: "\/other\.sh"/);
    expect(proof.stdout).toContain("7 proven, 1 different");
  });

  test("a patch of what is not there is helmfile's error, and holds up its release alone", async () => {
    const folder = workspaceOf({
      ...estate,
      "patches/deployment.yaml.gotmpl": "apiVersion: v1\nkind: Secret\nmetadata: {name: nosuch}\n",
    });
    const { stdout, stderr } = await tiphys(folder, "migrate", "-o", "json");
    expect(stderr).toMatch(/warning\[kustomize-failed\]: [^]*no matches for Id Secret\.v1/);
    expect((JSON.parse(stdout) as Moves).moves.filter(({ blockers }) => blockers.length > 0)).toMatchObject([
      { release: "helmfile/web/merged", class: "stays", blockers: ["patch-failed"] },
    ]);
  });

  test.skipIf(!hasHelmfile)("render equals helmfile template", async () => {
    const folder = workspaceOf(estate);
    for (const environment of ["dev", "prod"]) {
      const real = spawnSync("helmfile", ["-e", environment, "template", "--include-crds"], {
        cwd: folder,
        encoding: "utf8",
      });
      expect(real.status, real.stderr).toBe(0);
      const ours = await tiphys(folder, "render", "--helmfile", "--include-crds", "-e", environment);
      expect(objects(ours.stdout)).toEqual(objects(real.stdout));
    }
  });
});

test("without kustomize on PATH only what needs it stays, and says so", async () => {
  const folder = workspaceOf(estate);
  const { PATH } = process.env;
  process.env["PATH"] = folder;
  try {
    expect(await classes(folder)).toEqual(
      Object.fromEntries(
        names.map((name) => [
          name,
          needsKustomize.includes(name) ? "stays kustomize-wanted" : name === "untouched" ? "helm" : "rendered",
        ]),
      ),
    );
  } finally {
    process.env["PATH"] = PATH;
  }
});
