import { posix } from "node:path";
import { ChartFetchError } from "../charts/fetch-error.ts";
import { FlagError, readFlags, type Flag, type ParsedFlags } from "../charts/flags/flag-reader.ts";
import { isSwitch } from "../charts/flags/flag-value.ts";
import { dependencyFlags, ownDependencyFlags } from "../charts/flags/helm-flags.ts";
import { checkDriver, HelmStartError, startHelm, type HelmGlobals } from "../charts/helm-start.ts";
import { listDependencies } from "../charts/dependencies/list.ts";
import { DependencyManager } from "../charts/dependencies/manager.ts";
import { RepositoriesFileError } from "../charts/repositories-file.ts";
import { tlsFilesFault } from "../charts/tls-files.ts";
import type { CommandModule, CommandRun, Io } from "../command.ts";
import { UserError } from "../command.ts";
import { defaultProfile, findProfile, type Profile } from "@tiphys/helm";

type Action = "build" | "update" | "list";

const actions: Readonly<Record<string, Action>> = {
  build: "build",
  update: "update",
  up: "update",
  list: "list",
  ls: "list",
};

/** `tiphys deps build|update|list CHART`: `helm dependency` with its flags, output, messages and exit codes (1 for every error). */
export const command: CommandModule = {
  configure(command) {
    command
      .usage("build|update|list [CHART] [flags]")
      .argument("[words...]")
      .allowUnknownOption()
      .allowExcessArguments()
      .addHelpText(
        "after",
        `\nbuild brings charts/ in line with Chart.lock, update with Chart.yaml; list shows a table. CHART is a folder, "." by default; list takes a .tgz too.\nCharts come from https repositories, OCI registries (oci://) and folders (file://), as in helm dependency.\n\nFlags of build and update, as helm dependency has them:\n${flagHelp(dependencyFlags.update)}\n\nFlag of list:\n${flagHelp(dependencyFlags.list.slice(0, 1))}\n\nOwn flag:\n${flagHelp(ownDependencyFlags)}`,
      );
  },
  run: async ({ io, rawArguments }: CommandRun) => dependency(io, rawArguments),
};

function flagHelp(flags: readonly Flag[]): string {
  return flags
    .filter(({ help }) => help !== undefined)
    .map(({ name, kind, help }) => `  ${`--${name}${isSwitch(kind) ? "" : ` <${kind}>`}`.padEnd(32)} ${help}`)
    .join("\n");
}

async function dependency(io: Io, words: readonly string[]): Promise<number> {
  const every = [...dependencyFlags.update, ...dependencyFlags.list, ...ownDependencyFlags];
  const { positional, texts } = readFlags(words, every, { isLenient: true });
  const word = positional[0] ?? "";
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  try {
    if (action === undefined) {
      readFlags(words, every);
      throw new UserError(
        word === ""
          ? "error: deps takes build, update or list"
          : `error: deps has no ${word}: use build, update or list`,
      );
    }
    const profile = profileOf(texts.get("helm-version"));
    const globals = startHelm(words, io, profile);
    const flags = readFlags(withoutFirst(words, word), [...dependencyFlags[action], ...ownDependencyFlags]);
    checkDriver(io, profile);
    return await run(action, { io, flags, globals, profile });
  } catch (error) {
    if (error instanceof HelmStartError) {
      io.stderr.write(Buffer.from(error.line, "latin1"));
      return 1;
    }
    if (error instanceof FlagError) throw new UserError(`Error: ${error.message}`, 1);
    if (error instanceof RepositoriesFileError) throw new UserError(`Error: ${error.helmMessage}`, 1);
    if (!(error instanceof ChartFetchError)) throw error;
    throw new UserError(`Error: ${error.message}${error.fix === undefined ? "" : `\n${error.fix}`}`, 1);
  }
}

function profileOf(version: string | undefined): Profile {
  const profile = version === undefined ? defaultProfile : findProfile(version);
  if (!profile) throw new FlagError(`unsupported: --helm-version ${version}`);
  return profile;
}

function withoutFirst(words: readonly string[], word: string): string[] {
  const at = words.indexOf(word);
  return words.filter((_, index) => index !== at);
}

interface DependencyCall {
  readonly io: Io;
  readonly flags: ParsedFlags;
  readonly globals: HelmGlobals;
  readonly profile: Profile;
}

async function run(action: Action, { io, flags, globals, profile }: DependencyCall): Promise<number> {
  if (flags.positional.length > 1)
    throw new FlagError(
      `"helm dependency ${action}" accepts at most 1 argument\n\nUsage:  helm dependency ${action} CHART [flags]`,
    );
  // filepath.Clean, to which nothing is ".".
  const chartPath = posix.normalize(flags.positional[0] ?? ".").replace(/(.)\/$/, "$1");
  if (action === "list") {
    const width = flags.texts.get("max-col-width") ?? "80";
    listDependencies(io, chartPath, { maxColumnWidth: Number(width), profile });
    return 0;
  }
  const fault = tlsFilesFault(flags, io);
  if (fault !== undefined) throw new FlagError(fault);
  const text = (name: string): string => flags.texts.get(name) ?? "";
  const isOn = (name: string): boolean => flags.switches.get(name) === true;
  const manager = new DependencyManager({
    io,
    chartPath,
    settings: globals.settings,
    access: {
      username: text("username"),
      password: text("password"),
      caFile: text("ca-file"),
      certFile: text("cert-file"),
      keyFile: text("key-file"),
      insecureSkipTLSVerify: isOn("insecure-skip-tls-verify"),
      plainHttp: isOn("plain-http"),
    },
    skipRefresh: isOn("skip-refresh"),
    isVerified: isOn("verify"),
    isDebug: globals.isDebug,
    profile,
  });
  try {
    await manager[action]();
    return 0;
  } finally {
    manager.close();
  }
}
