import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { listReleases, readHelmfile, releaseValues } from "@tiphys/helmfile";
import { findEnvironments } from "../cases/estates.ts";
import { isOnPath, quickest, runCold, tiphysBinary, type ProcessCost } from "./cold-process.ts";
import { milliseconds, printTable } from "./figures.ts";

/** How the real helmfile is called for an estate; the recordings say why (README.md beside them). */
interface Estate {
  readonly workingDirectory: string;
  readonly flags: readonly string[];
  /** Releases whose values the real helmfile refuses to write: it writes nothing at all unless they are left out. */
  readonly withoutValues: readonly string[];
  readonly environments: readonly string[];
}

const estates: Readonly<Record<string, Estate>> = {
  "welkin-apps": {
    workingDirectory: "",
    flags: ["-f", "helmfile.d/state.yaml.gotmpl"],
    withoutValues: [],
    environments: ["service_cluster", "workload_cluster"],
  },
  "wbaas-deploy": {
    workingDirectory: "k8s/helmfile",
    flags: [],
    withoutValues: ["-l", "name!=platform-nginx"],
    environments: ["production", "staging"],
  },
};

/**
 * `npm run bench -- helmfile [RECORDINGS] [--only REGEX] [--repeats N]`: the real estates beside the recordings, each command in a
 * new process: `tiphys inventory` and `helmfile list`; the values of all releases by our package and `helmfile write-values`.
 */
export function benchHelmfile(args: readonly string[]): number {
  if (args[0] === "--ours") return ours(args[1]!, args[2]!, args[3]!);
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { only: { type: "string", default: "" }, repeats: { type: "string", default: "2" } },
  });
  const recordings = resolve(positionals[0] ?? "../shared/estates/expected");
  const only = new RegExp(values.only);
  const names = Object.entries(estates).flatMap(([estate, { environments }]) =>
    environments.map((name) => [estate, name] as const),
  );
  const rows = names
    .filter(([estate, name]) => only.test(`${estate}/${name}`))
    .flatMap(([estate, name]) => compare({ recordings, estate, name, repeats: Number(values.repeats) }));
  printTable([
    ["new process, clock / processors", "ours", "helmfile", "ours/helmfile (clock)", "(processors)"],
    ...rows,
  ]);
  return 0;
}

interface Comparison {
  readonly recordings: string;
  readonly estate: string;
  readonly name: string;
  readonly repeats: number;
}

function compare({ recordings, estate, name, repeats }: Comparison): string[][] {
  const { workingDirectory, flags, withoutValues } = estates[estate]!;
  const copy = mkdtempSync(join(tmpdir(), "tiphys-bench-"));
  try {
    cpSync(join(dirname(recordings), estate), copy, { recursive: true });
    const config = join(recordings, estate, "config");
    const env = { ...process.env, ...helmfileVariables(copy, recordings, estate) };
    const options = { cwd: join(copy, workingDirectory), env };
    const helmfile = (...words: string[]): ProcessCost | undefined =>
      isOnPath("helmfile", "version")
        ? quickest(repeats, () =>
            runCold("helmfile", ["--no-color", ...flags, "-e", name, "--skip-deps", ...words], options),
          )
        : undefined;
    const own = (script: string, ...words: string[]): ProcessCost =>
      quickest(repeats, () => runCold(process.execPath, [script, ...words], options));
    const library = (what: string): ProcessCost =>
      own(process.argv[1]!, "helmfile", "--ours", what, recordings, `${estate}/${name}`);
    const target = join(copy, "values-of-bench", "{{ .Release.Namespace }}-{{ .Release.Name }}.yaml");
    const list = helmfile("list", "--output", "json");
    const writeValues = helmfile(...withoutValues, "write-values", "--output-file-template", target);
    const inventory = own(tiphysBinary, "inventory", "-e", name, "--offline", "--env", `CK8S_CONFIG_PATH=${config}`);
    return [
      row(`${estate} ${name}: tiphys inventory, helmfile list`, inventory, list),
      row(`${estate} ${name}: listReleases, helmfile list`, library("list"), list),
      row(`${estate} ${name}: releaseValues of all, helmfile write-values`, library("values"), writeValues),
    ];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function helmfileVariables(copy: string, recordings: string, estate: string): Record<string, string> {
  return {
    HELMFILE_UPGRADE_NOTICE_DISABLED: "true",
    HELMFILE_CACHE_HOME: join(copy, "helmfile-cache-of-bench"),
    HELM_PLUGINS: join(recordings, estate, "helm-plugins"),
    CK8S_CONFIG_PATH: join(recordings, estate, "config"),
  };
}

function row(what: string, own: ProcessCost, theirs: ProcessCost | undefined): string[] {
  const cost = (side: ProcessCost): string =>
    `${milliseconds(side.wallMs)} / ${milliseconds(side.cpuMs ?? Number.NaN)}${side.status === 0 ? "" : ` (exit ${side.status})`}`;
  if (theirs === undefined) return [what, cost(own), "not on PATH", "-", "-"];
  return [
    what,
    cost(own),
    cost(theirs),
    (own.wallMs / theirs.wallMs).toFixed(2),
    ((own.cpuMs ?? Number.NaN) / (theirs.cpuMs ?? Number.NaN)).toFixed(2),
  ];
}

/** One side of `compare`, in a process of its own. */
function ours(what: string, recordings: string, name: string): number {
  const [estate, environmentName] = name.split("/");
  const environment = findEnvironments(recordings).find(
    (each) => each.estate === estate && each.name === environmentName,
  );
  if (environment === undefined) throw new Error(`${name} is not recorded in ${recordings}`);
  const { options } = environment;
  if (what === "list") {
    const { stdout, exitCode } = listReleases(options, { output: "json" });
    process.stdout.write(stdout);
    return exitCode;
  }
  const releases = readHelmfile(options).releases.filter(({ enabled, installed }) => enabled && installed);
  const failed = releases.filter((release) => releaseValues(release).kind === "failed");
  console.log(
    `${releases.length} releases, ${failed.length} refused: ${failed.map((release) => release.name).join(", ")}`,
  );
  return 0;
}
