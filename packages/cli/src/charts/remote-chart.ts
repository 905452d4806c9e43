import { FunctionError, fromByteString, toByteString } from "@tiphys/gotemplate";
import { parseUrl, type Url } from "@tiphys/gotemplate/sprig";
import { formatLogLine, type Chart, type Profile } from "@tiphys/helm";
import { UserError, type Io } from "../command.ts";
import { DependencyManager } from "./dependencies/manager.ts";
import { ChartFetchError } from "./fetch-error.ts";
import { fetchChart, repositoryReference, type ChartAccess, type RemoteReference } from "./fetch-charts.ts";
import { TemplateArgumentError } from "./argument-error.ts";
import type { ParsedFlags } from "./flags/flag-reader.ts";
import type { HelmSettings } from "./helm-settings.ts";
import { RepositoriesFileError } from "./repositories-file.ts";

/* `LocateChart` (pkg/action/install.go, Helm 4.3.1) for what does not lie on this disk. */

/** How to reach what is not on this disk. */
export interface RemoteAccess {
  readonly flags: ParsedFlags;
  readonly io: Io;
  readonly settings: HelmSettings;
  readonly isDebug: boolean;
  readonly profile: Profile;
}

/** The archive of a chart by `--repo`, `repo/name`, an address or `oci://`. Rejects with `TemplateArgumentError`. */
export async function fetchRemoteChart(chart: string, of: RemoteAccess): Promise<Uint8Array> {
  const { flags, io, settings, profile } = of;
  const text = (name: string): string => (flags.texts.get(name) ?? "").trim();
  // `--devel` is Helm's short word for this range.
  const version = text("version") === "" && flags.switches.get("devel") === true ? ">0.0.0-0" : text("version");
  try {
    const reference = remoteReference(chart.trim(), { repository: text("repo"), version, settings });
    const onPulled = (message: string): void => (profile.saysPullsOnStdout ? io.stdout : io.stderr).write(message);
    return await fetchChart(reference, { io, settings, access: accessOf(flags), onPulled });
  } catch (error) {
    if (error instanceof ChartFetchError) throw TemplateArgumentError.of(error.message);
    if (error instanceof RepositoriesFileError) throw TemplateArgumentError.of(error.helmMessage);
    throw error;
  }
}

/** `ResolveChartVersion` (pkg/downloader/chart_downloader.go): what the name of a chart means. Throws `ChartFetchError`. */
function remoteReference(
  name: string,
  of: { repository: string; version: string; settings: HelmSettings },
): RemoteReference {
  const { repository, version } = of;
  if (repository !== "") {
    const { scheme } = chartUrl(repository);
    if (!["http", "https", "oci"].includes(scheme)) throw invalid(`could not find protocol handler for: ${scheme}`);
    return { kind: "repository", repoURL: repository, chart: name, version };
  }
  const url = chartUrl(name);
  if (url.scheme === "oci" && (url.host !== "" || url.path !== "")) return { kind: "oci", reference: name, version };
  if (url.scheme !== "" && url.host !== "" && url.path !== "") {
    if (url.scheme !== "http" && url.scheme !== "https") throw invalid(`scheme "${url.scheme}" not supported`);
    return { kind: "url", url: name };
  }
  if (!fromByteString(url.path).includes("/")) {
    const shown = name.replace(/^([a-z][a-z0-9+.-]*:)\/\/$/i, "$1");
    throw invalid(`non-absolute URLs should be in form of repo_name/path_to_chart, got: ${shown}`);
  }
  const known = repositoryReference(of.settings, name, version);
  if (known !== undefined) return known;
  throw new ChartFetchError("repository-unknown", `repo ${name.slice(0, name.indexOf("/"))} not found`);
}

function invalid(message: string): ChartFetchError {
  return new ChartFetchError("chart-reference-invalid", message);
}

function chartUrl(text: string): Url {
  try {
    return parseUrl(toByteString(text));
  } catch (error) {
    if (error instanceof FunctionError) throw invalid(`invalid chart URL format: ${text}`);
    throw error;
  }
}

/** `--dependency-update`: brings charts/ up to date when Chart.yaml wants a chart that is not in it. True when it did. */
export async function updateMissingDependencies(path: string, chart: Chart, of: RemoteAccess): Promise<boolean> {
  const present = new Set(chart.dependencies.map(({ metadata }) => metadata.name));
  const { type, deprecated } = chart.metadata;
  // What cannot be installed is refused before.
  if (type !== "" && type !== "application") return false;
  if ((chart.metadata.dependencies ?? []).every(({ name }) => present.has(name))) return false;
  const access = accessOf(of.flags);
  const { io, settings, isDebug, profile } = of;
  const options = {
    io,
    chartPath: path,
    settings,
    access,
    skipRefresh: false,
    isVerified: false,
    isDebug,
    profile,
  };
  const manager = new DependencyManager(options);
  try {
    await manager.update();
    return true;
  } catch (error) {
    if (!(error instanceof ChartFetchError) && !(error instanceof UserError)) throw error;
    // The rendering, which says so otherwise, does not come to pass.
    if (deprecated) io.stderr.write(formatLogLine({ level: "WARN", message: "this chart is deprecated" }, profile));
    throw TemplateArgumentError.of(error.message.replace(/^Error: /, ""));
  } finally {
    manager.close();
  }
}

function accessOf(flags: ParsedFlags): ChartAccess {
  const given = (name: string, flag: string): object =>
    flags.texts.has(flag) ? { [name]: flags.texts.get(flag) } : {};
  const isOn = (flag: string): boolean => flags.switches.get(flag) === true;
  return {
    ...given("username", "username"),
    ...given("password", "password"),
    ...given("caFile", "ca-file"),
    ...given("certFile", "cert-file"),
    ...given("keyFile", "key-file"),
    passCredentials: isOn("pass-credentials"),
    insecureSkipTLSVerify: isOn("insecure-skip-tls-verify"),
    plainHttp: isOn("plain-http"),
  };
}
