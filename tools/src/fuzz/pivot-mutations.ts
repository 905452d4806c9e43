import type { Random } from "./random.ts";

/** A change of one file; undefined: the file goes. */
export interface Mutation {
  readonly name: string;
  readonly path: string;
  readonly content: string | undefined;
}

interface Mutator {
  readonly name: string;
  /** Which files of the GitOps tree it works on. */
  readonly files: RegExp;
  /** The new text; undefined where the file has no place for it. */
  readonly change: (text: string, random: Random) => string | undefined | typeof removed;
}

const removed = Symbol("removed");

const values = /\/sources\/values\/.*\.yaml$/;
const templates = /\/sources\/charts\/.*\/templates\/[^_][^/]*\.yaml$/;
const manifests = /\/manifests\.yaml$/;
const component = /\/component\.yaml$/;

/** What people, scripts and bad merges do to a GitOps tree. Comments and the order of keys are the two that change nothing. */
const mutators: readonly Mutator[] = [
  {
    name: "value changed",
    files: new RegExp(`${values.source}|${manifests.source}`),
    change: (text, random) =>
      editLine(text, random, /^(\s*(?:- )?[\w.-]+: )([\w./:-]+)$/, (match) => `${match[1]}${changedScalar(match[2]!)}`),
  },
  {
    name: "value removed",
    files: values,
    change: (text, random) => editLine(text, random, /^\s+[\w.-]+: [\w./:"-]+$/, () => undefined),
  },
  {
    name: "default changed",
    files: /\/sources\/charts\/[^/]+\/[^/]+\/values\.yaml$/,
    change: (text, random) =>
      editLine(text, random, /^(\s*[\w.-]+: )([\w./:-]+)$/, (match) => `${match[1]}${changedScalar(match[2]!)}`),
  },
  { name: "template removed", files: templates, change: () => removed },
  { name: "object removed", files: manifests, change: removeDocument },
  {
    name: "label added",
    files: new RegExp(`${templates.source}|${manifests.source}`),
    change: (text, random) =>
      editLine(text, random, /^(\s*)labels:\s*$/, (match) => `${match[0]}\n${match[1]}  tiphys.dev/mutated: "yes"`),
  },
  {
    name: "annotation added",
    files: manifests,
    change: (text, random) =>
      editLine(text, random, /^metadata:$/, () => "metadata:\n  finalizers: [tiphys.dev/mutated]"),
  },
  {
    name: "hook dropped",
    files: new RegExp(`${templates.source}|${manifests.source}`),
    change: (text, random) => editLine(text, random, /^\s*"?helm\.sh\/hook"?: .*$/, () => undefined),
  },
  { name: "order changed", files: new RegExp(`${values.source}|${manifests.source}`), change: swapItems },
  {
    name: "namespace changed",
    files: component,
    change: (text, random) => editLine(text, random, /^namespace: (.*)$/, () => "namespace: elsewhere"),
  },
  {
    name: "chart version changed",
    files: component,
    change: (text, random) => editLine(text, random, /^( +version: ).*$/, (match) => `${match[1]}9.9.9`),
  },
  {
    name: "chart's own version changed",
    files: /\/sources\/charts\/.*\/Chart\.yaml$/,
    change: (text, random) => editLine(text, random, /^version: .*$/, () => "version: 9.9.9"),
  },
  {
    name: "release name changed",
    files: component,
    change: (text, random) => editLine(text, random, /^( +releaseName: ).*$/, (match) => `${match[1]}other`),
  },
  { name: "component removed", files: component, change: () => removed },
  {
    name: "CRDs skipped",
    files: component,
    change: (text, random) => editLine(text, random, /^chart:$/, () => "chart:\n  skipCrds: true"),
  },
  {
    name: "comment added",
    files: new RegExp(`${values.source}|${manifests.source}|${component.source}`),
    change: (text, random) => insertComment(text, random),
  },
  { name: "key order changed", files: new RegExp(`${values.source}|${component.source}`), change: reorderKeys },
];

/** A mutation of one of `files` (path → text), or undefined when the dice found no place. */
export function mutate(files: ReadonlyMap<string, string>, random: Random): Mutation | undefined {
  const mutator = random.pick(mutators);
  const candidates = [...files.keys()].filter((path) => mutator.files.test(path));
  if (candidates.length === 0) return undefined;
  // From a random one on, the first that has a place for it.
  const start = random.below(candidates.length);
  for (const path of [...candidates.slice(start), ...candidates.slice(0, start)]) {
    const changed = mutator.change(files.get(path)!, random);
    if (changed !== undefined && changed !== files.get(path))
      return { name: mutator.name, path, content: changed === removed ? undefined : changed };
  }
  return undefined;
}

/** One random line that matches, replaced; undefined as the new line takes it out. */
function editLine(
  text: string,
  random: Random,
  pattern: RegExp,
  edit: (match: RegExpExecArray) => string | undefined,
): string | undefined {
  const lines = text.split("\n");
  const places = lines.flatMap((line, index) => (pattern.test(line) ? [index] : []));
  if (places.length === 0) return undefined;
  const at = random.pick(places);
  const line = edit(pattern.exec(lines[at]!)!);
  return [...lines.slice(0, at), ...(line === undefined ? [] : [line]), ...lines.slice(at + 1)].join("\n");
}

function changedScalar(text: string): string {
  if (/^\d+$/.test(text)) return String(Number(text) + 1);
  if (text === "true") return "false";
  return text === "false" ? "true" : `${text}-changed`;
}

function removeDocument(text: string, random: Random): string | undefined {
  const documents = text.split(/^(?=---$)/m);
  if (documents.length < 3) return undefined;
  const at = 1 + random.below(documents.length - 1);
  return documents.filter((_document, index) => index !== at).join("");
}

/** Two neighbouring one-line items of a list change places. */
function swapItems(text: string, random: Random): string | undefined {
  const lines = text.split("\n");
  const item = /^(\s*)- [^:]+$/;
  const places = lines.flatMap((line, index) =>
    item.test(line) && item.exec(lines[index + 1] ?? "")?.[1] === item.exec(line)![1] ? [index] : [],
  );
  if (places.length === 0) return undefined;
  const at = random.pick(places);
  [lines[at], lines[at + 1]] = [lines[at + 1]!, lines[at]!];
  return lines.join("\n");
}

/** Only between top-level keys, where no block text can be hit. */
function insertComment(text: string, random: Random): string | undefined {
  return editLine(text, random, /^(?:[\w.-]+:.*|---)$/, (match) => `# A word about this.\n${match[0]}`);
}

function reorderKeys(text: string): string | undefined {
  const parts = text.split(/^(?=[\w.-]+:)/m);
  const head = /^[\w.-]+:/.test(parts[0]!) ? [] : parts.splice(0, 1);
  return parts.length < 2
    ? undefined
    : [...head, ...parts.toReversed().map((part) => (part.endsWith("\n") ? part : `${part}\n`))].join("");
}
