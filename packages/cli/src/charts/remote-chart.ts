import { toByteString } from "@tiphys/gotemplate";
import type { Chart, Profile } from "@tiphys/helm";
import { UserError, type Io } from "../command.ts";
import { DependencyManager } from "./dependencies/manager.ts";
import { ChartFetchError } from "./fetch-error.ts";
import { fetchChart, repositoryReference, type ChartAccess, type RemoteReference } from "./fetch-charts.ts";
import type { ParsedFlags } from "./helm-flags.ts";
import { helmSettings } from "./helm-settings.ts";
import { TemplateArgumentError } from "./template-request.ts";

/* `LocateChart` (pkg/action/install.go, Helm 4.3.1) for what does not lie on this disk. */

/** The archive of a chart by `--repo`, `repo/name`, an address or `oci://`. Rejects with `TemplateArgumentError`. */
export async function fetchRemoteChart(
  chart: string,
  profile: Profile,
  of: { flags: ParsedFlags; io: Io },
): Promise<Uint8Array> {
  const { flags, io } = of;
  const text = (name: string): string => (flags.texts.get(name) ?? "").trim();
  // `--devel` is Helm's short word for this range.
  const version = text("version") === "" && flags.switches.get("devel") === true ? ">0.0.0-0" : text("version");
  try {
    const reference = remoteReference(chart.trim(), { repository: text("repo"), version, io });
    const onPulled = (message: string): void => (profile.saysPullsOnStdout ? io.stdout : io.stderr).write(message);
    return await fetchChart(reference, { io, access: accessOf(flags), onPulled });
  } catch (error) {
    if (error instanceof ChartFetchError) throw new TemplateArgumentError(toByteString(error.message));
    throw error;
  }
}

function remoteReference(name: string, of: { repository: string; version: string; io: Io }): RemoteReference {
  const { repository, version } = of;
  if (repository !== "") return { kind: "repository", repoURL: repository, chart: name, version };
  if (name.startsWith("oci://")) return { kind: "oci", reference: name, version };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return { kind: "url", url: name };
  if (!name.includes("/")) {
    const message = `non-absolute URLs should be in form of repo_name/path_to_chart, got: ${name}`;
    throw new ChartFetchError("chart-reference-invalid", message);
  }
  const known = repositoryReference(of.io, name, version);
  if (known !== undefined) return known;
  throw new ChartFetchError("repository-unknown", `repo ${name.slice(0, name.indexOf("/"))} not found`);
}

/** `--dependency-update`: brings charts/ up to date when Chart.yaml wants a chart that is not in it. True when it did. */
export async function updateMissingDependencies(
  path: string,
  chart: Chart,
  of: { flags: ParsedFlags; io: Io },
): Promise<boolean> {
  const present = new Set(chart.dependencies.map(({ metadata }) => metadata.name));
  if ((chart.metadata.dependencies ?? []).every(({ name }) => present.has(name))) return false;
  const access = accessOf(of.flags);
  const isDebug = of.flags.switches.get("debug") === true;
  const options = { io: of.io, chartPath: path, settings: helmSettings(of.io), access, skipRefresh: false, isDebug };
  const manager = new DependencyManager(options);
  try {
    await manager.update();
    return true;
  } catch (error) {
    if (!(error instanceof ChartFetchError) && !(error instanceof UserError)) throw error;
    throw new TemplateArgumentError(toByteString(error.message.replace(/^Error: /, "")));
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
