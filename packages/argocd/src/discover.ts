import { bytesToByteString, fromByteString, type GoValue } from "@tiphys/gotemplate";
import { type Diagnostic, type FileTree, type Origin, readYamlDocuments, YamlError } from "@tiphys/source";
import type { ApplicationSetDocument, Expansion } from "./application-set.ts";
import { findCycles } from "./discover/cycles.ts";
import { expansionDiagnostics, refusedNames } from "./discover/expansion-diagnostics.ts";
import { isMap, kindOf, nameOf, namespaceOf, nestedSlice, type Unstructured } from "./unstructured.ts";

/** Kinds that Argo CD's own API has and that decide what is installed. */
export type ArgoKind = "Application" | "ApplicationSet" | "AppProject";

/** A document that was found or made. */
export interface ArgoDocument {
  readonly value: Unstructured;
  readonly origin: Origin;
  readonly originOf?: (path: readonly (string | number)[]) => Origin | undefined;
}

/** An Application, ApplicationSet or AppProject of the estate. */
export interface ArgoNode extends ArgoDocument {
  readonly kind: ArgoKind;
  /** `Application argocd/web` */
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  /** Ids of what produces it; none for a file that somebody applies by hand. */
  readonly parents: ReadonlySet<string>;
  /** What its ApplicationSet made it from. */
  readonly generated?: {
    readonly params: Map<string, GoValue>;
    readonly generatorIndex: number;
    readonly origins: readonly Origin[];
  };
  /** An ApplicationSet's expansion. */
  readonly expansion?: Expansion;
}

/** What an Application's sources render to, or why that is not known. */
export type RenderedManifests = { readonly documents: readonly ArgoDocument[] } | { readonly reason: string };

export interface DiscoverOptions {
  readonly tree: FileTree;
  /** Folders or files to look in; default the whole tree. */
  readonly paths?: readonly string[];
  readonly expand: (document: ApplicationSetDocument) => Expansion;
  /** Renders an Application's sources, for applications of applications; without it only files and ApplicationSets are followed. */
  readonly render?: (application: ArgoNode) => RenderedManifests;
  /** Namespace of what names none; default `argocd`. */
  readonly controlPlane?: string;
}

export interface Discovery {
  /** Sorted by id. */
  readonly nodes: readonly ArgoNode[];
  /** Each cycle once, as ids; the first id is the smallest. */
  readonly cycles: readonly (readonly string[])[];
  readonly diagnostics: readonly Diagnostic[];
}

/** How deep Applications may produce Applications. */
const maximumDepth = 32;

/**
 * Every Application, ApplicationSet and AppProject of a tree: those that stand in files, those that ApplicationSets generate and
 * those that Applications render, to any depth.
 */
export function discoverArgo(options: DiscoverOptions): Discovery {
  const discovering = new Discovering(options);
  for (const document of readDocuments(options.tree, options.paths ?? [""], discovering.diagnostics))
    discovering.add(document, undefined, 0);
  discovering.follow();
  return discovering.result();
}

type MutableNode = { -readonly [Key in keyof ArgoNode]: ArgoNode[Key] } & { readonly parents: Set<string> };

class Discovering {
  readonly options: DiscoverOptions;
  readonly nodes = new Map<string, MutableNode>();
  readonly diagnostics: Diagnostic[] = [];
  /** What is to be followed yet: files come first, since a file says more of a place than a rendering of it. */
  readonly pending: { readonly node: MutableNode; readonly depth: number }[] = [];

  constructor(options: DiscoverOptions) {
    this.options = options;
  }

  add(document: ArgoDocument, parent: string | undefined, depth: number, generated?: ArgoNode["generated"]): void {
    const kind = kindOf(document.value);
    if (kind !== "Application" && kind !== "ApplicationSet" && kind !== "AppProject") return;
    if (!String(document.value.get("apiVersion")).startsWith("argoproj.io/")) return;
    const namespace = namespaceOf(document.value) || (this.options.controlPlane ?? "argocd");
    const name = nameOf(document.value);
    const id = `${kind} ${namespace}/${fromByteString(name)}`;
    const known = this.nodes.get(id);
    if (known) {
      if (parent !== undefined) known.parents.add(parent);
      else this.repeated(id, known.origin, document.origin);
      if (generated && !known.generated) known.generated = generated;
      return;
    }
    const node: MutableNode = {
      ...document,
      kind,
      id,
      name,
      namespace,
      parents: new Set(parent === undefined ? [] : [parent]),
      ...(generated ? { generated } : {}),
    };
    this.nodes.set(id, node);
    if (depth >= maximumDepth) {
      this.diagnostics.push({
        code: "applications-too-deep",
        severity: "error",
        message: `${id} is produced by a chain of more than ${maximumDepth} Applications; what it produces is not looked at`,
        origin: node.origin,
      });
      return;
    }
    this.pending.push({ node, depth });
  }

  /** Files are read before anything else, so the one that was there first is in a file, too. */
  repeated(id: string, first: Origin, second: Origin): void {
    this.diagnostics.push({
      code: "declared-twice",
      // Folders of several clusters may well declare the same.
      severity: "info",
      message: `${id} is declared twice, and this declaration is not looked at`,
      origin: second,
      related: [{ origin: first, message: "the first one" }],
      fix: "give one of them another name, or remove it",
    });
  }

