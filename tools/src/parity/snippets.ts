import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { quoteGo } from "@tiphys/gotemplate";
import { MemoryTree } from "@tiphys/source";
import { HelmEngine, HelmError, loadChart, profiles, type Chart, type Profile } from "@tiphys/helm";

/** One line of a snippet file and what became of it. Byte strings. */
export interface SnippetResult {
  readonly file: string;
  readonly template: string;
  readonly expected: string;
  readonly actual: string;
}

/** Snippets ran in a test build of Helm 4.2.4, which names itself otherwise. */
const snippetProfile: Profile = {
  ...profiles["4.2.4"],
  helmVersion: { version: "v4.2", goVersion: "go1.26.11", kubeClientVersion: "" },
};

/** Executes every template of `FOLDER/snippets` with its file's values, in the chart that recorded them. */
export function runSnippets(folder: string): SnippetResult[] {
  const snippets = join(folder, "snippets");
  if (!existsSync(snippets)) return [];
  const names = readdirSync(snippets).filter((name) => name.endsWith(".in"));
  return names.sort().flatMap((name) => runFile(snippets, name));
}

function runFile(folder: string, name: string): SnippetResult[] {
  const [values, templates] = readFileSync(join(folder, name), "latin1").split(/^=====\n/m) as [string, string];
  const recorded = readFileSync(join(folder, name.replace(/\.in$/, ".out")), "latin1").split("\n");
  const engine = new HelmEngine();
  const results: SnippetResult[] = [];
  let line = 0;
  for (const template of templates.split("\n")) {
    if (template === "") continue;
    const output = recorded[line++] ?? "";
    const expected = output.startsWith("VALUES ERR ")
      ? output
      : (/^ *=> (.*)$/s.exec(output.slice(template.length))?.[1] ?? `(no recording: ${output})`);
    results.push({ file: name, template, expected, actual: runTemplate(engine, values, template) });
  }
  return results;
}

/** The command adds it; the recording has the engine's own text. */
const debugHint = /\n\nUse --debug flag to render out invalid YAML$/;

function runTemplate(engine: HelmEngine, values: string, template: string): string {
  const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
  const tree = new MemoryTree({
    "Chart.yaml": 'apiVersion: v2\nname: c\nversion: 1.2.3\nappVersion: "9"\n',
    "values.yaml": bytes(values),
    "a/x.txt": "l1\nl2\n",
    "a/b/y.txt": "yy",
    // The line break of a snippet file stands for itself in UTF-8.
    "templates/t": bytes(template.replaceAll("\xe2\x8f\x8e", "\n")),
  });
  let chart: Chart;
  try {
    chart = loadChart(tree, "", { profile: snippetProfile });
  } catch (error) {
    if (error instanceof HelmError) return `VALUES ERR ${error.message.replace("cannot load values.yaml: ", "")}`;
    throw error;
  }
  const request = {
    chart,
    valuesLayers: [],
    sets: [],
    release: { name: "rel", namespace: "ns" },
    profile: snippetProfile,
    context: { now: Date.now() },
  };
  try {
    const { files, error } = engine.renderFiles(request);
    return error ? `ERR ${quoteGo(error.helmText.replace(debugHint, ""))}` : quoteGo(files.get("c/templates/t") ?? "");
  } catch (error) {
    return `CRASH ${error instanceof Error ? error.stack : String(error)}`;
  }
}
