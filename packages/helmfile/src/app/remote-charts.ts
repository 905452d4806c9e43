import { joinPaths } from "../files/filepath.ts";
import { exitMessage } from "../session/command-runner.ts";
import type { Session } from "../session/session.ts";
import { repositoryOf, isDevelopment } from "../release/flags.ts";
import { isOciChart } from "../release/upgrade-flags.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { ExitError, HelmfileError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";

/* Where helmfile puts charts that it fetches itself: pkg/remote/remote.go and pkg/state/state.go `getOCIChart`, 1.8.0. */

function cacheFolder(session: Session): string {
  const { environment } = session;
  const own = environment.get("HELMFILE_CACHE_HOME") ?? "";
  if (own !== "") return own;
  const xdg = environment.get("XDG_CACHE_HOME") ?? "";
  if (xdg !== "") return joinPaths(xdg, "helmfile");
  const home = environment.get("HOME") ?? "";
  return home === "" ? ".helmfile" : joinPaths(home, ".cache", "helmfile");
}

/** The file into which helmfile downloads `https://…/x.tgz`; undefined for other ways of fetching. */
export function downloadedChartPath(session: Session, chart: string): string | undefined {
  const match = /^(https?):\/\/([^/?#]+)(\/[^?#]*)$/.exec(chart);
  if (match === null) return undefined;
  const [, scheme, host, rawPath] = match as unknown as [string, string, string, string];
  const path = rawPath.replaceAll(/%([0-9a-fA-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const key = `${scheme}://${host}`.replaceAll(":", "").replaceAll("//", "_").replaceAll(/[/.]/g, "_");
  return joinPaths(cacheFolder(session), key, path);
}

/** An OCI chart with its version and digest told apart. */
export interface OciChart {
  /** `registry/chart:1.0.0` or `registry/chart@sha256:…`. */
  readonly qualifiedName: string;
  readonly version: string;
}

/** The OCI chart of a release; undefined when its chart is none. Throws `HelmfileError` for `latest`. */
export function ociChartOf(state: HelmState, release: ReleaseSpec): OciChart | undefined {
  if (!isOciChart(state, release.chart)) return undefined;
  const [versionInField = "", digestInField = ""] = splitOnce(release.version, "@");
  if (versionInField === "latest") {
    throw new HelmfileError(
      `release "${release.name}": the version for OCI charts should be semver compliant, the latest tag is not supported`,
      { code: "chart-version-invalid" },
    );
  }
  if (!release.chart.startsWith("oci://")) {
    const base = `${repositoryOf(state, release.chart)!.url}/${release.chart.slice(release.chart.indexOf("/") + 1)}`;
    return { qualifiedName: qualify(base, versionInField, digestInField), version: versionInField };
  }
  const [reference = "", digestInUrl = ""] = splitOnce(release.chart.slice("oci://".length), "@");
  const colon = reference.lastIndexOf(":");
  const hasTag = colon > reference.lastIndexOf("/");
  const base = hasTag ? reference.slice(0, colon) : reference;
  const versionInUrl = hasTag ? reference.slice(colon + 1) : "";
  const digest = digestInUrl !== "" ? digestInUrl : digestInField;
  const version = versionInField !== "" ? versionInField : versionInUrl;
  return { qualifiedName: qualify(base, versionInUrl === "" ? version : "", digest), version };
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function qualify(base: string, version: string, digest: string): string {
  if (digest !== "") return `${base}@${digest}`;
  return version === "" ? base : `${base}:${version}`;
}

/** Lets the face pull an OCI chart as helmfile does. Throws `HelmfileError` when that fails; nothing comes back, the chart stays where the face put it. */
export function pullOciChart(state: HelmState, release: ReleaseSpec, chart: OciChart): void {
  const { session } = state;
  const pull = session.permissions.pull;
  if (pull === undefined) return;
  session.say("info", `Pulling ${chart.qualifiedName}`);
  const folder = [
    ...release.chart.replaceAll("//", "_").replaceAll(/[:.&]/g, "_").split("/"),
    chart.version.replaceAll(/[=><!|~^ ,*]/g, "_"),
  ];
  const [plain = "", digest] = splitOnce(chart.qualifiedName, "@");
  const colon = plain.lastIndexOf(":");
  const url = `oci://${colon > plain.lastIndexOf("/") ? plain.slice(0, colon) : plain}${digest === undefined ? "" : `@${digest}`}`;
  const args = [
    "pull",
    url,
    "--destination",
    joinPaths(cacheFolder(session), ...folder),
    "--untar",
    ...(chart.version !== "" && digest === undefined ? ["--version", chart.version] : []),
    ...(isDevelopment(state, release) ? ["--devel"] : []),
  ];
  const answer = pull(args);
  if (answer.kind === "value") return;
  const stderr = `Error: ${answer.message}\n`;
  const request = { command: "helm", args, environment: new Map<string, string>(), input: "", directory: "" };
  const message = exitMessage(
    request,
    { kind: "exited", path: session.helmPath, status: 1, stdout: "", stderr, combined: stderr },
    args,
  );
  throw new HelmfileError(`release "${release.name}": ${new ExitError(message, 1).message}`, {
    code: "chart-wanted",
    origin: { file: session.workspace.displayPath(state.filePath) },
  });
}
