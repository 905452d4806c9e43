import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandRecording, FileContent, HelmCommand, Scene } from "./scene.ts";

/** A command's folder on disk, with its own HOME. */
export interface StagedCommand {
  readonly folder: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: Buffer;
  /** What came of the command that ran here. */
  readonly recording: (status: number, stdout: Buffer, stderr: Buffer) => CommandRecording;
  readonly remove: () => void;
}

const home = "home";

/** Writes the files of a command into a new folder. */
export function stageCommand(scene: Scene, command: HelmCommand): StagedCommand {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "helm-command-")));
  const here = (text: string): string => text.replaceAll("WORK", folder);
  mkdirSync(join(folder, home));
  for (const [path, content] of Object.entries({ ...scene.files, ...command.files }))
    writeContent(join(folder, path), content, here);
  const before = filesBelow(folder);
  const environment = Object.fromEntries(
    Object.entries(command.environment ?? {}).map(([name, value]) => [name, here(value)]),
  );
  return {
    folder,
    words: command.words.map(here),
    environment: { PATH: process.env["PATH"] ?? "", HOME: join(folder, home), ...environment },
    stdin: Buffer.from(command.stdin ?? "", "latin1"),
    recording: (status, stdout, stderr) => {
      const text = (bytes: Buffer): string => bytes.toString("latin1").replaceAll(folder, "WORK");
      const written = changes(before, filesBelow(folder), folder);
      return {
        status,
        stdout: text(stdout),
        stderr: text(stderr),
        ...(Object.keys(written).length === 0 ? {} : { written }),
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function writeContent(path: string, content: FileContent, here: (text: string) => string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (typeof content === "string") writeFileSync(path, here(content), { mode: content.startsWith("#!") ? 0o755 : 0o644 });
  else if ("link" in content) symlinkSync(here(content.link), path);
  else writeFileSync(path, Buffer.from(content.base64, "base64"));
}

/** Text by path of every file, but for what lies in HOME. */
function filesBelow(folder: string, under = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(folder, under)).sort()) {
    const path = under === "" ? name : `${under}/${name}`;
    if (path === home) continue;
    const stats = lstatSync(join(folder, path));
    if (stats.isDirectory()) for (const [below, text] of filesBelow(folder, path)) found.set(below, text);
    else if (stats.isFile()) found.set(path, readFileSync(join(folder, path), "latin1"));
  }
  return found;
}

function changes(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  folder: string,
): Record<string, string | null> {
  const changed: Record<string, string | null> = {};
  for (const [path, text] of after)
    if (before.get(path) !== text) changed[path] = path.endsWith(".tgz") ? "(archive)" : withoutTimes(text.replaceAll(folder, "WORK"));
  for (const path of before.keys()) if (!after.has(path)) changed[path] = null;
  return changed;
}

function withoutTimes(text: string): string {
  return text.replace(/^generated: .*$/m, "generated: TIME");
}
