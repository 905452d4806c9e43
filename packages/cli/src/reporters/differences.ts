import type { FieldChange, ObjectDifference } from "@tiphys/estate";

/** A difference as lines that begin with `-`, `+` or a blank, with the places on both sides. Values of Secrets are hidden unless asked for. */
export function differenceLines(difference: ObjectDifference, showSecrets: boolean): string[] {
  switch (difference.kind) {
    case "missing":
      return [`- ${difference.key}  (only Helmfile has it: ${place(difference.left)})`];
    case "extra":
      return [`+ ${difference.key}  (only Argo CD has it: ${place(difference.right)})`];
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
  const cause = "cause" in change && change.cause !== undefined ? `  (${String(change.cause)})` : "";
  switch (change.kind) {
    case "added":
      return [`+   ${change.path}: ${value(change.right)}${cause}`];
    case "removed":
      return [`-   ${change.path}: ${value(change.left)}${cause}`];
    case "changed":
      return [`-   ${change.path}: ${value(change.left)}`, `+   ${change.path}: ${value(change.right)}${cause}`];
    case "reordered":
      return [`-   ${change.path}: order ${value(change.left)}`, `+   ${change.path}: order ${value(change.right)}`];
  }
}

function shortJson(data: unknown): string {
  const text = JSON.stringify(data);
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}

function place(origin: { readonly file: string; readonly line?: number }): string {
  return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
}
