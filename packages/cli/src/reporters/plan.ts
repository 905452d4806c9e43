import type { Classification, FoundReason, MigrationPlan, PlannedMove } from "@tiphys/pivot";
import { externalSecretSkeleton, hookAdvice, reasons, reasonText, reasonTexts } from "@tiphys/pivot";
import type { FileTree } from "@tiphys/source";
import { formatOrigin } from "@tiphys/source";
import { jsonText } from "./structured.ts";
import { markdownTable, textTable } from "./table.ts";

/** A plan of the move: a table, data, or a document to review. */
export function printPlan(plan: MigrationPlan, format: "text" | "json" | "markdown", tree: FileTree): string {
  if (format === "json") return jsonText(planData(plan));
  return format === "markdown" ? markdownPlan(plan, tree) : textPlan(plan);
}

function planData(plan: MigrationPlan): unknown {
  return {
    moves: plan.moves.map((move) => ({
      release: move.classification.release.id,
      class: move.classification.class,
      component: move.component,
      tier: move.tier.name,
      wave: move.wave,
      reasons: move.classification.reasons.map(reasonText),
      blockers: move.classification.blockers.map(reasonText),
      companions: move.companions.map(({ name, kind, wave }) => ({ name, kind, wave })),
      environments: move.environments,
      files: move.files.map(({ path }) => path),
    })),
    files: plan.files.map(({ path, content, purpose, release }) => ({
      path,
      action: content === undefined ? "delete" : "write",
      purpose,
      release,
    })),
  };
}

function environmentsOf({ environments }: PlannedMove): string {
  return environments.map(({ environment, parked }) => (parked ? `${environment} (parked)` : environment)).join(", ");
}

function changedFiles({ files }: MigrationPlan): string {
  return files.map(({ path, content }) => `${content === undefined ? "-" : "+"} ${path}\n`).join("");
}

function textPlan(plan: MigrationPlan): string {
  const rows = plan.moves.map((move) => {
    const { release, class: becomes, blockers } = move.classification;
    const where = environmentsOf(move);
    return [
      release.id,
      becomes,
      becomes === "stays" ? "-" : move.component,
      becomes === "stays" ? "-" : move.wave,
      where === "" ? "-" : where,
      reasonTexts(blockers)
        .map((code) => `!${code}`)
        .join(" "),
    ];
  });
  const changed = changedFiles(plan);
  return `${textTable(["RELEASE", "CLASS", "COMPONENT", "WAVE", "ENVIRONMENTS", "BLOCKED BY"], rows)}\n${changed === "" ? "nothing changes\n" : changed}`;
}

function markdownPlan(plan: MigrationPlan, tree: FileTree): string {
  const moving = plan.moves.filter((move) => move.classification.class !== "stays");
  const staying = plan.moves.filter((move) => move.classification.class === "stays");
  const seen: SeenHooks = new Map();
  const rows = moving.map((move) => [
    `\`${move.classification.release.id}\``,
    move.classification.class,
    [move, ...move.companions.map(({ name }) => ({ component: name }))]
      .map(({ component }) => `\`${component}\``)
      .join(", "),
    move.tier.name,
    [move, ...move.companions].map(({ wave }) => wave).join(", "),
    environmentsOf(move),
    reasonTexts(move.classification.reasons).join(", "),
  ]);
  const table = markdownTable(["Release", "Class", "Component", "Tier", "Wave", "Environments", "Why"], rows);
  return (
    `# Plan of the move\n\n${moving.length} of ${plan.moves.length} releases move, ${plan.files.length} files change.\n\n` +
    `## What moves\n\n${moving.length === 0 ? "Nothing.\n" : table}\n` +
    section("What becomes of it", codesOf(moving, ({ reasons: found }) => found).map(explained)) +
    section(
      "What stays",
      staying.map((move) => stayingRelease(move, tree, seen)),
    ) +
    section("What stops it", codesOf(staying, ({ blockers }) => blockers).map(explained)) +
    `## Files\n\n\`\`\`diff\n${changedFiles(plan)}\`\`\`\n`
  );
}

function section(title: string, entries: readonly string[]): string {
  return `## ${title}\n\n${entries.length === 0 ? "Nothing.\n" : entries.join("")}\n`;
}

function codesOf(
  moves: readonly PlannedMove[],
  found: (classification: Classification) => readonly FoundReason[],
): string[] {
  return [...new Set(moves.flatMap((move) => found(move.classification).map(({ code }) => code)))];
}

function explained(code: string): string {
  const reason = reasons.get(code);
  if (reason === undefined) return "";
  return `* **${code}**: ${reason.summary} ${reason.does}${reason.person === "" ? "" : ` *You: ${reason.person}*`}\n`;
}

/** Hooks that are explained already, by event and place, with the release at which they are: many releases inherit the same ones. */
type SeenHooks = Map<string, string>;

/** A release that stays, with what stops it here; what each code means stands below, once. */
function stayingRelease({ classification }: PlannedMove, tree: FileTree, seen: SeenHooks): string {
  const { release, blockers } = classification;
  const lines = [`* \`${release.id}\`: ${reasonTexts(blockers).join(", ") || "tiphys.yaml leaves it with Helmfile"}\n`];
  const isBlocked = (code: string): boolean => blockers.some((blocker) => blocker.code === code);
  for (const chart of classification.wanted) lines.push(`  * wanted: \`${chart}\`\n`);
  for (const line of withheldValues(classification, isBlocked)) lines.push(`  * ${line}\n`);
  if (isBlocked("helmfile-hook"))
    for (const { event, command, origin, advice, job } of hookAdvice(release)) {
      const place = formatOrigin(origin);
      const first = seen.get(`${event} ${place}`);
      if (first === undefined) seen.set(`${event} ${place}`, release.id);
      lines.push(`  * ${event}: \`${command}\` (${place}). ${first === undefined ? advice : `As at \`${first}\`.`}\n`);
      if (job !== "" && first === undefined) lines.push(fenced(job));
    }
  const skeleton = externalSecretSkeleton(release, tree);
  if (skeleton !== undefined)
    lines.push(`  * to fill in, and to be read by the chart instead of values:\n`, fenced(skeleton));
  return lines.join("");
}

const withheldWords: ReadonlyMap<string, string> = new Map([
  ["exec-in-values", "not run"],
  ["secret-reference", "not fetched"],
  ["remote-file", "not fetched"],
  ["sops-secrets", "not decrypted"],
]);

function withheldValues({ release }: Classification, isBlocked: (code: string) => boolean): string[] {
  const found = release.occurrences.flatMap(({ withheld }) =>
    withheld.flatMap(({ code, what, origin }) => {
      const word = isBlocked(code) ? withheldWords.get(code) : undefined;
      return word === undefined
        ? []
        : [`${word}: \`${what}\`${origin === undefined ? "" : ` (${formatOrigin(origin)})`}`];
    }),
  );
  return [...new Set(found)];
}

function fenced(yaml: string): string {
  return `\n${`\`\`\`yaml\n${yaml}\`\`\``.replaceAll(/^(?=.)/gm, "    ")}\n\n`;
}
