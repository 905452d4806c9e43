import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
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
 * `npm run bench -- helmfile [RECORDINGS] [--only REGEX] [--repeats N]`: the real estates beside the recordings, each command line in a
 * new process, helmfile's beside ours: `list` and `inventory --list`, `list` and the whole inventory (all environments, every chart rendered),
 * without and with what an earlier run remembers of the renderings, `write-values` of all releases and `values --write-values --output-dir`.
 */
export function benchHelmfile(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { only: { type: "string", default: "" }, repeats: { type: "string", default: "3" } },
  });
  const recordings = resolve(positionals[0] ?? "../shared/estates/expected");
  const only = new RegExp(values.only);
  const names = Object.entries(estates).flatMap(([estate, { environments }]) =>
    environments.map((name) => [estate, name] as const),
  );
  const repeats = Number(values.repeats);
  const rows = names
    .filter(([estate, name]) => only.test(`${estate}/${name}`))
    .flatMap(([estate, name]) => compare({ recordings, estate, name, repeats }));
  const start = quickest(repeats, () => runCold(process.execPath, ["-e", "0"]));
  printTable([
    ["new process, clock / processors", "ours", "helmfile", "ours/helmfile (clock)", "(processors)"],
    ...rows,
    row("node -e 0, which does nothing", start, undefined),
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
    restoreLinks(copy);
    const config = join(recordings, estate, "config");
    const cache = join(copy, "cache-of-bench");
    const env = { ...process.env, ...helmfileVariables(copy, recordings, estate), XDG_CACHE_HOME: cache };
    const options = { cwd: join(copy, workingDirectory), env };
    const helmfile = (...words: string[]): ProcessCost | undefined =>
      isOnPath("helmfile", "version")
        ? quickest(repeats, () =>
            runCold("helmfile", ["--no-color", ...flags, "-e", name, "--skip-deps", ...words], options),
          )
        : undefined;
    const tiphys = (words: readonly string[], before: () => void = () => {}): ProcessCost => {
      const run = (): ProcessCost => {
        before();
        return runCold(process.execPath, [tiphysBinary, ...words], options);
      };
      // The first run after a build keeps what V8 compiled.
      run();
      return quickest(repeats, run);
    };
    const forget = (): void => rmSync(join(cache, "tiphys", "renderings"), { recursive: true, force: true });
    const target = join(copy, "values-of-bench");
    const list = helmfile("list", "--output", "json");
    const writeValues = helmfile(
      ...withoutValues,
      "write-values",
      "--output-file-template",
      join(target, "{{ .Release.Namespace }}/{{ .Release.Name }}.yaml"),
    );
    const reading = ["-e", name, "--offline", "--env", `CK8S_CONFIG_PATH=${config}`];
    const secrets = ["--secrets", "plain", "--show-secrets"];
    return [
      row(`${estate} ${name}: inventory --list, helmfile list`, tiphys(["inventory", "--list", ...reading]), list),
      row(`${estate} ${name}: first inventory, helmfile list`, tiphys(["inventory", ...reading], forget), list),
      row(`${estate} ${name}: inventory again, helmfile list`, tiphys(["inventory", ...reading]), list),
      row(
        `${estate} ${name}: values of all, helmfile write-values`,
        tiphys(["values", "--write-values", "--output-dir", target, ...reading, ...secrets, ...withoutValues]),
        writeValues,
      ),
    ];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Links that lie in the estate as text become links: the real helmfile does not read them otherwise. */
function restoreLinks(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) restoreLinks(path);
    else if (entry.isFile() && statSync(path).size < 256) {
      const target = readFileSync(path, "utf8");
      if (!/^\.\.?\/[\w./-]+$/.test(target) || !existsSync(join(folder, target))) continue;
      rmSync(path, { force: true });
      symlinkSync(target, path);
    }
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
