import { assertKnown } from "../unknown-name.ts";
import type { ExpandedApplication, ObjectDifference, RenderedArgoApplication } from "@tiphys/estate";
import { compareObjects, compareValues } from "@tiphys/estate";
import type { DiffResult } from "@tiphys/argocd";
import {
  hasSyncOption,
  ignoresExtraneous,
  isPrunedBySync,
  normalizeAndDiff,
  serverSideDiffReason,
  syncChange,
} from "@tiphys/argocd";
import type { GoValue } from "@tiphys/gotemplate";
import { fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic, FileTree, Origin } from "@tiphys/source";
import { toPlain } from "@tiphys/source";
import type { ArgocdSides } from "../argocd-sides.ts";
import { addArgocdOptions, applicationNames, openArgocdSides } from "../argocd-sides.ts";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import type { ReadObject } from "../health/read-objects.ts";
import { readObjectFiles } from "../health/read-objects.ts";
import type { LivePair } from "../live-pairs.ts";
import { compareWithLive, liveSettings } from "../live-pairs.ts";
import type { WorkspaceCommandOptions } from "../options.ts";
import { workspaceOptions } from "../options.ts";
import type { Sides } from "../reporters/differences.ts";
import { differenceLines } from "../reporters/differences.ts";
import { hasErrors, reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat } from "../reporters/structured.ts";

/** `tiphys diff`: what a sync would change: against live objects in a folder, or against another Git revision. */
export const command: CommandModule = {
  configure(command) {
    addArgocdOptions(command.argument("[names...]", "only these Applications"), ["text", "json"])
      .option("--live <folder>", "manifests of live objects (kubectl get -o yaml), compared as Argo CD compares them")
      .option("--base <revision>", "Git revision to compare with: what changes from there to here")
      .option("--sync", "with --live: what a sync would write, fields included that the ignore rules hide")
      .option("--show-secrets", "show the values of Secrets")
      .option("--detailed-exitcode", "exit with 2 for changes and 1 for errors, as helm-diff does")
      .addHelpText("after", "\nExit code 0: no difference; 1: differences; 2: errors.");
  },
  run: async (run) => {
    const code = await diff(run);
    return run.options["detailedExitcode"] === true && code > 0 ? 3 - code : code;
  },
};

/** One object that differs, of one Application. */
interface ApplicationDifference {
  readonly environment: string;
  readonly application: string;
  readonly difference: ObjectDifference;
}

async function diff(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["text", "json"]);
  const live = run.options["live"];
  const base = run.options["base"];
  if ((live === undefined) === (base === undefined))
    throw new UserError("error: give either --live FOLDER or --base REVISION");
  if (run.options["sync"] === true && live === undefined) throw new UserError("error: --sync needs --live FOLDER");
  const diagnostics: Diagnostic[] = [];
  const head = renderSide(run, options, diagnostics);
  const before = live === undefined ? renderSide(run, { ...options, ref: String(base) }, diagnostics) : undefined;
  if (!hasErrors(diagnostics)) assertKnown("Application", run.arguments, [...head.known, ...(before?.known ?? [])]);
  const differences =
    before !== undefined
      ? againstBase(head, before)
      : againstLive(run, head, readObjectFiles(io, String(live)), diagnostics);
  reportDiagnostics(diagnostics, io, head.tree);
  const showSecrets = run.options["showSecrets"] === true;
  const sides: Sides =
    live === undefined
      ? { left: String(base), right: options.ref ?? "the work tree" }
      : { left: "the cluster", right: "the desired state" };
  if (format === "json") {
    io.stdout.write(
      jsonText(
        differences.map(({ difference, ...rest }) => ({
          ...rest,
          kind: difference.kind,
          key: difference.key,
          lines: differenceLines(difference, showSecrets, sides),
        })),
      ),
    );
  } else if (differences.length > 0 || !hasErrors(diagnostics)) {
    io.stdout.write(print(differences, showSecrets, sides));
  }
  if (hasErrors(diagnostics)) return 2;
  return differences.length > 0 ? 1 : 0;
}

function print(differences: readonly ApplicationDifference[], showSecrets: boolean, sides: Sides): string {
  if (differences.length === 0) return "no differences\n";
  let text = "";
  let heading = "";
  for (const { environment, application, difference } of differences) {
    const title = `${environment} ${application}`;
    if (title !== heading) text += `${heading === "" ? "" : "\n"}===== ${title}\n`;
    heading = title;
    text += differenceLines(difference, showSecrets, sides)
      .map((line) => `${line}\n`)
      .join("");
  }
  return text;
}

interface Side {
  readonly applications: ReadonlyMap<string, RenderedArgoApplication>;
  /** Names of all Applications, also of those that were not asked for. */
  readonly known: readonly string[];
  readonly tree: FileTree;
  /** The place of a field of an Application, as near as it is known. */
  readonly settings: ArgocdSides["settings"];
  readonly placeOf: (application: ExpandedApplication, field: readonly (string | number)[]) => Origin;
}

function renderSide(run: CommandRun, options: WorkspaceCommandOptions, diagnostics: Diagnostic[]): Side {
  const { sides, workspace, settings, diagnostics: faults } = openArgocdSides(run, options);
  diagnostics.push(...faults);
  const known = applicationNames(sides);
  const applications = new Map<string, RenderedArgoApplication>();
  for (const { environment, side, applications: selected } of sides) {
    for (const application of selected) {
      if (run.arguments.length > 0 && !run.arguments.includes(application.name)) continue;
      const rendered = side.render(application);
      diagnostics.push(...rendered.diagnostics);
      applications.set(`${environment.name}\0${application.name}`, rendered);
    }
  }
  return {
    applications,
    known,
    tree: workspace.tree,
    settings,
    placeOf: (application, field) =>
      sides.find(({ environment }) => environment.name === application.environment)?.side.placeOf(application, field) ??
      application.origin,
  };
}

