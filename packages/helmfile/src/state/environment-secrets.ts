import type { EnvironmentSource } from "../provenance/environment-sources.ts";
import { castKeys } from "../values/cast-keys.ts";
import { mergeValues } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import type { Session } from "../session/session.ts";
import { placeholderSecret } from "../session/placeholder-secrets.ts";
import { HelmfileError, isUserFault } from "./error.ts";
import { resolveFile } from "./storage.ts";
import type { Storage } from "./storage.ts";

/* pkg/state/create.go `scatterGatherEnvSecretFiles` and pkg/helmexec/exec.go `DecryptSecret` of helmfile 1.8.0. */

/** The values of an environment's `secrets:`; empty for files that are withheld. */
export function loadEnvironmentSecrets(
  storage: Storage,
  handler: string,
  entries: readonly string[],
  onSource: (source: EnvironmentSource) => void,
): ValueMap {
  const { session } = storage;
  const files = entries.flatMap((entry) => resolveFile(storage, handler, "environment values", entry) ?? []);
  const merged: ValueMap = new Map();
  const errors: string[] = [];
  for (const file of files) {
    try {
      const text = decryptSecret(session, file, "environment secrets");
      if (text === undefined) continue;
      const values = session.yaml.sharedMap(text);
      onSource({
        kind: "secret",
        values,
        place: () => ({ origin: { file: session.workspace.displayPath(file) }, reads: [] }),
      });
      mergeValues(merged, castKeys(values) as ValueMap);
    } catch (error) {
      if (!isUserFault(error)) throw error;
      errors.push(error.message);
    }
  }
  if (errors.length > 0) {
    for (const error of errors) session.say("error", error);
    throw new HelmfileError(`failed loading environment secrets with ${errors.length} errors`, {
      code: "secrets-unreadable",
      causes: errors,
    });
  }
  return merged;
}

const decrypted = new WeakMap<Session, Map<string, { readonly text?: string; readonly error?: unknown }>>();

/** A secrets file in the clear, or with markers for values when it may not be decrypted; undefined when it is withheld as a whole. Each file is decrypted once per run. */
export function decryptSecret(session: Session, path: string, asker: string): string | undefined {
  const absolute = session.workspace.absolute(path);
  let cache = decrypted.get(session);
  if (cache === undefined) decrypted.set(session, (cache = new Map()));
  const known = cache.get(absolute);
  if (known !== undefined) {
    if (known.error !== undefined) throw known.error;
    return known.text;
  }
  const { decrypt } = session.permissions;
  if (decrypt === undefined) {
    const place = { file: session.workspace.displayPath(path), line: 1 };
    const text = placeholderSecret(session, session.readFile(path), { what: path, asker: { function: asker, place } });
    cache.set(absolute, text === undefined ? {} : { text });
    return text;
  }
  session.say("info", `Decrypting secret ${absolute}`);
  try {
    const answer = decrypt({ path: absolute, content: session.readFile(path) });
    if (answer.kind === "failed")
      throw new HelmfileError(answer.message, {
        code: "secrets-unreadable",
        origin: { file: session.workspace.displayPath(path) },
      });
    cache.set(absolute, { text: answer.value });
    return answer.value;
  } catch (error) {
    cache.set(absolute, { error });
    throw error;
  }
}
