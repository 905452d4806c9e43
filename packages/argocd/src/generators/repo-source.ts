import { bytesToByteString, fromByteString, type GoValue, typedSlice } from "@tiphys/gotemplate";
import { type Origin, pathMatch, readYaml, type YamlDocument, YamlError } from "@tiphys/source";
import { cloneJson } from "../api/json.ts";
import { ArgoError, lineIn, NotKnownOffline, wrapError } from "../fault.ts";
import { sanitizeName } from "../template/functions.ts";
import { decodeYamlMap, decodeYamlMaps } from "../template/sigs-yaml.ts";
import { nestedSlice, nestedString } from "../unstructured.ts";
import { flatten, printValue } from "./flatten.ts";
import type { GeneratorContext } from "./generator.ts";
import type { ParamSet } from "./param-set.ts";
import { appendTemplatedValues } from "./values.ts";

/** Where the git and the oci generator get folders and files from. */
export interface RepoSource {
  readonly kind: "git" | "oci";
  folders(): readonly string[];
  files(pattern: string): ReadonlyMap<string, Uint8Array>;
}

/** applicationset/generators/repo_path_utils.go: the part that the git and oci generators share. */
export function repoSourceParams(
  spec: Map<string, GoValue>,
  source: RepoSource,
  context: GeneratorContext,
): ParamSet[] {
  try {
    if (nestedSlice(spec, "directories").length > 0) return directoryParams(spec, source, context);
    if (nestedSlice(spec, "files").length > 0) return fileParams(spec, source, context);
  } catch (error) {
    throw wrapError(`error generating params from ${source.kind}`, error);
  }
  throw new ArgoError("ApplicationSet is empty");
}

function directoryParams(spec: Map<string, GoValue>, source: RepoSource, context: GeneratorContext): ParamSet[] {
  let folders: readonly string[];
  try {
    folders = source.folders();
  } catch (error) {
    throw wrapError(`error getting directories from ${source.kind}`, error);
  }
  return folders
    .filter((folder) => isRequested(folder, spec))
    .map((folder) => {
      const params = pathParams(folder, spec, context.goTemplate);
      try {
        appendTemplatedValues(spec.get("values"), params, context);
      } catch (error) {
        throw wrapError("error generating params from apps: failed to append templated values", error);
      }
      return { params, origins: [{ file: fromByteString(folder) }] };
    });
}

/** Included by one pattern and excluded by none; a malformed pattern matches nothing (upstream logs it). */
function isRequested(folder: string, spec: Map<string, GoValue>): boolean {
  let included = false;
  for (const item of nestedSlice(spec, "directories")) {
    if (!matchesPath(nestedString(item, "path"), folder)) continue;
    if (isExclude(item)) return false;
    included = true;
  }
  return included;
}

function matchesPath(pattern: string, folder: string): boolean {
  try {
    return pathMatch(pattern, folder);
  } catch {
    return false;
  }
}

function isExclude(item: GoValue): boolean {
  return item instanceof Map && item.get("exclude") === true;
}

function pathParams(path: string, spec: Map<string, GoValue>, goTemplate: boolean): Map<string, GoValue> {
  const params = new Map<string, GoValue>();
  const basename = baseOf(path);
  if (goTemplate) {
    setPath(
      params,
      spec,
      new Map<string, GoValue>([
        ["path", path],
        ["basename", basename],
        ["basenameNormalized", sanitizeName(basename)],
        ["segments", typedSlice("[]string", path.split("/"))],
      ]),
    );
    return params;
  }
  const name = flatPathName(spec);
  params.set(name, path);
  params.set(`${name}.basename`, basename);
  params.set(`${name}.basenameNormalized`, sanitizeName(basename));
  setFlatSegments(params, name, path);
  return params;
}

function setPath(params: Map<string, GoValue>, spec: Map<string, GoValue>, path: Map<string, GoValue>): void {
  const prefix = nestedString(spec, "pathParamPrefix");
  if (prefix === "") params.set("path", path);
  else params.set(prefix, new Map<string, GoValue>([["path", path]]));
}

function flatPathName(spec: Map<string, GoValue>): string {
  const prefix = nestedString(spec, "pathParamPrefix");
  return prefix === "" ? "path" : `${prefix}.path`;
}

function setFlatSegments(params: Map<string, GoValue>, name: string, path: string): void {
  path.split("/").forEach((segment, index) => {
    if (segment !== "") params.set(`${name}[${index}]`, segment);
  });
}

/** Go's path.Base of a clean path. */
function baseOf(path: string): string {
  const last = path.slice(path.lastIndexOf("/") + 1);
  return last === "" ? "." : last;
}

