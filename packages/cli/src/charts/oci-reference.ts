import { ChartFetchError } from "./fetch-error.ts";

/** A chart in a registry: pkg/registry/reference.go over oras-go 2.6.2's registry/reference.go. */
export interface OciReference {
  /** Host, with its port where one is given. */
  readonly registry: string;
  readonly repository: string;
  /** Version or tag as written, `+` included; "" when there is none. */
  readonly version: string;
  /** `sha256:…`; "" when there is none. */
  readonly digest: string;
}

const repositoryPattern = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
const registryPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*)?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const longestReference = 2048;

/** `oci://host/path/name[:version][@digest]`. Throws `ChartFetchError`. */
export function parseOciReference(text: string): OciReference {
  const invalid = (why: string): ChartFetchError =>
    new ChartFetchError("chart-reference-invalid", `invalid reference: ${why}`);
  if (text.length > longestReference) throw invalid("too long");
  let rest = text.replace(/^oci:\/\//, "").replace(/\/+$/, "");
  let digest = "";
  const at = rest.lastIndexOf("@");
  if (at >= 0) {
    digest = rest.slice(at + 1);
    rest = rest.slice(0, at);
    // User and password have no place here; say so without repeating them.
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw invalid("what follows @ is no sha256 digest");
  }
  const slash = rest.indexOf("/");
  if (slash < 0) throw invalid("missing registry or repository");
  const registry = rest.slice(0, slash);
  let repository = rest.slice(slash + 1);
  let version = "";
  const colon = repository.lastIndexOf(":");
  if (colon >= 0) {
    version = repository.slice(colon + 1);
    repository = repository.slice(0, colon);
  }
  if (!registryPattern.test(registry)) throw invalid(`invalid registry "${registry}"`);
  if (!repositoryPattern.test(repository)) throw invalid(`invalid repository "${repository}"`);
  return { registry, repository, version, digest };
}

/** The tag under which a version lies: registries do not know `+`. Throws `ChartFetchError` for what cannot be a tag. */
export function tagOfVersion(version: string): string {
  const tag = version.replaceAll("+", "_");
  if (/^\w[\w.-]{0,127}$/.test(tag)) return tag;
  throw new ChartFetchError("chart-reference-invalid", `invalid reference: invalid tag "${tag}"`);
}

/** Where a registry is spoken to. */
export function registryHost(registry: string): string {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}
