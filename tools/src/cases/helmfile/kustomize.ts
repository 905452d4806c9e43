import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { fromByteString, toByteString } from "@tiphys/gotemplate";
import type { Answer, KustomizeRunner } from "@tiphys/helmfile";

/** Runs the kustomize of the PATH, or the one that `go install` would have put into the home folder. */
export const runKustomize: KustomizeRunner = ({ files, target, base, edits, flags }) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tiphys-kustomize-")));
  try {
    for (const [path, content] of files) {
      const target = join(folder, fromByteString(path));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, Buffer.from(content, "latin1"));
    }
    if (base !== undefined) writeFileSync(join(folder, "kustomization.yaml"), `bases:\n- ${relative(folder, fromByteString(base))}\n`);
    for (const edit of edits) {
      const edited = kustomize(folder, ["edit", ...edit]);
      if (edited.kind === "failed") return edited;
    }
    const output = join(folder, "all.patched.yaml");
    const built = kustomize(folder, ["--output", output, "build", ...flags, folder]);
    return built.kind === "failed" ? { kind: "failed", message: built.message.replaceAll(folder, target) } : { kind: "value", value: readFileSync(output, "latin1") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

function kustomize(folder: string, args: readonly string[]): Answer<string> {
  const PATH = [process.env["PATH"] ?? "", join(homedir(), "go/bin")].join(delimiter);
  const result = spawnSync("kustomize", [...args], { cwd: folder, env: { ...process.env, PATH }, timeout: 60_000, encoding: "latin1" });
  if (result.error !== undefined) return { kind: "failed", message: toByteString(result.error.message) };
  return result.status === 0 ? { kind: "value", value: result.stdout } : { kind: "failed", message: result.stderr };
}
