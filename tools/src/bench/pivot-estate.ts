import { benchChart } from "./bench-chart.ts";

const environments = ["dev", "staging", "prod"];
const charts = 20;

/** A synthetic Helmfile estate by path: `releases` releases in three environments over twenty local charts. */
export function pivotEstate(releases: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (let index = 0; index < charts; index++) Object.assign(files, benchChart(index));
  const names = Array.from({ length: releases }, (_, index) => `app-${index}`);
  for (const [index, name] of names.entries()) {
    files[`values/${name}/common.yaml`] = `image: {tag: "1.${index}"}\nenv: {NAME: ${name}, LEVEL: info}\n`;
    for (const [at, environment] of environments.entries()) {
      files[`values/${name}/${environment}.yaml`] =
        `replicas: ${at + 1}\nenv: {STAGE: ${environment}, URL: "https://${name}.${environment}.example.com"}\n`;
    }
  }
  files["helmfile.yaml.gotmpl"] = `environments:
${environments.map((name) => `  ${name}: {values: [{stage: ${name}}]}`).join("\n")}
---
releases:
${names.map((name, index) => release(name, index)).join("")}`;
  return files;
}

function release(name: string, index: number): string {
  const needs = index % 10 === 0 || index === 0 ? "" : `    needs: [apps-${(index - 1) % 5}/app-${index - 1}]\n`;
  return `  - name: ${name}
    namespace: apps-${index % 5}
    chart: ./charts/chart-${index % charts}
    labels: {team: team-${index % 7}}
    values: [values/${name}/common.yaml, values/${name}/{{ .Values.stage }}.yaml]
${needs}`;
}
