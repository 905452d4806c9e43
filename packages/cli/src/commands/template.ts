import { spawnSync } from "node:child_process";
import { fromByteString, toByteString } from "@tiphys/gotemplate";
import {
  defaultProfile,
  findProfile,
  formatLogLine,
  HelmEngine,
  HelmError,
  loadChartArchive,
  mergeUserValues,
  parseKubeVersion,
  printBeforeHooks,
  printDocument,
  showOnly,
  type Chart,
  type Profile,
  type RenderRequest,
  type RenderResult,
} from "@tiphys/helm";
import { FileTreeError } from "@tiphys/source";
import { TemplateArgumentError } from "../charts/argument-error.ts";
import { FlagError, readFlags, type ParsedFlags } from "../charts/flags/flag-reader.ts";
import { isSwitch } from "../charts/flags/flag-value.ts";
import { helmTemplateFlags, ownTemplateFlags } from "../charts/flags/helm-flags.ts";
import { checkDriver, HelmStartError, startHelm, type HelmGlobals } from "../charts/helm-start.ts";
import { nodeGunzip } from "../charts/node-gunzip.ts";
import { liveContext } from "../charts/node-random.ts";
import { openChart } from "../charts/open-chart.ts";
import { writeHooks, writeOutputDirectory } from "../charts/output-directory.ts";
import { findPostRenderer, postRender, type PostRenderer } from "../charts/post-renderer.ts";
import type { HelmPlugins } from "../charts/plugins/index.ts";
import type { RemoteAccess } from "../charts/remote-chart.ts";
import {
  checkFlagGroups,
  checkLabels,
  dryRunWarning,
  localChart,
  nameAndChart,
  namespaceOf,
  setFlags,
} from "../charts/template-request.ts";
import { tlsFilesFault } from "../charts/tls-files.ts";
import { UserFiles } from "../charts/user-files.ts";
import type { CommandModule, CommandRun, Io } from "../command.ts";

/** What gotemplate says when the stack is at its end, as Go would 100,000 templates deep. */
const depthError = "exceeded maximum template depth";

/** `tiphys template`: a drop-in for `helm template`, with Helm's flags, output, messages and exit codes (1 for every error). */
export const command: CommandModule = {
  configure(command) {
    command
      .usage("[NAME] [CHART] [flags]")
      .argument("[words...]")
      .allowUnknownOption()
      .allowExcessArguments()
      .addHelpText(
        "after",
        () =>
          `\nFlags, as helm template has them:\n${flagHelp(helmTemplateFlags)}\n\nOwn flags:\n${flagHelp(ownTemplateFlags)}`,
      );
  },
  run: async ({ io, rawArguments }: CommandRun) => template(io, rawArguments),
};

function flagHelp(flags: typeof helmTemplateFlags): string {
  return flags
    .filter((flag) => flag.deprecated === undefined && flag.help !== undefined)
    .map((flag) => {
      const name = `${flag.shorthand === undefined ? "    " : `-${flag.shorthand}, `}--${flag.name}${isSwitch(flag.kind) ? "" : ` <${flag.kind}>`}`;
      return `  ${name.padEnd(36)} ${flag.help}`;
    })
    .join("\n");
}

/** What one call has to go by. */
interface Call {
  readonly io: Io;
  readonly flags: ParsedFlags;
  readonly profile: Profile;
  readonly globals: HelmGlobals;
  /** Helm 4's plugins, for a post-renderer. */
  readonly plugins: HelmPlugins | undefined;
}

/** One call, Helm's order of work kept: whatever is wrong first is what Helm would complain about. */
async function template(io: Io, words: readonly string[]): Promise<number> {
  try {
    const own = readFlags(words, [...helmTemplateFlags, ...ownTemplateFlags], { isLenient: true }).texts;
    if (own.get("engine") === "helm") return runHelm(io, words);
    const profile = profileOf(own);
    const globals = startHelm(words, io, profile);
    const plugins = await loadPlugins(own, { io, profile, globals });
    const onNotice = (line: string): void => io.stderr.write(`${line}\n`);
    const onValue = (name: string, text: string): void => plugins?.onFlag(name, text);
    const flags = readFlags(words, [...helmTemplateFlags, ...ownTemplateFlags], { onNotice, onValue });
    checkDriver(io, profile);
    return await render({ io, flags, profile, globals, plugins });
  } catch (error) {
    if (error instanceof HelmStartError) {
      io.stderr.write(bytes(error.line));
      return 1;
    }
    if (error instanceof FlagError || error instanceof FileTreeError) return fail(io, toByteString(error.message));
    if (error instanceof HelmError) return fail(io, error.helmText);
    if (error instanceof TemplateArgumentError) return fail(io, error.message);
    throw error;
  }
}

