import { request } from "node:http";
import { BlockList, isIP } from "node:net";
import type { Socket } from "node:net";
import { ChartFetchError } from "./fetch-error.ts";
import { displayUrl, isLoopbackHost } from "./urls.ts";

/* golang.org/x/net/http/httpproxy: HTTPS_PROXY, HTTP_PROXY and NO_PROXY in either case, never for this machine itself. */

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy for a URL; undefined when it is reached directly. Throws `ChartFetchError` for a proxy that is not spoken to over http. */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  const read = (name: string): string => environment[name] || environment[name.toLowerCase()] || "";
  const text = read(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (text === "" || isLoopbackHost(url.hostname) || isExempt(url, read("NO_PROXY"))) return undefined;
  let proxy: URL;
  try {
    proxy = new URL(text.includes("://") ? text : `http://${text}`);
  } catch {
    throw new ChartFetchError("proxy-unsupported", `unsupported: the proxy address ${displayUrl(text)}`);
  }
  if (proxy.protocol !== "http:") {
    throw new ChartFetchError(
      "proxy-unsupported",
      `unsupported: proxies by ${proxy.protocol}// (${displayUrl(proxy)})`,
    );
  }
  return proxy;
}

/** NO_PROXY: `*`, names (with their subdomains), addresses, networks, each with or without a port. */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, "");
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return list
    .split(",")
    .map((item) => item.trim().toLowerCase())
    .some((item) => item !== "" && (item === "*" || matches(item, host, port)));
}

function matches(item: string, host: string, port: string): boolean {
  if (item.includes("/")) return isInNetwork(item, host);
  const withPort = /^(.*[^:]|\[.*\]):(\d+)$/.exec(item);
  if (withPort && withPort[2] !== port) return false;
  const name = (withPort ? withPort[1]! : item).replace(/^\[|\]$/g, "").replace(/^\*/, "");
  if (isIP(host) !== 0) return name === host;
  return name.startsWith(".") ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
}

function isInNetwork(item: string, host: string): boolean {
  const [network = "", prefix = ""] = item.split("/");
  const family = isIP(host);
  if (family === 0 || isIP(network) !== family || !/^\d{1,3}$/.test(prefix)) return false;
  if (Number(prefix) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family === 4 ? "ipv4" : "ipv6");
  return list.check(host, family === 4 ? "ipv4" : "ipv6");
}

/** The `Proxy-Authorization` of a proxy whose URL has a user. */
export function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** A socket through the proxy to the URL's host. Rejects with `ChartFetchError` when the proxy does not open it. */
export function openTunnel(proxy: URL, target: URL, timeout: number): Promise<Socket> {
  const authority = `${target.hostname}:${target.port || "443"}`;
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void =>
      reject(new ChartFetchError("proxy-failed", `proxy ${displayUrl(proxy)} did not connect to ${authority}: ${why}`));
    const connect = request({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: "CONNECT",
      path: authority,
      headers: { host: authority, ...proxyAuthorization(proxy) },
      timeout,
      agent: false,
    });
    connect.once("connect", (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      refuse(`${response.statusCode ?? 0} ${response.statusMessage ?? ""}`.trim());
    });
    connect.once("timeout", () => connect.destroy(new Error("timed out")));
    connect.once("error", (error) => refuse(error.message));
    connect.end();
  });
}
