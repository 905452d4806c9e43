import type { GoValue } from "@tiphys/gotemplate";
import { readYaml, splitYamlDocuments, writeYamlV3, YamlError } from "@tiphys/source";
import { baseOf, cleanPath } from "../files/filepath.ts";
import { indent } from "../session/command-runner.ts";
import type { Session } from "../session/session.ts";
import { HelmfileError } from "../state/error.ts";
import { isMap } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { chartFolderOf, chartMetadata, declaredDependencies, isLocked } from "./chart-files.ts";
import type { ChartFiles } from "./chart-files.ts";
import type { Helm } from "./helm.ts";
import { editsOf } from "./kustomize.ts";
import type { KustomizeRequest, KustomizeSettings } from "./kustomize.ts";
import { setNamespace } from "./set-namespace.ts";

/* chartify.go, replace.go and patch.go of chartify 0.28.2, which helmfile 1.8.0 uses. */

export interface AdhocDependency {
  readonly chart: string;
  readonly version: string;
  readonly alias: string;
  /** The chart is a folder here; `chart` is absolute then. */
  readonly isLocal: boolean;
}

/** A chart to be made out of a chart or a folder. Byte strings. */
export interface ChartifyRequest {
  readonly releaseName: string;
  /** As helmfile passes it. */
  readonly chart: string;
  /** A folder or archive of the workspace, not a chart that was fetched. */
  readonly isLocal: boolean;
  /** The chart's files; those of a kustomization stay where they are. */
  readonly files: ChartFiles;
  /** Where the new chart lies. */
  readonly target: string;
  readonly namespace: string;
  readonly forceNamespace: string;
  readonly version: string;
  readonly skipsDependencies: boolean;
  readonly dependencies: readonly AdhocDependency[];
  readonly jsonPatches: readonly string[];
  readonly strategicMergePatches: readonly string[];
  readonly transformers: readonly string[];
  /** Paths; what is in them is known to `helm`. A file of the command line that cannot be read has no content. */
  readonly valuesFiles: readonly { readonly path: string; readonly content: string | undefined }[];
  readonly setFlags: readonly string[];
  readonly includeCrds: boolean;
  readonly validate: boolean;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly templateArgs: string;
  /** Renders a `.gotmpl` file of a folder that is no chart. */
  readonly render: (text: string) => string;
}

const contentFolders = ["templates", "charts", "crds"] as const;

/** Makes the chart and adds it to `helm`'s. Throws `HelmfileError` or `ExitError`. */
export function chartify(helm: Helm, request: ChartifyRequest, print: (text: string) => void): void {
  const { session } = helm;
  const isKustomization = request.files.has("kustomization.yaml");
  const files: ChartFiles = isKustomization ? new Map() : new Map(request.files);
  const isChart = files.has("Chart.yaml");
  if (!isChart) fillFromManifests(files, { helm, request, isKustomization, print });
  addAdhoc(files, request, session);
  if (
    request.isLocal ? !request.skipsDependencies || request.dependencies.length > 0 : request.dependencies.length > 0
  ) {
    helm.dependenciesForChartify(request.target, files, {
      builds: request.dependencies.length === 0 && isLocked(files),
      chart: request.isLocal ? request.chart : request.target,
    });
  }
  const forced =
    request.forceNamespace !== "" ? request.forceNamespace : !isChart && !isKustomization ? request.namespace : "";
  const patches = request.jsonPatches.length + request.strategicMergePatches.length + request.transformers.length;
  if (forced !== "" || patches > 0 || !isChart) {
    const written = replaceWithRendered(files, helm, request);
    if (forced !== "") setNamespaces(files, forced);
    if (patches > 0 && written.length > 0) patch(files, written, { helm, request });
    preventDoubleRendering(files);
  }
  helm.charts.add(request.target, chartFolderOf(files));
}

interface Making {
  readonly helm: Helm;
  readonly request: ChartifyRequest;
}

