import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { bytesToByteString, fromByteString, toByteString } from "@tiphys/gotemplate";
import type { Answer, KustomizeRequest, Permissions } from "@tiphys/helmfile";
import type { CommandRun } from "./command.ts";
import { isOnPath } from "./kustomize.ts";
import type { Workspace } from "./workspace.ts";

/** Flags with which kustomize starts other programs (containers, plugins, helm); given only with `--allow-exec`. */
const startsPrograms = /^--(?:enable-alpha-plugins|enable-helm|helm-command)\b/;

/**
 * The kustomize on PATH for releases that helmfile patches or builds with it; none when there is none. It reads the work tree, so a
 * kustomization of another revision cannot be built.
 */
export function kustomizePermission({ options }: CommandRun, { root }: Workspace): Pick<Permissions, "kustomize"> {
  if (!isOnPath("kustomize")) return {};
  const allowsPrograms = options["allowExec"] === true;
  return {
    kustomize: (request) => {
      if (request.base !== undefined && options["ref"] !== undefined)
        return { kind: "failed", message: "a kustomization is built from the work tree only, not from --ref" };
      const flags = request.flags.filter((flag) => allowsPrograms || !startsPrograms.test(flag));
      return build({ ...request, flags }, root);
    },
  };
}

function build({ files, target, base, edits, flags }: KustomizeRequest, root: string): Answer<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tiphys-kustomize-")));
  try {
    for (const [path, content] of files) {
      const file = join(folder, fromByteString(path));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, Buffer.from(content, "latin1"));
    }
    if (base !== undefined)
      writeFileSync(
        join(folder, "kustomization.yaml"),
        `bases:\n- ${relative(folder, realpathSync(fromByteString(base)))}\n`,
      );
    for (const edit of edits) {
      const edited = kustomize(folder, ["edit", ...edit]);
      if (edited.kind === "failed") return edited;
    }
    const output = join(folder, "all.patched.yaml");
    const built = kustomize(folder, ["build", "--output", output, ...flags, folder]);
    if (built.kind === "value") return { kind: "value", value: bytesToByteString(readFileSync(output)) };
    const message = built.message.replaceAll(folder, target).replaceAll(`${realpathSync(root)}/`, "");
    return { kind: "failed", message };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function kustomize(folder: string, args: readonly string[]): Answer<string> {
  const { error, status, stdout, stderr } = spawnSync("kustomize", args.map(fromByteString), {
    cwd: folder,
    timeout: 60_000,
    maxBuffer: 1 << 30,
  });
  if (error !== undefined) return { kind: "failed", message: toByteString(error.message) };
  return status === 0
    ? { kind: "value", value: bytesToByteString(stdout) }
    : { kind: "failed", message: bytesToByteString(stderr) };
}
