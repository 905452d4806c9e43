import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runHelmCommand } from "./cases/helm-commands/run.ts";
import type { CommandRecording, HelmCommand, Scene } from "./cases/helm-commands/scene.ts";

/*
 * node tools/dist/record-helm-commands.js VERSION... [FILE.json...]
 * Records what `helm-VERSION` on PATH does for each call in packages/cli/cases/helm/*.json, into the same files.
 */

const folder = resolve("packages/cli/cases/helm");
const words = process.argv.slice(2);
const versions = words.filter((word) => !word.endsWith(".json"));
const only = words.filter((word) => word.endsWith(".json"));
if (versions.length === 0) throw new Error("usage: record-helm-commands VERSION... [FILE.json...]");
for (const file of readdirSync(folder).filter((name) => only.length === 0 || only.includes(name))) {
  const path = join(folder, file);
  const scene = JSON.parse(readFileSync(path, "utf8")) as Scene;
  const commands = scene.commands.map((command) => ({ ...command, recorded: record(scene, command) }));
  writeFileSync(path, `${JSON.stringify({ ...scene, commands }, null, 1)}\n`);
  process.stdout.write(`${file}: ${commands.length} commands\n`);
}

/** Versions that print the same stand together. Those that are not recorded now stay. */
function record(scene: Scene, command: HelmCommand): Record<string, CommandRecording> {
  const byVersion = new Map<string, CommandRecording>();
  for (const [names, recording] of Object.entries(command.recorded ?? {}))
    for (const name of names.split(" ")) byVersion.set(name, recording);
  for (const version of versions) byVersion.set(version, runHelmCommand(scene, command, version));
  const together = new Map<string, string[]>();
  for (const [version, recording] of [...byVersion].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const text = JSON.stringify(recording);
    together.set(text, [...(together.get(text) ?? []), version]);
  }
  return Object.fromEntries(
    [...together].map(([text, names]) => [names.join(" "), JSON.parse(text) as CommandRecording]),
  );
}
