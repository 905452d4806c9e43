import { formatGo, goTypeName } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { dirOf } from "../files/filepath.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { decryptSecret } from "../state/environment-secrets.ts";
import { HelmfileError, isUserFault } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { normalizePath, resolveFile } from "../state/storage.ts";
import { castKeys } from "../values/cast-keys.ts";
import { isMap } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { placeholderSecret } from "../session/placeholder-secrets.ts";
import { releaseTemplateData } from "./template-data.ts";

/* pkg/state/state.go of helmfile 1.8.0: the `--values` files that Helm gets. */

/** One temporary values file. All strings are byte strings. */
export interface ValuesFile {
  readonly kind: "file" | "inline" | "secret";
  /** The file that it was made from, as helmfile names it; "" for an inline map. */
  readonly source: string;
  /** Position in `values` or `secrets`. */
  readonly index: number;
  /** What Helm reads. */
  readonly content: string;
  /** Path of the temporary file, as helmfile would name it; the hash is ours. */
  readonly path: string;
}

/** The files of a release in the order in which Helm merges them. Throws `HelmfileError`. */
export function valuesFilesOf(state: HelmState, release: ReleaseSpec): ValuesFile[] {
  return [...plainValuesFiles(state, release), ...secretValuesFiles(state, release)];
}

function plainValuesFiles(state: HelmState, release: ReleaseSpec): ValuesFile[] {
  const entries = preparedEntries(state, release);
  const files: ValuesFile[] = [];
  entries.forEach((entry, index) => {
    if (typeof entry === "string") {
      const content = renderEntry(state, release, entry);
      if (content !== undefined)
        files.push(valuesFile(state, release, { kind: "file", source: entry, index, content }));
    } else if (isMap(entry)) {
      files.push(
        valuesFile(state, release, {
          kind: "inline",
          source: "",
          index,
          content: state.session.yaml.marshal(castKeys(entry)),
        }),
      );
    } else {
      throw new HelmfileError(`unexpected type of value: value=${formatGo("%v", [entry])}, type=${goTypeName(entry)}`, {
        code: "values-invalid",
      });
    }
  });
  return files;
}

/** `values` with the prefix in front of file names and `ref+…` resolved. */
export function preparedEntries(state: HelmState, release: ReleaseSpec): GoValue[] {
  const entries = (release.values ?? []).map((entry) =>
    typeof entry === "string" ? normalizePath(state, release.valuesPathPrefix + entry) : entry,
  );
  const place = {
    file: state.session.workspace.displayPath(state.filePath),
    line: 1,
    path: `release "${release.name}".values`,
  };
  const expanded = state.session.refs.expandMap(new Map([["values", entries as GoValue]]), { function: "ref", place });
  return expanded.get("values") as GoValue[];
}

/** Leaves in the release's own maps what their `ref+…` resolve to, as vals does with each map that it is given. */
export function keepResolvedReferences(state: HelmState, release: ReleaseSpec): void {
  const resolved = preparedEntries(state, release);
  (release.values ?? []).forEach((own, index) => {
    const entry = resolved[index]!;
    if (!isMap(own) || !isMap(entry)) return;
    const expanded = [...entry];
    own.clear();
    for (const [key, value] of expanded) own.set(key, value);
  });
}

function handlerOf(state: HelmState, release: ReleaseSpec): string {
  return release.missingFileHandler?.value ?? state.spec.missingFileHandler?.value ?? "Error";
}

function renderEntry(state: HelmState, release: ReleaseSpec, entry: string): string | undefined {
  const paths = resolveFile(state, handlerOf(state, release), "values", entry);
  if (paths === undefined) return undefined;
  if (paths.length > 1) throw globRefused(state, "values and secrets");
  try {
    return renderValuesFile(state, release, paths[0]!);
  } catch (error) {
    if (!isUserFault(error)) throw error;
    const origin = error instanceof HelmfileError ? error.origin : undefined;
    const code = error instanceof HelmfileError ? error.code : "yaml-invalid";
    throw new HelmfileError(`failed to render values files "${entry}": ${error.message}`, {
      code,
      origin: origin ?? { file: state.session.workspace.displayPath(paths[0]!) },
    });
  }
}

