/** A vals reference without its `ref+`: `scheme://host/path?query#fragment`. Byte strings. */
export interface Reference {
  readonly key: string;
  readonly scheme: string;
  /** Host and path, joined by `/`. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** Keys into the map, joined by `/`; "" for the whole. */
  readonly fragment: string;
}

/** Splits a reference as net/url and vals do. */
export function parseReference(key: string): Reference {
  const schemeEnd = key.indexOf("://");
  const scheme = key.slice(0, schemeEnd);
  let rest = key.slice(schemeEnd + 3);
  let fragment = "";
  const hash = rest.indexOf("#");
  if (hash >= 0) {
    fragment = unescape(rest.slice(hash + 1))
      .replace(/^#/, "")
      .replace(/^\//, "");
    rest = rest.slice(0, hash);
  }
  const query = new Map<string, string>();
  const question = rest.indexOf("?");
  if (question >= 0) {
    for (const pair of rest.slice(question + 1).split("&")) {
      const [name, value = ""] = pair.split(/=(.*)/s);
      if (name !== undefined && name !== "" && !query.has(unescape(name)))
        query.set(unescape(name), unescape(value.replaceAll("+", " ")));
    }
    rest = rest.slice(0, question);
  }
  const slash = rest.indexOf("/");
  const host = slash < 0 ? rest : rest.slice(0, slash);
  let path = slash < 0 ? "" : unescape(rest.slice(slash));
  if (host !== "") path = path.replace(/^\//, "");
  return { key, scheme, path: [host, path].filter((part) => part !== "").join("/"), query, fragment };
}

/** Percent escapes to bytes. */
function unescape(text: string): string {
  return text.replaceAll(/%([0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
