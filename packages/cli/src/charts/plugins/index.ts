import type { ChartWarning, PostRenderer, Profile } from "@tiphys/helm";
import type { Io } from "../../command.ts";
import { FlagError, type ParsedFlags } from "../flags/flag-reader.ts";
import { FlagValueError } from "../flags/flag-value.ts";
import type { HelmGlobals } from "../helm-start.ts";
import { PluginFinder, PluginsError, type Plugin } from "./find-plugin.ts";
import { runPostRenderer } from "./run-post-renderer.ts";

/** The plugins of a call of Helm 4 with `--post-renderer`, looked at when Helm looks at them (pkg/cmd/flags.go, 4.2.4). */
export class HelmPlugins {
  readonly #io: Io;
  readonly #isDebug: boolean;
  readonly #finder: PluginFinder;
  #name: string | undefined;
  #plugin: Plugin | undefined;

  constructor(io: Io, profile: Profile, { settings, isDebug }: HelmGlobals) {
    this.#io = io;
    this.#isDebug = isDebug;
    this.#finder = new PluginFinder(io, profile, settings.pluginsDirectory);
    this.#finder.start();
  }

  /** A flag was read: the plugin is looked for at once, and again with each of its arguments. Throws `FlagValueError`. */
  onFlag(flag: string, text: string): void {
    if (flag === "post-renderer") this.#name = text;
    else if (flag !== "post-renderer-args" || this.#name === undefined) return;
    try {
      this.#plugin = this.#finder.postRenderer(this.#name!);
    } catch (error) {
      if (error instanceof PluginsError) throw new FlagValueError(error.message);
      throw error;
    }
  }

  /** Throws `FlagError` for a plugin that only Helm can run. */
  check(): void {
    if (this.#plugin === undefined || this.#plugin.runtime === "subprocess") return;
    const { name, directory, runtime } = this.#plugin;
    const place = `${directory}/plugin.yaml: plugin ${name} has runtime: ${runtime}`;
    throw new FlagError(`unsupported: --post-renderer: ${place}, and only subprocess is served; --engine helm runs it`);
  }

  /** What Helm does before it reads values. */
  getters(): void {
    this.#finder.getters();
  }

  postRender(manifests: string, flags: ParsedFlags, log: (line: ChartWarning) => void): ReturnType<PostRenderer> {
    const args = flags.lists.get("post-renderer-args") ?? [];
    return runPostRenderer({ plugin: this.#plugin!, args, io: this.#io, isDebug: this.#isDebug }, manifests, log);
  }
}
