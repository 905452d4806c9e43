import type { ExpandedApplication, ObjectDifference, RenderedArgoApplication } from "@tiphys/estate";
import { compareObjects, compareValues } from "@tiphys/estate";
import type { DiffResult } from "@tiphys/argocd";
import { normalizeAndDiff, objectRole } from "@tiphys/argocd";
import type { GoValue } from "@tiphys/gotemplate";
import { fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic, FileTree, Origin } from "@tiphys/source";
import { fromPlain, toPlain } from "@tiphys/source";
import { addArgocdOptions, openArgocdSides } from "../argocd-sides.ts";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import { readArgocdCm } from "../health/argocd-cm.ts";
import type { ReadObject } from "../health/read-objects.ts";
import { readObjectFiles } from "../health/read-objects.ts";
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
      .option("--argocd-cm <file>", "with --live: ConfigMap argocd-cm with ignore rules and customizations")
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
  const diagnostics: Diagnostic[] = [];
  const head = renderSide(run, options, diagnostics);
  const differences =
    live === undefined
      ? againstBase(head, renderSide(run, { ...options, ref: String(base) }, diagnostics))
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
  readonly tree: FileTree;
  /** The place of a field of an Application, as near as it is known. */
  readonly placeOf: (application: ExpandedApplication, field: readonly (string | number)[]) => Origin;
}

function renderSide(run: CommandRun, options: WorkspaceCommandOptions, diagnostics: Diagnostic[]): Side {
  const { sides, workspace, diagnostics: faults } = openArgocdSides(run, options);
  diagnostics.push(...faults);
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
    tree: workspace.tree,
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

const trackingId = "argocd.argoproj.io/tracking-id";

/** As Argo CD's client-side diff: normalised, ignore rules applied, three-way where the last applied state is known. */
function againstLive(
  run: CommandRun,
  head: Side,
  live: readonly ReadObject[],
  diagnostics: Diagnostic[],
): ApplicationDifference[] {
  const file = run.options["argocdCm"];
  const argocdCm = file === undefined ? undefined : readArgocdCm(run.io, String(file)).value;
  const liveByKey = new Map(live.map((object) => [keyOf(object.value), object]));
  const wanted = new Set<string>();
  const differences: ApplicationDifference[] = [];
  for (const { application, objects } of head.applications.values()) {
    const ignoreDifferences = ignoreRules(application);
    for (const object of objects) {
      if (object.helmHooks.length > 0) continue;
      const key = object.key;
      wanted.add(key);
      const found = liveByKey.get(key);
      const result = normalizeAndDiff({
        live: found?.value,
        target: fromPlain(object.value) as Map<string, GoValue>,
        ignoreDifferences,
        argocdCm,
      });
      diagnostics.push(
        ...ruleFaults(`${application.name}: ${key}`, result, (from) =>
          head.placeOf(application, from === undefined ? ["spec", "ignoreDifferences"] : fieldPath(from)),
        ),
      );
      if (!result.modified) continue;
      differences.push({
        environment: application.environment,
        application: application.name,
        difference: describe(key, { found, object: object.origin.file, result }),
      });
    }
  }
  for (const [key, object] of liveByKey) {
    const owner = ownerOf(object.value);
    if (owner === undefined || wanted.has(key) || isHook(object.value)) continue;
    const application = [...head.applications.values()].find((candidate) => candidate.application.name === owner);
    if (application !== undefined) {
      differences.push({
        environment: application.application.environment,
        application: owner,
        difference: { kind: "missing", key, left: object.origin },
      });
    }
  }
  return differences;
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

interface LiveComparison {
  readonly found: ReadObject | undefined;
  readonly object: string;
  readonly result: ReturnType<typeof normalizeAndDiff>;
}

function describe(key: string, { found, object, result }: LiveComparison): ObjectDifference {
  if (found === undefined || result.diff === undefined) return { kind: "extra", key, right: { file: object } };
  const changes = compareValues(toPlain(result.diff.live ?? null), toPlain(result.diff.predicted ?? null));
  return { kind: "changed", key, left: found.origin, right: { file: object }, changes };
}

function ignoreRules(application: ExpandedApplication): readonly GoValue[] {
  const spec = application.application.get("spec");
  const rules = spec instanceof Map ? spec.get("ignoreDifferences") : undefined;
  return Array.isArray(rules) ? rules : [];
}

function keyOf(object: Map<string, GoValue>): string {
  const text = (value: GoValue | undefined): string => (typeof value === "string" ? fromByteString(value) : "");
  const metadata = object.get("metadata");
  const apiVersion = text(object.get("apiVersion"));
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const field = (name: string): string => (metadata instanceof Map ? text(metadata.get(name)) : "");
  return `${group}/${text(object.get("kind"))}/${field("namespace")}/${field("name")}`;
}

function isHook(object: Map<string, GoValue>): boolean {
  const role = objectRole(object);
  return role.hook.length > 0 || role.ignored || role.skipped;
}

/** The Application in the object's tracking annotation. */
function ownerOf(object: Map<string, GoValue>): string | undefined {
  const metadata = object.get("metadata");
  const annotations = metadata instanceof Map ? metadata.get("annotations") : undefined;
  const id = annotations instanceof Map ? annotations.get(trackingId) : undefined;
  return typeof id === "string" ? fromByteString(id).split(":")[0] : undefined;
}
