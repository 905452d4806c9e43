import type { RenderedArgoApplication, Rendering } from "@tiphys/estate";
import { findHelmfile } from "@tiphys/estate";
import { byteStringToBytes, toByteString } from "@tiphys/gotemplate";
import { formatOrigin, fromPlain, writeYamlV2 } from "@tiphys/source";
import type { Diagnostic, FileTree } from "@tiphys/source";
import { findProfile, type Profile } from "@tiphys/helm";
import { matchesLabels } from "@tiphys/helmfile";
import { renderOccurrence } from "@tiphys/pivot";
import type { Inventory, InventoryRelease, ReleaseOccurrence } from "@tiphys/pivot";
import type { ArgocdSides } from "../argocd-sides.ts";
import { addArgocdOptions, applicationNames, openArgocdSides } from "../argocd-sides.ts";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import type { WorkspaceCommandOptions } from "../options.ts";
import { liveContext } from "../charts/node-random.ts";
import { collect, workspaceOptions } from "../options.ts";
import type { PivotWorkspace } from "../pivot-workspace.ts";
import { addHelmfileOptions } from "../helmfile-flags.ts";
import { openPivot } from "../pivot-workspace.ts";
import { hasErrors, reportDiagnostics } from "../reporters/diagnostics.ts";
import { assertLayers, parseUserSelector } from "../select-releases.ts";
import { assertKnown } from "../unknown-name.ts";
import { outputFormat } from "../reporters/structured.ts";
import { addSecretsOptions, hidesSecrets } from "../secrets.ts";
import { openWorkspace } from "../workspace.ts";
import { withheldFaults } from "../withheld-faults.ts";
import { writeFiles } from "../write/journal.ts";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";

/** `tiphys render`: what Argo CD would apply, or with `--helmfile` what Helmfile would. */
export const command: CommandModule = {
  configure(command) {
    addSecretsOptions(
      addHelmfileOptions(
        addArgocdOptions(command.argument("[names...]", "releases or Applications; default: all"), ["yaml"]),
      ),
    )
      .option("--helmfile", "render Helmfile's side, as helmfile template prints it")
      .option(
        "--helm-version <version>",
        "with --helmfile: as this Helm renders (4.3.1, the default, 4.2.4, 4.2.3, 3.19.4)",
      )
      .option("--include-crds", "with --helmfile: also what charts hold under crds/")
      .option("--layer <name>", "with --helmfile: only this layer; may be repeated", collect)
      .option("--output-dir <folder>", "write one file for each release or Application instead of printing");
  },
  run: render,
};

interface RenderedText {
  /** `<environment>/<name>`. */
  readonly name: string;
  /** Byte string. */
  readonly text: string;
}

async function render(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  outputFormat(options.output, ["yaml"]);
  const isHelmfile = run.options["helmfile"] === true;
  if (hidesSecrets(run))
    throw new UserError("error: manifests hold the secrets that they are made of; add --show-secrets to print them");
  const { texts, diagnostics, tree, areAllSwitchedOff } = isHelmfile
    ? renderHelmfile(run, await openPivot(run, options, { isLive: true, onlySelected: true }))
    : renderArgocd(run, await openSides(run, options));
  reportDiagnostics(diagnostics, io, tree);
  if (texts.length === 0 && !hasErrors(diagnostics)) {
    if (areAllSwitchedOff !== true) throw new UserError(nothingMatches(run, options));
    io.stderr.write("no release is installed\n");
  }
  const folder = run.options["outputDir"];
  // helmfile ends what Helm printed of a release with one more line feed.
  const end = isHelmfile ? "\n" : "";
  if (folder === undefined) for (const { text } of texts) io.stdout.write(byteStringToBytes(`${text}${end}`));
  else {
    const target = resolve(io.cwd, String(folder));
    mkdirSync(target, { recursive: true });
    writeFiles(
      target,
      texts.map(({ name, text }) => ({ path: `${name}.yaml`, content: byteStringToBytes(text) })),
    );
    io.stderr.write(`wrote ${texts.length} files below ${target}\n`);
  }
  return hasErrors(diagnostics) ? 2 : 0;
}

function nothingMatches(
  { arguments: names, options: given }: CommandRun,
  { selectors }: WorkspaceCommandOptions,
): string {
  return names.length > 0 || selectors.length > 0 || given["helmfile"] === true
    ? "error: nothing matches"
    : "error: no ApplicationSet or Application was found\n  fix: name the workspace with --path, or render Helmfile's side with --helmfile";
}

/** Everything that a command line renders, and what there is to say of it. */
interface RenderedTexts {
  readonly texts: readonly RenderedText[];
  readonly diagnostics: readonly Diagnostic[];
  readonly tree: FileTree;
  /** There are releases that match, all of them with `installed: false`: helmfile has nothing to do then, and ends well. */
  readonly areAllSwitchedOff?: boolean;
}

