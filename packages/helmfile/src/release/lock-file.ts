import { FunctionError, toByteString } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { parseConstraints, parseVersion } from "@tiphys/gotemplate/sprig";
import { YamlError } from "@tiphys/source";
import { isLocalChart } from "../files/chart-path.ts";
import { baseOf, isAbsolute, joinPaths } from "../files/filepath.ts";
import { HelmfileError } from "../state/error.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";
import { isMap } from "../values/mergo.ts";

/* pkg/state/chart_dependency.go of helmfile 1.8.0. */

interface LockedChart {
  readonly name: string;
  readonly version: string;
}

/** Puts the versions of the state's lock file in place of the releases' constraints. Throws `HelmfileError`. */
export function resolveLockedVersions(state: HelmState): void {
  const repositories = new Map((state.spec.repositories ?? []).map((repository) => [repository.name, repository]));
  const wanted = releasesOf(state).flatMap((release) => {
    const remote = remoteChart(release.chart);
    const repository = remote === undefined ? undefined : repositories.get(remote.repository);
    return remote === undefined || repository === undefined
      ? []
      : [{ release, chart: remote.chart, isOci: repository.oci }];
  });
  if (wanted.length === 0) return;
  const locked = readLock(state, new Set(wanted.map(({ chart, isOci }) => (isOci ? lastPart(chart) : chart))).size);
  if (locked === undefined) return;
  for (const { release, chart, isOci } of wanted) {
    const lookup = isOci ? lastPart(chart) : chart;
    const found =
      findVersion(locked, lookup, release.version) ??
      (lookup === chart ? undefined : findVersion(locked, chart, release.version));
    if (found === undefined) {
      throw new HelmfileError(
        `no resolved dependency found for "${chart}", running "helmfile deps" may resolve the issue`,
        { code: "lock-incomplete", origin: { file: state.session.workspace.displayPath(state.filePath) } },
      );
    }
    release.version = found;
  }
}

/** `repository/chart`; undefined for paths and URLs. */
function remoteChart(chart: string): { readonly repository: string; readonly chart: string } | undefined {
  const slash = chart.indexOf("/");
  if (isLocalChart(chart) || chart.includes("://") || slash < 0) return undefined;
  return { repository: chart.slice(0, slash), chart: chart.slice(slash + 1) };
}

function lastPart(chart: string): string {
  return chart.slice(chart.lastIndexOf("/") + 1);
}

function lockPath({ spec, basePath, filePath }: HelmState): string {
  const name = `${baseOf(filePath)
    .replace(/\.gotmpl$/, "")
    .replace(/\.yaml$/, "")
    .replace(/\.yml$/, "")}.lock`;
  const file = spec.lockFilePath === "" ? name : spec.lockFilePath;
  return basePath === "" || isAbsolute(file) ? file : joinPaths(basePath, file);
}

/** The charts of the lock file; undefined when there is none. */
function readLock(state: HelmState, charts: number): LockedChart[] | undefined {
  const { session } = state;
  const path = lockPath(state);
  const text = session.workspace.read(path);
  if (text === undefined) return undefined;
  try {
    const lock = session.yaml.unmarshalMap(text);
    const version = textOf(lock.get("version"));
    if (version !== "") parseVersion(version);
    const list = lock.get("dependencies");
    const entries = Array.isArray(list) ? list.filter(isMap) : [];
    return entries.map((entry) => ({ name: textOf(entry.get("name")), version: textOf(entry.get("version")) }));
  } catch (error) {
    if (!(error instanceof YamlError) && !(error instanceof FunctionError)) throw error;
    throw new HelmfileError(`unable to resolve ${charts} deps: ${toByteString(error.message)}`, {
      code: "lock-invalid",
      origin: {
        file: session.workspace.displayPath(path),
        ...(error instanceof YamlError && error.line !== undefined ? { line: error.line } : {}),
      },
    });
  }
}

function textOf(value: GoValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function findVersion(locked: readonly LockedChart[], chart: string, constraint: string): string | undefined {
  try {
    return locked.find(
      ({ name, version }) =>
        name === chart && parseConstraints(constraint === "" ? "*" : constraint).check(parseVersion(version)),
    )?.version;
  } catch (error) {
    if (error instanceof FunctionError) throw new HelmfileError(error.message, { code: "lock-invalid" });
    throw error;
  }
}
