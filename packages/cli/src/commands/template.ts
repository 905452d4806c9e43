import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { fromByteString, toByteString } from "@tiphys/gotemplate";
import {
  defaultProfile,
  findProfile,
  HelmEngine,
  HelmError,
  loadChart,
  loadChartArchive,
  mergeUserValues,
  parseKubeVersion,
  showOnly,
  type Chart,
  type ChartWarning,
  type Profile,
  type RenderRequest,
  type RenderResult,
} from "@tiphys/helm";
import { FileTreeError } from "@tiphys/source";
import { ChartFolder } from "../charts/chart-folder.ts";
import {
  FlagError,
  helmTemplateFlags,
  ownTemplateFlags,
  parseHelmFlags,
  type ParsedFlags,
} from "../charts/helm-flags.ts";
import { nodeGunzip } from "../charts/node-gunzip.ts";
import { nodeRandom } from "../charts/node-random.ts";
import { writeOutputDirectory } from "../charts/output-directory.ts";
import {
  checkLabels,
  localChart,
  nameAndChart,
  namespaceOf,
  setFileReader,
  setFlags,
  TemplateArgumentError,
  valuesLayers,
} from "../charts/template-request.ts";
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
        `\nFlags, as helm template has them:\n${flagHelp(helmTemplateFlags)}\n\nOwn flags:\n${flagHelp(ownTemplateFlags)}`,
      );
  },
  run: async ({ io, rawArguments }: CommandRun) => template(io, rawArguments),
};

function flagHelp(flags: typeof helmTemplateFlags): string {
  return flags
    .filter((flag) => flag.deprecated === undefined)
    .map((flag) => {
      const name = `${flag.shorthand === undefined ? "    " : `-${flag.shorthand}, `}--${flag.name}${flag.kind === "bool" ? "" : ` <${flag.kind}>`}`;
      return `  ${name.padEnd(36)} ${flag.help}`;
    })
    .join("\n");
}

/** One call, Helm's order of work kept: whatever is wrong first is what Helm would complain about. */
async function template(io: Io, words: readonly string[]): Promise<number> {
  try {
    const flags = parseHelmFlags(words);
    for (const notice of flags.notices) io.stderr.write(`${notice}\n`);
    if (flags.texts.get("engine") === "helm") return runHelm(io, words);
    return await render(io, flags);
  } catch (error) {
    if (error instanceof FlagError || error instanceof FileTreeError) return fail(io, toByteString(error.message));
    if (error instanceof HelmError) return fail(io, error.helmText);
    if (error instanceof TemplateArgumentError) return fail(io, error.message);
    throw error;
  }
}

