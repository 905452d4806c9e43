import type { GoValue } from "@tiphys/gotemplate";
import { baseOf, dirOf, joinPaths } from "../files/filepath.ts";
import { isRemote } from "../files/remote.ts";
import { copyEntryOrigin } from "../provenance/environment-sources.ts";
import { executeReleaseTemplates } from "../release/execute-templates.ts";
import { withLabels, withOverrides } from "../release/overrides.ts";
import { checkDuplicates, selectedReleases } from "../release/select.ts";
import type { SubHelmfileSpec } from "../spec/helm-state.ts";
import {
  HelmfileError,
  isUserFault,
  NoMatchingHelmfileError,
  UndefinedEnvironmentError,
  wrapError,
} from "../state/error.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";
import { buildInheritedConfig } from "../state/inherited.ts";
import { StateLoader } from "../state/loader.ts";
import type { LoadOptions } from "../state/loader.ts";
import { selectorsAreCompatible } from "../state/selectors.ts";
import type { Session } from "../session/session.ts";
import { isMap } from "../values/mergo.ts";
import { findStateFiles } from "./find-state-files.ts";
import type { Run } from "./options.ts";
import { originsOf } from "../spec/release-origins.ts";

/** What a command does with each state file. Gives back whether something matched; throws `HelmfileError`. */
export type Converge = (state: HelmState) => boolean;

/** How the walk goes on when a file fails: helmfile stops, an inventory collects. */
export interface VisitOptions {
  /** `SetFilter(true)` of helmfile's commands: selectors are applied before the command sees the releases. */
  readonly filter: boolean;
  /** Unselected needs come back; only with `filter`. */
  readonly includeNeeds: boolean;
  /** Takes a fault and lets the walk go on; without it the fault is thrown. */
  readonly onFault?: (error: Error, file: string) => void;
  /** Told of each file that is skipped because it does not know the environment. */
  readonly onSkipped?: (file: string) => void;
}

/**
 * Visits every state file in helmfile's order, layers before the file that names them (pkg/app/app.go
 * `visitStatesWithContext`, 1.8.0). Throws `NoMatchingHelmfileError` when nothing matched.
 */
export function visitStates(run: Run, options: VisitOptions, converge: Converge): void {
  const visitor = new Visitor(run, options, converge);
  visitor.visit(run.file, {
    selectors: run.selectors,
    overrideValues: run.stateValuesFiles,
    cliSetValues: run.stateValues,
    calleePath: "",
    inherited: undefined,
    parentRepositories: [],
  });
}

/** A state file as it was found, its name, and its folder, absolute. */
interface StatePlace {
  readonly path: string;
  readonly file: string;
  readonly folder: string;
}

/** Files that run at the same time are named only where they fail to load or to be templated, not where their layers or releases fail. */
function namePrefix(path: string): string {
  return `in ${dirOf(path)}/${baseOf(path)}`;
}

/** helmfile copies options through YAML: `1.0` becomes the int 1. */
function copiedEntries(session: Session, entries: readonly GoValue[]): GoValue[] {
  const copies = (session.yaml.unmarshal(session.yaml.marshal([...entries])) ?? []) as GoValue[];
  copies.forEach((copy, index) => {
    const entry = entries[index];
    if (isMap(copy) && isMap(entry)) copyEntryOrigin(entry, copy);
  });
  return copies;
}

class Visitor {
  readonly #run: Run;
  readonly #options: VisitOptions;
  readonly #converge: Converge;
  #depth = 0;

  constructor(run: Run, options: VisitOptions, converge: Converge) {
    this.#run = run;
    this.#options = options;
    this.#converge = converge;
  }

