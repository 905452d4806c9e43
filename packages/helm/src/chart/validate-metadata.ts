import { fromByteString, quoteGo, toByteString } from "@tiphys/gotemplate";
import { HelmError } from "../error.ts";
import type { Dependency, Maintainer, Metadata } from "./metadata.ts";
import type { RawMetadata } from "./read-metadata.ts";
import { isValidVersion } from "./version.ts";

/** `Metadata.Validate` (pkg/chart/v2/metadata.go): checks the fields and cleans their characters. Throws `HelmError`. */
export function validateMetadata(raw: RawMetadata): Metadata {
  const metadata: RawMetadata = {
    ...raw,
    name: sanitize(raw.name),
    description: sanitize(raw.description),
    home: sanitize(raw.home),
    icon: sanitize(raw.icon),
    condition: sanitize(raw.condition),
    tags: sanitize(raw.tags),
    appVersion: sanitize(raw.appVersion),
    kubeVersion: sanitize(raw.kubeVersion),
    sources: raw.sources.map(sanitize),
    keywords: raw.keywords.map(sanitize),
  };
  const { name, version } = metadata;
  if (metadata.apiVersion === "") fail("chart.metadata.apiVersion is required");
  if (name === "") fail("chart.metadata.name is required");
  if (name === "." || name === "..") fail(`chart.metadata.name ${quoteGo(name)} is not allowed`);
  if (name.includes("/")) fail(`chart.metadata.name ${quoteGo(name)} is invalid`);
  if (version === "") fail("chart.metadata.version is required");
  if (!isValidVersion(version)) fail(`chart.metadata.version ${quoteGo(version)} is invalid`);
  if (!["", "application", "library"].includes(metadata.type))
    fail("chart.metadata.type must be application or library");
  return {
    ...metadata,
    maintainers: metadata.maintainers.map(validateMaintainer),
    dependencies: metadata.dependencies && validateDependencies(metadata.dependencies),
  };
}

function validateMaintainer(maintainer: Maintainer | undefined): Maintainer {
  if (!maintainer) fail("maintainers must not contain empty or null nodes");
  return { name: sanitize(maintainer.name), email: sanitize(maintainer.email), url: sanitize(maintainer.url) };
}

function validateDependencies(dependencies: readonly (Dependency | undefined)[]): Dependency[] {
  const seen = new Set<string>();
  return dependencies.map((raw) => {
    if (!raw) fail("dependencies must not contain empty or null nodes");
    const dependency: Dependency = {
      ...raw,
      name: sanitize(raw.name),
      version: sanitize(raw.version),
      repository: sanitize(raw.repository),
      condition: sanitize(raw.condition),
      tags: raw.tags.map(sanitize),
    };
    if (dependency.alias !== "" && !/^[a-zA-Z0-9_-]+$/.test(dependency.alias)) {
      fail(`dependency ${quoteGo(dependency.name)} has disallowed characters in the alias`);
    }
    const key = dependency.alias !== "" ? dependency.alias : dependency.name;
    if (seen.has(key)) fail(`more than one dependency with name or alias ${quoteGo(key)}`);
    seen.add(key);
    return dependency;
  });
}

function fail(message: string): never {
  throw new HelmError("chart-invalid", `validation: ${message}`);
}

/** White space of any kind becomes a blank; what is not printable goes. */
function sanitize(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const spaced = fromByteString(text).replace(
    /[\t-\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g,
    " ",
  );
  return toByteString(spaced.replace(/[^ \p{L}\p{M}\p{N}\p{P}\p{S}]/gu, ""));
}
