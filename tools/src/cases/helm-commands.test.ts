import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { runOurCommand } from "./helm-commands/run.ts";
import type { Scene } from "./helm-commands/scene.ts";

/* Calls of helm template and helm dependency with their recorded stdout, stderr, exit code and files. */

const folder = resolve("packages/cli/cases/helm");

for (const file of readdirSync(folder)) {
  describe(`calls recorded with Helm: ${file}`, () => {
    const scene = JSON.parse(readFileSync(join(folder, file), "utf8")) as Scene;
    for (const command of scene.commands) {
      it.each(Object.entries(command.recorded ?? {}))(`${command.name} as Helm %s`, async (versions, recording) => {
        for (const version of versions.split(" ")) {
          const ours = await runOurCommand(scene, command, version);
          if (command.refused === undefined) expect(ours).toEqual(recording);
          else expect(ours).toEqual({ status: 1, stdout: "", stderr: `${command.refused}\n` });
        }
      });
    }
  });
}