  visit(path: string, options: LoadOptions): void {
    if (++this.#depth > 100)
      throw new HelmfileError("helmfiles are nested too deep: more than 100 levels", { code: "helmfile-recursion" });
    try {
      if (!this.#visitFiles(path, options)) throw this.#noMatch();
    } finally {
      this.#depth--;
    }
  }

  #visitFiles(path: string, options: LoadOptions): boolean {
    const { session, sequential } = this.#run;
    const files = findStateFiles(session, path);
    if (files.length > 1 && !sequential) return this.#visitTogether(files, options);
    let matched = false;
    for (const file of files) {
      try {
        if (this.#visitFile(file, options, { count: files.length, inParallel: false })) matched = true;
      } catch (error) {
        const wrapped = wrapError(namePrefix(file), error);
        if (!isUserFault(wrapped) || this.#options.onFault === undefined) throw wrapped;
        this.#options.onFault(wrapped, session.workspace.displayPath(file));
      }
    }
    return matched;
  }

  /** Files of a folder run at the same time: the others are done before the fault that was first ends the run. */
  #visitTogether(files: readonly string[], options: LoadOptions): boolean {
    const { session } = this.#run;
    let matched = false;
    const faults: (Error | undefined)[] = files.map(() => undefined);
    const visits = files.map((file, index) => () => {
      try {
        if (this.#visitFile(file, options, { count: files.length, inParallel: true })) matched = true;
      } catch (error) {
        if (!isUserFault(error)) throw error;
        if (this.#options.onFault !== undefined) this.#options.onFault(error, session.workspace.displayPath(file));
        else faults[index] = error;
      }
    });
    const ends = session.runningTime.together(visits);
    const [first] = faults
      .flatMap((fault, index) => (fault === undefined ? [] : [{ fault, end: ends[index]! }]))
      .sort((a, b) => a.end - b.end);
    if (first !== undefined) throw first.fault;
    return matched;
  }

  #visitFile(
    path: string,
    options: LoadOptions,
    among: { readonly count: number; readonly inParallel: boolean },
  ): boolean {
    const { workspace } = this.#run.session;
    const isFolder = workspace.isDirectory(path);
    const file = isFolder ? path : baseOf(path);
    const folder = workspace.absolute(isFolder ? path : dirOf(path));
    const filled = options.calleePath === "" ? { ...options, calleePath: file } : options;
    const place = { path, file, folder };
    const process = (baseDir: string): boolean =>
      this.#processFile(place, new StateLoader(this.#run.settings, baseDir), {
        ...filled,
        inParallel: among.inParallel,
      });
    return among.count > 1 ? process(folder) : workspace.within(folder, () => process(""));
  }

  #processFile(
    { path, file, folder }: StatePlace,
    loader: StateLoader,
    options: LoadOptions & { readonly inParallel: boolean },
  ): boolean {
    const { runningTime } = this.#run.session;
    let state: HelmState;
    runningTime.spend("file");
    try {
      state = loader.load(file, options);
    } catch (error) {
      if (!(error instanceof UndefinedEnvironmentError))
        throw options.inParallel ? wrapError(namePrefix(path), error) : error;
      this.#options.onSkipped?.(this.#run.session.workspace.displayPath(joinPaths(folder, file)));
      return false;
    }
    state.selectors = options.selectors;
    let matched = (state.spec.helmfiles ?? []).length > 0 && this.#visitLayers(state, joinPaths(folder, file), options);
    runningTime.spend("file");
    try {
      executeReleaseTemplates(state);
    } catch (error) {
      throw wrapError(
        `${options.inParallel ? `${namePrefix(path)}: ` : ""}failed executing release templates in "${file}"`,
        error,
      );
    }
    withOverrides(state);
    withLabels(state);
    if (this.#convergeState(state)) matched = true;
    return matched;
  }

  #convergeState(state: HelmState): boolean {
    const { runningTime } = state.session;
    runningTime.spend("file");
    if (!this.#options.filter) {
      runningTime.waitForHelm();
      return this.#converge(state);
    }
    if (state.selectors.length > 0) state.spec.releases = selectedReleases(state, this.#options.includeNeeds);
    checkDuplicates(state, releasesOf(state));
    runningTime.waitForHelm();
    this.#converge(state);
    return releasesOf(state).length > 0;
  }

  #visitLayers(state: HelmState, calleePath: string, options: LoadOptions): boolean {
    let matched = false;
    const { session } = state;
    const parentRepositories = (state.spec.repositories ?? []).map((repository) => repository.name);
    for (const [index, layer] of (state.spec.helmfiles ?? []).entries()) {
      if (this.#contradictsCommandLine(layer)) continue;
      const inherits = layer.inherits ?? [];
      const inheritsSelectors =
        (layer.selectors === undefined && !this.#run.explicitSelectorInheritance) || layer.selectorsInherited;
      const layerOptions: LoadOptions = {
        selectors: inheritsSelectors ? options.selectors : (layer.selectors ?? []),
        overrideValues: copiedEntries(session, layer.values ?? []),
        cliSetValues: undefined,
        calleePath,
        inherited: inherits.length > 0 ? buildInheritedConfig(state, inherits) : undefined,
        parentRepositories,
      };
      try {
        this.#visitLayer(state, layer, layerOptions);
        matched = true;
      } catch (error) {
        if (error instanceof NoMatchingHelmfileError) continue;
        const wrapped = wrapError(`in .helmfiles[${index}]`, error);
        if (this.#options.onFault === undefined || !isUserFault(wrapped)) throw wrapped;
        this.#options.onFault(wrapped, state.session.workspace.displayPath(layer.path));
      }
    }
    return matched;
  }

  #visitLayer(state: HelmState, layer: SubHelmfileSpec, options: LoadOptions): void {
    if (isRemote(layer.path)) {
      const { session } = state;
      const file = session.workspace.displayPath(state.filePath);
      session.assertRemoteAllowed("locate: ");
      session.withholdRemote(layer.path, { function: "helmfiles", place: { file, line: 1 } });
      throw new HelmfileError(`wanted: remote helmfile ${layer.path}`, {
        code: "remote-helmfile-wanted",
        origin: originsOf(layer)?.origin ?? { file },
      });
    }
    this.visit(layer.path, options);
  }

  /** Only the command line's selectors count, and only when the layer has its own. */
  #contradictsCommandLine(layer: SubHelmfileSpec): boolean {
    const own = layer.selectors ?? [];
    if (this.#run.selectors.length === 0 || own.length === 0 || layer.selectorsInherited) return false;
    return !selectorsAreCompatible(this.#run.selectors, own);
  }

  #noMatch(): NoMatchingHelmfileError {
    const { selectors, settings } = this.#run;
    return new NoMatchingHelmfileError(
      `err: no releases found that matches specified selector(${selectors.join(", ")}) and environment(${settings.environment}), in any helmfile`,
      { code: "no-matching-release" },
    );
  }
}
