import { readObjects } from "@tiphys/estate";
import { bytesToByteString } from "@tiphys/gotemplate";
import type { HelmfileHook } from "@tiphys/helmfile";
import type { FileTree } from "@tiphys/source";
import { FileTreeError, joinPath } from "@tiphys/source";

/** Files of the workspace that a hook of helmfile applies as they are, before or after the release. */
export interface HookManifests {
  readonly event: "presync" | "postsync";
  /** Of objects that name none; `default` where the command says nothing. */
  readonly namespace: string;
  /** In the workspace, in the order in which kubectl reads them. */
  readonly files: readonly string[];
  readonly isServerSide: boolean;
}

/** Where hooks run and what they may apply. */
export interface HookPlace {
  readonly tree: FileTree;
  /** Folder of the helmfile. */
  readonly folder: string;
}

/**
 * What `kubectl apply -f FILE…` of a hook applies, event by event; only commands of which every word is understood, and files of this
 * workspace whose objects mean the same to Argo CD. Everything else is a command like any other.
 */
export function hookManifests(hook: HelmfileHook, place: HookPlace): HookManifests[] {
  return hook.events.flatMap((event) => {
    const words = hook.words.get(event);
    if ((event !== "presync" && event !== "postsync") || words === undefined) return [];
    const applied = parseApply(words);
    const files = applied?.names.map((name) => filesOf(place, name, applied.isRecursive));
    if (applied === undefined || files === undefined || !files.every((found) => found !== undefined)) return [];
    const all = files.flat();
    if (!all.every((file) => isPlain(place.tree, file, applied.namespace))) return [];
    const { namespace = "default", isServerSide } = applied;
    return [{ event, namespace, files: all, isServerSide }];
  });
}

/** What the hooks of a release apply, one entry for each event, and the hooks and events that must run as commands. */
export interface SortedHooks {
  readonly manifests: readonly HookManifests[];
  readonly commands: readonly { readonly event: string; readonly hook: HelmfileHook }[];
}

/** Sorts a release's hooks. Files that go to several namespaces in one event cannot be one component; those hooks remain commands. */
export function sortHooks(hooks: readonly HelmfileHook[], place: HookPlace): SortedHooks {
  const manifests = new Map<string, HookManifests>();
  const commands: { event: string; hook: HelmfileHook }[] = [];
  for (const hook of hooks) {
    const applied = hookManifests(hook, place);
    for (const event of hook.events) {
      const found = applied.find((each) => each.event === event);
      const before = manifests.get(event);
      if (found === undefined || (before !== undefined && before.namespace !== found.namespace))
        commands.push({ event, hook });
      else
        manifests.set(event, {
          ...found,
          files: [...new Set([...(before?.files ?? []), ...found.files])],
          isServerSide: found.isServerSide || (before?.isServerSide ?? false),
        });
    }
  }
  const early = new Set(manifests.get("presync")?.files);
  const late = manifests.get("postsync");
  // What is applied before is not applied to another effect after.
  if (late !== undefined) manifests.set("postsync", { ...late, files: late.files.filter((file) => !early.has(file)) });
  return { manifests: [...manifests.values()].filter(({ files }) => files.length > 0), commands };
}

interface ApplyCommand {
  readonly names: readonly string[];
  readonly namespace: string | undefined;
  readonly isRecursive: boolean;
  readonly isServerSide: boolean;
}

/** Flags of kubectl that change nothing of what is applied. */
const harmless = /^--(?:wait|timeout|overwrite|validate|field-manager|force-conflicts|request-timeout|v)(?:=|$)/;
/** Of these, the ones that take the next word where no `=` follows. */
const takesWord = /^--(?:timeout|field-manager|request-timeout|v)$/;

function parseApply(words: readonly string[]): ApplyCommand | undefined {
  if (words[0]?.split("/").at(-1) !== "kubectl") return undefined;
  const names: string[] = [];
  let [verb, isRecursive, isServerSide] = ["", false, false];
  let namespace: string | undefined;
  for (let index = 1; index < words.length; index++) {
    const [flag, attached] = splitFlag(words[index]!);
    const value = (): string => attached ?? words[++index] ?? "";
    if (flag === "-f" || flag === "--filename") names.push(...value().split(","));
    else if (flag === "-n" || flag === "--namespace") namespace = value();
    else if (flag === "-R" || flag === "--recursive") isRecursive = attached !== "false";
    else if (flag === "--server-side") isServerSide = attached !== "false";
    else if (harmless.test(flag)) index += attached === undefined && takesWord.test(flag) ? 1 : 0;
    else if (flag === "apply" && verb === "") verb = flag;
    else return undefined;
  }
  return verb === "" || names.length === 0 || namespace === ""
    ? undefined
    : { names, namespace, isRecursive, isServerSide };
}

/** `--flag=value` and `-fvalue` as flag and value. */
function splitFlag(word: string): [flag: string, value: string | undefined] {
  const long = /^(--[\w-]+)=([^]*)$/.exec(word);
  if (long !== null) return [long[1]!, long[2]!];
  const short = /^(-[fn])=?([^]+)$/.exec(word);
  return short === null || word.startsWith("--") ? [word, undefined] : [short[1]!, short[2]!];
}

const isManifest = (name: string): boolean => /\.(?:ya?ml|json)$/.test(name);

/** The files that a `-f` names; undefined when there is nothing here, or an address. */
function filesOf({ tree, folder }: HookPlace, name: string, isRecursive: boolean): string[] | undefined {
  if (name === "" || name === "-" || name.includes("://") || name.startsWith("/")) return undefined;
  const path = insideTree(folder, name);
  if (path === undefined) return undefined;
  if (tree.kind(path) === "file") return [path];
  return tree.kind(path) === "directory" ? filesIn(tree, path, isRecursive) : undefined;
}

function insideTree(folder: string, name: string): string | undefined {
  try {
    return joinPath(folder, name);
  } catch (error) {
    if (error instanceof FileTreeError) return undefined;
    throw error;
  }
}

function filesIn(tree: FileTree, folder: string, isRecursive: boolean): string[] {
  return (tree.list(folder) ?? [])
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, kind }) => {
      const path = `${folder}/${name}`;
      if (kind === "directory") return isRecursive ? filesIn(tree, path, true) : [];
      return isManifest(name) ? [path] : [];
    });
}

/**
 * Objects with a name that are not encrypted, that kubectl takes for this namespace, and that neither Helm's nor Argo CD's annotations
 * make something else of.
 */
function isPlain(tree: FileTree, file: string, namespace: string | undefined): boolean {
  const text = bytesToByteString(tree.read(file) ?? new Uint8Array());
  const documents = text.split(/^---[ \t]*(?:#.*)?$/m).map((part) => ({ source: file, text: part }));
  const { objects, diagnostics } = readObjects(documents, namespace ?? "default");
  return (
    diagnostics.length === 0 &&
    objects.length > 0 &&
    objects.every((object) => {
      const { name, helmHooks, value } = object;
      return (
        !name.endsWith("*") &&
        name !== "" &&
        helmHooks.length === 0 &&
        (namespace === undefined || object.namespace === "" || object.namespace === namespace) &&
        value["sops"] === undefined &&
        !JSON.stringify(value["metadata"]).includes('"argocd.argoproj.io/')
      );
    })
  );
}
