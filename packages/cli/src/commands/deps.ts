import { posix } from "node:path";
import { Option, type Command } from "commander";
import { ChartFetchError } from "../charts/fetch-error.ts";
import { helmSettings } from "../charts/helm-settings.ts";
import { listDependencies } from "../charts/dependencies/list.ts";
import { DependencyManager } from "../charts/dependencies/manager.ts";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";

const actions: Readonly<Record<string, "build" | "update" | "list">> = {
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
      .argument("<action>", "build (from Chart.lock), update (from Chart.yaml) or list")
      .argument("[chart]", "folder of the chart; list takes a .tgz too", ".")
      .option("--skip-refresh", "do not refresh the local repository cache")
      .option("--max-col-width <number>", "list: maximum column width of the table", "80");
    addHelmFlags(command);
    command.addHelpText(
      "after",
      "\nCharts come from https repositories, OCI registries (oci://) and folders (file://), as in helm dependency.",
    );
  },
  run,
};

function addHelmFlags(command: Command): void {
  command
    .option("--repository-config <file>", "Helm's file of repository names and URLs")
    .option("--repository-cache <folder>", "Helm's folder of cached repository indexes")
    .option("--registry-config <file>", "Helm's file of registry logins")
    .option("--username <text>", "user at OCI registries")
    .option("--password <text>", "password at OCI registries")
    .option("--ca-file <file>", "verify certificates of registries using this CA bundle")
    .option("--cert-file <file>", "identify to registries using this certificate")
    .option("--key-file <file>", "key of --cert-file")
    .option("--insecure-skip-tls-verify", "skip tls certificate checks for registries")
    .option("--plain-http", "use insecure HTTP connections for registries")
    .option("--debug", "say more")
    .addOption(new Option("--verify", "refused: signatures are not verified here"))
    .addOption(new Option("--keyring <file>").hideHelp())
    .addOption(new Option("--content-cache <folder>").hideHelp());
}

async function run({ io, arguments: words, options }: CommandRun): Promise<number> {
  const [word = "", given = "."] = words;
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action === undefined) throw new UserError(`error: deps has no ${word}: use build, update or list`);
  if (options["verify"] === true)
    throw new UserError("Error: unsupported: --verify: signatures of charts are not verified", 1);
  const chartPath = posix.normalize(given).replace(/(.)\/$/, "$1");
  if (action === "list") {
    const width = Number(options["maxColWidth"]);
    if (!Number.isSafeInteger(width) || width < 0)
      throw new UserError(`error: --max-col-width takes a whole number, not ${String(options["maxColWidth"])}`);
    listDependencies(io, chartPath, width);
    return 0;
  }
  const text = (name: string): string | undefined => options[name] as string | undefined;
  const settings = helmSettings(io);
  const manager = new DependencyManager({
    io,
    chartPath,
    settings: {
      ...settings,
      repositoryConfig: text("repositoryConfig") ?? settings.repositoryConfig,
      repositoryCache: text("repositoryCache") ?? settings.repositoryCache,
      registryConfig: text("registryConfig") ?? settings.registryConfig,
    },
    access: {
      username: text("username") ?? "",
      password: text("password") ?? "",
      caFile: text("caFile") ?? "",
      certFile: text("certFile") ?? "",
      keyFile: text("keyFile") ?? "",
      insecureSkipTLSVerify: options["insecureSkipTlsVerify"] === true,
      plainHttp: options["plainHttp"] === true,
    },
    skipRefresh: options["skipRefresh"] === true,
    isDebug: options["debug"] === true,
  });
  try {
    await manager[action]();
    return 0;
  } catch (error) {
    if (!(error instanceof ChartFetchError)) throw error;
    throw new UserError(`Error: ${error.message}${error.fix === undefined ? "" : `\n${error.fix}`}`, 1);
  } finally {
    manager.close();
  }
}
