import { formatGo } from "@tiphys/gotemplate";
import { HelmfileError } from "../state/error.ts";

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

/** Splits a reference as net/url and vals do. Throws `HelmfileError` for what is no URL. */
export function parseReference(key: string): Reference {
  const fault = urlFault(key);
  if (fault !== undefined)
    throw new HelmfileError(`parse ${formatGo("%q", [key.split("#", 1)[0]!])}: ${fault}`, { code: "reference-failed" });
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

/** What net/url (Go 1.25) has against a URL's host or path. */
function urlFault(key: string): string | undefined {
  const [url] = key.split("#", 1) as [string];
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\x00-\x1f\x7f]/.test(url)) return "net/url: invalid control character in URL";
  const rest = url.slice(url.indexOf("://") + 3).split("?", 1)[0]!;
  const slash = rest.indexOf("/");
  const host = (slash < 0 ? rest : rest.slice(0, slash)).replace(/^.*@/s, "");
  return hostFault(host) ?? escapeFault(slash < 0 ? "" : rest.slice(slash));
}

function hostFault(host: string): string | undefined {
  const bracket = host.lastIndexOf("[");
  if (bracket > 0) return "invalid IP-literal";
  if (bracket === 0 && !host.includes("]")) return "missing ']' in host";
  const port = bracket === 0 ? host.slice(host.lastIndexOf("]") + 1) : (/:[^:]*$/.exec(host)?.[0] ?? "");
  if (port !== "" && !/^:\d*$/.test(port)) return `invalid port ${formatGo("%q", [port])} after host`;
  const escape = /%(?![89a-fA-F][0-9a-fA-F]|25).{0,2}/s.exec(host)?.[0];
  if (escape !== undefined) return `invalid URL escape ${formatGo("%q", [escape])}`;
  // eslint-disable-next-line no-control-regex -- bytes beyond ASCII are allowed
  const bad = /[^A-Za-z0-9_.~!$&'()*+,;=:[\]<>"%\x80-\xff-]/.exec(host)?.[0];
  return bad === undefined ? undefined : `invalid character ${formatGo("%q", [bad])} in host name`;
}

function escapeFault(path: string): string | undefined {
  const escape = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(path)?.[0];
  return escape === undefined ? undefined : `invalid URL escape ${formatGo("%q", [escape])}`;
}

/** Percent escapes to bytes. */
function unescape(text: string): string {
  return text.replaceAll(/%([0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