function fileParams(spec: Map<string, GoValue>, source: RepoSource, context: GeneratorContext): ParamSet[] {
  const contents = new Map<string, Uint8Array>();
  const items = nestedSlice(spec, "files");
  for (const item of items) {
    if (isExclude(item)) continue;
    for (const [path, content] of source.files(nestedString(item, "path"))) contents.set(path, content);
  }
  for (const item of items) {
    if (isExclude(item)) for (const path of source.files(nestedString(item, "path")).keys()) contents.delete(path);
  }
  const sets: ParamSet[] = [];
  for (const path of [...contents.keys()].sort()) {
    try {
      for (const set of parseFile(path, contents.get(path)!, spec, context)) sets.push(set);
    } catch (error) {
      const wrapped = wrapError(
        `unable to process file '${path}' from repository '${nestedString(spec, "repoURL")}'`,
        error,
      );
      if (wrapped instanceof ArgoError) wrapped.origin ??= { file: fromByteString(path), ...lineIn(wrapped.message) };
      throw wrapped;
    }
  }
  return sets;
}

interface ParsedFile {
  readonly objects: readonly Map<string, GoValue>[];
  readonly origins: readonly Origin[];
}

/** Parsed files by their bytes, which trees hand out as the same array again. */
const parsed = new WeakMap<Uint8Array, ParsedFile>();

function parseFile(
  path: string,
  content: Uint8Array,
  spec: Map<string, GoValue>,
  context: GeneratorContext,
): ParamSet[] {
  let file = parsed.get(content);
  if (!file) {
    assertReadable(path, content);
    file = parseObjects(content);
    parsed.set(content, file);
  }
  return file.objects.map((object, index) => {
    const params = objectParams(path, object, spec, context.goTemplate);
    try {
      appendTemplatedValues(spec.get("values"), params, context);
    } catch (error) {
      throw wrapError("failed to append templated values", error);
    }
    return { params, origins: [{ ...file.origins[index]!, file: fromByteString(path) }] };
  });
}

/** Bytes of a file that a generator still reads. Upstream has no limit but that of its messages, 100 MB for all files. */
const largestFile = 10_000_000;

function assertReadable(path: string, content: Uint8Array): void {
  if (content.length <= largestFile) return;
  const tooLarge = new NotKnownOffline(
    `unsupported: the parameter file ${path} has ${content.length} bytes, more than ${largestFile}`,
  );
  tooLarge.origin = { file: fromByteString(path) };
  throw tooLarge;
}

/** One object, or a list of objects; an empty file is one empty object. */
function parseObjects(content: Uint8Array): ParsedFile {
  try {
    const document = readYaml(bytesToByteString(content));
    if (document.value === null || document.value instanceof Map) {
      return { objects: [decodeYamlMap(document.value)], origins: [{ file: "", line: 1 }] };
    }
    const objects = decodeYamlMaps(document.value);
    return {
      objects,
      origins: objects.map((_, index) => ({ file: "", line: lineOf(document, index), path: `[${index}]` })),
    };
  } catch (error) {
    if (error instanceof YamlError) throw wrapError("unable to parse file", error);
    throw error;
  }
}

function lineOf(document: YamlDocument, index: number): number {
  return document.originOf([index])?.line ?? 1;
}

function objectParams(
  path: string,
  object: Map<string, GoValue>,
  spec: Map<string, GoValue>,
  goTemplate: boolean,
): Map<string, GoValue> {
  const slash = path.lastIndexOf("/");
  const folder = slash < 0 ? "." : path.slice(0, slash);
  const basename = baseOf(folder);
  const filename = path.slice(slash + 1);
  if (goTemplate) {
    const params = cloneJson(new Map(object)) as Map<string, GoValue>;
    setPath(
      params,
      spec,
      new Map<string, GoValue>([
        ["path", folder],
        ["basename", basename],
        ["filename", filename],
        ["basenameNormalized", sanitizeName(basename)],
        ["filenameNormalized", sanitizeName(filename)],
        ["segments", typedSlice("[]string", folder.split("/"))],
      ]),
    );
    return params;
  }
  const params = new Map<string, GoValue>();
  for (const [key, value] of flatten(object)) params.set(key, printValue(value));
  const name = flatPathName(spec);
  params.set(name, folder);
  params.set(`${name}.basename`, basename);
  params.set(`${name}.filename`, filename);
  params.set(`${name}.basenameNormalized`, sanitizeName(basename));
  params.set(`${name}.filenameNormalized`, sanitizeName(filename));
  setFlatSegments(params, name, folder);
  return params;
}
