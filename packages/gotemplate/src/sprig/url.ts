import { define, FunctionError } from "../function.ts";
import { goKind } from "../reflect.ts";
import { quoteGo } from "../strconv/quote.ts";
import type { GoFunction, GoValue } from "../value.ts";
import { parseIpAddress } from "./ip-address.ts";
import { nilDereference } from "./panics.ts";

/** Go 1.26 net/url, as far as sprig's `urlParse` and `urlJoin` use it. */

interface Userinfo {
  readonly username: string;
  /** Undefined when there was no colon. */
  readonly password?: string;
}

export interface Url {
  readonly scheme: string;
  readonly opaque: string;
  readonly user?: Userinfo;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

type Encoding = "path" | "host" | "zone" | "userPassword" | "fragment";

/** Bytes that each part of a URL may hold as they are, besides letters, digits and `-_.~`. */
const unescaped: Readonly<Record<Encoding, string>> = {
  path: "$&+,/:;=@",
  host: "!$&'()*+,;=:[]<>\"",
  zone: "!$&'()*+,;=:[]<>\"",
  userPassword: "$&+,;=",
  fragment: "!$&()*+,/:;=?@",
};

function needsEscape(char: string, encoding: Encoding): boolean {
  return !/[0-9A-Za-z\-_.~]/.test(char) && !unescaped[encoding].includes(char);
}

function escape(text: string, encoding: Encoding): string {
  return text.replace(/[^0-9A-Za-z\-_.~]/gs, (char) =>
    needsEscape(char, encoding) ? `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}` : char,
  );
}

function unescape(text: string, encoding: Encoding): string {
  const inHost = encoding === "host" || encoding === "zone";
  return text.replace(/%([0-9A-Fa-f]{2})?|[^%]/gs, (match: string, hex: string | undefined, at: number) => {
    if (!match.startsWith("%")) {
      if (inHost && match < "\x80" && needsEscape(match, encoding)) {
        throw new FunctionError(`invalid character ${quoteGo(match)} in host name`);
      }
      return match;
    }
    if (hex === undefined) throw invalidEscape(text.slice(at, at + 3));
    const code = Number.parseInt(hex, 16);
    if (encoding === "host" && code < 0x80 && hex !== "25") throw invalidEscape(match);
    if (encoding === "zone" && hex !== "25" && code !== 32 && needsEscape(String.fromCharCode(code), "host")) {
      throw invalidEscape(match);
    }
    return String.fromCharCode(code);
  });
}

function invalidEscape(text: string): FunctionError {
  return new FunctionError(`invalid URL escape ${quoteGo(text)}`);
}

/** The text before and after the first separator; all and nothing when there is none. */
function cut(text: string, separator: string): [before: string, after: string, found: boolean] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, "", false] : [text.slice(0, at), text.slice(at + separator.length), true];
}

function cutScheme(text: string): [scheme: string, rest: string] {
  if (text.startsWith(":")) throw new FunctionError("missing protocol scheme");
  const scheme = /^([a-zA-Z][a-zA-Z0-9+\-.]*):/.exec(text);
  return scheme ? [scheme[1]!, text.slice(scheme[0].length)] : ["", text];
}

function checkPort(port: string): void {
  if (!/^(?::[0-9]*)?$/.test(port)) throw new FunctionError(`invalid port ${quoteGo(port)} after host`);
}

function parseBracketedHost(host: string): string {
  const close = host.lastIndexOf("]");
  if (close < 0) throw new FunctionError("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const name = host.slice(1, close);
  const zone = name.indexOf("%25");
  const unescapedName =
    zone >= 0 ? unescape(name.slice(0, zone), "host") + unescape(name.slice(zone), "zone") : unescape(name, "host");
  const address = parseIpAddress(unescapedName);
  if (typeof address === "string") throw new FunctionError(`invalid host: ${address}`);
  if (address.bytes.length === 4) throw new FunctionError("invalid IP-literal");
  return `[${unescapedName}]${unescape(port, "host")}`;
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf("[");
  if (bracket > 0) throw new FunctionError("invalid IP-literal");
  if (bracket === 0) return parseBracketedHost(host);
  const colon = host.indexOf(":");
  if (colon !== -1) {
    const isHttp = scheme === "http" || scheme === "https";
    checkPort(host.slice(isHttp ? colon : host.lastIndexOf(":")));
  }
  return unescape(host, "host");
}

function parseUserinfo(text: string): Userinfo {
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(text)) throw new FunctionError("net/url: invalid userinfo");
  const [username, password, hasPassword] = cut(text, ":");
  if (!hasPassword) return { username: unescape(text, "userPassword") };
  return { username: unescape(username, "userPassword"), password: unescape(password, "userPassword") };
}

