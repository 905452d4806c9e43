import { expect, test } from "vitest";
import { injectFaults } from "../tools/src/fuzz/pivot.ts";
import { isFull, referenceEstate, workspaceOf } from "./pivot/workspace.ts";

/** Changes that matter must be found, whatever they are; changes that do not must be quiet. `npm run fuzz -- pivot` runs more. */
test("the proof finds every change of what is applied, and only those", { timeout: 600_000 }, () => {
  const { runs, real, wrong } = injectFaults(referenceEstate, { seed: 5, count: isFull ? 300 : 30 });
  expect(wrong).toEqual([]);
  expect(real).toBeGreaterThan(runs / 3);
});

test("also in components of hooks and of charts that helmfile makes", { timeout: 600_000 }, () => {
  const deployment = (name: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  labels:\n    app: web\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: web\n  template:\n    metadata:\n      labels:\n        app: web\n    spec:\n      containers:\n        - name: web\n          image: web:1\n`;
  const settings = (environment: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  level: ${environment}\n  port: "80"\n---\n${deployment("side")}`;
  const estate = workspaceOf({
    "tiphys.yaml":
      "helmfile: helmfile.yaml\ngitops: { root: gitops, repoURL: https://git.example/gitops.git, targetRevision: main }\nenvironments: { dev: {}, prod: {} }\n",
    "helmfile.yaml": `environments:
  dev: {}
  prod: {}
---
releases:
  - { name: forced, namespace: shop, chart: ./charts/web, forceNamespace: elsewhere }
  - name: added
    namespace: shop
    chart: ./charts/web
    dependencies: [{ chart: ./charts/extra, version: 1.0.0 }]
    values: [{ extra: { enabled: true } }]
  - { name: plain, namespace: shop, chart: ./plain }
  - name: web
    namespace: shop
    chart: ./charts/web
    hooks:
      - { events: [presync], command: kubectl, args: [apply, -n, pool, -f, "raw/{{ .Environment.Name }}"] }
      - { events: [postsync], kubectlApply: { filename: raw/issuer.yaml } }
  - { name: after, namespace: shop, chart: ./charts/web, needs: [shop/web] }
`,
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/templates/web.yaml": deployment("{{ .Release.Name }}"),
    "charts/extra/Chart.yaml": "apiVersion: v2\nname: extra\nversion: 1.0.0\n",
    "charts/extra/templates/extra.yaml": deployment("{{ .Release.Name }}-extra"),
    "plain/plain.yaml": deployment("plain"),
    "raw/dev/all.yaml": settings("debug"),
    "raw/prod/all.yaml": settings("info"),
    "raw/issuer.yaml":
      "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata:\n  name: letsencrypt\nspec:\n  acme:\n    email: ops@acme.example\n",
  });
  const { runs, real, wrong } = injectFaults(estate, { seed: 9, count: isFull ? 300 : 60 });
  expect(wrong).toEqual([]);
  expect(real).toBeGreaterThan(runs / 3);
});