function fail(io: Io, message: string): number {
  io.stderr.write(bytes(`Error: ${message}\n`));
  return 1;
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

function checkFlags(io: Io, flags: ParsedFlags): Profile {
  for (const { name, reason } of flags.refused) throw new FlagError(`unsupported: --${name}: ${reason}`);
  const engine = flags.texts.get("engine") ?? "tiphys";
  if (engine !== "tiphys") throw new FlagError(`unknown engine "${engine}": tiphys and helm are known`);
  const dryRun = flags.texts.get("dry-run") ?? "client";
  if (dryRun === "server") throw new FlagError("unsupported: --dry-run=server: a cluster is never asked");
  if (dryRun === "unset") {
    io.stderr.write("level=WARN msg=\"--dry-run is deprecated and should be replaced with '--dry-run=client'\"\n");
  }
  const version = flags.texts.get("helm-version");
  const profile = version === undefined ? defaultProfile : findProfile(version);
  if (!profile) throw new FlagError(`unsupported: --helm-version ${version}`);
  if (flags.positional.length === 0) {
    throw new FlagError('"helm template" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]');
  }
  return profile;
}

async function render(io: Io, flags: ParsedFlags): Promise<number> {
  const profile = checkFlags(io, flags);
  const kubeVersion = flags.texts.get("kube-version") ?? "";
  if (kubeVersion !== "") parseKubeVersion(toByteString(kubeVersion), profile);
  const { name, chart: reference } = nameAndChart(flags, io);
  const path = localChart(reference, flags, io);
  const fetched = path === undefined ? await remoteChart(reference, profile, { flags, io }) : undefined;
  const layers = valuesLayers(flags, io);
  const sets = setFlags(flags);
  const readSetFile = setFileReader(io);
  mergeUserValues(layers, sets, { profile, readSetFile });
  const chart =
    path === undefined
      ? loadChartArchive(fetched!, { profile, gunzip: nodeGunzip })
      : await localChartOf(path, profile, { flags, io });
  checkLabels(flags);
  const isOn = (flag: string): boolean => flags.switches.get(flag) === true;
  const request: RenderRequest = {
    chart,
    valuesLayers: layers,
    sets,
    readSetFile,
    release: { name, namespace: namespaceOf(flags, io), isUpgrade: isOn("is-upgrade") },
    capabilities: {
      kubeVersion: toByteString(kubeVersion),
      apiVersions: (flags.lists.get("api-versions") ?? []).map(toByteString),
    },
    includeCrds: isOn("include-crds"),
    skipTests: isOn("skip-tests"),
    noHooks: isOn("no-hooks"),
    skipSchemaValidation: isOn("skip-schema-validation"),
    profile,
    context: { now: io.now(), timeZone: io.environment["TZ"] ?? "UTC", random: nodeRandom },
  };
  const result = new HelmEngine().render(request);
  if (io.withDeepStack !== undefined && result.error?.helmText.includes(depthError)) return io.withDeepStack();
  return print(io, flags, { result, profile, release: name });
}

/** What fetches charts is loaded only for a chart that is not here. */
async function remoteChart(
  reference: string,
  profile: Profile,
  of: { flags: ParsedFlags; io: Io },
): Promise<Uint8Array> {
  const { fetchRemoteChart } = await import("../charts/remote-chart.ts");
  return fetchRemoteChart(reference, profile, of);
}

/** The chart on this disk, with `--dependency-update` after what it wants has been fetched. */
async function localChartOf(path: string, profile: Profile, of: { flags: ParsedFlags; io: Io }): Promise<Chart> {
  const chart = openChart(path, profile, of.io);
  if (of.flags.switches.get("dependency-update") !== true) return chart;
  const { updateMissingDependencies } = await import("../charts/remote-chart.ts");
  return (await updateMissingDependencies(path, chart, of)) ? openChart(path, profile, of.io) : chart;
}

/** Loads the chart and says on stderr what Helm says while it does. */
function openChart(path: string, profile: Profile, io: Io): Chart {
  if (!statSync(path).isDirectory()) return openArchive(path, profile);
  const folder = new ChartFolder(path, io.cwd);
  return withLinks(loadChart(folder, "", { profile, gunzip: nodeGunzip, displayPath: toByteString(path) }), folder);
}

function withLinks(chart: Chart, folder: ChartFolder): Chart {
  const links = folder.links.map(({ path, resolved }): ChartWarning => ({
    level: "INFO",
    message: "found symbolic link in path. Contents of linked file included and used",
    attributes: [
      ["path", toByteString(path)],
      ["resolved", toByteString(resolved)],
    ],
  }));
  return links.length === 0 ? chart : { ...chart, warnings: [...links, ...chart.warnings] };
}

function openArchive(path: string, profile: Profile): Chart {
  const content = readFileSync(path);
  const name = toByteString(path);
  if (content[0] !== 0x1f || content[1] !== 0x8b || content[2] !== 0x08) {
    const reason = /\.ya?ml$/.test(path)
      ? "seems to be a YAML file, but expected a gzipped archive"
      : `does not appear to be a gzipped archive; got '${contentType(content)}'`;
    throw new TemplateArgumentError(`file '${name}' ${reason}`);
  }
  return loadChartArchive(content, { profile, gunzip: nodeGunzip, displayPath: name });
}

/** The few answers of Go's http.DetectContentType that a file in place of a chart gets. */
function contentType(content: Uint8Array): string {
  // Helm looks at a buffer of 512 bytes, which a shorter file leaves full of zeros.
  const head = Buffer.from(content.subarray(0, 512)).toString("latin1").padEnd(512, "\0");
  if (head.startsWith("PK\x03\x04")) return "application/zip";
  if (head.startsWith("%PDF-")) return "application/pdf";
  if (/^[\t\n\f\r ]*<(?:!doctype html|html|head|body|script)[ >]/i.test(head)) return "text/html; charset=utf-8";
  if (/^[\t\n\f\r ]*<\?xml/.test(head)) return "text/xml; charset=utf-8";
  return /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(head) ? "application/octet-stream" : "text/plain; charset=utf-8";
}

interface Printed {
  readonly result: RenderResult;
  readonly profile: Profile;
  readonly release: string;
}

function print(io: Io, flags: ParsedFlags, { result, profile, release }: Printed): number {
  io.stderr.write(bytes(result.stderr));
  const isDebug = flags.switches.get("debug") === true;
  if (result.error && !isDebug) return fail(io, result.error.helmText);
  const directory = flags.texts.get("output-dir") ?? "";
  let manifests = result.error ? (result.invalidManifests ?? "") : result.manifests;
  if (directory !== "" && !result.error) {
    const useRelease = flags.switches.get("release-name") === true;
    manifests = toByteString(
      writeOutputDirectory(result, { directory, cwd: io.cwd, release: useRelease ? fromByteString(release) : "" }),
    );
  }
  const patterns = flags.lists.get("show-only") ?? [];
  const shown = patterns.length > 0 ? showOnly(manifests, patterns.map(toByteString), profile) : manifests;
  io.stdout.write(bytes(shown));
  return result.error
    ? fail(io, result.error.helmText.replace(/\n\nUse --debug flag to render out invalid YAML$/, ""))
    : 0;
}

/** `--engine helm`: the binary on PATH gets the same words, without our own flags. */
function runHelm(io: Io, words: readonly string[]): number {
  const own = new Set(ownTemplateFlags.map(({ name }) => `--${name}`));
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (own.has(word)) i++;
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
