import { quoteGo } from "@tiphys/gotemplate";
import { SettingsError } from "./resource-overrides.ts";

type Labels = ReadonlyMap<string, string>;

const key = "([A-Za-z0-9./_-]+)";
const forms: readonly (readonly [RegExp, (match: RegExpExecArray, labels: Labels) => boolean])[] = [
  [new RegExp(`^!\\s*${key}$`), ([, name], labels) => !labels.has(name!)],
  [new RegExp(`^${key}$`), ([, name], labels) => labels.has(name!)],
  [new RegExp(`^${key}\\s*==?\\s*([A-Za-z0-9._-]*)$`), ([, name, value], labels) => labels.get(name!) === value],
  [new RegExp(`^${key}\\s*!=\\s*([A-Za-z0-9._-]*)$`), ([, name, value], labels) => labels.get(name!) !== value],
  [new RegExp(`^${key}\\s+in\\s*\\(([^()]*)\\)$`), ([, name, values], labels) => isOneOf(labels.get(name!), values!)],
  [
    new RegExp(`^${key}\\s+notin\\s*\\(([^()]*)\\)$`),
    ([, name, values], labels) => !isOneOf(labels.get(name!), values!),
  ],
  [new RegExp(`^${key}\\s*>\\s*(-?\\d+)$`), ([, name, value], labels) => integerOf(labels, name!) > Number(value)],
  [new RegExp(`^${key}\\s*<\\s*(-?\\d+)$`), ([, name, value], labels) => integerOf(labels, name!) < Number(value)],
];

function isOneOf(value: string | undefined, list: string): boolean {
  return value !== undefined && list.split(",").some((item) => item.trim() === value);
}

/** NaN for what is no number: it is neither more nor less. */
function integerOf(labels: Labels, name: string): number {
  const text = labels.get(name) ?? "";
  return /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
}

/**
 * A label selector in its text form, `a=b,!c,d in (e,f)`, as a predicate; `setting` is the key of argocd-cm that has it, for messages. Throws
 * `SettingsError`. Mirrors apimachinery v0.37.1 pkg/labels/selector.go, Parse.
 */
export function parseLabelSelector(text: string, setting: string): (labels: Labels) => boolean {
  const requirements = text
    .split(/,(?![^()]*\))/)
    .map((part) => part.trim())
    .map((part) => {
      for (const [pattern, holds] of forms) {
        const match = pattern.exec(part);
        if (match !== null) return (labels: Labels) => holds(match, labels);
      }
      throw new SettingsError(setting, `${setting}: ${quoteGo(text)} is no label selector`);
    });
  return (labels) => requirements.every((holds) => holds(labels));
}
