import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { bytesToByteString, fromByteString, quoteGo, toByteString } from "@tiphys/gotemplate";
import { formatLogLine, type Profile } from "@tiphys/helm";
import { compareBytewise } from "@tiphys/source";
import type { Io } from "../../command.ts";
import { systemReason } from "../system-reason.ts";
import { PluginMetadataError, readPluginMetadata, type PluginMetadata } from "./metadata.ts";

/* internal/plugin/loader.go (Helm 4.2.4). */

export interface Plugin extends PluginMetadata {
  /** Its folder, as Helm names it. */
  readonly directory: string;
}

/** Plugins that cannot be used together; `message` is Helm's text. */
export class PluginsError extends Error {
  override readonly name = "PluginsError";
}

/** Finds plugins in Helm's folders, with Helm's warnings about those that it cannot load. */
export class PluginFinder {
  readonly #io: Io;
  readonly #profile: Profile;
  readonly #directories: string;

  constructor(io: Io, profile: Profile, directories: string) {
    this.#io = io;
    this.#profile = profile;
    this.#directories = directories;
  }

  /** `loadCLIPlugins`: what Helm says about all plugins as it starts. */
  start(): void {
    if (this.#io.environment["HELM_NO_PLUGINS"] === "1") return;
    try {
      this.#all(this.#directories.split(":"));
    } catch (error) {
      if (!(error instanceof PluginsError)) throw error;
      const attributes = [["error", toByteString(error.message)]] as const;
      this.#log({ level: "ERROR", message: "failed to load plugins", attributes });
    }
  }

  /** `getter.All`: the same once more, before values are read. The folders are not taken apart there. */
  getters(): void {
    try {
      this.#all([this.#directories]);
    } catch (error) {
      if (!(error instanceof PluginsError)) throw error;
    }
  }

  /** The plugin of that name that is a post-renderer. Throws `PluginsError`. */
  postRenderer(name: string): Plugin {
    const type = "postrenderer/v1";
    const found = this.#all(this.#directories.split(":")).find(
      (plugin) => plugin.name === toByteString(name) && plugin.type === type,
    );
    if (found === undefined) throw new PluginsError(`plugin: {Name:${name} Type:${type}} not found`);
    return found;
  }

  #all(directories: readonly string[]): Plugin[] {
    // `SplitList` has no part for an empty text.
    return directories.join(":") === "" ? [] : directories.flatMap((directory) => this.#loadAll(directory));
  }

  #loadAll(directory: string): Plugin[] {
    const plugins: Plugin[] = [];
    for (const name of namesIn(resolve(this.#io.cwd, directory))) {
      const path = join(directory, name);
      if (!existsSync(resolve(this.#io.cwd, path, "plugin.yaml"))) continue;
      try {
        plugins.push(this.#load(path));
      } catch (error) {
        if (!(error instanceof PluginMetadataError)) throw error;
        const attributes = [
          ["plugin_yaml", toByteString(join(path, "plugin.yaml"))],
          ["error", error.message],
        ] as const;
        this.#log({ level: "WARN", message: "failed to load plugin (ignoring)", attributes });
      }
    }
    checkDuplicates(plugins);
    return plugins;
  }

  #load(directory: string): Plugin {
    const file = toByteString(join(directory, "plugin.yaml"));
    let text: string;
    try {
      text = bytesToByteString(readFileSync(resolve(this.#io.cwd, directory, "plugin.yaml")));
    } catch (error) {
      const verb = (error as NodeJS.ErrnoException).code === "EISDIR" ? "read" : "open";
      const reason = `${verb} ${file}: ${systemReason(error)}`;
      throw new PluginMetadataError(`failed to read plugin at ${quoteGo(file)}: ${reason}`);
    }
    const metadata = this.#metadata(directory, text);
    const wasm = join(directory, "plugin.wasm");
    if (metadata.runtime === "extism/v1" && !existsSync(resolve(this.#io.cwd, wasm)))
      throw new PluginMetadataError(`wasm binary missing for extism/v1 plugin: ${quoteGo(toByteString(wasm))}`);
    return { ...metadata, directory };
  }

  #metadata(directory: string, text: string): PluginMetadata {
    try {
      return readPluginMetadata(text);
    } catch (error) {
      if (!(error instanceof PluginMetadataError)) throw error;
      throw new PluginMetadataError(`failed to load plugin ${quoteGo(toByteString(directory))}: ${error.message}`);
    }
  }

  #log(line: Parameters<typeof formatLogLine>[0]): void {
    this.#io.stderr.write(Buffer.from(formatLogLine(line, this.#profile), "latin1"));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .sort((a, b) => compareBytewise(toByteString(a), toByteString(b)))
      .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true);
  } catch {
    return [];
  }
}

function checkDuplicates(plugins: readonly Plugin[]): void {
  const directories = new Map<string, string>();
  for (const { name, directory } of plugins) {
    const older = directories.get(name);
    if (older !== undefined) {
      const places = `${quoteGo(toByteString(older))} and ${quoteGo(toByteString(directory))}`;
      throw new PluginsError(fromByteString(`two plugins claim the name ${quoteGo(name)} at ${places}`));
    }
    directories.set(name, directory);
  }
}
