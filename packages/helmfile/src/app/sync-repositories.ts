import type { RepositorySpec } from "../spec/helm-state.ts";
import { HelmfileError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import type { Run } from "./options.ts";
import { repositoryLogin } from "./read-repositories.ts";

/* pkg/state/state.go `SyncRepos` and pkg/helmexec/exec.go `AddRepo`, `RegistryLogin` of helmfile 1.8.0. */

/** Takes note of a call of helm. */
export type NoteCall = (args: readonly string[]) => void;

/** Repositories that a run has added already, by name. */
const added = new WeakMap<Run, Set<string>>();

/**
 * `helm repo add` and `helm registry login` for each repository of the state, once in a run. Nothing is fetched: what succeeds at
 * helmfile's is taken to succeed. With `ociOnly`, logins only. Throws `HelmfileError` for an entry that helmfile itself refuses.
 */
export function syncRepositories(run: Run, state: HelmState, { ociOnly }: { ociOnly: boolean }, note: NoteCall): void {
  const done = added.get(run) ?? new Set();
  added.set(run, done);
  // A name counts only when all of the file's repositories went well.
  const names: string[] = [];
  for (const repository of state.spec.repositories ?? []) {
    if (done.has(repository.name) || (ociOnly && !repository.oci)) continue;
    if (repository.oci) logIn(state, repository, note);
    else addRepository(state, repository, note);
    names.push(repository.name);
  }
  for (const name of names) done.add(name);
}

/** Whether classic repositories are left out: `--skip-deps`, `--skip-refresh` or helmDefaults. */
export function skipsRepositories({ skipDeps, skipRefresh }: Run, { spec: { helmDefaults } }: HelmState): boolean {
  return skipDeps || skipRefresh || helmDefaults.skipDeps || helmDefaults.skipRefresh;
}

function logIn(state: HelmState, repository: RepositorySpec, note: NoteCall): void {
  const { username, password } = repositoryLogin(state, repository);
  if (username === "" || password === "") return;
  state.session.say("info", "Logging in to registry");
  note([
    "registry",
    "login",
    registryHost(repository.url),
    ...certificateFlags(repository),
    ...(repository.skipTLSVerify ? ["--insecure"] : []),
    "--username",
    username,
    "--password-stdin",
  ]);
}

function addRepository(state: HelmState, repository: RepositorySpec, note: NoteCall): void {
  const { session } = state;
  const { name, url, managed } = repository;
  if (name === "" && url !== "") {
    session.say("info", "empty field name\n\n");
    throw new HelmfileError("empty field name", { code: "repository-invalid" });
  }
  if (managed === "acr") {
    session.say("info", `Adding repo ${name} (acr)`);
    return;
  }
  if (managed !== "") {
    session.say("error", `ERROR: unknown type '${managed}' for repository ${name}`);
    throw new HelmfileError(`unknown managed type "${managed}" for repository ${name}`, { code: "repository-invalid" });
  }
  const { username, password } = repositoryLogin(state, repository);
  session.say("info", `Adding repo ${name} ${url}`);
  note([
    "repo",
    "add",
    name,
    url,
    "--force-update",
    ...certificateFlags(repository),
    ...(repository.passCredentials ? ["--pass-credentials"] : []),
    ...(repository.skipTLSVerify ? ["--insecure-skip-tls-verify"] : []),
    ...(username !== "" && password !== "" ? ["--username", username, "--password-stdin"] : []),
  ]);
  session.say("info", `"${name}" has been added to your repositories\n`);
}

function certificateFlags({ caFile, certFile, keyFile }: RepositorySpec): string[] {
  return [
    ...(certFile !== "" && keyFile !== "" ? ["--cert-file", certFile, "--key-file", keyFile] : []),
    ...(caFile !== "" ? ["--ca-file", caFile] : []),
  ];
}

/** The host of a registry's address, as `helm registry login` wants it. */
function registryHost(url: string): string {
  return url
    .replace(/^oci:\/\//, "")
    .replace(/^https:\/\//, "")
    .replace(/^http:\/\//, "")
    .replace(/\/.*$/s, "");
}
