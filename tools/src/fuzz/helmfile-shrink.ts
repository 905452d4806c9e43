import type { CaseArguments } from "../cases/helmfile/stage.ts";
import type { Estate } from "./helmfile-grammar.ts";

/** Tries of the real tool that one difference may cost. */
const maximumTries = 80;

/** Whether an estate still differs in one of some recorded files. */
export type Differs = (estate: Estate, among: readonly string[]) => boolean;

/** A smaller estate that differs in the same files: without arguments, files and blocks of lines that do not matter. */
export function shrinkEstate(estate: Estate, names: readonly string[], differs: Differs): Estate {
  let tries = 0;
  let current = estate;
  const attempt = (candidate: Estate): boolean => {
    if (tries++ >= maximumTries || !differs(candidate, names)) return false;
    current = candidate;
    return true;
  };
  const commands = commandsOf(names);
  if (commands.length > 0) attempt({ ...current, args: { ...current.args, commands } });
  for (const name of Object.keys(current.args) as (keyof CaseArguments)[]) {
    if (name === "commands") continue;
    const { [name]: _dropped, ...args } = current.args;
    attempt({ ...current, args });
  }
  for (const path of [...current.files.keys()]) {
    if (/^helmfile\.(yaml|d)/.test(path)) continue;
    attempt({ ...current, files: new Map([...current.files].filter(([name]) => name !== path)) });
  }
  for (let hasShrunk = true; hasShrunk && tries < maximumTries;) {
    hasShrunk = false;
    for (const path of [...current.files.keys()]) {
      for (let line = 0; line < current.files.get(path)!.split("\n").length - 1;) {
        const text = withoutBlock(current.files.get(path)!, line);
        if (text !== "" && attempt({ ...current, files: new Map(current.files).set(path, text) })) hasShrunk = true;
        else line++;
        if (tries >= maximumTries) return current;
      }
    }
  }
  return current;
}

function commandsOf(names: readonly string[]): string[] {
  const byFile: Readonly<Record<string, string>> = {
    "list.json": "list",
    "build.yaml": "build",
    "build-embedded.yaml": "build-embed",
    "env.yaml": "print-env",
    "dag.txt": "show-dag",
    "template.yaml": "template",
    "helm.json": "template",
  };
  const found = names.flatMap((name) => {
    const said = /^(?:error|stderr)\.([a-z-]+)\.txt$/.exec(name)?.[1];
    if (name === "error.txt") return "list";
    return said ?? byFile[name] ?? (name.startsWith("values/") ? "write-values" : []);
  });
  return [...new Set(found)];
}

/** The text without a line and the deeper lines below it. */
function withoutBlock(text: string, line: number): string {
  const lines = text.split("\n");
  const depth = (at: number): number => lines[at]!.search(/\S/);
  let end = line + 1;
  while (end < lines.length && (depth(end) > depth(line) || lines[end]!.trim() === "") && end < lines.length - 1) end++;
  return [...lines.slice(0, line), ...lines.slice(end)].join("\n");
}