function fillFromManifests(
  files: ChartFiles,
  {
    helm,
    request,
    isKustomization,
    print,
  }: Making & { readonly isKustomization: boolean; readonly print: (text: string) => void },
): void {
  for (const [path, content] of [...files]) {
    if (path.endsWith("gotmpl")) files.set(path.slice(0, path.length - ".gotmpl".length), request.render(content));
  }
  if (isKustomization) {
    files.set("templates/kustomized.yaml", buildKustomization(helm, request));
    print("\n");
  } else {
    const manifests = [...files.keys()].filter((path) => path.endsWith("yaml") || path.endsWith("yml"));
    const moved = manifests.map((path) => [`templates/${path}`, files.get(path)!] as const);
    for (const path of manifests) files.delete(path);
    for (const [path, content] of moved) files.set(path, content);
  }
  const version = request.version === "" ? "1.0.0" : request.version;
  files.set(
    "Chart.yaml",
    `name: ${JSON.stringify(baseOf(cleanPath(request.chart)))}\nversion: ${version}\napiVersion: v2\n`,
  );
  preventDoubleRendering(files);
}

function buildKustomization(helm: Helm, request: ChartifyRequest): string {
  const settings = kustomizeSettings(helm, request);
  const kustomized = runKustomize(helm, {
    files: new Map(),
    target: request.target,
    base: helm.session.workspace.absolute(request.chart),
    edits: editsOf(settings),
    flags: ["--enable-alpha-plugins", "--load-restrictor=LoadRestrictionsNone", "--enable-helm", "--helm-command=helm"],
  });
  return kustomized;
}

function kustomizeSettings(helm: Helm, request: ChartifyRequest): KustomizeSettings {
  const settings = { images: [] as string[], namePrefix: "", nameSuffix: "", namespace: "" };
  for (const { path, content } of request.valuesFiles) {
    const values = helm.session.yaml.unmarshalMap(content ?? helm.session.readFile(path));
    for (const key of ["namePrefix", "nameSuffix", "namespace"] as const) {
      const value = values.get(key);
      if (typeof value === "string") settings[key] = value;
    }
    const images = values.get("images");
    if (Array.isArray(images)) settings.images = images.filter(isMap).map(imageText);
  }
  if (request.namespace !== "") settings.namespace = request.namespace;
  return settings;
}

function imageText(image: ValueMap): string {
  const part = (key: string, before: string): string => {
    const value = image.get(key);
    return typeof value === "string" && value !== "" ? before + value : "";
  };
  return part("name", "") + part("newName", "=") + part("newTag", ":") + part("digest", "@");
}

function runKustomize(helm: Helm, request: KustomizeRequest): string {
  const run = helm.session.permissions.kustomize;
  if (run === undefined)
    throw new HelmfileError("kustomize is needed to make this chart and is not allowed", {
      code: "kustomize-withheld",
    });
  const answer = run(request);
  if (answer.kind === "value") return answer.value;
  const output =
    request.base === undefined
      ? ["--output", `${request.target}/all.patched.yaml`]
      : ["-o", `${request.target}/templates/kustomized.yaml`];
  const command = ["kustomize", ...output, "build", ...request.flags, request.target].join(" ");
  throw new HelmfileError(`exit status 1\n\nCOMMAND:\n${indent(command)}\n\nOUTPUT:\n${indent(answer.message)}`, {
    code: "kustomize-failed",
  });
}

/** Puts the release's own dependencies beside the chart's. */
function addAdhoc(files: ChartFiles, request: ChartifyRequest, session: Session): void {
  const { yaml } = session;
  const adhoc = request.dependencies.map((dependency): ValueMap => {
    const slash = dependency.chart.lastIndexOf("/");
    const name = baseOf(dependency.chart);
    if (!dependency.isLocal && !dependency.chart.startsWith("oci://")) {
      throw new HelmfileError(
        `wanted: chart ${dependency.chart}${dependency.version === "" ? "" : ` ${dependency.version}`}`,
        { code: "chart-wanted" },
      );
    }
    const repository = dependency.isLocal ? `file://${dependency.chart}` : dependency.chart.slice(0, slash);
    const entries: [string, GoValue][] = [
      ["name", name],
      ["repository", repository],
      ["condition", `${dependency.alias === "" ? name : dependency.alias}.enabled`],
      ["alias", dependency.alias],
      ["version", dependency.version],
    ];
    return new Map(entries.filter(([, value]) => value !== ""));
  });
  const all = [...declaredDependencies(files, yaml).map(knownFields), ...adhoc];
  const metadata = chartMetadata(files, yaml);
  metadata.delete("dependencies");
  if (all.length > 0) metadata.set("dependencies", all);
  files.set("Chart.yaml", yaml.marshal(metadata));
  files.delete("requirements.yaml");
}

