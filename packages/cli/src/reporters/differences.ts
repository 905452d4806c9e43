import type { Origin } from "@tiphys/source";
import { formatOrigin } from "@tiphys/source";
import type { ExplainedDifference, FieldCause, FieldChange, ObjectDifference, SideCause } from "@tiphys/estate";

/** What the two sides are called. */
export interface Sides {
  readonly left: string;
  readonly right: string;
}

const pivotSides: Sides = { left: "Helmfile", right: "Argo CD" };

/** An explained difference as lines: each change is followed by where its two sides come from. Values of Secrets are hidden unless asked for. */
export function explainedLines(
  { difference, causes }: ExplainedDifference,
  showSecrets: boolean,
  sides: Sides = pivotSides,
): string[] {
  const lines = differenceLines(
    { ...difference, ...(difference.kind === "changed" ? { changes: [] } : {}) } as ObjectDifference,
    showSecrets,
    sides,
  );
  if (difference.kind !== "changed") return [...lines, ...causes.flatMap((cause) => causeLines(cause, sides))];
  const hidden = !showSecrets && difference.key.startsWith("/Secret/");
  return [
    ...lines,
    ...difference.changes.flatMap((change, index) => [
      ...changeLines(change, hidden),
      ...(causes[index] === undefined ? [] : causeLines(causes[index], sides)),
    ]),
  ];
}

function causeLines(cause: FieldCause, sides: Sides): string[] {
  const line = (name: string, side: SideCause): string[] => {
    const values = side.values.map(({ path, origin }) => `${path} set at ${formatOrigin(withoutPath(origin))}`);
    const conditions = side.conditions.map(
      ({ path, origin }) => `if ${path} set at ${formatOrigin(withoutPath(origin))}`,
    );
    // What a field shows says more than what it stands under.
    const why = values.length > 0 ? values : conditions;
    const parts = [...(side.place === undefined ? [] : [formatOrigin(side.place)]), ...why];
    return parts.length === 0 ? [] : [`      ${name}: ${parts.join(", ")}`];
  };
  return [...line(sides.left, cause.left), ...line(sides.right, cause.right)];
}

/** A difference as lines that begin with `-`, `+` or a blank, with the places on both sides. Values of Secrets are hidden unless asked for. */
export function differenceLines(
  difference: ObjectDifference,
  showSecrets: boolean,
  sides: Sides = pivotSides,
): string[] {
  switch (difference.kind) {
    case "missing":
      return [`- ${difference.key}  (only ${sides.left} has it: ${place(difference.left)})`];
    case "extra":
      return [`+ ${difference.key}  (only ${sides.right} has it: ${place(difference.right)})`];
    case "changed": {
      const hidden = !showSecrets && difference.key.startsWith("/Secret/");
      return [
        `  ${difference.key}  (${place(difference.left)} | ${place(difference.right)})`,
        ...difference.changes.flatMap((change) => changeLines(change, hidden)),
      ];
    }
  }
}

function changeLines(change: FieldChange, hidden: boolean): string[] {
  const secret = hidden && /^(?:data|stringData)\b/.test(change.path);
  const value = (data: unknown): string => (secret ? "(hidden)" : shortJson(data));
  switch (change.kind) {
    case "added":
      return [`+   ${change.path}: ${value(change.right)}`];
    case "removed":
      return [`-   ${change.path}: ${value(change.left)}`];
    case "changed":
      if (!secret && typeof change.left === "string" && typeof change.right === "string" && change.left.includes("\n"))
        return textLines(change.path, change.left, change.right);
      return [`-   ${change.path}: ${value(change.left)}`, `+   ${change.path}: ${value(change.right)}`];
    case "reordered":
      return [`-   ${change.path}: order ${value(change.left)}`, `+   ${change.path}: order ${value(change.right)}`];
  }
}

/** Of long texts only the lines between their equal beginning and their equal end. */
function textLines(path: string, left: string, right: string): string[] {
  const [before, after] = [left.split("\n"), right.split("\n")];
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const shown = (lines: readonly string[], sign: string): string[] => {
    const part = lines.slice(start, lines.length - end);
    return [
      ...part.slice(0, 10).map((line, index) => `${sign}   ${path} line ${start + index + 1}: ${shortJson(line)}`),
      ...(part.length > 10 ? [`${sign}   … ${part.length - 10} more lines`] : []),
    ];
  };
  return [...shown(before, "-"), ...shown(after, "+")];
}

function shortJson(data: unknown): string {
  const text = JSON.stringify(data);
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}

/** The path stands before the place already, unless there is no line. */
function withoutPath({ path: _path, ...origin }: Origin): Origin {
  return origin;
}

function place(origin: { readonly file: string; readonly line?: number }): string {
  return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
}
