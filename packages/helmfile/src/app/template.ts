import type { HelmEngine, Profile, RenderRequest } from "@tiphys/helm";
import { toByteString } from "@tiphys/gotemplate";
import { collectArguments } from "../release/arguments.ts";
import { templateFlags } from "../release/flags.ts";
import type { TemplateOptions } from "../release/flags.ts";
import { applyOverrides } from "../release/overrides.ts";
import { planReleases } from "../release/plan.ts";
import type { ChartFolder } from "../helm/chart-store.ts";
import { Helm } from "../helm/helm.ts";
import type { Session } from "../session/session.ts";
import { isDesired, releaseSpecSchema } from "../spec/release-spec.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import type { Struct } from "../spec/schema.ts";
import { environmentObject } from "../state/environment.ts";
import { HelmfileError, isUserFault } from "../state/error.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";
import { FieldsObject, StructObject } from "../template/objects.ts";
import { triggerReleaseHooks } from "./hooks.ts";
import { startRun } from "./options.ts";
import type { HelmfileOptions } from "./options.ts";
import { chartPreparation } from "./charts.ts";
import { withPreparedCharts } from "./prepare-charts.ts";
import { CommandOutput, runCommand } from "./result.ts";
import type { CommandResult } from "./result.ts";
import { selectAndDeduplicate } from "./selected-releases.ts";
import { visitStates } from "./visit.ts";
import { executePathTemplate, stateFields } from "./write-values.ts";

/** How releases beside the selected ones come along. */
export interface NeedsOptions {
  readonly skipNeeds?: boolean;
  readonly includeNeeds?: boolean;
  readonly includeTransitiveNeeds?: boolean;
  readonly enforceNeedsAreInstalled?: boolean;
}

/** The engine that renders, and the Helm that it stands for. */
export interface RenderingOptions {
  readonly engine: Pick<HelmEngine, "render">;
  readonly profile: Profile;
  /** Charts that lie elsewhere and are at hand, by how the release names them (a byte string). */
  readonly findChart?: (chart: string, version: string) => ChartFolder | undefined;
  /** Clock, zone and randomness of one rendering; default: those of the options. */
  readonly context?: () => NonNullable<RenderRequest["context"]>;
}

/** Flags of `helmfile template`; texts are UTF-16. */
export type TemplateCommandOptions = Partial<TemplateOptions> & NeedsOptions;

/** `helmfile template`: the manifests of every selected release. */
export function templateReleases(
  options: HelmfileOptions,
  rendering: RenderingOptions,
  given: TemplateCommandOptions = {},
): CommandResult {
  const run = startRun(options);
  return runCommand(run, (output) => {
    const helm = newHelm(run.session, rendering, output);
    const command = withDefaults(given);
    visitStates(run, { filter: false, includeNeeds: false }, (state) => {
      helm.extra = [];
      helm.kubeContext = state.spec.helmDefaults.kubeContext;
      let matched = false;
      const preparation = chartPreparation(run, state, helm, {
        command: "template",
        includeNeeds: command.needs.include,
        includeCrds: command.template.includeCrds,
        template: command.template,
        print: (text) => (output.stdout += text),
      });
      withPreparedCharts(state, "template", preparation, () => {
        matched = templateState(state, helm, command, output);
      });
      return matched;
    });
  });
}

/** The helm that a command's calls go to. */
export function newHelm(session: Session, rendering: RenderingOptions, output: CommandOutput): Helm {
  const { engine, ...options } = rendering;
  return new Helm(session, engine, output, options);
}

/** A helm whose calls nobody asks for. */
export function scratchHelm(session: Session, rendering: RenderingOptions): Helm {
  return newHelm(session, rendering, new CommandOutput());
}

interface TemplateCommand {
  readonly template: TemplateOptions;
  readonly needs: Needs;
}

/** `NeedsOptions` with helmfile's defaults. */
export interface Needs {
  readonly include: boolean;
  readonly skip: boolean;
  readonly transitive: boolean;
  readonly enforce: boolean;
}

export function readNeeds(given: NeedsOptions): Needs {
  const transitive = given.includeTransitiveNeeds ?? false;
  const include = (given.includeNeeds ?? false) || transitive;
  const skip = !include && (given.skipNeeds ?? true);
  return { include, skip, transitive, enforce: given.enforceNeedsAreInstalled ?? false };
}

function withDefaults(given: TemplateCommandOptions): TemplateCommand {
  const text = (value: string | undefined): string => toByteString(value ?? "");
  const texts = (list: readonly string[] | undefined): string[] => (list ?? []).map(toByteString);
  return {
    needs: readNeeds(given),
    template: {
      values: texts(given.values),
      set: texts(given.set),
      args: text(given.args),
      outputDir: text(given.outputDir).replace(/\/+$/, ""),
      outputDirTemplate: text(given.outputDirTemplate),
      validate: given.validate ?? false,
      includeCrds: given.includeCrds ?? false,
      noHooks: given.noHooks ?? false,
      skipTests: given.skipTests ?? false,
      postRenderer: text(given.postRenderer),
      postRendererArgs: texts(given.postRendererArgs),
      kubeVersion: text(given.kubeVersion),
      showOnly: texts(given.showOnly),
      skipSchemaValidation: given.skipSchemaValidation ?? false,
      templateArgs: text(given.templateArgs),
    },
  };
}

