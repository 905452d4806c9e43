import { readFileSync } from "node:fs";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import { readYaml, toPlain, YamlError } from "@tiphys/source";
import { UserError } from "../command.ts";
import { systemReason } from "./system-reason.ts";
import { equalUrls } from "./urls.ts";

/** One repository of `repositories.yaml` (pkg/repo/v1/chartrepo.go `Entry`), or one that a helmfile declares. */
export interface RepositoryEntry {
  readonly name: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  readonly insecureSkipTLSVerify: boolean;
  /** Gives the credentials to the hosts of chart URLs too. */
  readonly passCredentialsAll: boolean;
}

/** A `repositories.yaml` that cannot be read. */
export class RepositoriesFileError extends UserError {
  /** What Helm says of it. */
  readonly helmMessage: string;
  constructor(path: string, reason: string, helmMessage: string) {
    super(`error: couldn't load repositories file (${path}): ${reason}`);
    this.helmMessage = helmMessage;
  }
}

/** An entry with nothing but what is given. */
export function repositoryEntry(entry: Partial<RepositoryEntry> & { readonly url: string }): RepositoryEntry {
  return {
    name: "",
    username: "",
    password: "",
    certFile: "",
    keyFile: "",
    caFile: "",
    insecureSkipTLSVerify: false,
    passCredentialsAll: false,
    ...entry,
  };
}

/** The repositories of Helm's `repositories.yaml`; none when there is no file. Throws `RepositoriesFileError` when it is no YAML. */
export function readRepositoriesFile(path: string): RepositoryEntry[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || path === "") return [];
    const reason = `${code === "EISDIR" ? "read" : "open"} ${path}: ${systemReason(error)}`;
    throw new RepositoriesFileError(path, reason, `couldn't load repositories file (${path}): ${reason}`);
  }
  let file: unknown;
  try {
    file = toPlain(readYaml(bytesToByteString(bytes)).value);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const reason = fromByteString(error.message);
    throw new RepositoriesFileError(path, reason, reason);
  }
  const list = isObject(file) && Array.isArray(file["repositories"]) ? (file["repositories"] as unknown[]) : [];
  return list.filter(isObject).map((item) => {
    const text = (name: string): string => (typeof item[name] === "string" ? item[name] : "");
    return {
      name: text("name"),
      url: text("url"),
      username: text("username"),
      password: text("password"),
      certFile: text("certFile"),
      keyFile: text("keyFile"),
      caFile: text("caFile"),
      insecureSkipTLSVerify: item["insecure_skip_tls_verify"] === true,
      passCredentialsAll: item["pass_credentials_all"] === true,
    };
  });
}

/** The entry whose URL is `url`, by Helm's comparing. */
export function findRepositoryByUrl(entries: readonly RepositoryEntry[], url: string): RepositoryEntry | undefined {
  return entries.find((entry) => equalUrls(entry.url, url));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
