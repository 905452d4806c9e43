import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** How helmfile is called in a case (`args.json`); see the README of the cases. */
export interface CaseArguments {
  readonly file?: string;
  readonly environment?: string;
  readonly selectors?: readonly string[];
  readonly stateValuesFile?: readonly string[];
  readonly stateValuesSet?: readonly string[];
  readonly stateValuesSetString?: readonly string[];
  readonly namespace?: string;
  readonly kubeContext?: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly commands?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly valuesTemplate?: string;
  readonly executable?: readonly string[];
  readonly collect?: string;
  readonly plugins?: boolean;
}

/** A copy of a case, laid out as it was when it was recorded: hooks may write into it. */
export interface Stage {
  /** The temporary folder: `case`, `_charts`, and what helmfile would make beside them. */
  readonly root: string;
  readonly args: CaseArguments;
  readonly remove: () => void;
}

const own = new Set(["expected", "about.txt", "args.json"]);

export function stageCase(folder: string): Stage {
  const argsFile = join(folder, "args.json");
  const args = (existsSync(argsFile) ? JSON.parse(readFileSync(argsFile, "utf8")) : {}) as CaseArguments;
  const root = realpathSync(mkdtempSync(join(tmpdir(), "hf-")));
  const target = join(root, "case");
  mkdirSync(target);
  cpSync(folder, target, { recursive: true, verbatimSymlinks: true, filter: (source) => dirname(source) !== folder || !own.has(source.slice(folder.length + 1)) });
  for (const shared of ["_charts", "_plugins"]) {
    const source = join(dirname(folder), shared);
    if (existsSync(source)) cpSync(source, join(root, shared), { recursive: true });
  }
  for (const file of args.executable ?? []) chmodSync(join(target, file), 0o755);
  mkdirSync(join(root, "tmp"));
  mkdirSync(join(root, "bin"));
  return { root, args, remove: () => rmSync(root, { recursive: true, force: true }) };
}
