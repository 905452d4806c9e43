import { bytesToByteString, FunctionError, toByteString, type GoValue } from "@tiphys/gotemplate";
import { decodeJsonAt } from "@tiphys/gotemplate/sprig";
import { compileGobwas, GlobError } from "@tiphys/source";
import { ArgoError, lineIn, NotKnownOffline } from "../fault.ts";
import { nested, nestedString, type Unstructured } from "../unstructured.ts";
import type { ApplicationSource } from "./application.ts";
import { treePath, type SourceRoot } from "./source-root.ts";
import { asObject, ManifestError, splitManifests } from "./split-manifests.ts";
import { StatusError } from "./status.ts";

const skipMarker = "+argocd:skip-file-rendering";
const manifestName = /\.(yaml|yml|json|jsonnet)$/s;
/** `--max-combined-directory-manifests-size`, 10M. */
const maxCombinedSize = 10_000_000;

export interface DirectoryFile {
  /** Relative to the source's folder. */
  readonly path: string;
  readonly name: string;
  /** Decoded text as a byte string. */
  readonly text: string;
}

/** The files that a directory source reads, in order. Throws `ArgoError`. Mirrors Argo CD v3.6.1 getPotentiallyValidManifests. */
export function directoryFiles(source: ApplicationSource, root: SourceRoot, folder: string): readonly DirectoryFile[] {
  const options = source.get("directory") ?? null;
  const include = nestedString(options, "include");
  const exclude = nestedString(options, "exclude");
  const filter: FileFilter = {
    recurse: nested(options, "recurse") === true,
    anyName: nested(options, "disableExtensionFilter") === true,
    includes: include === "" ? () => true : glob(include),
    excludes: exclude === "" ? () => false : glob(exclude),
  };
  const files: DirectoryFile[] = [];
  let size = 0;
  walk(root, folder, "", filter, (file, bytes) => {
    if (!file.name.endsWith(".jsonnet")) size += bytes;
    if (size > maxCombinedSize) {
      throw new ArgoError("failed to get potentially valid manifests: exceeded max combined manifest file size");
    }
    files.push(file);
  });
  return files;
}

interface FileFilter {
  readonly recurse: boolean;
  readonly anyName: boolean;
  readonly includes: (path: string) => boolean;
  readonly excludes: (path: string) => boolean;
}

/** A pattern that does not compile matches nothing; upstream logs it. */
function glob(pattern: string): (path: string) => boolean {
  try {
    return compileGobwas(pattern);
  } catch (error) {
    if (error instanceof GlobError) return () => false;
    throw error;
  }
}

function walk(
  root: SourceRoot,
  folder: string,
  below: string,
  filter: FileFilter,
  found: (file: DirectoryFile, bytes: number) => void,
): void {
  const place = below === "" ? folder : folder === "" ? below : `${folder}/${below}`;
  for (const { name, kind, isLink } of root.tree.list(treePath(root, place)) ?? []) {
    const path = below === "" ? name : `${below}/${name}`;
    if (kind === "directory") {
      // Upstream's walk does not follow links.
      if (filter.recurse && !isLink) walk(root, folder, path, filter, found);
      continue;
    }
    if ((!filter.anyName && !manifestName.test(name)) || filter.excludes(path) || !filter.includes(path)) continue;
    const bytes = root.tree.read(treePath(root, folder === "" ? path : `${folder}/${path}`));
    if (bytes === undefined) continue;
    const text = decodeText(bytes);
    if (!text.includes(skipMarker)) found({ path, name, text }, bytes.length);
  }
}

/** UTF-16 with a mark becomes UTF-8, a UTF-8 mark is cut. Upstream: utfutil.UTF8. */
function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytesToByteString(bytes.subarray(3));
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return toByteString(new TextDecoder("utf-16le").decode(bytes));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return toByteString(new TextDecoder("utf-16be").decode(bytes));
  return bytesToByteString(bytes);
}

/** The objects of a directory source. Throws `ArgoError`, `NotKnownOffline` for jsonnet. Mirrors Argo CD v3.6.1 findManifests. */
export function directoryObjects(
  files: readonly DirectoryFile[],
  placeOf: (file: DirectoryFile) => string,
): Unstructured[] {
  return files.flatMap((file) => {
    try {
      if (file.name.endsWith(".jsonnet")) throw new NotKnownOffline(`unsupported: jsonnet (${file.path})`);
      return file.name.endsWith(".json") ? jsonObject(file) : yamlObjects(file);
    } catch (error) {
      if (error instanceof ArgoError) error.origin ??= { file: placeOf(file), ...lineIn(error.message) };
      throw error;
    }
  });
}

function yamlObjects({ name, text }: DirectoryFile): Unstructured[] {
  try {
    return splitManifests(text);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    // A file that does not look like a manifest may be anything: it is passed over.
    const looksLikeManifest = ["apiVersion:", "kind:", "metadata:"].every((word) => text.includes(word));
    if (error.before.length === 0 && !looksLikeManifest) return [];
    throw new StatusError("FailedPrecondition", `Failed to unmarshal "${name}": ${error.message}`);
  }
}

function jsonObject({ name, text }: DirectoryFile): Unstructured[] {
  let end = text.length;
  let object: Unstructured | undefined;
  try {
    const decoded = decodeJsonAt(text, 0);
    if (decoded === undefined) throw new FunctionError("EOF");
    end = decoded.end;
    object = asObject(decoded.value, text.slice(0, end).trimStart());
  } catch (error) {
    if (!(error instanceof FunctionError) && !(error instanceof ArgoError)) throw error;
    // JSON that would do as an image manifest is no error upstream; it becomes an object without content.
    if (error instanceof FunctionError || !isJsonObject(text.slice(0, end))) {
      throw new StatusError("FailedPrecondition", `Failed to unmarshal "${name}": ${error.message}`);
    }
    object = new Map();
  }
  const next = text.slice(end).trimStart()[0];
  // `More` of Go's decoder, which a closing bracket ends.
  if (next !== undefined && next !== "]" && next !== "}") {
    throw new StatusError(
      "FailedPrecondition",
      `Found multiple objects in "${name}". Only single objects are allowed in JSON files.`,
    );
  }
  return [object ?? new Map<string, GoValue>()];
}

function isJsonObject(text: string): boolean {
  return text.trimStart().startsWith("{");
}
