import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Io } from "../command.ts";
import type { ParsedFlags } from "./flags/flag-reader.ts";
import { quoted } from "./flags/flag-value.ts";
import { systemReason } from "./system-reason.ts";

/*
 * `newRegistryClient` (pkg/cmd/root.go) and `NewTLSConfig` (internal/tlsutil/tls.go, Helm 4.2.4): certificates are read before anything
 * is known of the chart.
 */

/** Why the certificates of a command line cannot be used, in Helm's words; undefined when they can, or there are none. */
export function tlsFilesFault(flags: ParsedFlags, io: Io): string | undefined {
  const file = (name: string): string => flags.texts.get(name) ?? "";
  const [certificate, key, authority] = [file("cert-file"), file("key-file"), file("ca-file")];
  const isUsed = (certificate !== "" && key !== "") || authority !== "";
  if (!isUsed && flags.switches.get("insecure-skip-tls-verify") !== true) return undefined;
  const faults: string[] = [];
  const read = (path: string, what: string): string | undefined => {
    try {
      return readFileSync(resolve(io.cwd, path), "latin1");
    } catch (error) {
      const verb = (error as NodeJS.ErrnoException).code === "EISDIR" ? "read" : "open";
      faults.push(`${what} file: ${quoted(path)}: ${verb} ${path}: ${systemReason(error)}`);
      return undefined;
    }
  };
  let pair: readonly (string | undefined)[] = [];
  if (certificate !== "" || key !== "") {
    pair = [read(certificate, "unable to read cert")];
    if (pair[0] !== undefined) pair = [pair[0], read(key, "unable to read key")];
  }
  const authorities = authority === "" ? undefined : read(authority, "can't read CA");
  const [first, second] = pair;
  if (faults.length === 0 && first !== undefined && second !== undefined && first !== "" && second !== "") {
    if (!isPem(first)) faults.push(unusable("certificate"));
    else if (!isPem(second)) faults.push(unusable("key"));
  }
  if (faults.length === 0 && authorities !== undefined && authorities !== "" && !isPem(authorities))
    faults.push("failed to append certificates from pem block");
  if (faults.length === 0) return undefined;
  return `missing registry client: can't create TLS config for client: ${faults.join("\n")}`;
}

function isPem(text: string): boolean {
  return /^-----BEGIN [^-]+-----\s*$/m.test(text);
}

function unusable(what: string): string {
  return `unable to load cert from key pair: tls: failed to find any PEM data in ${what} input`;
}
