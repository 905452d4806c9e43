import { BlockList, isIP } from "node:net";
import { ChartFetchError } from "./fetch-error.ts";
import { basicAuthorization, type HttpClient, readBody, type TlsFiles } from "./http-client.ts";
import type { RegistryCredential } from "./registry-credentials.ts";
import { displayUrl } from "./urls.ts";

/* oras-go 2.6.2 registry/remote/auth. */

/** A parsed `WWW-Authenticate`. */
export interface Challenge {
  readonly scheme: "basic" | "bearer" | "unknown";
  readonly parameters: ReadonlyMap<string, string>;
}

/** `WWW-Authenticate: Bearer realm="…",service="…",scope="…"`; what follows a malformed parameter is left out. */
export function parseChallenge(header: string): Challenge {
  const parameters = new Map<string, string>();
  const scheme = /^[\w!#$%&'*+.^`|~-]+/.exec(header)?.[0] ?? "";
  const name = scheme.toLowerCase();
  if (name === "bearer") {
    const pattern = /[ \t]*([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~-]+))[ \t]*(,|$)/y;
    pattern.lastIndex = scheme.length;
    for (let match = pattern.exec(header); match !== null; match = pattern.exec(header)) {
      parameters.set(match[1]!, match[3] ?? match[2]!.replaceAll(/\\(.)/g, "$1"));
      if (match[4] === "") break;
    }
  }
  return { scheme: name === "basic" || name === "bearer" ? name : "unknown", parameters };
}

export interface TokenRequest {
  readonly challenge: Challenge;
  /** URL that was refused. */
  readonly registryUrl: URL;
  readonly scope: string;
  readonly credential: RegistryCredential | undefined;
  readonly tls: TlsFiles | undefined;
}

const largestAnswer = 1024 * 1024;

/** The `Authorization` that answers a challenge; undefined when nothing is known that would. Rejects with `ChartFetchError`. */
export async function answerChallenge(http: HttpClient, request: TokenRequest): Promise<string | undefined> {
  const { challenge, credential } = request;
  if (challenge.scheme === "unknown") return undefined;
  if (challenge.scheme === "basic") return credential && basicAuthorization(credential.username, credential.password);
  if (credential !== undefined && credential.accessToken !== "") return `Bearer ${credential.accessToken}`;
  const realm = challenge.parameters.get("realm") ?? "";
  checkRealm(realm, request.registryUrl);
  return `Bearer ${await fetchToken(http, request, realm)}`;
}

/** Anonymous or with user and password by GET, an identity token by POST (the OAuth2 form). */
async function fetchToken(http: HttpClient, request: TokenRequest, realm: string): Promise<string> {
  const { challenge, credential } = request;
  const service = challenge.parameters.get("service") ?? "";
  const scopes = [...new Set([request.scope, ...(challenge.parameters.get("scope") ?? "").split(" ")])].filter(
    (scope) => scope !== "",
  );
  const url = new URL(realm);
  const common = { tls: request.tls, allowPlainHttp: request.registryUrl.protocol === "http:" };
  const isExchange = credential !== undefined && credential.refreshToken !== "";
  let response;
  if (isExchange) {
    const form = new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: credential.refreshToken,
      service,
      client_id: "tiphys",
    });
    if (scopes.length > 0) form.set("scope", scopes.join(" "));
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    response = await http.send({ ...common, url: url.href, method: "POST", headers, body: form.toString() });
  } else {
    if (service !== "") url.searchParams.set("service", service);
    for (const scope of scopes) url.searchParams.append("scope", scope);
    const authorization = credential && basicAuthorization(credential.username, credential.password);
    response = await http.send({ ...common, url: url.href, authorization });
  }
  const body = await readBody(response, largestAnswer, "the token");
  if (response.status !== 200) {
    throw new ChartFetchError(
      "registry-unauthorized",
      `${isExchange ? "POST" : "GET"} "${displayUrl(url)}": response status code ${response.status}: ${response.statusLine.replace(/^\d+ /, "")}`,
      loginHint(request.registryUrl.host),
    );
  }
  const token = readToken(body.toString("utf8"));
  if (token === undefined) {
    throw new ChartFetchError(
      "registry-unauthorized",
      `${isExchange ? "POST" : "GET"} "${displayUrl(url)}": empty token returned`,
    );
  }
  return token;
}

function readToken(body: string): string | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof answer !== "object" || answer === null) return undefined;
  const { access_token: access, token } = answer as { access_token?: unknown; token?: unknown };
  const found = typeof access === "string" && access !== "" ? access : token;
  // A token is one word of visible characters; anything else must not become a header.
  return typeof found === "string" && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
}

/** What to do about a registry that wants a login. */
export function loginHint(host: string): string {
  return `log in with "helm registry login ${host}" or "docker login ${host}"`;
}

const privateAddresses = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 32],
  ["10.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["224.0.0.0", 24],
] as const) {
  privateAddresses.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff02::", 16],
] as const) {
  privateAddresses.addSubnet(network, prefix, "ipv6");
}

/** A registry must not send credentials to an unsafe place: less than https, or an inner address other than its own. */
function checkRealm(realm: string, registryUrl: URL): void {
  const refuse = (why: string): ChartFetchError => new ChartFetchError("registry-realm-refused", `bearer realm ${why}`);
  let url: URL;
  try {
    url = new URL(realm);
  } catch {
    throw refuse("is no URL");
  }
  if (url.protocol === "http:" && registryUrl.protocol === "https:") {
    throw refuse(`"${displayUrl(url)}" uses http but registry was contacted over https`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw refuse(`uses unsupported scheme "${url.protocol.replace(":", "")}"`);
  const address = url.hostname.replace(/^\[|\]$/g, "");
  const family = isIP(address);
  if (family === 0 || url.hostname === registryUrl.hostname) return;
  if (privateAddresses.check(address, family === 4 ? "ipv4" : "ipv6")) {
    throw refuse(`host "${address}" is a loopback, link-local, private, or unspecified address`);
  }
}