/** What chartify keeps of a dependency; `tags` are lost. */
function knownFields(dependency: ValueMap): ValueMap {
  const fields = ["name", "repository", "condition", "alias", "version", "import-values"];
  return new Map(fields.flatMap((name) => (dependency.has(name) ? [[name, dependency.get(name)!] as const] : [])));
}

/** Puts the rendered manifests in place of templates and subcharts. Gives their paths. */
function replaceWithRendered(files: ChartFiles, helm: Helm, request: ChartifyRequest): string[] {
  const { target } = request;
  helm.charts.add(target, chartFolderOf(files));
  const chain = (flag: string, values: readonly string[]): string =>
    values.map((value) => ` ${flag}${value === "" ? "" : ` ${value}`}`).join("");
  const defaults = files.get("values.yaml");
  if (defaults !== undefined) helm.addTemporaryFile(`${target}/values.yaml`, defaults);
  const line =
    `template --debug=false --output-dir=${target}/helmx.1.rendered${request.includeCrds ? " --include-crds" : ""}${request.validate ? " --validate" : ""} ${request.releaseName} ${target}` +
    (request.setFlags.length > 0 ? ` ${request.setFlags.join(" ")}` : "") +
    (defaults === undefined ? "" : chain("-f", [`${target}/values.yaml`])) +
    chain(
      "-f",
      request.valuesFiles.map((file) => file.path),
    ) +
    (request.namespace === "" ? "" : chain("--namespace", [request.namespace])) +
    (request.kubeVersion === "" ? "" : chain("--kube-version", [request.kubeVersion])) +
    chain("--api-versions", request.apiVersions) +
    (request.templateArgs === "" ? "" : ` ${request.templateArgs}`);
  const rendered = helm.renderForChartify(line.split(" "));
  for (const path of [...files.keys()]) {
    if (
      contentFolders.some(
        (folder) => path.startsWith(`${folder}/`) || (rendered.size > 0 && path.startsWith(`files/${folder}/`)),
      )
    )
      files.delete(path);
  }
  const written: string[] = [];
  for (const [path, content] of rendered) {
    const inside = path.slice(path.indexOf("/") + 1);
    files.set(inside, content);
    written.push(inside);
  }
  const metadata = chartMetadata(files, helm.session.yaml);
  metadata.delete("dependencies");
  files.set("Chart.yaml", helm.session.yaml.marshal(metadata));
  for (const name of ["requirements.yaml", "requirements.lock", "Chart.lock"]) files.delete(name);
  return written.toSorted();
}

function setNamespaces(files: ChartFiles, namespace: string): void {
  for (const [path, content] of [...files]) {
    if (contentFolders.some((folder) => path.startsWith(`${folder}/`)))
      files.set(path, setNamespace(content, namespace));
  }
}

function patch(files: ChartFiles, written: readonly string[], { helm, request }: Making): void {
  const crdsFromTemplates = written.some((path) => path.startsWith("templates/crds/"));
  const built = runKustomize(helm, {
    files: kustomizationOf(files, written, { helm, request }),
    target: request.target,
    base: undefined,
    edits: [],
    flags: ["--enable-alpha-plugins"],
  });
  for (const path of [...files.keys()])
    if (contentFolders.some((folder) => path.startsWith(`${folder}/`))) files.delete(path);
  const documents = built.split("\n---\n").map((text, index, all) => (index < all.length - 1 ? `${text}\n` : text));
  const isCrd = (text: string): boolean =>
    helm.session.yaml.unmarshalMap(text).get("kind") === "CustomResourceDefinition";
  const join = (texts: readonly string[]): string => texts.map((text) => `${text}---\n`).join("");
  const crds = documents.filter(isCrd);
  const resources = documents.filter((text) => !crds.includes(text));
  if (crds.length > 0)
    files.set(crdsFromTemplates ? "templates/crds/patched_crds.yaml" : "crds/patched_crds.yaml", join(crds));
  if (resources.length > 0) files.set("templates/patched_resources.yaml", join(resources));
}