/** Helm 4's plugins are looked at only for a post-renderer. */
async function loadPlugins(
  own: ReadonlyMap<string, string>,
  { io, profile, globals }: Pick<Call, "io" | "profile" | "globals">,
): Promise<HelmPlugins | undefined> {
  if (profile.postRenderer !== "plugin" || !own.has("post-renderer")) return undefined;
  const { HelmPlugins } = await import("../charts/plugins/index.ts");
  return new HelmPlugins(io, profile, globals);
}

function fail(io: Io, message: string): number {
  io.stderr.write(bytes(`Error: ${message}\n`));
  return 1;
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

function profileOf(texts: ReadonlyMap<string, string>): Profile {
  const engine = texts.get("engine") ?? "tiphys";
  if (engine !== "tiphys") throw new FlagError(`unknown engine "${engine}": tiphys and helm are known`);
  const version = texts.get("helm-version");
  const profile = version === undefined ? defaultProfile : findProfile(version);
  if (!profile) throw new FlagError(`unsupported: --helm-version ${version}`);
  return profile;
}

/** What cobra and the start of the command look at (pkg/cmd/template.go). */
function checkFlags({ io, flags, profile, plugins }: Call): void {
  if (flags.positional.length === 0) {
    throw new FlagError('"helm template" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]');
  }
  checkFlagGroups(flags);
  checkPostRenderer(flags);
  plugins?.check();
  for (const { name, reason } of flags.refused) throw new FlagError(`unsupported: --${name}: ${reason}`);
  const kubeVersion = flags.texts.get("kube-version") ?? "";
  if (kubeVersion !== "") parseKubeVersion(toByteString(kubeVersion), profile);
  const fault = tlsFilesFault(flags, io);
  if (fault !== undefined) throw TemplateArgumentError.of(fault);
  const warning = dryRunWarning(flags);
  if (warning !== undefined) io.stderr.write(formatLogLine({ level: "WARN", message: warning }, profile));
}

function checkPostRenderer(flags: ParsedFlags): void {
  if (flags.texts.has("post-renderer") && flags.switches.get("allow-exec") !== true)
    throw new FlagError("unsupported: --post-renderer: it runs another program, which --allow-exec allows");
}

/** Says with `--debug` what Helm 4 logs of its work. */
function debug({ io, globals, profile }: Call, message: string, ...attributes: (readonly [string, string])[]): void {
  if (globals.isDebug) io.stderr.write(bytes(formatLogLine({ level: "DEBUG", message, attributes }, profile)));
}

async function render(call: Call): Promise<number> {
  const { io, flags, profile, globals, plugins } = call;
  checkFlags(call);
  const isOn = (flag: string): boolean => flags.switches.get(flag) === true;
  const postRenderer = plugins === undefined ? findPostRenderer(flags, io) : undefined;
  const version = flags.texts.get("version") ?? "";
  debug(call, "Original chart version", ["version", toByteString(version)]);
  if (version === "" && isOn("devel")) debug(call, "setting version to >0.0.0-0");
  const { name, chart: reference } = nameAndChart(flags, io);
  const path = localChart(reference, flags, io);
  const remote = { ...call, ...globals };
  const fetched = path === undefined ? await remoteChart(reference, remote) : undefined;
  if (path !== undefined) debug(call, "Chart path", ["path", toByteString(path)]);
  plugins?.getters();
  const files = new UserFiles(io);
  const sets = setFlags(flags);
  const { layers, readSetFile } = await files.withAddresses(() => {
    const read = files.layers(flags.lists.get("values") ?? []);
    const reader = files.setFileReader();
    mergeUserValues(read, sets, { profile, readSetFile: reader });
    return { layers: read, readSetFile: files.setFileReader() };
  });
  const chart =
    path === undefined ? loadChartArchive(fetched!, { profile, gunzip: nodeGunzip }) : await localChartOf(path, remote);
  checkLabels(flags);
  const request: RenderRequest = {
    chart,
    valuesLayers: layers,
    sets,
    readSetFile,
    release: { name, namespace: namespaceOf(flags, io), isUpgrade: isOn("is-upgrade") },
    capabilities: {
      kubeVersion: toByteString(flags.texts.get("kube-version") ?? ""),
      apiVersions: (flags.lists.get("api-versions") ?? []).map(toByteString),
    },
    includeCrds: isOn("include-crds"),
    skipTests: isOn("skip-tests"),
    noHooks: isOn("no-hooks"),
    skipSchemaValidation: isOn("skip-schema-validation"),
    ...(plugins === undefined ? {} : { postRenderer: (manifests, log) => plugins.postRender(manifests, flags, log) }),
    isDebug: globals.isDebug,
    profile,
    context: liveContext(io),
  };
  const result = new HelmEngine().render(request);
  if (io.withDeepStack !== undefined && result.error?.helmText.includes(depthError)) return io.withDeepStack();
  return print(call, { result, release: name, postRenderer });
}

/** What fetches charts is loaded only for a chart that is not here. */
async function remoteChart(reference: string, of: RemoteAccess): Promise<Uint8Array> {
  const { fetchRemoteChart } = await import("../charts/remote-chart.ts");
  return fetchRemoteChart(reference, of);
}

/** The chart on this disk, with `--dependency-update` after what it wants has been fetched. */
async function localChartOf(path: string, of: RemoteAccess): Promise<Chart> {
  const chart = openChart(path, of.profile, of.io);
  if (of.flags.switches.get("dependency-update") !== true) return chart;
  const { updateMissingDependencies } = await import("../charts/remote-chart.ts");
  return (await updateMissingDependencies(path, chart, of)) ? openChart(path, of.profile, of.io) : chart;
}

/** What Helm adds to an error when there is something to show with `--debug`. */
const debugHint = "\n\nUse --debug flag to render out invalid YAML";

interface Printed {
  readonly result: RenderResult;
  readonly release: string;
  readonly postRenderer: PostRenderer | undefined;
}

function print({ io, flags, profile, globals }: Call, { result, release, postRenderer }: Printed): number {
  io.stderr.write(bytes(result.stderr));
  const { isDebug } = globals;
  const { error } = result;
  if (error && !isDebug) return fail(io, error.helmText);
  let helmText = error?.helmText.replace(debugHint, "");
  const directory = flags.texts.get("output-dir") ?? "";
  const useRelease = flags.switches.get("release-name") === true;
  const target = { directory, cwd: io.cwd, release: useRelease ? fromByteString(release) : "" };
  const invalidHooks = result.invalidHooks ?? [];
  let manifests = error ? (result.invalidManifests ?? "") : result.manifests;
  if (error && directory === "") manifests += invalidHooks.map(printDocument).join("");
  if (error && directory !== "") {
    const fault = writeHooks(invalidHooks, target, (line) => io.stdout.write(line));
    if (fault !== undefined) return fail(io, toByteString(fault.message));
  }
  if (directory !== "" && !error) {
    const fault = writeOutputDirectory(result, target, (line) => io.stdout.write(line));
    if (fault !== undefined && !(isDebug && fault.isOfManifest))
      return fail(io, toByteString(fault.message) + (fault.isOfManifest ? debugHint : ""));
    helmText = fault === undefined ? undefined : toByteString(fault.message);
    manifests = "\n";
  }
  if (postRenderer !== undefined && helmText === undefined) {
    const made = postRender(postRenderer, result, { io, isWritten: directory !== "" });
    if ("error" in made && !isDebug) return fail(io, made.error + debugHint);
    if ("error" in made) helmText = made.error;
    const hooks = directory === "" ? result.hooks : [];
    manifests = printBeforeHooks("error" in made ? "" : made.manifests, hooks);
  }
  const patterns = flags.lists.get("show-only") ?? [];
  try {
    const shown = patterns.length > 0 ? showOnly(manifests, patterns.map(toByteString), profile) : manifests;
    io.stdout.write(bytes(shown));
  } catch (fault) {
    // A manifest that is too malformed to be found is not what is wrong.
    if (!(fault instanceof HelmError) || helmText === undefined) throw fault;
  }
  return helmText === undefined ? 0 : fail(io, helmText);
}

/** `--engine helm`: the binary on PATH gets the same words, without our own flags. */
function runHelm(io: Io, words: readonly string[]): number {
  const own = new Map(ownTemplateFlags.map(({ name, kind }) => [`--${name}`, kind]));
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (own.has(word)) i += own.get(word) === "bool" ? 0 : 1;
    else if (!own.has(word.split("=", 1)[0]!)) rest.push(word);
  }
  const { status, stdout, stderr, error } = spawnSync("helm", ["template", ...rest], {
    cwd: io.cwd,
    env: io.environment as NodeJS.ProcessEnv,
    input: rest.includes("-") ? io.stdin() : undefined,
    maxBuffer: 1 << 30,
  });
  if (error) return fail(io, `cannot run helm: ${toByteString(error.message)}`);
  io.stderr.write(stderr);
  io.stdout.write(stdout);
  return status ?? 1;
}
