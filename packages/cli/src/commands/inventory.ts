import { matchesLabels } from "@tiphys/helmfile";
import type { HelmfileRelease } from "@tiphys/helmfile";
import type { PivotView, ReleaseDecision } from "@tiphys/pivot";
import { decide, groupReasonTexts, layerNames, reasonText } from "@tiphys/pivot";
import { seededRandomForSigns } from "../charts/seeded-keys.ts";
import type { CommandModule, CommandRun } from "../command.ts";
import { openEnvironments } from "../helmfile-reading.ts";
import type { WorkspaceCommandOptions } from "../options.ts";
import { addWorkspaceOptions, workspaceOptions } from "../options.ts";
import type { PivotWorkspace } from "../pivot-workspace.ts";
import { addHelmfileOptions } from "../helmfile-flags.ts";
import { openPivot } from "../pivot-workspace.ts";
import { hasErrors, reportDiagnostics } from "../reporters/diagnostics.ts";
import { jsonText, outputFormat, yamlText } from "../reporters/structured.ts";
import { markdownTable, textTable } from "../reporters/table.ts";
import { renderingMemory } from "../rendering-memory.ts";
import { addSecretsOptions, maskSecrets } from "../secrets.ts";
import { parseUserSelector, selectReleases } from "../select-releases.ts";

/** `tiphys inventory`: every release in every environment, its class and why. */
export const command: CommandModule = {
  configure(command) {
    addSecretsOptions(addHelmfileOptions(addWorkspaceOptions(command, ["table", "json", "yaml", "markdown"])))
      .option(
        "--list",
        "only what the helmfiles say, as helmfile list: no charts are looked at, no other environments, no values; no class, wave or reasons",
      )
      .addHelpText(
        "after",
        "\nReason codes are explained in docs/reasons.md. Exit code 2 when a helmfile cannot be read; the others are listed all the same.",
      );
  },
  run: takeInventory,
};

type Format = "table" | "json" | "yaml" | "markdown";

async function takeInventory(run: CommandRun): Promise<number> {
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["table", "json", "yaml", "markdown"]);
  if (run.options["list"] === true) return listReleases(run, options, format);
  const memory = renderingMemory(run.io);
  const pivot = await openPivot(run, options, {
    random: seededRandomForSigns,
    ...(memory === undefined ? {} : { memory }),
  });
  const view = decide(pivot);
  memory?.save();
  const rows = inventoryRows(pivot, view, options.selectors);
  const diagnostics = [
    ...pivot.diagnostics,
    ...view.diagnostics,
    ...view.decisions.flatMap(({ classification }) =>
      classification.release.occurrences.flatMap((occurrence) =>
        occurrence.installed && occurrence.enabled ? occurrence.diagnostics : [],
      ),
    ),
  ];
  reportDiagnostics(diagnostics, run.io, pivot.tree);
  sayNothingMatches(run, options, rows);
  run.io.stdout.write(print(maskSecrets(run, rows), format));
  return pivot.inventory.diagnostics.some((diagnostic) => diagnostic.severity === "error") ? 2 : 0;
}

interface ListedRow {
  readonly environment: string;
  readonly layer: string;
  readonly name: string;
  readonly namespace: string;
  readonly enabled: boolean;
  readonly installed: boolean;
  readonly labels: ReadonlyMap<string, string>;
  readonly chart: string;
  readonly version: string;
  readonly needs: readonly string[];
  readonly file: string;
}

/** `--list`: the releases of the environments asked for, as the helmfiles have them. */
function listReleases(run: CommandRun, options: WorkspaceCommandOptions, format: Format): number {
  const filters = options.selectors.map(parseUserSelector);
  const opened = openEnvironments(run, options);
  const layerOf = layerNames(opened.flatMap(({ reading }) => [...reading.files, ...reading.skippedFiles]));
  const rows = opened.flatMap(({ environment, reading }) =>
    reading.releases
      .filter(({ labels }) => filters.length === 0 || filters.some((filter) => matchesLabels(filter, labels)))
      .map((release) => listedRow(release, { environment: environment.name, layer: layerOf(release.file) })),
  );
  const diagnostics = opened.flatMap(({ reading }) => [
    ...reading.diagnostics,
    ...reading.releases.flatMap(({ conditionFaults }) => conditionFaults),
  ]);
  const { tree, diagnostics: faults } = opened[0]!.workspace;
  reportDiagnostics([...faults, ...diagnostics], run.io, tree);
  sayNothingMatches(run, options, rows);
  run.io.stdout.write(printListed(maskSecrets(run, rows), format));
  return hasErrors(diagnostics) ? 2 : 0;
}

