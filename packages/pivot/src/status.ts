import type { Component } from "@tiphys/estate";
import type { Diagnostic, FileTree } from "@tiphys/source";
import { reasonEffect } from "./reasons.ts";
import type { Classification } from "./classify.ts";
import { isFrozen } from "./freeze/freeze.ts";
import type { ProofSummary } from "./prove.ts";
import { bytesToByteString } from "@tiphys/gotemplate";

/** One line of the definition of done. */
export interface StatusLine {
  readonly id: string;
  readonly title: string;
  /** `unknown` where only a cluster can tell, or a helmfile that could not be read. */
  readonly state: "done" | "open" | "unknown";
  /** What was seen, one sentence. */
  readonly evidence: string;
  /** The command that shows it. */
  readonly command: string;
  /** Files or releases that stand in the way, at most twenty. */
  readonly open: readonly string[];
}

export interface StatusInput {
  readonly tree: FileTree;
  /** Every helmfile and layer. */
  readonly helmfiles: readonly string[];
  readonly guardFindings: readonly Diagnostic[];
  /** ApplicationSets and AppProjects that are missing or differ from what the components ask for. */
  readonly staleApplicationSets: readonly string[];
  readonly classifications: readonly Classification[];
  /** Release id → environments in which a component stands for it with a chart, or rendered. */
  readonly components: ReadonlyMap<string, readonly Component[]>;
  /** All components of all environments. */
  readonly allComponents: readonly Component[];
  readonly proofs: ProofSummary;
  /** Folder of the GitOps repository in the workspace; "" for the workspace. */
  readonly gitopsFolder: string;
  /** Faults because of which releases are missing above. */
  readonly unread?: readonly Diagnostic[];
}

/** The pivot's definition of done as a scoreboard, each line with its evidence. */
export function pivotStatus(input: StatusInput): StatusLine[] {
  return [
    frozenLine(input),
    guardedLine(input),
    applicationSetsLine(input),
    unlessUnread(input, movedLine(input)),
    unlessUnread(input, renderedLine(input)),
    unlessUnread(input, provenLine(input)),
    redundantManifestsLine(input),
    archivesLine(input),
    {
      id: "green",
      title: "Every Application is Synced and Healthy",
      state: "unknown",
      evidence: "needs a cluster",
      command: "argocd app list",
      open: [],
    },
  ];
}

function line(
  id: string,
  title: string,
  command: string,
  result: { open: readonly string[]; done: string; evidence: string },
): StatusLine {
  const isDone = result.open.length === 0;
  return {
    id,
    title,
    command,
    state: isDone ? "done" : "open",
    evidence: isDone ? result.done : result.evidence,
    open: result.open.slice(0, 20),
  };
}

/** Nothing is done for all releases while some cannot be read. */
function unlessUnread({ unread = [] }: StatusInput, result: StatusLine): StatusLine {
  if (unread.length === 0 || result.state !== "done") return result;
  const open = [
    ...new Set(unread.map(({ origin, message }) => (origin === undefined ? message : `${origin.file}: ${message}`))),
  ].slice(0, 20);
  return { ...result, state: "unknown", evidence: "not every helmfile could be read", open };
}

function frozenLine({ tree, helmfiles }: StatusInput): StatusLine {
  const open = helmfiles.filter((file) => !isFrozen(bytesToByteString(tree.read(file) ?? new Uint8Array())));
  return line("frozen", "Helmfile is render-only", "tiphys freeze --check", {
    open,
    done: `all ${helmfiles.length} helmfiles carry the banner`,
    evidence: `${open.length} of ${helmfiles.length} helmfiles carry no banner`,
  });
}

function guardedLine({ guardFindings }: StatusInput): StatusLine {
  const open = guardFindings.map(({ origin, message }) => `${origin?.file ?? ""}:${origin?.line ?? 0}: ${message}`);
  return line("guarded", "No script applies Helmfile", "tiphys guard", {
    open,
    done: "no call was found",
    evidence: `${open.length} calls in scripts, Makefiles and CI files`,
  });
}

