import { spawnSync } from "node:child_process";
import { main } from "tiphys";
import type { CommandRecording, HelmCommand, Scene } from "./scene.ts";
import { stageCommand } from "./stage.ts";

/** Our name for Helm's commands. */
const ourWords: Readonly<Record<string, string>> = { template: "template", dependency: "deps" };

/** What `helm-VERSION` on PATH makes of a command. Throws when there is none. */
export function runHelmCommand(scene: Scene, command: HelmCommand, version: string): CommandRecording {
  const stage = stageCommand(scene, command);
  try {
    const { status, stdout, stderr, error } = spawnSync(`helm-${version}`, stage.words, {
      cwd: stage.folder,
      env: stage.environment,
      input: stage.stdin,
      maxBuffer: 1 << 28,
    });
    if (error) throw error;
    return stage.recording(status ?? -1, stdout, stderr);
  } finally {
    stage.remove();
  }
}

/** What ours makes of it, printing like `version`. */
export async function runOurCommand(scene: Scene, command: HelmCommand, version: string): Promise<CommandRecording> {
  const stage = stageCommand(scene, command);
  const chunks: [Buffer[], Buffer[]] = [[], []];
  const sink = (to: Buffer[]) => ({ isTTY: false, write: (data: string | Uint8Array) => void to.push(Buffer.from(data)) });
  try {
    const [first = "", ...rest] = stage.words;
    const status = await main([ourWords[first] ?? first, "--helm-version", version, ...(command.ownFlags ?? []), ...rest], {
      stdout: sink(chunks[0]),
      stderr: sink(chunks[1]),
      stdin: () => stage.stdin,
      cwd: stage.folder,
      environment: stage.environment,
      now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    });
    return stage.recording(status, Buffer.concat(chunks[0]), Buffer.concat(chunks[1]));
  } finally {
    stage.remove();
  }
}
