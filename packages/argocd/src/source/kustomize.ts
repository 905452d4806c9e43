import { byteStringToBytes, bytesToByteString, type GoValue } from "@tiphys/gotemplate";
import { readYaml, writeYamlV2, YamlError, type FileTree } from "@tiphys/source";
import { ArgoError, wrapError } from "../fault.ts";
import { isMap, nested, nestedSlice, nestedString } from "../unstructured.ts";
import type { ApplicationSource } from "./application.ts";
import { commandFailure, commandLine } from "./command-line.ts";
import { envsubst, type BuildEnvironment } from "./environment.ts";
import { cachedSource, cleanInside, joinShown, type SourceRoot } from "./source-root.ts";
import { kustomizationFile } from "./source-type.ts";

export interface KustomizeOutcome {
  readonly exitCode: number;
  /** Byte strings; the copy's folder shows as `<path to cached source>`. */
  readonly stdout: string;
  readonly stderr: string;
}

/** A writable copy of a repository in which the kustomize binary runs. */
export interface KustomizeSession {
  /** Runs `kustomize ARGS` in a folder of the copy; `<path to cached source>` in arguments stands for the copy's folder. */
  run(args: readonly string[], folder: string, environment: BuildEnvironment): KustomizeOutcome;
  read(path: string): Uint8Array | undefined;
  write(path: string, content: Uint8Array): void;
  close(): void;
}

/** Opens copies; given by the face, since kustomize is a program of its own. */
export interface KustomizeRunner {
  open(tree: FileTree, folder: string): KustomizeSession;
}

