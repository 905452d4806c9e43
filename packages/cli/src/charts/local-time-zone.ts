import { readlinkSync } from "node:fs";
import type { Io } from "../command.ts";

/**
 * The zone in which Go shows local time (time/zoneinfo_unix.go, Go 1.26): TZ, a leading colon apart, or else /etc/localtime. An IANA name;
 * one that is not known counts as UTC where a time is shown.
 */
export function localTimeZone({ environment }: Io): string {
  const given = environment["TZ"]?.replace(/^:/, "");
  if (given === undefined || given === "/etc/localtime") return systemTimeZone();
  if (given.startsWith("/")) return zoneOfFile(given) ?? "UTC";
  return given === "" ? "UTC" : given;
}

function systemTimeZone(): string {
  try {
    const zone = zoneOfFile(readlinkSync("/etc/localtime"));
    if (zone !== undefined) return zone;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "UTC";
  }
  // A copy of the zone's file has no name; to find it takes tens of milliseconds.
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function zoneOfFile(path: string): string | undefined {
  return /\/zoneinfo(?:\.\w+)?\/(?:posix\/|right\/)?(.+)$/.exec(path)?.[1];
}
