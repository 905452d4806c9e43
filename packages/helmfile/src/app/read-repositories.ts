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

/** What is not written comes from NAME_USERNAME and NAME_PASSWORD (`gatherUsernamePassword`). */
function loginOf(
  { session }: HelmState,
  { name, username, password }: RepositorySpec,
): { readonly username: string; readonly password: string } {
  const prefix = name.replaceAll("-", "_").toUpperCase();
  const found = (text: string, variable: string): string =>
    text !== "" ? text : (session.environment.get(`${prefix}_${variable}`) ?? "");
  const login = [found(username, "USERNAME"), found(password, "PASSWORD")];
  const isWithheld = login.some((text) => session.withheld.inText(text).length > 0);
  const [user = "", secret = ""] = isWithheld ? [] : login.map(fromByteString);
  return { username: user, password: secret };
}
