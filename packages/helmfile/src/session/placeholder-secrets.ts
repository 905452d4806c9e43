import type { GoValue } from "@tiphys/gotemplate";
import { isUserFault } from "../state/error.ts";
import { isMap } from "../values/mergo.ts";
import type { Asker, Session } from "./session.ts";

/**
 * A secrets file that nobody may decrypt, with its keys and a marker in place of every value, so that templates can go on. SOPS leaves
 * keys in the clear, and values that its rules exempt; of a file that is not encrypted nothing but the keys is taken, too. Undefined when it is no YAML map.
 */
export function placeholderSecret(
  session: Session,
  content: string,
  asker: { readonly what: string; readonly asker: Asker },
): string | undefined {
  const marker = session.withheld.add({ code: "sops-secrets", ...asker });
  let values: GoValue;
  try {
    values = session.yaml.unmarshalMap(content);
  } catch (error) {
    if (!isUserFault(error)) throw error;
    return undefined;
  }
  if (!isMap(values)) return undefined;
  const isEncrypted = isSopsFile(values);
  if (!isEncrypted) session.say("warn", `${asker.what} is not encrypted; its values are withheld all the same`);
  const shown = new Map([...values].filter(([key]) => !isEncrypted || key !== "sops"));
  return session.yaml.marshal(withMarkers(shown, (leaf) => (isEncrypted && !isSopsValue(leaf) ? leaf : marker)));
}

/** Whether SOPS wrote the file. */
function isSopsFile(values: ReadonlyMap<string, GoValue>): boolean {
  const sops = values.get("sops");
  return isMap(sops) && (sops.has("mac") || sops.has("version") || sops.has("lastmodified"));
}

function isSopsValue(value: GoValue): boolean {
  return typeof value === "string" && /^ENC\[/.test(value);
}

function withMarkers(value: GoValue, replace: (leaf: GoValue) => GoValue): GoValue {
  if (Array.isArray(value)) return value.map((item) => withMarkers(item, replace));
  if (isMap(value)) return new Map([...value].map(([key, item]) => [key, withMarkers(item, replace)]));
  return value === null ? null : replace(value);
}