/** pkg/app/app.go `withNeeds`, then pkg/state/state.go `TemplateReleases`. Gives whether something was selected. */
function templateState(state: HelmState, helm: Helm, command: TemplateCommand, output: CommandOutput): boolean {
  const releases = plannedReleases(state, command);
  if (releases === undefined) return false;
  state.spec.releases = releases;
  helm.extra = extraArguments(state, command.template.args);
  let first: Error | undefined;
  for (const release of releases.filter(isDesired)) {
    try {
      const flags = callFlags(state, helm, release, { template: command.template, output });
      // Once something failed helmfile prepares the other releases, but renders nothing any more.
      if (first === undefined)
        helm.template(release.name, release.chartPath !== "" ? release.chartPath : release.chart, flags);
    } catch (error) {
      if (!isUserFault(error)) throw error;
      first ??= error;
    }
    try {
      triggerReleaseHooks(state, release, { name: "cleanup", command: "template" });
    } catch (error) {
      if (!isUserFault(error)) throw error;
      state.session.say("warn", `warn: ${error.message}\n`);
    }
  }
  if (first !== undefined) throw first;
  return true;
}

/** Releases in the order of rendering; undefined when none is selected. */
function plannedReleases(state: HelmState, { needs }: TemplateCommand): ReleaseSpec[] | undefined {
  const { selected, deduplicated } = selectAndDeduplicate(state, false);
  if (selected.length === 0) return undefined;
  state.spec.releases = deduplicated;
  const plan = (chosen: readonly ReleaseSpec[]): ReleaseSpec[] =>
    planReleases(state, {
      selected: chosen,
      includeNeeds: needs.include,
      skipNeeds: needs.skip,
      includeTransitiveNeeds: false,
    }).flat();
  const planned = planReleases(state, {
    selected,
    includeNeeds: needs.include,
    skipNeeds: needs.skip,
    includeTransitiveNeeds: needs.transitive,
  }).flat();
  const toRender = planned.filter(isDesired);
  const ordered = toRender.length === 0 ? [] : plan(toRender);
  if (needs.enforce) for (const release of toRender) enforceNeeds(state, release, new Set());
  return ordered;
}

function enforceNeeds(state: HelmState, release: ReleaseSpec, visited: Set<string>): void {
  if (visited.has(release.name)) return;
  visited.add(release.name);
  for (const need of release.needs ?? []) {
    for (const other of releasesOf(state)) {
      if (other.name !== need) continue;
      if (!isDesired(other))
        throw new HelmfileError(
          `Release ${release.name} has a transitive dependency ${other.name} marked as installed=false`,
          { code: "needs-not-installed" },
        );
      enforceNeeds(state, other, visited);
    }
  }
}

/** `GetArgs`: the command line's arguments, then helmDefaults'; they become the state's own. */
export function extraArguments(state: HelmState, args: string): string[] {
  const own = state.spec.helmDefaults.args ?? [];
  const all = [...collectArguments(args), ...collectArguments(own.join(" "))];
  state.spec.helmDefaults.args = all;
  return all;
}

function callFlags(
  state: HelmState,
  helm: Helm,
  release: ReleaseSpec,
  { template }: { template: TemplateOptions; output: CommandOutput },
): string[] {
  applyOverrides(state, release);
  const { workspace } = state.session;
  const own = templateFlags(state, release, template);
  for (const file of own.valuesFiles) helm.addTemporaryFile(file.path, file.content);
  for (const path of template.values) {
    const absolute = workspace.absolute(path);
    if (workspace.kind(absolute) === undefined)
      throw new HelmfileError(`stat ${absolute}: no such file or directory`, { code: "values-file-missing" });
  }
  const outputDir =
    template.outputDir === "" && template.outputDirTemplate === ""
      ? []
      : ["--output-dir", outputFolder(state, release, template)];
  return [
    ...own.flags,
    ...template.values.flatMap((path) => ["--values", workspace.absolute(path)]),
    ...template.set.flatMap((each) => ["--set", each]),
    ...outputDir,
    ...(template.validate ? ["--validate"] : []),
    ...(template.includeCrds ? ["--include-crds"] : []),
    ...(template.noHooks ? ["--no-hooks"] : []),
    ...(template.skipTests ? ["--skip-tests"] : []),
  ];
}

function outputFolder(state: HelmState, release: ReleaseSpec, template: TemplateOptions): string {
  const text =
    template.outputDirTemplate === ""
      ? "{{ .OutputDir }}/{{ .State.BaseName }}-{{ .State.AbsPathSHA1 }}-{{ .Release.Name}}"
      : template.outputDirTemplate;
  const data = new FieldsObject("struct", {
    OutputDir: template.outputDir,
    State: stateFields(state),
    Release: new StructObject(releaseSpecSchema, release as Struct, true),
    Environment: environmentObject(state.env),
  });
  return executePathTemplate(state, {
    name: "output-dir",
    text,
    data,
    failure: "executing output-dir template",
    parseFailure: "parsing output-dir template",
  });
}