function parseWithoutFragment(text: string): Url {
  if (/[\x00-\x1f\x7f]/.test(text)) throw new FunctionError("net/url: invalid control character in URL");
  const empty = { scheme: "", opaque: "", host: "", path: "", query: "", fragment: "" };
  if (text === "*") return { ...empty, path: "*" };
  const [rawScheme, afterScheme] = cutScheme(text);
  const scheme = rawScheme.toLowerCase();
  const [hierarchy, query] = cut(afterScheme, "?");
  const url = { ...empty, scheme, query };
  if (!hierarchy.startsWith("/")) {
    if (scheme !== "") return { ...url, opaque: hierarchy };
    if (cut(hierarchy, "/")[0].includes(":")) {
      throw new FunctionError("first path segment in URL cannot contain colon");
    }
  }
  if (!hierarchy.startsWith("//") || (scheme === "" && hierarchy.startsWith("///"))) {
    return { ...url, path: unescape(hierarchy, "path") };
  }
  const slash = hierarchy.indexOf("/", 2);
  const authority = slash === -1 ? hierarchy.slice(2) : hierarchy.slice(2, slash);
  const at = authority.lastIndexOf("@");
  const host = parseHost(scheme, authority.slice(at + 1));
  const user = at === -1 ? {} : { user: parseUserinfo(authority.slice(0, at)) };
  return { ...url, ...user, host, path: unescape(slash === -1 ? "" : hierarchy.slice(slash), "path") };
}

/** Runs a step of `url.Parse`; its error names the operation and the text. */
function parsing<T>(text: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof FunctionError) throw new FunctionError(`parse ${quoteGo(text)}: ${error.message}`);
    throw error;
  }
}

/** `url.Parse`. Throws FunctionError with Go's text. */
export function parseUrl(text: string): Url {
  const [before, fragment] = cut(text, "#");
  const url = parsing(before, () => parseWithoutFragment(before));
  return fragment === "" ? url : { ...url, fragment: parsing(text, () => unescape(fragment, "fragment")) };
}

function userinfoText(user: Userinfo): string {
  const password = user.password === undefined ? "" : `:${escape(user.password, "userPassword")}`;
  return escape(user.username, "userPassword") + password;
}

/** `URL.String` of a URL that was put together from its parts. */
function formatUrl(url: Url): string {
  let out = url.scheme === "" ? "" : `${url.scheme}:`;
  if (url.opaque !== "") out += url.opaque;
  else {
    if (url.host !== "" || url.user || (url.scheme !== "" && url.path !== "")) out += "//";
    if (url.user) out += `${userinfoText(url.user)}@`;
    out += escape(url.host, "host");
    const path = url.path === "*" ? "*" : escape(url.path, "path");
    if (path !== "" && !path.startsWith("/") && url.host !== "") out += "/";
    // A first segment with a colon would read as a scheme.
    if (out === "" && cut(path, "/")[0].includes(":")) out += "./";
    out += path;
  }
  if (url.query !== "") out += `?${url.query}`;
  return url.fragment === "" ? out : `${out}#${escape(url.fragment, "fragment")}`;
}

function hostname(host: string): string {
  const colon = host.lastIndexOf(":");
  const name = colon !== -1 && /^:[0-9]*$/.test(host.slice(colon)) ? host.slice(0, colon) : host;
  return name.startsWith("[") && name.endsWith("]") ? name.slice(1, -1) : name;
}

function urlParse(text: string): GoValue {
  let url: Url;
  try {
    url = parseUrl(text);
  } catch (error) {
    if (error instanceof FunctionError) throw new FunctionError(`unable to parse url: ${error.message}`);
    throw error;
  }
  return new Map<string, GoValue>([
    ["scheme", url.scheme],
    ["host", url.host],
    ["hostname", hostname(url.host)],
    ["path", url.path],
    ["query", url.query],
    ["opaque", url.opaque],
    ["fragment", url.fragment],
    ["userinfo", url.user ? userinfoText(url.user) : ""],
  ]);
}

function stringUnder(parts: ReadonlyMap<string, GoValue> | null, key: string): string {
  const value = parts?.get(key);
  if (value === undefined) return "";
  if (value === null) throw nilDereference();
  if (typeof value === "string") return value;
  throw new FunctionError(`unable to parse ${key} key, must be of type string, but ${goKind(value)} found`);
}

function urlJoin(parts: ReadonlyMap<string, GoValue> | null): string {
  const url = {
    scheme: stringUnder(parts, "scheme"),
    host: stringUnder(parts, "host"),
    path: stringUnder(parts, "path"),
    query: stringUnder(parts, "query"),
    opaque: stringUnder(parts, "opaque"),
    fragment: stringUnder(parts, "fragment"),
  };
  const userinfo = stringUnder(parts, "userinfo");
  if (userinfo === "") return formatUrl(url);
  try {
    const { user } = parseUrl(`proto://${userinfo}@host`);
    return formatUrl(user ? { ...url, user } : url);
  } catch (error) {
    if (error instanceof FunctionError) {
      throw new FunctionError(`unable to parse userinfo in dict: ${error.message}`);
    }
    throw error;
  }
}

/** Sprig's URLs. From url.go. */
export const urlFunctions: readonly GoFunction[] = [
  define("urlParse", "func(string) map[string]interface {}", (_, text: string) => urlParse(text)),
  define("urlJoin", "func(map[string]interface {}) string", (_, parts: ReadonlyMap<string, GoValue> | null) =>
    urlJoin(parts),
  ),
];