  follow(): void {
    // What is found on the way joins the end.
    for (const { node, depth } of this.pending) {
      if (node.kind === "ApplicationSet") this.expand(node, depth);
      else if (node.kind === "Application") this.render(node, depth);
    }
  }

  expand(node: MutableNode, depth: number): void {
    const expansion = this.options.expand(node);
    node.expansion = expansion;
    this.diagnostics.push(...expansionDiagnostics(node, expansion));
    const nameless = new Set(refusedNames(expansion).map(({ index }) => index));
    for (const [index, { application, params, generatorIndex, origins }] of expansion.applications.entries()) {
      if (nameless.has(index)) continue;
      this.add({ value: application, origin: origins[0] ?? node.origin }, node.id, depth + 1, {
        params,
        generatorIndex,
        origins,
      });
    }
  }

  render(node: MutableNode, depth: number): void {
    const rendered = this.options.render?.(node);
    if (!rendered) return;
    if ("reason" in rendered) {
      this.diagnostics.push({
        code: "application-not-rendered",
        severity: "info",
        message: `${node.id}: ${rendered.reason}`,
        origin: node.origin,
      });
      return;
    }
    for (const document of rendered.documents) this.add(document, node.id, depth + 1);
  }

  result(): Discovery {
    const nodes = [...this.nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const cycles = findCycles(new Map(nodes.map(({ id, parents }) => [id, parents])));
    for (const cycle of cycles) {
      // An Application may well manage itself.
      if (cycle.length === 1) continue;
      this.diagnostics.push({
        code: "applications-in-a-cycle",
        severity: "error",
        message: `${[...cycle, cycle[0]].join(" → ")} produce each other`,
        origin: this.nodes.get(cycle[0]!)!.origin,
        fix: "let one of them stand in a file that nothing else produces",
        related: cycle.slice(1).map((id) => ({ origin: this.nodes.get(id)!.origin, message: id })),
      });
    }
    return { nodes, cycles, diagnostics: this.diagnostics };
  }
}

/** Documents of Argo CD's kinds in the tree's YAML and JSON files; lists are opened up. Templates of charts are not read. */
function* readDocuments(tree: FileTree, paths: readonly string[], diagnostics: Diagnostic[]): Generator<ArgoDocument> {
  for (const file of paths.flatMap((path) => manifestFiles(tree, path))) {
    const bytes = tree.read(file);
    if (!bytes) continue;
    const text = bytesToByteString(bytes);
    if (
      !text.includes("argoproj.io/") ||
      !/kind["']?\s*:\s*["']?(?:Application|ApplicationSet|AppProject|List)/.test(text)
    )
      continue;
    try {
      for (const document of readYamlDocuments(text, { dialect: "v2" })) {
        yield* opened(document.value, [], file, (path) => {
          const place = document.originOf(path);
          return place ? { file, line: place.line, column: place.column } : undefined;
        });
      }
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      diagnostics.push({
        code: "manifest-not-yaml",
        severity: templateOfOthers.test(text) ? "warning" : "error",
        message: fromByteString(error.message),
        origin: { file, ...(error.line === undefined ? {} : { line: error.line }) },
        fix: "correct the YAML; what the file declares is left out until then",
      });
    }
  }
}

/** Marks of template languages outside of quotes: such a file is what something else makes YAML of. */
const templateOfOthers = /^\s*(?:- )?\{[{%]|:\s+\{\{|\$\{\{|\{%/m;

type PlaceOf = (path: readonly (string | number)[]) => Origin | undefined;

function* opened(
  value: GoValue,
  path: readonly (string | number)[],
  file: string,
  placeOf: PlaceOf,
): Generator<ArgoDocument> {
  if (!isMap(value)) return;
  if (kindOf(value).endsWith("List")) {
    const items = nestedSlice(value, "items");
    for (let index = 0; index < items.length; index++)
      yield* opened(items[index]!, [...path, "items", index], file, placeOf);
    return;
  }
  yield { value, origin: placeOf(path) ?? { file }, originOf: (inner) => placeOf([...path, ...inner]) };
}

const deepestFolder = 256;

/** YAML and JSON files at or below `path`, in walk order, without `.git`, `node_modules` and the `templates` of charts. */
function manifestFiles(tree: FileTree, path: string, depth = 0): string[] {
  if (tree.kind(path) === "file") return [path];
  if (depth > deepestFolder) return [];
  const entries = tree.list(path) ?? [];
  const isChart = entries.some(({ name, kind }) => name === "Chart.yaml" && kind === "file");
  return entries.flatMap(({ name, kind, isLink }) => {
    const inner = path === "" ? name : `${path}/${name}`;
    if (kind === "file") return /\.(?:ya?ml|json)$/.test(name) ? [inner] : [];
    // A linked folder is met where it stands.
    if (
      isLink ||
      name === ".git" ||
      name === "node_modules" ||
      (isChart && (name === "templates" || name === "charts"))
    )
      return [];
    return manifestFiles(tree, inner, depth + 1);
  });
}