function applicationSetsLine({ staleApplicationSets, allComponents }: StatusInput): StatusLine {
  const open = allComponents.length === 0 ? ["no components yet"] : staleApplicationSets;
  return line("application-sets", "ApplicationSets render both kinds and cover every wave", "tiphys appsets --check", {
    open,
    done: "all are as the components ask",
    evidence:
      allComponents.length === 0 ? "there are no components" : `${open.length} files are missing or out of date`,
  });
}

/** What is committed as manifests on purpose. */
function isRendered({ reasons }: Classification): boolean {
  return reasons.some((reason) => reasonEffect(reason) === "stay");
}

/** What tiphys.yaml leaves with Helmfile (`source: stay`) is decided, not open. */
export function isLeft({ class: kind, blockers }: Classification): boolean {
  return kind === "stays" && blockers.length === 0;
}

function movedLine({ classifications, components }: StatusInput): StatusLine {
  const wanted = classifications.filter((entry) => !isRendered(entry) && !isLeft(entry));
  const open = wanted.filter(({ release }) =>
    (components.get(release.id) ?? []).every((component) => component.chart === undefined),
  );
  return line("helm-sourced", "Releases above the foundation are Helm-sourced", "tiphys migrate", {
    open: open.map(
      ({ release, blockers }) =>
        `${release.id}${blockers.length > 0 ? ` (${blockers.map(({ code }) => code).join(", ")})` : ""}`,
    ),
    done: `all ${wanted.length} are`,
    evidence: `${wanted.length - open.length} of ${wanted.length} are`,
  });
}

function renderedLine({ classifications, components }: StatusInput): StatusLine {
  const rendered = classifications.filter((entry) => isRendered(entry) && !isLeft(entry));
  const open = rendered
    .filter(({ release }) => (components.get(release.id) ?? []).length === 0)
    .map(({ release }) => release.id);
  return line(
    "rendered",
    "What stays rendered (foundation, gates, patched charts) is a component",
    "tiphys inventory",
    {
      open,
      done: `all ${rendered.length} are`,
      evidence: `${rendered.length - open.length} of ${rendered.length} are`,
    },
  );
}

function provenLine({ proofs }: StatusInput): StatusLine {
  const open: string[] = [];
  if (proofs.different > 0) open.push(`${proofs.different} differ (${proofs.unexplained} unexplained differences)`);
  if (proofs.notProven > 0) open.push(`${proofs.notProven} could not be rendered`);
  if (proofs.notMigrated > 0) open.push(`${proofs.notMigrated} have no component`);
  return line("proven", "Every release is proven equal in every environment", "tiphys prove", {
    open,
    done: `${proofs.proven} proofs, 0 unexplained differences`,
    evidence: `${proofs.proven} proven, ${open.join(", ")}`,
  });
}

function redundantManifestsLine({ tree, allComponents }: StatusInput): StatusLine {
  const open = allComponents
    .filter((component) => component.chart !== undefined)
    .map((component) => component.file.replace(/[^/]+$/, "manifests.yaml"))
    .filter((file) => tree.kind(file) === "file");
  return line("no-redundant-manifests", "No rendered manifests beside a chart", "tiphys migrate --clean", {
    open,
    done: "none",
    evidence: `${open.length} manifests.yaml that nothing reads`,
  });
}

function archivesLine({ tree, gitopsFolder }: StatusInput): StatusLine {
  const open = archivesBelow(tree, gitopsFolder === "" ? "sources" : `${gitopsFolder}sources`);
  return line("no-archives", "No chart archive in the GitOps tree", "tiphys migrate", {
    open,
    done: "none",
    evidence: `${open.length} .tgz files that the repo server does not unpack`,
  });
}

function archivesBelow(tree: FileTree, folder: string): string[] {
  return (tree.list(folder) ?? []).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.kind === "directory") return archivesBelow(tree, path);
    return entry.name.endsWith(".tgz") ? [path] : [];
  });
}
