import { closeSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { FunctionError, fromByteString, toByteString, type GoValue } from "@tiphys/gotemplate";
import { parseUrl } from "@tiphys/gotemplate/sprig";
import { HelmError, type ValuesLayer } from "@tiphys/helm";
import type { Io } from "../command.ts";
import { ChartFetchError } from "./fetch-error.ts";
import { TemplateArgumentError } from "./argument-error.ts";
import { systemReason } from "./system-reason.ts";

/** Value files beyond a quarter of this are refused by the engine. */
const largestFile = 64 << 20;

const setFilePrefix = "failed parsing --set-file data: ";

/** Thrown while values are merged: what lies at an address has to be fetched first. */
export class WantedAddress extends Error {
  override readonly name = "WantedAddress";
  readonly address: string;
  /** What stands before the reason when it cannot be. */
  readonly prefix: string;
  constructor(address: string, prefix: string) {
    super(address);
    this.address = address;
    this.prefix = prefix;
  }
}

/** The files that `-f` and `--set-file` name: on disk, on standard input and at addresses (`readFile` of pkg/cli/values, Helm 4.2.4). */
export class UserFiles {
  readonly #io: Io;
  readonly #fetched = new Map<string, Uint8Array>();
  #stdinIsRead = false;
  #stdin: Uint8Array | undefined;

  constructor(io: Io) {
    this.#io = io;
  }

  /** Runs what reads files, and again after each address that it wanted. Rejects with `TemplateArgumentError`. */
  async withAddresses<Result>(work: () => Result): Promise<Result> {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof WantedAddress)) throw error;
        await this.#fetch(error.address).catch((reason: unknown) => {
          if (!(reason instanceof TemplateArgumentError)) throw reason;
          throw new TemplateArgumentError(error.prefix + reason.message);
        });
      }
    }
  }

  /** The value files in order. Throws `TemplateArgumentError` and `WantedAddress`. */
  layers(paths: readonly string[]): ValuesLayer[] {
    this.#stdinIsRead = false;
    return paths.map((path): ValuesLayer => ({
      kind: "file",
      name: toByteString(path),
      origin: { file: path.trim() === "-" ? "<stdin>" : path },
      content: this.#read(path),
    }));
  }

  /** Reads the files of `--set-file`, always the same: standard input is empty when a value file has had it. */
  setFileReader(): (path: string) => GoValue {
    const before = this.#stdinIsRead;
    let isRead = before;
    return (path) => {
      this.#stdinIsRead = isRead;
      try {
        return Buffer.from(this.#read(fromByteString(path))).toString("latin1");
      } catch (error) {
        if (error instanceof WantedAddress) throw new WantedAddress(error.address, setFilePrefix);
        if (!(error instanceof TemplateArgumentError)) throw error;
        throw new HelmError("set-flag-invalid", `${setFilePrefix}${error.message}`);
      } finally {
        isRead = this.#stdinIsRead;
        this.#stdinIsRead = before;
      }
    };
  }

  #read(path: string): Uint8Array {
    if (path.trim() === "-") {
      if (this.#stdinIsRead) return new Uint8Array();
      this.#stdinIsRead = true;
      return (this.#stdin ??= this.#io.stdin());
    }
    const scheme = schemeOf(path);
    if (scheme === "oci") throw TemplateArgumentError.of(`unsupported: values from a registry: ${path}`);
    if (scheme === "http" || scheme === "https") {
      const content = this.#fetched.get(path);
      if (content === undefined) throw new WantedAddress(path, "");
      return content;
    }
    try {
      if (path === "") throw Object.assign(new Error(), { code: "ENOENT" });
      return readBounded(resolve(this.#io.cwd, path), path);
    } catch (error) {
      if (error instanceof TemplateArgumentError) throw error;
      const verb = (error as NodeJS.ErrnoException).code === "EISDIR" ? "read" : "open";
      throw TemplateArgumentError.of(`${verb} ${path}: ${systemReason(error)}`);
    }
  }

  async #fetch(address: string): Promise<void> {
    const { host } = parseUrl(toByteString(address));
    if (host === "") throw TemplateArgumentError.of(`Get "${address}": http: no Host in request URL`);
    // Loaded only for addresses.
    const { discardBody, HttpClient, readBody } = await import("./http-client.ts");
    const http = new HttpClient({ environment: this.#io.environment });
    try {
      const response = await http.send({ url: address, allowPlainHttp: true });
      if (response.status !== 200) {
        discardBody(response);
        throw TemplateArgumentError.of(`failed to fetch ${address} : ${response.statusLine}`);
      }
      this.#fetched.set(address, await readBody(response, largestFile, "value file"));
    } catch (error) {
      if (error instanceof ChartFetchError) throw TemplateArgumentError.of(error.message);
      throw error;
    } finally {
      http.close();
    }
  }
}

/** A file, or what comes out of a pipe or device until it ends; one that does not end is refused. */
function readBounded(absolute: string, path: string): Uint8Array {
  const file = openSync(absolute, "r");
  try {
    const parts: Buffer[] = [];
    let size = 0;
    for (;;) {
      const part = Buffer.allocUnsafe(1 << 20);
      const count = readSync(file, part, 0, part.length, null);
      if (count === 0) return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      size += count;
      if (size > largestFile)
        throw TemplateArgumentError.of(`unsupported: ${path} holds more than ${largestFile} bytes`);
      parts.push(part.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}

function schemeOf(path: string): string {
  try {
    return parseUrl(toByteString(path)).scheme;
  } catch (error) {
    if (error instanceof FunctionError) throw TemplateArgumentError.of(fromByteString(error.message));
    throw error;
  }
}
