import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic, FileTree } from "@tiphys/source";
import type { FoundCommand } from "./find-commands.ts";
import { findCommands } from "./find-commands.ts";

/** What counts as a call that must not be there. */
export interface GuardContext {
  readonly tree: FileTree;
  /** Names of releases that have moved to Argo CD. */
  readonly migratedReleases: ReadonlySet<string>;
  /** Folders of the GitOps tree whose manifests Argo CD applies. */
  readonly manifestFolders: readonly string[];
}

const helmfileVerbs = new Set(["sync", "apply", "destroy", "delete", "test", "charts"]);
const helmVerbs = new Set(["upgrade", "install", "uninstall", "delete", "rollback"]);

/** Files larger than this are no scripts. */
const maximumSize = 1024 * 1024;

const scriptNames =
  /(?:^|\/)(?:Makefile[^/]*|GNUmakefile|[^/]+\.mk|Taskfile[^/]*\.ya?ml|[Jj]ustfile|\.justfile|Jenkinsfile[^/]*|[^/]+\.jenkinsfile|Tiltfile[^/]*|[^/]+\.tiltfile|skaffold[^/]*\.ya?ml|Dockerfile[^/]*|[^/]+\.Dockerfile|Containerfile|Procfile|package\.json|devcontainer\.json|Earthfile|[^/]+\.(?:sh|bash|zsh|fish|ps1|bats|groovy)|\.envrc|azure-pipelines[^/]*\.ya?ml|\.gitlab-ci[^/]*\.ya?ml|bitbucket-pipelines\.ya?ml|\.drone\.ya?ml|cloudbuild[^/]*\.ya?ml)$|(?:^|\/)(?:\.github\/(?:workflows|actions)|\.circleci|\.gitlab|\.gitlab-ci|\.buildkite|\.devcontainer|\.woodpecker|\.tekton|\.husky|\.githooks)\//;

const skippedFolders = new Set([".git", "node_modules", "vendor", ".terraform", ".tiphys", "dist"]);

/**
 * Every call that would apply what Argo CD now owns, as an error at its line: `helmfile sync|apply|destroy|delete|test|charts`, `helm
 * upgrade|install|uninstall` of a release that has moved, `kubectl apply` of manifests in the GitOps tree. A comment
 * `tiphys:allow CODE because …` on the line or the line above lets one stay; without a reason it is an error itself.
 */
export function guard(context: GuardContext): Diagnostic[] {
  return scriptFiles(context.tree, "").flatMap((file) => guardFile(context, file));
}

/** A script whose helmfile calls render instead. */
export interface GuardedFile {
  readonly path: string;
  readonly content: Uint8Array;
  /** How many calls the file had. */
  readonly calls: number;
}

/**
 * The files in which `guard` finds calls of helmfile that would apply, with `template` in place of the verb and every other byte as it was:
 * the call then prints manifests. Flags that `helmfile template` does not know make it refuse, which applies nothing either. Calls that
 * a `tiphys:allow` lets stay, and those of helm and kubectl, are left alone.
 */
export function planGuard(context: GuardContext): GuardedFile[] {
  const found = new Map<string, Set<string>>();
  for (const { code, origin } of guard(context)) {
    if (code !== "guard-helmfile-apply" || origin === undefined) continue;
    found.set(origin.file, (found.get(origin.file) ?? new Set()).add(`${origin.line}:${origin.column}`));
  }
  return [...found].map(([path, places]) => {
    const text = fromByteString(bytesToByteString(context.tree.read(path)!));
    const lines = text.split("\n");
    const calls = findCommands(text).filter(({ line, column }) => places.has(`${line}:${column}`));
    // From the end, so that earlier columns stay right.
    for (const { verb, verbLine, verbColumn } of calls.toReversed()) {
      const line = lines[verbLine - 1]!;
      lines[verbLine - 1] = `${line.slice(0, verbColumn - 1)}template${line.slice(verbColumn - 1 + verb.length)}`;
    }
    return { path, content: new TextEncoder().encode(lines.join("\n")), calls: calls.length };
  });
}

function scriptFiles(tree: FileTree, folder: string): string[] {
  const files: string[] = [];
  for (const entry of tree.list(folder) ?? []) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.kind === "directory") {
      if (!skippedFolders.has(entry.name)) files.push(...scriptFiles(tree, path));
    } else if ((entry.size ?? 0) <= maximumSize && (scriptNames.test(path) || hasShebang(tree, path, entry.name))) {
      files.push(path);
    }
  }
  return files;
}

/** Scripts without an ending begin with `#!`. */
function hasShebang(tree: FileTree, path: string, name: string): boolean {
  if (name.includes(".")) return false;
  const bytes = tree.read(path);
  return bytes !== undefined && bytes[0] === 0x23 && bytes[1] === 0x21;
}

function guardFile(context: GuardContext, file: string): Diagnostic[] {
  const bytes = context.tree.read(file);
  if (bytes === undefined || bytes.length > maximumSize) return [];
  const text = fromByteString(bytesToByteString(bytes));
  if (!/helmfile|helm|kubectl/i.test(text)) return [];
  const lines = text.split(/\r?\n/);
  return findCommands(text).flatMap((command) => {
    const fault = faultOf(command, context);
    if (fault === undefined) return [];
    const origin = { file, line: command.line, column: command.column };
    const allowed = allowance(lines, command.line, fault.code);
    if (allowed === "with-reason") return [];
    if (allowed === "without-reason") {
      return [
        {
          code: "guard-allow-without-reason",
          severity: "error",
          message: "tiphys:allow gives no reason",
          origin,
          fix: `write: tiphys:allow ${fault.code} because …`,
        },
      ];
    }
    return [{ ...fault, severity: "error", origin }];
  });
}

function faultOf(
  command: FoundCommand,
  context: GuardContext,
): Pick<Diagnostic, "code" | "message" | "fix"> | undefined {
  if (command.program === "helmfile" && helmfileVerbs.has(command.verb)) {
    return {
      code: "guard-helmfile-apply",
      message: `helmfile ${command.verb} would change what Argo CD owns`,
      fix: "render instead: scripts/render-helmfile.sh LAYER [ENV], or commit the change and let Argo CD sync",
    };
  }
  if (command.program === "helm" && helmVerbs.has(command.verb)) {
    const release = command.words.find((word) => !word.startsWith("-") && context.migratedReleases.has(word));
    if (release === undefined) return undefined;
    return {
      code: "guard-helm-release",
      message: `helm ${command.verb} of ${release}, which Argo CD owns`,
      fix: "change the component's chart version or values, and let Argo CD sync",
    };
  }
  if (
    command.program === "kubectl" &&
    (command.verb === "apply" || command.verb === "replace" || command.verb === "create")
  ) {
    const path = command.words.find((word) =>
      context.manifestFolders.some((folder) => word.replace(/^(?:\.\/|-f=|--filename=)/, "").startsWith(folder)),
    );
    if (path === undefined) return undefined;
    return {
      code: "guard-kubectl-apply",
      message: `kubectl ${command.verb} of ${path}, which Argo CD applies`,
      fix: "let Argo CD sync it",
    };
  }
  return undefined;
}

function allowance(lines: readonly string[], line: number, code: string): "none" | "with-reason" | "without-reason" {
  for (const text of [lines[line - 1], lines[line - 2]]) {
    const match = /tiphys:allow\s+([\w-]+)(?:\s+because\s+(\S.*))?/.exec(text ?? "");
    if (match === null || (match[1] !== code && `guard-${match[1]}` !== code)) continue;
    return match[2] === undefined ? "without-reason" : "with-reason";
  }
  return "none";
}
