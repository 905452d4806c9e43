import { homedir } from "node:os";
import { join } from "node:path";
import type { Io } from "../command.ts";

/* pkg/cli/environment.go and pkg/helmpath of Helm 4.2.4; the folders of Linux, and macOS' under ~/Library. */

/** Where Helm keeps what it knows of repositories and registries. */
export interface HelmSettings {
  /** `repositories.yaml`. */
  readonly repositoryConfig: string;
  /** Folder of `NAME-index.yaml`. */
  readonly repositoryCache: string;
  /** Helm's own `config.json` of registry logins. */
  readonly registryConfig: string;
  /** Docker's `config.json`, asked when Helm's has nothing. */
  readonly dockerConfig: string;
  /** Folders of plugins, divided by `:`. */
  readonly pluginsDirectory: string;
}

/** Helm's settings of this environment. An environment variable that is set wins even when it is empty, as in Helm. */
export function helmSettings(io: Pick<Io, "environment">): HelmSettings {
  const { environment } = io;
  const home = environment["HOME"] ?? homedir();
  const isMac = process.platform === "darwin";
  const base = (helm: string, xdg: string, fallback: string): string => {
    const own = environment[helm];
    if (own) return own;
    return join(environment[xdg] || fallback, "helm");
  };
  const config = base("HELM_CONFIG_HOME", "XDG_CONFIG_HOME", join(home, isMac ? "Library/Preferences" : ".config"));
  const data = base("HELM_DATA_HOME", "XDG_DATA_HOME", join(home, isMac ? "Library" : ".local/share"));
  const cache = base("HELM_CACHE_HOME", "XDG_CACHE_HOME", join(home, isMac ? "Library/Caches" : ".cache"));
  return {
    repositoryConfig: environment["HELM_REPOSITORY_CONFIG"] ?? join(config, "repositories.yaml"),
    repositoryCache: environment["HELM_REPOSITORY_CACHE"] ?? join(cache, "repository"),
    registryConfig: environment["HELM_REGISTRY_CONFIG"] ?? join(config, "registry/config.json"),
    pluginsDirectory: environment["HELM_PLUGINS"] ?? join(data, "plugins"),
    dockerConfig: join(environment["DOCKER_CONFIG"] || join(home, ".docker"), "config.json"),
  };
}

/** The folder in which Tiphys caches charts and indexes. Deleting it changes only the time. */
export function defaultCacheFolder(io: Pick<Io, "environment">): string {
  const home = io.environment["HOME"] ?? homedir();
  return join(io.environment["XDG_CACHE_HOME"] || join(home, ".cache"), "tiphys");
}
