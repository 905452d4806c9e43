import { normalizeGitUrl } from "@tiphys/argocd";
import { bytesToByteString } from "@tiphys/gotemplate";
import type { Chart } from "@tiphys/helm";
import type { FileTree, Plain } from "@tiphys/source";
import { readYaml, toPlain, YamlError } from "@tiphys/source";

type PlainMap = Readonly<Record<string, Plain>>;

export interface ProducersOptions {
  /** The GitOps repository. */
  readonly tree: FileTree;
  /** Its URL; "" when every repository is taken for it. */
  readonly repoURL: string;
  /** A chart of a chart repository; undefined when it is not at hand. */
  readonly chart: (repoURL: string, chart: string, version: string) => Chart | undefined;
}

const kustomizations = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
const deepestFolder = 64;

/**
 * Tells which Applications may produce Applications, ApplicationSets or AppProjects: those whose own text, charts, value files or
 * kustomizations name one of these kinds. The others need not be rendered to find what an estate holds.
 */
export class Producers {
  readonly #options: ProducersOptions;
  readonly #folders = new Map<string, boolean>();

  constructor(options: ProducersOptions) {
    this.#options = options;
  }

  mayProduce(spec: Plain): boolean {
    const { source, sources } = mapOf(spec);
    const all = Array.isArray(sources) && sources.length > 0 ? sources : [source ?? null];
    return all.some((each) => this.#sourceMayProduce(mapOf(each)));
  }

  #sourceMayProduce(source: PlainMap): boolean {
    if (names(JSON.stringify(source))) return true;
    const helm = mapOf(source["helm"]);
    const path = textOf(source["path"]);
    if (textOf(source["chart"]) !== "") {
      const version = textOf(source["targetRevision"]);
      const chart = this.#options.chart(textOf(source["repoURL"]), textOf(source["chart"]), version);
      if (chart?.raw.some(({ bytes }) => names(bytesToByteString(bytes))) === true) return true;
    } else if (path !== "" && this.#isOwn(textOf(source["repoURL"])) && this.#folderNames(cleaned(path))) return true;
    const valueFiles = Array.isArray(helm["valueFiles"]) ? helm["valueFiles"] : [];
    return valueFiles.some((file) => this.#valueFileNames(textOf(file), path));
  }

  #isOwn(repoURL: string): boolean {
    const { repoURL: own } = this.#options;
    return own === "" || normalizeGitUrl(repoURL) === normalizeGitUrl(own);
  }

  #valueFileNames(file: string, folder: string): boolean {
    const path = file.startsWith("$")
      ? file.slice(file.indexOf("/") + 1)
      : file.startsWith("/")
        ? file.slice(1)
        : `${folder}/${file}`;
    const glob = path.search(/[*?[{]/);
    if (glob >= 0) return this.#folderNames(cleaned(path.slice(0, glob).replace(/[^/]*$/, "")));
    return this.#fileNames(cleaned(path));
  }

  #fileNames(path: string | undefined): boolean {
    const bytes = path === undefined ? undefined : this.#options.tree.read(path);
    return bytes !== undefined && names(bytesToByteString(bytes));
  }

  /** Whether a file at or below the folder names one of the kinds, or one in what its kustomizations and charts refer to. */
  #folderNames(folder: string | undefined, depth = 0): boolean {
    if (folder === undefined || depth > deepestFolder) return false;
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    // A kustomization that refers to itself finds nothing new.
    this.#folders.set(folder, false);
    const entries = this.#options.tree.list(folder) ?? [];
    const found = entries.some(({ name, kind, isLink }) => {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (kind === "directory") return name !== ".git" && !isLink && this.#folderNames(path, depth + 1);
      if (!name.endsWith(".md") && this.#fileNames(path)) return true;
      return this.#references(path, name).some((reference) => this.#referenceNames(folder, reference, depth));
    });
    this.#folders.set(folder, found);
    return found;
  }

  #referenceNames(folder: string, reference: string, depth: number): boolean {
    const path = cleaned(`${folder}/${reference}`);
    if (path === undefined) return false;
    return this.#options.tree.kind(path) === "directory" ? this.#folderNames(path, depth + 1) : this.#fileNames(path);
  }

  /** Local paths that a kustomization or a Chart.yaml refers to. */
  #references(path: string, name: string): string[] {
    const isKustomization = kustomizations.includes(name);
    if (!isKustomization && name !== "Chart.yaml") return [];
    let document: PlainMap;
    try {
      document = mapOf(toPlain(readYaml(bytesToByteString(this.#options.tree.read(path) ?? new Uint8Array())).value));
    } catch (error) {
      if (error instanceof YamlError) return [];
      throw error;
    }
    const list = (key: string): readonly Plain[] => (Array.isArray(document[key]) ? document[key] : []);
    const references = isKustomization
      ? [
          ...list("resources"),
          ...list("bases"),
          ...list("components"),
          ...list("patches").map((patch) => mapOf(patch)["path"]),
        ]
      : list("dependencies").map((dependency) => /^file:\/\/(.*)/.exec(textOf(mapOf(dependency)["repository"]))?.[1]);
    return references.map(textOf).filter((reference) => reference !== "" && !reference.includes("://"));
  }
}

/** A kind may be made by a template. */
const argoKind = /kind["']?\s*:\s*["']?(?:\{\{|Application(?:Set)?\b|AppProject\b)/;

function names(text: string): boolean {
  return text.includes("argoproj.io/") && argoKind.test(text);
}

/** The path without `.` and `..`; undefined when it leaves the repository. */
function cleaned(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

function mapOf(value: Plain | undefined): PlainMap {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as PlainMap) : {};
}

function textOf(value: Plain | undefined): string {
  return typeof value === "string" ? value : "";
}
