import { expect, test } from "vitest";
import { readObjects } from "@tiphys/estate";
import { toByteString } from "@tiphys/gotemplate";
import { annotateTemplate, companionManifests, convertTest, convertTestsInText, planSmoke } from "./smoke.ts";

const settings =
  "---\n# Source: web/templates/settings.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web # kept\n";
const deployment =
  "---\n# Source: web/templates/web.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n";
const pod = `---
# Source: web/templates/tests/ping.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web-test
  labels: { app: web }
  annotations:
    helm.sh/hook: test
    helm.sh/hook-weight: "3"
spec:
  containers: [{ name: ping, image: curl }]
`;
const objectsOf = (...documents: string[]) =>
  readObjects(
    documents.map((text) => ({ source: "web/templates/x.yaml", text: toByteString(text.replace(/^---\n/, "")) })),
    "shop",
  ).objects;

test.each([
  ["a release of tests only gates", [settings, pod], {}, { mode: "gate", place: "own" }],
  ["a test beside a workload runs after the sync", [deployment, pod], {}, { mode: "postsync", place: "own" }],
  [
    "charts of others are not edited",
    [deployment, pod],
    { isThirdParty: (): boolean => true },
    { mode: "postsync", place: "companion" },
  ],
  [
    "committed manifests are always ours",
    [deployment, pod],
    { isThirdParty: (): boolean => true, isRendered: true },
    { mode: "postsync", place: "own" },
  ],
  [
    "what tiphys.yaml asks for counts",
    [deployment, pod],
    { asked: "gate" as const },
    { mode: "gate", place: "companion" },
  ],
  ["no test, no plan", [deployment, settings], {}, undefined],
])("%s", (_name, documents, release, plan) => {
  expect(
    planSmoke(objectsOf(...documents), {
      asked: undefined,
      isRendered: false,
      isThirdParty: (): boolean => false,
      ...release,
    }),
  ).toEqual(plan);
});

test("a test Pod becomes a Job that Argo CD tracks, with a deadline", () => {
  const { value, key, helmHooks } = convertTest(objectsOf(pod)[0]!, "gate");
  expect(key).toBe("batch/Job/shop/web-test");
  expect(helmHooks).toEqual([]);
  expect(value).toEqual({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: "web-test",
      labels: { app: "web" },
      annotations: {
        "argocd.argoproj.io/sync-wave": "3",
        "argocd.argoproj.io/sync-options": "Force=true,Replace=true",
      },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 600,
      template: {
        metadata: { labels: { app: "web" } },
        spec: { restartPolicy: "Never", containers: [{ name: "ping", image: "curl" }] },
      },
    },
  });
});

test("what is no test stays word for word", () => {
  expect(convertTestsInText(settings + deployment, "gate")).toBe(settings + deployment);
  const converted = convertTestsInText(settings + pod, "gate");
  expect(converted.startsWith(settings)).toBe(true);
  expect(converted).toContain("# Source: web/templates/tests/ping.yaml\napiVersion: batch/v1");
});

test("a companion holds the tests and one object that is no hook", () => {
  const text = companionManifests(deployment + pod, "postsync", {
    name: "web-smoke",
    namespace: "shop",
    of: "50-apps/shop/web",
  })!;
  const objects = objectsOf(...text.split(/^(?=---)/m));
  expect(objects.map(({ key, helmHooks }) => [key, helmHooks])).toEqual([
    ["/ConfigMap/shop/web-smoke", []],
    ["/Pod/shop/web-test", ["test"]],
  ]);
  expect(companionManifests(deployment, "postsync", { name: "x", namespace: "x", of: "x" })).toBeUndefined();
});

test("templates get the annotation once, in the forms in which people write the hook", () => {
  const line = '    "helm.sh/hook": test\n';
  expect(annotateTemplate(line)).toBe(`${line}    argocd.argoproj.io/hook: PostSync\n`);
  expect(annotateTemplate(annotateTemplate(line))).toBe(annotateTemplate(line));
  const dict = '{{ dict "helm.sh/hook" "test" "a" "b" }}';
  expect(annotateTemplate(dict)).toBe('{{ dict "helm.sh/hook" "test" "argocd.argoproj.io/hook" "PostSync" "a" "b" }}');
  expect(annotateTemplate(annotateTemplate(dict))).toBe(annotateTemplate(dict));
  expect(annotateTemplate("helm.sh/hook: pre-install\n")).toBe("helm.sh/hook: pre-install\n");
});
