import { unknownName } from "../unknown-name.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fromByteString } from "@tiphys/gotemplate";
import { effectiveValues, matchesLabels, withheldPlaces, writtenValues } from "@tiphys/helmfile";
import type { EffectiveValues, HelmfileRelease, ReleaseAnswer, WrittenValues } from "@tiphys/helmfile";
import { toPlain, writeYamlV3 } from "@tiphys/source";
import type { Diagnostic } from "@tiphys/source";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import type { OneEnvironment } from "../helmfile-reading.ts";
import { openEnvironment } from "../helmfile-reading.ts";
import { addWorkspaceOptions, workspaceOptions } from "../options.ts";
import { otherHelmfiles } from "../other-helmfiles.ts";
import { addHelmfileOptions } from "../helmfile-flags.ts";
import { hasErrors, reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat, yamlText } from "../reporters/structured.ts";
import { withoutSecretLeaves } from "../secret-leaves.ts";
import { addSecretsOptions, hidesSecrets, maskSecrets } from "../secrets.ts";
import { parseUserSelector } from "../select-releases.ts";
import { leafOrigins, originsText } from "../value-origins.ts";
import { withheldFaults } from "../withheld-faults.ts";

/** `tiphys values [RELEASE] -e ENV`: the values that Helm gets from helmfile, all layers and `set`s merged. */
export const command: CommandModule = {
  configure(command) {
    addSecretsOptions(
      addHelmfileOptions(
        addWorkspaceOptions(command.argument("[release]", "name, or namespace/name"), ["yaml", "json"]),
      ),
    )
      .option(
        "--origins",
        "for each leaf: the layer, file and line that set it, what a template read for it, and the layers that it overrode",
      )
      .option("--write-values", "helmfile's own merge, as helmfile write-values writes it: without set, nulls kept")
      .option(
        "--output-dir <folder>",
        "write a file for each installed release that -l selects, as <namespace>/<release>.yaml, instead of printing one",
      )
      .addHelpText(
        "after",
        `
A release that the root helmfile does not reach is looked for in the workspace's other helmfiles.

--origins names, for each value that is no map with something in it:
  the place  file, line and column where it is written, in a .gotmpl file those of the template; an encrypted file has no lines,
             a --state-values-set no file
  reads      every value that the template read for it, with the entry of the environments that won; of a map or list that is read
             as a whole, where it begins. -o json goes on through the templates that made that entry
  if         every value that the if, with and range around it read
  over       every lower layer that says something of the same value, or of a map or list that it stands in, lowest first
Without the winner the last of these would be what Helm gets. What the chart's own values.yaml says lies below all of them.`,
      );
  },
  run: showValues,
};

type Format = "yaml" | "json";

async function showValues(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["yaml", "json"]);
  assertWhat(run);
  const opened = openEnvironment(run, options);
  if (run.arguments.length === 0) return writeAll(run, opened, format);
  const release = findRelease(run, opened);
  const withheld = withheldOf(release);
  reportDiagnostics([...release.diagnostics, ...withheld, ...opened.workspace.diagnostics], io, opened.workspace.tree);
  io.stdout.write(valuesText(run, answered(valuesOf(run, release)), format));
  return hasErrors([...release.diagnostics, ...withheld]) ? 2 : 0;
}

/** One release to print, or a folder for all. */
function assertWhat({ arguments: [release], options }: CommandRun): void {
  const isFolder = options["outputDir"] !== undefined;
  if (release === undefined && !isFolder)
    throw new UserError("error: name a release, or --output-dir for the values of all");
  if (release !== undefined && isFolder)
    throw new UserError("error: --output-dir is for all releases; take -l to select some of them");
  if (isFolder && options["origins"] === true) throw new UserError("error: --origins prints one release: name it");
}

