import type { RenderEngine } from "@tiphys/estate";
import type { HelmEngine } from "@tiphys/helm";
import type { CommandRun } from "./command.ts";
import { UserError } from "./command.ts";
import { HelmBinaryEngine } from "./engine-helm.ts";

/** The engine of `--engine`: the built-in one, or the helm binary on PATH. Throws `UserError`. */
export function renderEngine({ options, io }: CommandRun, helmEngine: HelmEngine): RenderEngine {
  const name = options["engine"] ?? "tiphys";
  if (name === "tiphys") return { label: "tiphys", isSeeded: true, render: (request) => helmEngine.render(request) };
  if (name === "helm") return HelmBinaryEngine.find(io);
  throw new UserError(`error: unknown engine "${String(name)}": use tiphys or helm`);
}