/** Object by object, Application by Application; an Application that only one side has counts with all its objects. */
function againstBase(head: Side, base: Side): ApplicationDifference[] {
  const keys = [...new Set([...base.applications.keys(), ...head.applications.keys()])].toSorted();
  return keys.flatMap((key) => {
    const [environment = "", application = ""] = key.split("\0");
    const left = base.applications.get(key)?.objects ?? [];
    const right = head.applications.get(key)?.objects ?? [];
    return compareObjects(left, right, []).differences.map((difference) => ({ environment, application, difference }));
  });
}

/**
 * As Argo CD's client-side diff: normalised, ignore rules applied, three-way where the last applied state is known. With `--sync`
 * what a sync would write.
 */
function againstLive(
  run: CommandRun,
  head: Side,
  live: readonly ReadObject[],
  diagnostics: Diagnostic[],
): ApplicationDifference[] {
  const [argocdCm, controller] = [head.settings?.value, liveSettings(head.settings)];
  const places = new Map(live.map((object) => [object.value, object.origin]));
  const differences: ApplicationDifference[] = [];
  for (const rendered of head.applications.values()) {
    const { application } = rendered;
    const managed = compareWithLive(rendered, [...places.keys()], controller);
    diagnostics.push(...managed.diagnostics, ...serverSideDiff(application));
    for (const pair of managed.pairs) {
      const comparison = compare(application, pair, { argocdCm, sync: run.options["sync"] === true });
      diagnostics.push(
        ...ruleFaults(`${application.name}: ${pair.key}`, comparison.result, (from) =>
          head.placeOf(application, from === undefined ? ["spec", "ignoreDifferences"] : fieldPath(from)),
        ),
      );
      if (!comparison.differs) continue;
      const left = pair.live === undefined ? undefined : places.get(pair.live);
      differences.push({
        environment: application.environment,
        application: application.name,
        difference: describe(pair, left, comparison.result),
      });
    }
  }
  return differences;
}

/** What only an API server can tell. */
function serverSideDiff({ name, application, origin }: ExpandedApplication): Diagnostic[] {
  const reason = serverSideDiffReason(application);
  if (reason === undefined) return [];
  const message = `${name}: Argo CD has the API server compare its objects (${reason}); here they are compared as without`;
  return [{ code: "server-side-diff", severity: "warning", message, origin }];
}

interface CompareOptions {
  readonly argocdCm: Map<string, GoValue> | undefined;
  readonly sync: boolean;
}

interface Comparison {
  readonly differs: boolean;
  readonly result: DiffResult;
}

function compare({ application }: ExpandedApplication, pair: LivePair, { argocdCm, sync }: CompareOptions): Comparison {
  const { live, target } = pair;
  if (target === undefined) {
    const differs = live !== undefined && (sync ? isPrunedBySync(application, live) : !ignoresExtraneous(live));
    return { differs, result: { modified: false, warnings: [] } };
  }
  const request = { live, target, ignoreDifferences: ignoreRules(application), argocdCm };
  const compared = normalizeAndDiff(request);
  const isLeftAlone = !compared.modified && hasSyncOption(application, "ApplyOutOfSyncOnly=true");
  const result =
    sync && !isLeftAlone ? syncChange(request, hasSyncOption(application, "RespectIgnoreDifferences=true")) : compared;
  return { differs: result.modified, result };
}

/** `spec.ignoreDifferences[0]` as keys and indexes. */
function fieldPath(field: string): (string | number)[] {
  return [...field.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map((step) => (step[1] === undefined ? step[0] : Number(step[1])));
}

/** What is wrong with ignore rules: one that does not parse ends the comparison, one that fails is left out. */
function ruleFaults(
  object: string,
  { error, notKnown, warnings }: DiffResult,
  placeOf: (from?: string) => Origin,
): Diagnostic[] {
  const faults: Diagnostic[] = warnings.map(({ from, expression, message }) => ({
    code: "ignore-rule-failed",
    severity: "warning",
    message: `${object}: ${from}: ${fromByteString(expression)}: ${fromByteString(message)}`,
    origin: placeOf(from),
    fix: "correct the expression; Argo CD compares without it",
  }));
  if (error !== undefined) {
    faults.push({
      code: "comparison-failed",
      severity: "error",
      message: `${object}: ${fromByteString(error)}`,
      origin: placeOf(),
      fix: "correct the ignore rules; until then Argo CD cannot compare the Application and calls it Unknown",
    });
  }
  if (notKnown !== undefined) {
    const message = `${object}: ${notKnown}`;
    faults.push({ code: "comparison-unsupported", severity: "error", message, origin: placeOf() });
  }
  return faults;
}

function describe(
  { key, live, target, file }: LivePair,
  left: Origin | undefined,
  result: DiffResult,
): ObjectDifference {
  if (target === undefined) return { kind: "missing", key, left: left ?? { file } };
  if (live === undefined || left === undefined || result.diff === undefined)
    return { kind: "extra", key, right: { file } };
  const changes = compareValues(toPlain(result.diff.live ?? null), toPlain(result.diff.predicted ?? null));
  return { kind: "changed", key, left, right: { file }, changes };
}

function ignoreRules(application: Map<string, GoValue>): readonly GoValue[] {
  const spec = application.get("spec");
  const rules = spec instanceof Map ? spec.get("ignoreDifferences") : undefined;
  return Array.isArray(rules) ? rules : [];
}
