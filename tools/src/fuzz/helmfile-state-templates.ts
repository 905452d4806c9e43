import type { Random } from "./random.ts";

/* Template actions around what a state file says. */

const conditions = [
  '{{ if eq .Environment.Name "dev" }}',
  '{{ if ne .Environment.Name "prod" }}',
  "{{ if .Values.feature.enabled }}",
  '{{ if .Values | get "feature.enabled" false }}',
  '{{ if has "x" .Values.tags }}',
  '{{ if hasKey .Values "extra" }}',
  '{{ if or (.Values | getOrNil "nested.enabled") true }}',
  '{{ if not (eq (.Values.count | toString) "0") }}',
  "{{ if and .Values.domain (gt (len .Values.tags) 0) }}",
  "{{ with .Values.nested.inner }}",
  '{{ if regexMatch "^e" .Values.domain }}',
  '{{ if eq (env "HOME_OF") "somewhere" }}',
];

/** Puts releases of a written state file into conditions, and makes some in loops. */
export function templateReleases(random: Random, text: string, chart: string): string {
  const start = text.indexOf("\nreleases:\n");
  const begin = start < 0 ? (text.startsWith("releases:\n") ? 0 : -1) : start + 1;
  if (begin < 0) return text;
  const head = text.slice(0, begin + "releases:\n".length);
  const blocks = text.slice(head.length).split(/^(?= {2}- name:)/m);
  const wrapped = blocks.map((block) => {
    // `with` takes the dot away from what is inside.
    const condition = random.pick(conditions);
    if (!random.chance(0.25) || (condition.includes("with") && block.includes("{{ ."))) return block;
    const otherwise = random.chance(0.2) ? `{{ else }}\n  - name: other\n    chart: ${chart}\n` : "";
    return `${condition}\n${block}${otherwise}{{ end }}\n`;
  });
  if (random.chance(0.3)) wrapped.push(loop(random, chart));
  const variables = random.chance(0.2) ? "{{ $domain := .Values.domain }}\n{{- $all := . }}\n" : "";
  const used =
    variables === ""
      ? ""
      : `  - name: of-variable\n    chart: ${chart}\n    values:\n      - domain: {{ $domain | quote }}\n        env: {{ $all.Environment.Name }}\n`;
  return `${variables}${head}${wrapped.join("")}${used}`;
}

function loop(random: Random, chart: string): string {
  return random.pick([
    `{{ range $i, $name := list "first" "second" }}\n  - name: {{ $name }}\n    namespace: ns-{{ $i }}\n    chart: ${chart}\n{{ end }}`,
    `{{- range $key, $value := .Values.feature }}\n  - name: of-{{ $key | lower }}\n    chart: ${chart}\n    values:\n      - value: {{ $value | toJson }}\n{{- end }}\n`,
    `{{ range until 2 }}\n  - name: counted-{{ . }}\n    chart: ${chart}\n    labels: {number: "{{ . }}"}\n{{ end }}`,
    `{{ range .Values.tags }}\n  - name: tag-{{ . | toString | lower | replace "." "-" | replace ":" "" | replace "[" "" | replace "]" "" | trunc 8 }}\n    chart: ${chart}\n{{ end }}`,
    `{{ define "release" }}\n  - name: {{ .name }}\n    chart: ${chart}\n    values:\n      - {{ .values | toJson }}\n{{ end }}{{ template "release" (dict "name" "included" "values" (dict "a" (list 1 nil "x"))) }}`,
    `{{ tpl "  - name: {{ .Environment.Name }}-made\\n    chart: {{ .chart }}\\n" (dict "Environment" .Environment "chart" "${chart}") }}`,
  ]);
}