export interface KustomizeBuild {
  readonly source: ApplicationSource;
  readonly root: SourceRoot;
  readonly folder: string;
  readonly environment: BuildEnvironment;
  /** `kustomize.buildOptions` of argocd-cm. */
  readonly buildOptions: string;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

export interface KustomizeResult {
  readonly manifests: string;
  readonly commands: readonly string[];
}

const patchesNote =
  "# kustomization.yaml updated with patches. There is no `kustomize edit` command for adding patches. In order to generate the manifests in your local environment, you will need to copy the patches into kustomization.yaml manually.";

/** Edits and builds a kustomization. Throws `ArgoError`. Mirrors Argo CD v3.6.1 util/kustomize/kustomize.go Build. */
export function buildKustomization(build: KustomizeBuild, runner: KustomizeRunner): KustomizeResult {
  const session = runner.open(build.root.tree, build.root.folder);
  try {
    const commands: string[] = [];
    const run = (args: readonly string[], folder: string): string => {
      commands.push(commandLine(["kustomize", ...args.map((arg) => arg.replaceAll(cachedSource, "."))]));
      const { exitCode, stdout, stderr } = session.run(args, folder, build.environment);
      if (exitCode !== 0) throw new ArgoError(commandFailure(["kustomize", ...args], stderr, exitCode));
      return stdout;
    };
    const options = build.source.get("kustomize") ?? null;
    for (const args of edits(options, build.environment)) run(args, build.folder);
    const patches = nestedSlice(options, "patches");
    if (patches.length > 0) {
      addPatches(session, build, patches);
      commands.push(patchesNote);
    }
    const components = wantedComponents(options, build);
    if (components.length > 0) run(["edit", "add", "component", ...components], build.folder);
    return { manifests: run(buildArguments(build), ""), commands };
  } finally {
    session.close();
  }
}

function texts(list: readonly GoValue[]): string[] {
  return list.filter((item): item is string => typeof item === "string");
}

/** The `kustomize edit` calls in upstream's order; maps by key, where upstream's order is random. */
function edits(options: GoValue, environment: BuildEnvironment): string[][] {
  const calls: string[][] = [];
  const prefix = nestedString(options, "namePrefix");
  if (prefix !== "") calls.push(["edit", "set", "nameprefix", "--", prefix]);
  const suffix = nestedString(options, "nameSuffix");
  if (suffix !== "") calls.push(["edit", "set", "namesuffix", "--", suffix]);
  const images = texts(nestedSlice(options, "images"));
  if (images.length > 0) calls.push(["edit", "set", "image", ...images.map((image) => envsubst(image, environment))]);
  const replicas = nestedSlice(options, "replicas");
  if (replicas.length > 0) calls.push(["edit", "set", "replicas", ...replicas.map(replicaArgument)]);
  const labels = nested(options, "commonLabels");
  if (isMap(labels) && labels.size > 0) {
    const flags = [
      ...(nested(options, "forceCommonLabels") === true ? ["--force"] : []),
      ...(nested(options, "labelWithoutSelector") === true ? ["--without-selector"] : []),
      ...(nested(options, "labelIncludeTemplates") === true ? ["--include-templates"] : []),
    ];
    calls.push(["edit", "add", "label", ...flags, ...pairs(labels, (text) => envsubst(text, environment))]);
  }
  const annotations = nested(options, "commonAnnotations");
  if (isMap(annotations) && annotations.size > 0) {
    const substitute = nested(options, "commonAnnotationsEnvsubst") === true;
    const flags = nested(options, "forceCommonAnnotations") === true ? ["--force"] : [];
    calls.push([
      "edit",
      "add",
      "annotation",
      ...flags,
      ...pairs(annotations, (text) => (substitute ? envsubst(text, environment) : text)),
    ]);
  }
  const namespace = nestedString(options, "namespace");
  if (namespace !== "") calls.push(["edit", "set", "namespace", "--", namespace]);
  return calls;
}

function pairs(map: ReadonlyMap<string, GoValue>, change: (text: string) => string): string[] {
  return [...map.keys()].sort().map((key) => `${key}:${change(String(map.get(key) ?? ""))}`);
}

function replicaArgument(replica: GoValue): string {
  const count = nested(replica, "count");
  const number = typeof count === "string" ? Number(count) : Number(count ?? 0);
  if (!Number.isInteger(number)) throw new ArgoError(`expected integer value for count. Received: ${String(count)}`);
  return `${nestedString(replica, "name")}=${number}`;
}

function addPatches(session: KustomizeSession, { root, folder }: KustomizeBuild, patches: readonly GoValue[]): void {
  const file = kustomizationFile(root, folder);
  if (file === undefined) throw new ArgoError("kustomization file not found in the path");
  const path = folder === "" ? file : `${folder}/${file}`;
  const bytes = session.read(path);
  if (bytes === undefined)
    throw new ArgoError(
      `failed to load kustomization.yaml: open ${joinShown(root.shown, path)}: no such file or directory`,
    );
  let value: GoValue;
  try {
    value = readYaml(bytesToByteString(bytes)).value;
  } catch (error) {
    if (error instanceof YamlError) throw wrapError("failed to unmarshal kustomization.yaml", error);
    throw error;
  }
  if (!isMap(value))
    throw new ArgoError("expected kustomization.yaml to be type map[string]any, but got map[string]interface {}");
  const before = value.get("patches");
  if (before !== undefined && !Array.isArray(before)) {
    throw new ArgoError(
      `expected 'patches' field in kustomization.yaml to be []any, but got ${before === null ? "<nil>" : typeof before}`,
    );
  }
  session.write(path, byteStringToBytes(writeYamlV2(new Map(value).set("patches", [...(before ?? []), ...patches]))));
}

function wantedComponents(options: GoValue, { root, folder }: KustomizeBuild): string[] {
  const components = texts(nestedSlice(options, "components"));
  if (nested(options, "ignoreMissingComponents") !== true) return components;
  // Upstream leaves the loop at the first component it finds.
  const found = components.find((component) => {
    const place = cleanInside(folder, component);
    return place !== undefined && kustomizationFile(root, place) !== undefined;
  });
  return found === undefined ? [] : [found];
}

function buildArguments({ folder, buildOptions, kubeVersion, apiVersions }: KustomizeBuild): string[] {
  const args = [
    "build",
    joinShown(cachedSource, folder),
    ...buildOptions.split(/\s+/).filter((option) => option !== ""),
  ];
  if (!buildOptions.includes("--enable-helm")) return args;
  return [
    ...args,
    ...(kubeVersion === "" ? [] : ["--helm-kube-version", kubeVersion]),
    ...apiVersions.flatMap((version) => ["--helm-api-versions", version]),
  ];
}