function globRefused(state: HelmState, what: string): HelmfileError {
  const text =
    what === "secret file"
      ? "glob patterns in release secret file is not supported yet. please submit a feature request if necessary"
      : "glob patterns in release values and secrets is not supported yet. please submit a feature request if necessary";
  return new HelmfileError(text, {
    code: "values-glob",
    origin: { file: state.session.workspace.displayPath(state.filePath) },
  });
}

/** A values file as Helm gets it: rendered when `.gotmpl`, re-emitted when it has a `ref+`. */
export function renderValuesFile(state: HelmState, release: ReleaseSpec, path: string, values?: ValueMap): string {
  const { session } = state;
  const text = session.renderer(dirOf(path)).renderFile(path, () => releaseTemplateData(state, release, values));
  if (!text.includes("ref+")) return text;
  const own = session.yaml.unmarshalMap(text);
  return session.yaml.marshal(
    session.refs.expandMap(own, { function: "ref", place: { file: session.workspace.displayPath(path), line: 1 } }),
  );
}

function secretValuesFiles(state: HelmState, release: ReleaseSpec): ValuesFile[] {
  const files: ValuesFile[] = [];
  (release.secrets ?? []).forEach((secret, index) => {
    const path = typeof secret === "string" ? secretPath(state, release, secret) : undefined;
    if (typeof secret === "string" && path === undefined) return;
    const text =
      path === undefined
        ? embeddedSecret(state, secret)
        : decryptSecret(state.session, path, `release "${release.name}".secrets[${index}]`);
    if (text === undefined) return;
    const content = text.includes("ref+") ? expandSecretRefs(state, text) : text;
    files.push(valuesFile(state, release, { kind: "secret", source: path ?? "", index, content }));
  });
  return files;
}

/** The encrypted files of a release that are there; undefined for one that stands in the state file. Throws `HelmfileError`. */
export function secretPathsOf(state: HelmState, release: ReleaseSpec): (string | undefined)[] {
  return (release.secrets ?? []).flatMap((secret) => {
    if (typeof secret !== "string") return [undefined];
    const path = secretPath(state, release, secret);
    return path === undefined ? [] : [path];
  });
}

function expandSecretRefs(state: HelmState, text: string): string {
  const { session } = state;
  return session.yaml.marshal(
    session.refs.expandMap(session.yaml.unmarshalMap(text), { function: "ref", place: undefined }),
  );
}

function secretPath(state: HelmState, release: ReleaseSpec, secret: string): string | undefined {
  const paths = resolveFile(state, release.missingFileHandler?.value, "secrets", release.valuesPathPrefix + secret);
  if (paths === undefined) return undefined;
  if (paths.length > 1) throw globRefused(state, "secret file");
  return paths[0];
}

/** A secret written into the state file itself, still encrypted. */
function embeddedSecret(state: HelmState, secret: GoValue): string | undefined {
  const { decrypt } = state.session.permissions;
  const content = state.session.yaml.marshal(secret);
  if (decrypt !== undefined) {
    const answer = decrypt({ path: "", content });
    if (answer.kind === "failed") throw new HelmfileError(answer.message, { code: "secrets-unreadable" });
    return answer.value;
  }
  const place = { file: state.session.workspace.displayPath(state.filePath), line: 1 };
  return placeholderSecret(state.session, content, { what: "embedded secret", asker: { function: "secrets", place } });
}

function valuesFile(state: HelmState, release: ReleaseSpec, file: Omit<ValuesFile, "path">): ValuesFile {
  const { temporaryFolder, environment } = state.session;
  const { namespace, name } = release;
  const folder = environment.get("HELMFILE_TEMPDIR") || `${temporaryFolder}/helmfile${hash(namespace + name)}`;
  return {
    ...file,
    get path() {
      const prefix = namespace === "" ? name : `${namespace}-${name}`;
      return `${folder}/${prefix}-values-${hash(file.content + file.source + file.index)}`;
    },
  };
}

/** A short name for a temporary file; helmfile hashes the whole release instead. */
function hash(text: string): string {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return String(sum).padStart(10, "0");
}
