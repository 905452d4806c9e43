import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { ChartFetchError } from "./fetch-error.ts";

/* oras-go 2.6.2 registry/remote/credentials: Helm's config.json first, then Docker's. */

/** What a registry gets to know of the user. Empty texts are none. */
export interface RegistryCredential {
  readonly username: string;
  readonly password: string;
  /** An identity token, to be exchanged at the token endpoint. */
  readonly refreshToken: string;
  /** A token that is sent as it is. */
  readonly accessToken: string;
}

/** A credential with nothing but what is given. */
export function registryCredential(parts: Partial<RegistryCredential>): RegistryCredential {
  return { username: "", password: "", refreshToken: "", accessToken: "", ...parts };
}

type Json = Readonly<Record<string, unknown>>;

const helperTimeout = 30_000;
const largestAnswer = 1024 * 1024;

/** Finds the logins of registries in files of Docker's format and in the programs that these name. Each host is asked for once. */
export class RegistryCredentials {
  readonly #files: readonly string[];
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #known = new Map<string, Promise<RegistryCredential | undefined>>();

  constructor(files: readonly string[], environment: Readonly<Record<string, string | undefined>>) {
    this.#files = files;
    this.#environment = environment;
  }

  /** The login of a host (`host` or `host:port`); undefined when there is none. Rejects with `ChartFetchError` for a broken file or program. */
  find(host: string): Promise<RegistryCredential | undefined> {
    let found = this.#known.get(host);
    if (found === undefined) this.#known.set(host, (found = this.#search(host)));
    return found;
  }

  async #search(host: string): Promise<RegistryCredential | undefined> {
    const server = host === "registry-1.docker.io" || host === "docker.io" ? "https://index.docker.io/v1/" : host;
    for (const file of this.#files) {
      const config = readConfig(file);
      if (config === undefined) continue;
      const helper = helperFor(config, server);
      const found = helper === undefined ? fromAuths(config, { server, file }) : await this.#askHelper(helper, server);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The protocol of docker-credential-helpers: `docker-credential-NAME get`, the server on stdin, JSON on stdout. */
  #askHelper(suffix: string, server: string): Promise<RegistryCredential | undefined> {
    const program = `docker-credential-${suffix}`;
    const fail = (why: string): ChartFetchError =>
      new ChartFetchError("registry-credential-helper", `credential helper ${program} failed for ${server}: ${why}`);
    if (!/^[\w.-]+$/.test(suffix)) return Promise.reject(fail("its name is not one of a program"));
    return new Promise((resolve, reject) => {
      const environment = this.#environment as NodeJS.ProcessEnv;
      const options = { env: environment, timeout: helperTimeout, maxBuffer: largestAnswer, windowsHide: true };
      const child = execFile(program, ["get"], options, (error, stdout) => {
        if (error !== null) {
          const said = stdout.trim();
          if (said === "credentials not found in native keychain") return resolve(undefined);
          if ((error as NodeJS.ErrnoException).code === "ENOENT")
            return reject(fail("there is no such program on PATH"));
          if (error.killed === true) return reject(fail("no answer in time"));
          // What it printed is an error text only by convention, so only its first line is repeated.
          return reject(fail(said === "" ? "it ended with an error" : said.split("\n", 1)[0]!.slice(0, 200)));
        }
        const answer = parseJson(stdout);
        if (answer === undefined) return reject(fail("its answer is no JSON"));
        const [username, secret] = [text(answer["Username"]), text(answer["Secret"])];
        if (username === "" && secret === "") return resolve(undefined);
        resolve(
          username === "<token>"
            ? registryCredential({ refreshToken: secret })
            : registryCredential({ username, password: secret }),
        );
      });
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(server);
    });
  }
}

function readConfig(file: string): Json | undefined {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  if (content.trim() === "") return undefined;
  const config = parseJson(content);
  if (config === undefined) {
    throw new ChartFetchError("registry-config-invalid", `failed to decode config file ${file}: invalid config format`);
  }
  return config;
}

function helperFor(config: Json, server: string): string | undefined {
  const helpers = config["credHelpers"];
  const own = isJson(helpers) && Object.hasOwn(helpers, server) ? text(helpers[server]) : "";
  return own || text(config["credsStore"]) || undefined;
}

/** `auths`, by the address itself, or by the host of an address with a scheme or path. */
function fromAuths(config: Json, of: { server: string; file: string }): RegistryCredential | undefined {
  const auths = config["auths"];
  if (!isJson(auths)) return undefined;
  const name = Object.hasOwn(auths, of.server)
    ? of.server
    : Object.keys(auths).find((address) => hostOf(address) === of.server);
  const auth = name === undefined ? undefined : auths[name];
  if (!isJson(auth)) return undefined;
  const tokens = { refreshToken: text(auth["identitytoken"]), accessToken: text(auth["registrytoken"]) };
  let [username, password] = [text(auth["username"]), text(auth["password"])];
  const encoded = text(auth["auth"]);
  if (encoded !== "") {
    const pair = Buffer.from(encoded, "base64").toString("utf8");
    const colon = pair.indexOf(":");
    if (colon < 0) {
      const place = `auths["${name}"].auth in ${of.file}`;
      throw new ChartFetchError(
        "registry-config-invalid",
        `${place} does not conform the base64(username:password) format`,
      );
    }
    [username, password] = [pair.slice(0, colon), pair.slice(colon + 1)];
  }
  const isEmpty = username === "" && password === "" && tokens.refreshToken === "" && tokens.accessToken === "";
  return isEmpty ? undefined : { username, password, ...tokens };
}

function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, "").split("/", 1)[0]!;
}

function parseJson(content: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