/** kustomize itself would write all aliases out, whatever memory that takes. Throws `HelmfileError`. */
function refuseBomb(content: string, { releaseName }: ChartifyRequest): void {
  try {
    readYaml(content, { dialect: "v3" });
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    if (/excessive aliasing|contains itself|too deep|deeper than|max depth/.test(error.message))
      throw new HelmfileError(`patch of ${releaseName}: ${error.message}`, { code: "patch-invalid" });
  }
}

/** The folder that kustomize builds to patch the rendered manifests. */
function kustomizationOf(files: ChartFiles, written: readonly string[], { helm, request }: Making): ChartFiles {
  const { yaml, workspace } = helm.session;
  const out: ChartFiles = new Map(written.map((path) => [path, files.get(path)!]));
  let text = `kind: ""\napiversion: ""\nresources:\n${written.map((path) => `- ${path}\n`).join("")}`;
  if (request.jsonPatches.length + request.strategicMergePatches.length > 0) text += "patches:\n";
  request.jsonPatches.forEach((content, index) => {
    const patchMap = yaml.unmarshalMap(content);
    const target = writeYamlV3(new Map([["target", patchMap.get("target") ?? new Map()]]), { indent: 2 }).split("\n");
    text += target.map((line, i) => `${i === 0 ? "- " : "  "}${line}\n`).join("");
    let path = patchMap.get("path");
    const operations = patchMap.get("patch");
    if (typeof path !== "string" || path === "") {
      if (!Array.isArray(operations) || operations.length === 0)
        throw new HelmfileError(`either "path" or "patch" must be set in ${request.releaseName}`, {
          code: "patch-invalid",
        });
      path = `jsonpatches/patch.${index}.yaml`;
      out.set(path, writeYamlV3(operations, { indent: 2 }));
    }
    text += `  path: ${path}\n`;
  });
  request.strategicMergePatches.forEach((content, index) => {
    refuseBomb(content, request);
    out.set(`strategicmergepatches/patch.${index}.yaml`, content);
    text += `- path: strategicmergepatches/patch.${index}.yaml\n`;
  });
  if (request.transformers.length > 0) text += "transformers:\n";
  let copies = 0;
  request.transformers.forEach((content, index) => {
    const copy = (path: string): string | undefined => {
      const found = workspace.read(path);
      if (found === undefined) return undefined;
      refuseBomb(found, request);
      const name = `transformer-patch-files/patchfile.${copies++}.yaml`;
      out.set(name, found);
      return name;
    };
    out.set(`transformers/transformer.${index}.yaml`, withCopiedPaths(content, copy, helm.session));
    text += `- transformers/transformer.${index}.yaml\n`;
  });
  out.set("kustomization.yaml", text);
  return out;
}

/** A transformer whose top-level `path` names a copy that kustomize may read. */
function withCopiedPaths(content: string, copy: (path: string) => string | undefined, session: Session): string {
  const documents = splitYamlDocuments(content).map((text) => session.yaml.unmarshal(text));
  let changed = false;
  for (const map of documents.flat().filter(isMap)) {
    const path = map.get("path");
    const copied = typeof path === "string" && path !== "" ? copy(path) : undefined;
    if (copied === undefined) continue;
    map.set("path", copied);
    changed = true;
  }
  return changed ? documents.map((document) => writeYamlV3(document, { indent: 2 })).join("---\n") : content;
}

/** Moves templates to `files/` and leaves templates that print them, so that nothing is rendered twice. */
function preventDoubleRendering(files: ChartFiles): void {
  for (const folder of ["templates", "charts"]) {
    for (const [path, content] of [...files]) {
      if (!path.startsWith(`${folder}/`)) continue;
      files.delete(path);
      files.set(`files/${path}`, content);
      files.set(folder === "charts" ? `templates/${path}` : path, `{{ .Files.Get "files/${path}" }}`);
    }
  }
}
