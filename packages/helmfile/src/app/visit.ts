import { toByteString } from "@tiphys/gotemplate";
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

/** Far more than an estate has: a release takes some 200 µs and 20 KB. */
const mostReleases = 20_000;
const mostFiles = 24_000;

/** A state file that is being visited, and what it was given. */
interface OpenFile {
  readonly absolute: string;
  readonly options: LoadOptions;
}

/** One entry of the root helmfile came to more state files or releases than it may. */
class TooManyError extends HelmfileError {}

/** A helmfile leads back to itself; the entry that does is at fault. */
class HelmfileCycleError extends HelmfileError {}

/** Counts what one run may do, and shares it among the entries of the root helmfile. */
class Allowance {
  readonly #most: number;
  readonly #what: string;
  #count = 0;
  /** What `#count` may come to before the present entry ends. */
  #mostHere: number;

  constructor(most: number, what: string) {
    this.#most = most;
    this.#mostHere = most;
    this.#what = what;
  }

  /** Half of what is left, if others follow: who asks for everything leaves something to them. */
  begin(isOnly: boolean): void {
    const left = this.#most - this.#count;
    this.#mostHere = this.#count + (isOnly ? left : Math.ceil(left / 2));
  }

  /** Throws `TooManyError`. */
  take(amount: number, file: string): void {
    this.#count += amount;
    if (this.#count <= this.#mostHere) return;
    this.#count = this.#mostHere;
    throw new TooManyError(
      `unsupported: more than ${this.#mostHere} ${this.#what}, each counted as often as it is named`,
      {
        code: "helmfile-too-large",
        origin: { file },
      },
    );
  }
}

class Visitor {
  readonly #run: Run;
  readonly #options: VisitOptions;
  readonly #converge: Converge;
  /** From the root down. */
  readonly #open: OpenFile[] = [];
  #depth = 0;
  readonly #files = new Allowance(mostFiles, "state files");
  readonly #releases = new Allowance(mostReleases, "releases");

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
      this.#begin(files.length === 1);
      try {
        if (this.#visitFile(file, options, { count: files.length, inParallel: false })) matched = true;
      } catch (error) {
        if (this.#endsMore(error)) throw error;
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
      this.#begin(false);
      try {
        if (this.#visitFile(file, options, { count: files.length, inParallel: true })) matched = true;
      } catch (error) {
        if (!isUserFault(error) || this.#endsMore(error)) throw error;
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

  /** Begins an entry of the root helmfile. */
  #begin(isOnly: boolean): void {
    if (this.#depth > 1) return;
    this.#files.begin(isOnly);
    this.#releases.begin(isOnly);
  }

  /** Whether an error ends more than the file that it comes from: the entry that names it. */
  #endsMore(error: unknown): boolean {
    return error instanceof HelmfileCycleError || this.#endsRootEntry(error);
  }

  /** Whether an error ends more than the entry that it comes from: that of the root helmfile. */
  #endsRootEntry(error: unknown): boolean {
    return error instanceof TooManyError && this.#depth > 1;
  }

  /** helmfile itself would never end. */
  #refuseCycle(absolute: string, options: LoadOptions): void {
    const first = this.#open.findIndex((each) => each.absolute === absolute && this.#isSame(each.options, options));
    if (first < 0) return;
    const { workspace } = this.#run.session;
    const files = [...this.#open.slice(first).map((each) => each.absolute), absolute];
    throw new HelmfileCycleError(
      `helmfiles name each other without end: ${files.map((file) => toByteString(workspace.displayPath(file))).join(" -> ")}`,
      { code: "helmfile-recursion" },
    );
  }

  /** Whether two visits of one file are told the same; false where that is not known. */
  #isSame(a: LoadOptions, b: LoadOptions): boolean {
    if (a.inherited !== undefined || b.inherited !== undefined) return false;
    if (a.cliSetValues !== b.cliSetValues || a.selectors.join("\0") !== b.selectors.join("\0")) return false;
    if (a.overrideValues.length === 0 && b.overrideValues.length === 0) return true;
    const told = ({ overrideValues, calleePath }: LoadOptions): string =>
      overrideValues.some((entry) => typeof entry === "string") ? dirOf(calleePath) : "";
    const text = ({ overrideValues }: LoadOptions): string => this.#run.session.yaml.marshal([...overrideValues]);
    return told(a) === told(b) && text(a) === text(b);
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
    const absolute = isFolder ? folder : joinPaths(folder, file);
    this.#refuseCycle(absolute, filled);
    this.#files.take(1, workspace.displayPath(path));
    const process = (baseDir: string): boolean =>
      this.#processFile(place, new StateLoader(this.#run.settings, baseDir), {
        ...filled,
        inParallel: among.inParallel,
      });
    this.#open.push({ absolute, options: filled });
    try {
      return among.count > 1 ? process(folder) : workspace.within(folder, () => process(""));
    } finally {
      this.#open.pop();
    }
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
    this.#releases.take(releasesOf(state).length, this.#run.session.workspace.displayPath(joinPaths(folder, file)));
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
      this.#begin(state.spec.helmfiles!.length === 1);
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
        if (this.#endsRootEntry(error)) throw error;
        const wrapped = wrapError(`in .helmfiles[${index}]`, error, () => originsOf(layer)?.origin);
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