/** Writes the values of all that is installed. A release whose values cannot be read hides no other. */
function writeAll(run: CommandRun, { reading, workspace }: OneEnvironment, format: Format): number {
  const { selectors } = workspaceOptions(run);
  const filters = selectors.map(parseUserSelector);
  const chosen = reading.releases.filter(
    ({ enabled, installed, labels }) =>
      enabled && installed && (filters.length === 0 || filters.some((filter) => matchesLabels(filter, labels))),
  );
  if (chosen.length === 0 && filters.length > 0)
    throw new UserError(`error: no release matches ${selectors.join(" or ")}`);
  const paths = new Set<string>();
  const diagnostics = [
    ...reading.diagnostics,
    ...workspace.diagnostics,
    ...reading.releases.flatMap(({ conditionFaults }) => conditionFaults),
  ];
  // All are read before the first is shown: what is secret in one is secret in the others.
  const read = chosen.flatMap((release) => {
    const path = `${fileName(release.namespace === "" ? "default" : release.namespace)}/${fileName(release.name)}.${format}`;
    if (paths.has(path))
      run.io.stderr.write(`two releases are ${path}: the later one stays, as with helmfile write-values\n`);
    paths.add(path);
    const answer = valuesOf(run, release);
    if (answer.kind === "failed") diagnostics.push(answer.diagnostic);
    diagnostics.push(...withheldOf(release));
    return answer.kind === "value" ? [{ path, values: answer.value }] : [];
  });
  const target = resolve(run.io.cwd, String(run.options["outputDir"]));
  for (const { path, values } of read) {
    const file = join(target, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, valuesText(run, values, format));
  }
  reportDiagnostics(diagnostics, run.io, workspace.tree);
  run.io.stderr.write(`wrote ${new Set(read.map(({ path }) => path)).size} files below ${target}\n`);
  return hasErrors(diagnostics) ? 2 : 0;
}

/** A name that stays in its folder. Throws `UserError`. */
function fileName(name: string): string {
  if (!/^\.*$|[\\/\0]/.test(name)) return name;
  throw new UserError(`error: no file can be named after ${JSON.stringify(name)}; take -l to leave it out`);
}

function valuesOf(run: CommandRun, release: HelmfileRelease): ReleaseAnswer<EffectiveValues | WrittenValues> {
  return run.options["writeValues"] === true ? writtenValues(release) : effectiveValues(release);
}

function withheldOf(release: HelmfileRelease): Diagnostic[] {
  const { name, origin } = release;
  return withheldFaults({ name, origin, withheld: withheldPlaces(release) }, { marksSecrets: true });
}

function valuesText(run: CommandRun, read: EffectiveValues | WrittenValues, format: Format): string {
  if (run.options["origins"] === true) {
    const origins = maskSecrets(run, leafOrigins(withoutSecretLeaves(run, read).leaves));
    return format === "json" ? jsonText(origins) : originsText(origins);
  }
  const { values } = withoutSecretLeaves(run, read);
  if (format === "json") return jsonText(maskSecrets(run, toPlain(values)));
  if (hidesSecrets(run)) return yamlText(maskSecrets(run, toPlain(values)));
  if ("text" in read) return fromByteString(read.text);
  return values.size === 0 ? "{}\n" : fromByteString(writeYamlV3(values));
}

function answered<T>(answer: ReleaseAnswer<T>): T {
  if (answer.kind === "value") return answer.value;
  throw new UserError(`error: ${answer.diagnostic.message}`);
}

function findRelease(run: CommandRun, opened: OneEnvironment): HelmfileRelease {
  const wanted = run.arguments[0] ?? "";
  const { reading, environment, workspace } = opened;
  const isWanted = ({ name, namespace }: HelmfileRelease): boolean =>
    name === wanted || `${namespace}/${name}` === wanted;
  const candidates = reading.releases.filter(isWanted);
  if (candidates.length > 1) {
    throw new UserError(
      `error: ${candidates.length} releases are named "${wanted}"; say which: ${candidates.map(({ name, namespace }) => `${namespace}/${name}`).join(", ")}`,
    );
  }
  const release = candidates[0] ?? otherHelmfiles(run, opened).find(isWanted);
  if (release !== undefined) return release;
  reportDiagnostics(reading.diagnostics, run.io, workspace.tree);
  const known = reading.releases.map(({ name, namespace }) => (wanted.includes("/") ? `${namespace}/${name}` : name));
  throw unknownName(`release in ${environment.name} named`, wanted, known);
}
