import { fromByteString } from "@tiphys/gotemplate";
import type { RepositorySpec } from "../spec/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";

/** A chart repository that a state file declares, with what `helm repo add` or `helm registry login` would get. UTF-16 text. */
export interface HelmfileRepository {
  readonly name: string;
  readonly url: string;
  readonly oci: boolean;
  /** "" when there is no login, or when it was withheld. */
  readonly username: string;
  readonly password: string;
  readonly passCredentials: boolean;
  readonly skipTLSVerify: boolean;
  /** Absolute; "" for none. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** The repositories of a state file, where helmfile is now (pkg/state/state.go `SyncRepos`, 1.8.0). */
export function readRepositories(state: HelmState): HelmfileRepository[] {
  const { workspace } = state.session;
  const file = (path: string): string => (path === "" ? "" : fromByteString(workspace.absolute(path)));
  return (state.spec.repositories ?? []).map((repository) => ({
    name: fromByteString(repository.name),
    url: fromByteString(repository.url),
    oci: repository.oci,
    ...loginOf(state, repository),
    passCredentials: repository.passCredentials,
    skipTLSVerify: repository.skipTLSVerify,
    caFile: file(repository.caFile),
    certFile: file(repository.certFile),
    keyFile: file(repository.keyFile),
  }));
}

/** What helmfile logs in with; both are "" when one was withheld. */
function loginOf(
  state: HelmState,
  repository: RepositorySpec,
): { readonly username: string; readonly password: string } {
  const { username, password } = repositoryLogin(state, repository);
  const isWithheld = [username, password].some((text) => state.session.withheld.inText(text).length > 0);
  if (isWithheld) return { username: "", password: "" };
  return { username: fromByteString(username), password: fromByteString(password) };
}

/** User and password of a repository; what is not written comes from NAME_USERNAME and NAME_PASSWORD (`gatherUsernamePassword`). */
export function repositoryLogin(
  { session }: HelmState,
  { name, username, password }: RepositorySpec,
): { readonly username: string; readonly password: string } {
  const prefix = name.replaceAll("-", "_").toUpperCase();
  const found = (text: string, variable: string): string =>
    text !== "" ? text : (session.environment.get(`${prefix}_${variable}`) ?? "");
  return { username: found(username, "USERNAME"), password: found(password, "PASSWORD") };
}