function listedRow(release: HelmfileRelease, at: Pick<ListedRow, "environment" | "layer">): ListedRow {
  const { name, namespace, enabled, installed, labels, chart, version, needs, file } = release;
  return { ...at, name, namespace, enabled, installed, labels, chart, version, needs, file };
}

function printListed(rows: readonly ListedRow[], format: Format): string {
  if (format === "json") return jsonText(rows);
  if (format === "yaml") return yamlText(rows);
  const headings = ["ENVIRONMENT", "LAYER", "RELEASE", "NAMESPACE", "CHART", "VERSION", "ENABLED", "INSTALLED"];
  const cells = rows.map((row) => [
    row.environment,
    row.layer,
    row.name,
    row.namespace === "" ? "-" : row.namespace,
    row.chart,
    row.version === "" ? "-" : row.version,
    row.enabled ? "yes" : "no",
    row.installed ? "yes" : "no",
  ]);
  return format === "markdown" ? markdownTable(headings, cells) : textTable(headings, cells);
}

function sayNothingMatches(run: CommandRun, { selectors }: WorkspaceCommandOptions, rows: readonly unknown[]): void {
  if (rows.length === 0 && selectors.length > 0) run.io.stderr.write(`no release matches ${selectors.join(" or ")}\n`);
}

interface InventoryRow extends ListedRow {
  readonly hooks: readonly string[];
  readonly values: readonly string[];
  readonly class: string;
  readonly tier: string;
  readonly wave: string;
  readonly component: string;
  readonly reasons: readonly string[];
  readonly blockers: readonly string[];
}

function inventoryRows(pivot: PivotWorkspace, view: PivotView, selectors: readonly string[]): InventoryRow[] {
  const selected = new Set(pivot.selected.map(({ name }) => name));
  return selectReleases(view.decisions, selectors).flatMap((decision) => rowsOf(decision, selected));
}

function rowsOf(
  { classification, tier, wave, component }: ReleaseDecision,
  selected: ReadonlySet<string>,
): InventoryRow[] {
  const { release } = classification;
  return release.occurrences
    .filter((occurrence) => selected.has(occurrence.environment))
    .map((occurrence) => ({
      environment: occurrence.environment,
      layer: release.layer,
      name: release.name,
      namespace: release.namespace,
      enabled: occurrence.enabled,
      installed: occurrence.installed,
      labels: occurrence.labels,
      chart: occurrence.chart,
      version: occurrence.version,
      needs: occurrence.needs,
      hooks: occurrence.hooks,
      values: occurrence.valueFiles,
      file: occurrence.origin.file,
      class: classification.class,
      tier: tier.name,
      wave,
      component,
      reasons: classification.reasons.map(reasonText),
      blockers: classification.blockers.map(reasonText),
    }));
}

function print(rows: readonly InventoryRow[], format: Format): string {
  if (format === "json") return jsonText(rows);
  if (format === "yaml") return yamlText(rows);
  const headings = [
    "ENVIRONMENT",
    "LAYER",
    "RELEASE",
    "NAMESPACE",
    "CHART",
    "VERSION",
    "INSTALLED",
    "CLASS",
    "WAVE",
    "WHY",
  ];
  const cells = rows.map((row) => [
    row.environment,
    row.layer,
    row.name,
    row.namespace === "" ? "-" : row.namespace,
    row.chart,
    row.version === "" ? "-" : row.version,
    row.enabled && row.installed ? "yes" : "no",
    row.class,
    row.class === "stays" ? "-" : row.wave,
    (row.blockers.length > 0
      ? groupReasonTexts(row.blockers).map((code) => `!${code}`)
      : groupReasonTexts(row.reasons)
    ).join(" ") || "-",
  ]);
  return format === "markdown" ? markdownTable(headings, cells) : textTable(headings, cells);
}
