import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runCommandLine } from "../packages/cli/src/testing/run-command-line.ts";

/* What a sync of an Application would write, and in which order. */

const root = mkdtempSync(join(tmpdir(), "tiphys-sync-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

interface Files {
  readonly [path: string]: string;
}

function workspace(syncPolicy: string, files: Files, more = ""): string {
  const folder = join(root, String(count++));
  const all = {
    "apps/web.yaml": `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: web}
  source: {repoURL: https://github.com/acme/estate.git, path: manifests, targetRevision: HEAD}
  syncPolicy: ${syncPolicy}
${more}`,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const deployment = (replicas: number, image: string, id = ""): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: web${id && `, annotations: {argocd.argoproj.io/tracking-id: "${id}"}`}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:${image}"}]}
`;
const job = (name: string, annotations: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: {name: ${name}, annotations: {${annotations}}}\n`;
const config = (name: string, id = name): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: web, annotations: {argocd.argoproj.io/tracking-id: "web:/ConfigMap:web/${id}"}}\n`;

const ignoreReplicas = "  ignoreDifferences: [{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}]\n";
const scaled: Files = {
  "manifests/web.yaml": deployment(2, "1"),
  "live/web.yaml": deployment(7, "1", "web:apps/Deployment:web/web"),
};
const run = (cwd: string, ...words: string[]) => runCommandLine(words, { cwd });

describe("diff --sync", () => {
  test("shows ignored fields that a sync would write all the same", async () => {
    const cwd = workspace("{}", scaled, ignoreReplicas);
    expect(await run(cwd, "diff", "--live", "live")).toMatchObject({ code: 0, stdout: "no differences\n" });
    const outcome = await run(cwd, "diff", "--live", "live", "--sync");
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toContain("spec.replicas: 7");
    expect(outcome.stdout).toContain("spec.replicas: 2");
  });

  test("keeps them where the Application respects its ignore rules", async () => {
    const cwd = workspace("{syncOptions: [RespectIgnoreDifferences=true]}", scaled, ignoreReplicas);
    expect(await run(cwd, "diff", "--live", "live", "--sync")).toMatchObject({ code: 0, stdout: "no differences\n" });
  });

  test("shows the rest of an object whose ignored field is kept", async () => {
    const files = { ...scaled, "manifests/web.yaml": deployment(2, "2") };
    const cwd = workspace("{syncOptions: [RespectIgnoreDifferences=true]}", files, ignoreReplicas);
    const { code, stdout } = await run(cwd, "diff", "--live", "live", "--sync");
    expect([code, stdout.includes("image"), stdout.includes("replicas")]).toEqual([1, true, false]);
  });

  test("leaves alone what is Synced with ApplyOutOfSyncOnly", async () => {
    const cwd = workspace("{syncOptions: [ApplyOutOfSyncOnly=true]}", scaled, ignoreReplicas);
    expect((await run(cwd, "diff", "--live", "live", "--sync")).code).toBe(0);
  });

  test("deletes only what the Application prunes on its own", async () => {
    const files = {
      ...scaled,
      "live/web.yaml": `${deployment(2, "1", "web:apps/Deployment:web/web")}---\n${config("gone")}`,
    };
    const kept = workspace("{automated: {}}", files);
    expect((await run(kept, "diff", "--live", "live")).stdout).toContain("/ConfigMap/web/gone");
    expect((await run(kept, "diff", "--live", "live", "--sync")).code).toBe(0);
    const pruned = workspace("{automated: {prune: true}}", files);
    expect((await run(pruned, "diff", "--live", "live", "--sync")).stdout).toContain("/ConfigMap/web/gone");
  });

  test("needs live objects", async () => {
    const outcome = await run(workspace("{}", scaled), "diff", "--base", "HEAD", "--sync");
    expect([outcome.code, outcome.stderr]).toEqual([2, expect.stringContaining("--sync needs --live FOLDER")]);
  });
});

describe("diff --live", () => {
  test("compares no hooks, whoever's annotation says so, but CRDs that Helm installs first", async () => {
    const crd =
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: ws.example.com, annotations: {helm.sh/hook: crd-install}}\n";
    const cwd = workspace("{}", {
      "manifests/hook.yaml": job("before", "argocd.argoproj.io/hook: PreSync"),
      "manifests/test.yaml": job("test", "helm.sh/hook: test"),
      "manifests/crd.yaml": crd,
      "live/none.yaml": "",
    });
    const { stdout } = await run(cwd, "diff", "--live", "live");
    expect(stdout).toContain("CustomResourceDefinition//ws.example.com");
    expect(stdout).not.toContain("/Job/");
  });

  test("takes the last of several objects with one key, and says so", async () => {
    const cwd = workspace("{}", {
      "manifests/a.yaml": deployment(1, "1"),
      "manifests/b.yaml": deployment(2, "1"),
      "live/web.yaml": deployment(2, "1", "web:apps/Deployment:web/web"),
    });
    const outcome = await run(cwd, "diff", "--live", "live");
    expect(outcome).toMatchObject({ code: 0, stdout: "no differences\n" });
    expect(outcome.stderr).toContain("warning[repeated-resource]: web: apps/Deployment/web/web stands 2 times");
  });

  test("does not count an object with the tracking annotation of another", async () => {
    const cwd = workspace("{}", {
      ...scaled,
      "live/web.yaml": config("copy", "original"),
      "manifests/web.yaml": config("own"),
    });
    const { stdout } = await run(cwd, "diff", "--live", "live");
    expect(stdout).toContain("/ConfigMap/web/own");
    expect(stdout).not.toContain("copy");
  });
});

test("an object with IgnoreExtraneous that nobody wants is no difference, but a sync prunes it", async () => {
  const live = config("gone").replace(
    "annotations: {",
    "annotations: {argocd.argoproj.io/compare-options: IgnoreExtraneous, ",
  );
  const cwd = workspace("{automated: {prune: true}}", { "manifests/none.yaml": "", "live/gone.yaml": live });
  expect((await run(cwd, "diff", "--live", "live")).code).toBe(0);
  expect((await run(cwd, "diff", "--live", "live", "--sync")).stdout).toContain("/ConfigMap/web/gone");
});

test("kinds that Argo CD does not look at are left out", async () => {
  const lease = "apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: l}\n";
  const cwd = workspace("{}", {
    "manifests/all.yaml": `${lease}---\n${config("own")}---\n${job("work", "a: b")}`,
    "live/old.yaml": job("old", 'argocd.argoproj.io/tracking-id: "web:batch/Job:web/old"'),
    "cm.yaml":
      "apiVersion: v1\nkind: ConfigMap\ndata: {resource.exclusions: \"[{apiGroups: ['b*'], kinds: [Job]}]\"}\n",
    "bad.yaml": 'apiVersion: v1\nkind: ConfigMap\ndata: {resource.exclusions: "{a: b}"}\n',
  });
  const plain = await run(cwd, "diff", "--live", "live");
  expect(plain.stderr.match(/warning\[[^\n]*/g)).toEqual([
    "warning[excluded-resource]: web: coordination.k8s.io/Lease/web/l is of a kind that Argo CD does not look at: it never applies it",
  ]);
  const settled = await run(cwd, "diff", "--live", "live", "--argocd-cm", "cm.yaml");
  expect(settled.stdout).toContain("/ConfigMap/web/own");
  expect(settled.stdout).not.toContain("Job");
  const bad = await run(cwd, "diff", "--live", "live", "--argocd-cm", "bad.yaml");
  expect([bad.code, bad.stderr]).toEqual([2, "error: bad.yaml: resource.exclusions: a list of maps is wanted\n"]);
});

test("waves and check leave them out too", async () => {
  const cwd = workspace("{}", {
    "manifests/all.yaml": `${config("own")}---\n${job("work", "a: b")}`,
    "cm.yaml": 'apiVersion: v1\nkind: ConfigMap\ndata: {resource.exclusions: "[{kinds: [Job]}]"}\n',
  });
  const excluded = "web: batch/Job/web/work is of a kind that Argo CD does not look at: it never applies it";
  expect((await run(cwd, "waves", "--app", "web")).stdout).toContain("Job.batch web/work");
  const plan = await run(cwd, "waves", "--app", "web", "--argocd-cm", "cm.yaml");
  expect(plan.stdout).not.toContain("Job.batch");
  expect(plan.stderr).toContain(excluded);
  expect((await run(cwd, "check", "--argocd-cm", "cm.yaml")).stdout).toContain(excluded);
  expect((await run(cwd, "check")).stdout).not.toContain(excluded);
});

test("live objects without the labels of resource.selectors are not seen", async () => {
  const selectors = (selector: string): string =>
    `apiVersion: v1\nkind: ConfigMap\ndata: {resource.selectors: "[{kinds: [ConfigMap], selector: '${selector}'}]"}\n`;
  const cwd = workspace("{}", {
    "manifests/own.yaml": config("own"),
    "live/own.yaml": config("own").replace("{name: own,", "{name: own, labels: {team: a},"),
    "seen.yaml": selectors("team in (a, b), !other"),
    "unseen.yaml": selectors("team notin (a)"),
    "bad.yaml": selectors("team in a"),
  });
  expect((await run(cwd, "diff", "--live", "live", "--argocd-cm", "seen.yaml")).code).toBe(0);
  expect((await run(cwd, "diff", "--live", "live", "--argocd-cm", "unseen.yaml")).stdout).toContain(
    "/ConfigMap/web/own",
  );
  expect((await run(cwd, "diff", "--live", "live", "--argocd-cm", "bad.yaml")).stderr).toBe(
    'error: bad.yaml: resource.selectors: "team in a" is no label selector\n',
  );
});

test("argocd-cm decides how objects are tracked and what kustomize is told", async () => {
  const cwd = workspace("{}", {
    "manifests/own.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own, namespace: web}\n",
    "live/gone.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: gone, namespace: web, labels: {example.com/of: web}}\n",
    "cm.yaml":
      "apiVersion: v1\nkind: ConfigMap\ndata: {application.resourceTrackingMethod: label, application.instanceLabelKey: example.com/of}\n",
    "bad.yaml": "apiVersion: v1\nkind: ConfigMap\ndata: {application.resourceTrackingMethod: both}\n",
  });
  expect((await run(cwd, "render", "web")).stdout).toContain("argocd.argoproj.io/tracking-id: web:/ConfigMap:web/own");
  const labelled = await run(cwd, "render", "web", "--argocd-cm", "cm.yaml");
  expect(labelled.stdout).toContain("example.com/of: web");
  expect(labelled.stdout).not.toContain("tracking-id");
  expect((await run(cwd, "diff", "--live", "live")).stdout).not.toContain("gone");
  expect((await run(cwd, "diff", "--live", "live", "--argocd-cm", "cm.yaml")).stdout).toContain("/ConfigMap/web/gone");
  const bad = await run(cwd, "apps", "--argocd-cm", "bad.yaml");
  expect([bad.code, bad.stderr]).toEqual([
    2,
    "error: bad.yaml: application.resourceTrackingMethod is one of annotation, label, annotation+label, not both\n",
  ]);
});

test("a set that selects clusters wants them", async () => {
  const cwd = workspace("{}", {
    "manifests/own.yaml": config("own"),
    "apps/set.yaml": `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: set, namespace: argocd}
spec:
  generators:
    - matrix:
        generators:
          - clusters: {selector: {matchLabels: {env: dev}}}
          - list: {elements: [{a: b}]}
  template:
    metadata: {name: "of-{{name}}"}
    spec:
      project: default
      destination: {name: "{{name}}", namespace: x}
      source: {repoURL: https://github.com/acme/estate.git, path: manifests, targetRevision: HEAD}
`,
    "clusters.yaml":
      "apiVersion: v1\nkind: Secret\nmetadata: {name: one, labels: {argocd.argoproj.io/secret-type: cluster, env: dev}}\nstringData: {name: one, server: https://one}\n",
  });
  const without = await run(cwd, "apps");
  expect(without.stdout).not.toContain("of-one");
  expect(without.stderr).toContain(
    "warning[clusters-wanted]: ApplicationSet argocd/set generates nothing here: it selects clusters, and none but Argo CD's own is known",
  );
  const given = await run(cwd, "apps", "--clusters", "clusters.yaml");
  expect(given.stdout).toContain("of-one");
  expect(given.stderr).toBe("");
});

test("projects take over what global ones allow", async () => {
  const project = (name: string, labels: string, spec: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: ${name}, labels: {${labels}}}\nspec: {${spec}}\n`;
  const cwd = workspace("{}", {
    "manifests/own.yaml": config("own"),
    "apps/projects.yaml": `${project("team", "team: a", "")}---\n${project(
      "shared",
      "",
      'sourceRepos: ["*"], destinations: [{server: "*", namespace: "*"}]',
    )}`,
    "cm.yaml":
      'apiVersion: v1\nkind: ConfigMap\ndata: {globalProjects: "[{projectName: shared, labelSelector: {matchLabels: {team: a}}}]"}\n',
    "bad.yaml": 'apiVersion: v1\nkind: ConfigMap\ndata: {globalProjects: "{a: b}"}\n',
  });
  const file = join(cwd, "apps/web.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("project: default", "project: team"));
  expect((await run(cwd, "check")).stdout).toContain("project-denies");
  expect((await run(cwd, "check", "--argocd-cm", "cm.yaml")).stdout).not.toContain("project-denies");
  expect((await run(cwd, "check", "--argocd-cm", "bad.yaml")).stderr).toBe(
    "error: bad.yaml: error unmarshalling global project settings: a list of maps is wanted\n",
  );
});

test("an Application that the API server compares is warned of", async () => {
  const cwd = workspace("{syncOptions: [ServerSideApply=true]}", scaled);
  expect((await run(cwd, "diff", "--live", "live")).stderr).toContain(
    "warning[server-side-diff]: web: Argo CD has the API server compare its objects (sync option ServerSideApply=true)",
  );
});

test("waves --deletion takes the last step first, one Application after the other", async () => {
  const set = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: many, namespace: argocd}
spec:
  goTemplate: true
  generators: [{list: {elements: [{name: a, wave: "1"}, {name: b, wave: "2"}, {name: c, wave: "2"}, {name: d, wave: "9"}]}}]
  strategy:
    type: RollingSync
    deletionOrder: Reverse
    rollingSync:
      steps:
        - matchExpressions: [{key: wave, operator: In, values: ["1"]}]
        - matchExpressions: [{key: wave, operator: In, values: ["2"]}]
  template:
    metadata: {name: "{{ .name }}", labels: {wave: "{{ .wave }}"}}
    spec:
      project: default
      destination: {server: https://kubernetes.default.svc, namespace: web}
      source: {repoURL: https://github.com/acme/estate.git, path: manifests, targetRevision: HEAD}
`;
  const { stdout } = await run(workspace("{}", { ...scaled, "apps/many.yaml": set }), "waves", "--deletion");
  expect(stdout.match(/[a-d]$|^ {2}\S.*$/gm)!.map((line) => line.trim())).toEqual([
    ...["deletion 1", "b", "deletion 2", "c", "deletion 3", "a"],
    ...["then all at once", "d"],
  ]);
});

describe("waves --app", () => {
  const files: Files = {
    "manifests/all.yaml": [
      deployment(2, "1"),
      job("before", 'argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/sync-wave: "-1"'),
      job("report", "argocd.argoproj.io/hook: SyncFail"),
    ].join("---\n"),
    "live/old.yaml": config("gone"),
  };

  test("follows the sync options of the Application", async () => {
    const cwd = workspace("{automated: {prune: true}, syncOptions: [CreateNamespace=true, PruneLast=true]}", files);
    const { stdout } = await run(cwd, "waves", "--app", "web", "--live", "live");
    expect(stdout.replaceAll(/ +/g, " ")).toBe(
      [
        "web",
        "",
        "PHASE WAVE OBJECT",
        "PreSync -1 Namespace web",
        "PreSync -1 Job.batch web/before",
        "Sync 0 Deployment.apps web/web",
        "Sync 1 Pruned ConfigMap web/gone",
        "",
        "run when a sync fails:",
        " Job.batch web/report",
        "",
      ].join("\n"),
    );
  });

  test("prunes only where it is allowed or asked for", async () => {
    const cwd = workspace("{}", files);
    expect((await run(cwd, "waves", "--app", "web", "--live", "live")).stdout).toContain(
      "PruneSkipped ConfigMap web/gone",
    );
    expect((await run(cwd, "waves", "--app", "web", "--live", "live", "--prune")).stdout).toContain(
      " Pruned ConfigMap web/gone",
    );
  });

  test("shows what happens when an object fails", async () => {
    const { stdout } = await run(
      workspace("{}", files),
      "waves",
      "--app",
      "web",
      "--fails",
      "Job.batch web/before=health",
    );
    expect(stdout).toMatch(/SyncFail +0 +Job\.batch web\/report/);
    expect(stdout).not.toContain("Deployment");
    expect(stdout).toContain("failed: one or more synchronization tasks completed unsuccessfully");
  });
});