function renderHelmfile(run: CommandRun, pivot: PivotWorkspace): RenderedTexts {
  const options = workspaceOptions(run);
  const layers = (run.options["layer"] as string[] | undefined) ?? [];
  const filters = options.selectors.map(parseUserSelector);
  const profile = helmProfile(run);
  const diagnostics: Diagnostic[] = [];
  const matching: ReleaseOccurrence[] = [];
  const texts: RenderedText[] = [];
  // What cannot be read may be what was asked for.
  if (!hasErrors(pivot.inventory.diagnostics)) {
    assertLayers(pivot.inventory.layerOrder, layers);
    assertKnown(
      "release",
      run.arguments,
      pivot.inventory.releases.map(({ name }) => name),
    );
  }
  for (const { name: environment } of pivot.selected) {
    for (const { release, occurrence } of inWorkingOrder(pivot.inventory, environment)) {
      if (layers.length > 0 && !layers.includes(release.layer)) continue;
      if (run.arguments.length > 0 && !run.arguments.includes(release.name)) continue;
      if (filters.length > 0 && !filters.some((filter) => matchesLabels(filter, occurrence.labels))) continue;
      matching.push(occurrence);
      if (!occurrence.installed) continue;
      const { installation } = occurrence;
      const source =
        installation.source.kind === "helm"
          ? { ...installation.source, includeCrds: run.options["includeCrds"] === true }
          : installation.source;
      const rendering: Rendering = renderOccurrence(
        { ...occurrence, installation: { ...installation, source } },
        {
          tree: pivot.tree,
          engine: pivot.engine,
          charts: pivot.charts,
          context: () => liveContext(run.io),
          ...profile,
        },
      );
      diagnostics.push(
        ...occurrence.diagnostics,
        ...rendering.diagnostics,
        ...withheldOf(release, occurrence),
        ...unchangedByPostRenderer(release, occurrence),
      );
      // Helmfile stops where it cannot read what it is told to.
      if (rendering.status === "rendered" && !hasErrors(occurrence.diagnostics))
        texts.push({ name: `${environment}/${release.layer}/${release.name}`, text: rendering.manifests });
    }
  }
  const before = [...pivot.diagnostics, ...pivot.inventory.diagnostics.filter(concerns(matching))];
  const areAllSwitchedOff = matching.length > 0 && matching.every(({ installed }) => !installed);
  return { texts, diagnostics: [...before, ...diagnostics], tree: pivot.tree, areAllSwitchedOff };
}

/** helmfile looks only at the needs of what is selected. */
function concerns(matching: readonly ReleaseOccurrence[]): (diagnostic: Diagnostic) => boolean {
  const places = new Set(matching.map(({ origin }) => formatOrigin(origin)));
  return ({ code, origin }) => code !== "needs-unknown" || origin === undefined || places.has(formatOrigin(origin));
}

/** What `--helm-version` names. Throws `UserError`. */
function helmProfile(run: CommandRun): { readonly profile?: Profile } {
  const { helmVersion } = run.options;
  if (helmVersion === undefined) return {};
  const profile = findProfile(String(helmVersion));
  if (profile === undefined)
    throw new UserError(`error: unknown Helm version "${String(helmVersion)}": use 4.3.1, 4.2.4, 4.2.3 or 3.19.4`);
  return { profile };
}

/** What is enabled in an environment, as helmfile would come to it. */
function inWorkingOrder(
  { releases }: Inventory,
  environment: string,
): { readonly release: InventoryRelease; readonly occurrence: ReleaseOccurrence }[] {
  return releases
    .flatMap((release) => {
      const occurrence = release.occurrences.find((candidate) => candidate.environment === environment);
      return occurrence !== undefined && occurrence.enabled ? [{ release, occurrence }] : [];
    })
    .toSorted((a, b) => a.occurrence.position - b.occurrence.position);
}

function withheldOf({ name }: InventoryRelease, { origin, withheld }: ReleaseOccurrence): Diagnostic[] {
  return withheldFaults({ name, origin, withheld }, { marksSecrets: false });
}

/** A warning for a release whose manifests Helm would send through a plugin, which is not run. */
function unchangedByPostRenderer({ name }: InventoryRelease, { origin, reasons }: ReleaseOccurrence): Diagnostic[] {
  if (!reasons.some(({ code }) => code === "post-renderer")) return [];
  return [
    {
      code: "post-renderer-not-run",
      severity: "warning",
      message: `release ${name} has a postRenderer, which is not run: these manifests are what it would get`,
      origin,
      fix: "compare with what helmfile template prints, or render the chart with tiphys template --post-renderer",
    },
  ];
}

/** Argo CD's side; a helmfile of the workspace tells of more charts and environments. */
async function openSides(run: CommandRun, options: WorkspaceCommandOptions): Promise<ArgocdSides> {
  const { tree, estateFile } = openWorkspace(run.io, options);
  const { path, diagnostics } = findHelmfile(tree, estateFile);
  const hasHelmfile = path !== undefined || diagnostics.length > 0;
  return openArgocdSides(run, options, {
    ...(hasHelmfile ? { known: await openPivot(run, options) } : {}),
    context: () => liveContext(run.io),
  });
}

function renderArgocd(run: CommandRun, { sides, workspace, diagnostics: faults }: ArgocdSides): RenderedTexts {
  const texts: RenderedText[] = [];
  const diagnostics: Diagnostic[] = [...faults];
  if (!hasErrors(faults)) assertKnown("Application", run.arguments, applicationNames(sides));
  for (const { environment, side, applications } of sides) {
    for (const application of applications) {
      if (run.arguments.length > 0 && !run.arguments.includes(application.name)) continue;
      const rendered: RenderedArgoApplication = side.render(application);
      diagnostics.push(...rendered.diagnostics);
      const text = rendered.objects.map((object) => `---\n${writeYamlV2(fromPlain(object.value))}`).join("");
      if (rendered.status === "rendered")
        texts.push({
          name: `${environment.name}/${application.name}`,
          text: `${toByteString(`# Application ${application.name}\n`)}${text}`,
        });
    }
  }
  return { texts, diagnostics, tree: workspace.tree };
}
