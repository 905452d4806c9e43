import type { RenderEngine } from "@tiphys/estate";
import type { HelmEngine } from "@tiphys/helm";
import type { CommandRun } from "./command.ts";
import { UserError } from "./command.ts";
import { HelmBinaryEngine } from "./engine-helm.ts";

/** The engine of `--engine`: the built-in one, or the helm binary on PATH. Throws `UserError`. */
export function renderEngine({ options, io }: CommandRun, helmEngine: HelmEngine): RenderEngine {
  const name = options["engine"] ?? "tiphys";
  const trace: RenderEngine["trace"] = (request) => helmEngine.trace(request);
  if (name === "tiphys")
    return { label: "tiphys", isSeeded: true, render: (request) => helmEngine.render(request), trace };
  if (name === "helm") {
    const helm = HelmBinaryEngine.find(io);
    // Only the built-in engine can tell where output comes from.
    return { label: helm.label, isSeeded: helm.isSeeded, render: (request) => helm.render(request), trace };
  }
  throw new UserError(`error: unknown engine "${String(name)}": use tiphys or helm`);
}
