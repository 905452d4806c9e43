import type { Diagnostic, Origin } from "@tiphys/source";
import { setArguments } from "../release/set-flags.ts";
import { valuesFilesOf } from "../release/values-files.ts";
import type { ValuesFile } from "../release/values-files.ts";
import type { Withheld } from "../session/withheld.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError, isUserFault } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { diagnosticOf } from "./diagnostic-of.ts";

/** What reading a release's values files and `set`s gives; nothing of what could not be read. */
export interface ReadValues {
  readonly files: readonly ValuesFile[];
  readonly sets: ReturnType<typeof setArguments>;
  readonly withheld: readonly Withheld[];
  /** Environment variables that they depend on. Byte strings. */
  readonly environmentVariables: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface LateValuesRequest {
  readonly origin: Origin;
  /** Variables that templates of state files have asked for. */
  readonly askedByStates: ReadonlySet<string>;
}

/** Reads the values of a release when somebody first asks for them, where helmfile is now. */
export function lateValues(state: HelmState, release: ReleaseSpec, request: LateValuesRequest): () => ReadValues {
  const { workspace } = state.session;
  const directory = workspace.workingDirectory;
  let values: ReadValues | undefined;
  return () => (values ??= workspace.within(directory, () => readValues(state, release, request)));
}

function readValues(state: HelmState, release: ReleaseSpec, { origin, askedByStates }: LateValuesRequest): ReadValues {
  const { session } = state;
  const diagnostics: Diagnostic[] = [];
  const attempt = <Result>(action: () => Result, otherwise: Result): Result => {
    try {
      return action();
    } catch (error) {
      if (!isUserFault(error)) throw error;
      diagnostics.push(diagnosticOf(error, origin));
      return otherwise;
    }
  };
  // What others asked for is not theirs.
  session.variables.takeAsked();
  session.takeRemotes();
  const files = attempt(() => valuesFilesOf(state, release), []);
  const sets = attempt(() => setArguments(state, release), []);
  diagnostics.push(...missingSetFiles(state, sets, origin));
  const askedByValues = session.variables.takeAsked();
  const texts = [...files.map(({ content }) => content), ...sets.map(({ expression }) => expression)];
  texts.push(release.name, release.namespace, release.chart, release.version);
  const withheld = new Set<Withheld>([...state.env.remotes, ...session.takeRemotes()]);
  for (const text of texts) session.withheld.inText(text).forEach((entry) => withheld.add(entry));
  const environmentVariables = new Set([...askedByValues, ...dependsOn(askedByStates, session.environment, texts)]);
  return { files, sets, withheld: [...withheld], environmentVariables: [...environmentVariables], diagnostics };
}

/** What Helm will not find of `--set-file`. */
function missingSetFiles(state: HelmState, sets: ReadValues["sets"], origin: Origin): Diagnostic[] {
  return sets.flatMap(({ flag, expression }) => {
    const path = flag === "--set-file" ? expression.slice(expression.indexOf("=") + 1) : undefined;
    if (path === undefined || state.session.workspace.read(path) !== undefined) return [];
    const message = `failed parsing --set-file data: open ${path}: no such file or directory`;
    return [diagnosticOf(new HelmfileError(message, { code: "set-file-missing" }), origin)];
  });
}

/** Of the variables that states ask for: those that are not set, and those whose value is somewhere in a release's texts. */
function dependsOn(
  asked: ReadonlySet<string>,
  environment: ReadonlyMap<string, string>,
  texts: readonly string[],
): string[] {
  return [...asked].filter((name) => {
    const value = environment.get(name) ?? "";
    return value === "" || texts.some((each) => each.includes(value));
  });
}
