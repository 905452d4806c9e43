import { zoneAbbreviations } from "./time-zone-names.ts";

/** What a zone is called and how far it is from UTC at one moment. */
export interface ZoneOffset {
  readonly name: string;
  /** Seconds east of UTC. */
  readonly seconds: number;
}

/** A `*time.Location`. */
export interface TimeZone {
  /** What `Location.String` gives: the IANA name, `UTC`, `Local`, or that of a fixed zone. */
  readonly name: string;
  /** The offset in force at a moment, in seconds since 1970. */
  lookup(unixSeconds: number): ZoneOffset;
  /** All abbreviations with their offsets. */
  readonly abbreviations: readonly ZoneOffset[];
}

/** A zone that never changes; its name is its abbreviation. */
export function fixedZone(name: string, seconds: number): TimeZone {
  const offset = { name, seconds };
  return { name, lookup: () => offset, abbreviations: [offset] };
}

export const utc: TimeZone = fixedZone("UTC", 0);

let byName: Map<string, readonly ZoneOffset[]> | undefined;

/** The abbreviations of every known zone. */
function knownZones(): ReadonlyMap<string, readonly ZoneOffset[]> {
  if (byName) return byName;
  byName = new Map();
  for (const line of zoneAbbreviations) {
    const [names, zones] = line.split("|") as [string, string];
    const offsets = names
      .split(" ")
      .filter((entry) => entry !== "")
      .map((entry) => entry.split("=") as [string, string])
      .map(([minutes, name]) => ({ name, seconds: Number(minutes) * 60 }));
    let area = "";
    for (const word of zones.split(" ")) {
      if (word.startsWith("@")) area = word.slice(1);
      else byName.set(area + word, offsets);
    }
  }
  return byName;
}

/** `+0530` for a zone without abbreviation, as the zone files write it. */
function numericName(seconds: number): string {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const hours = String(Math.floor(minutes / 60)).padStart(2, "0");
  const rest = minutes % 60 === 0 ? "" : String(minutes % 60).padStart(2, "0");
  return (seconds < 0 ? "-" : "+") + hours + rest;
}

const largestDate = 8.64e12;

class IanaZone implements TimeZone {
  readonly name: string;
  readonly abbreviations: readonly ZoneOffset[];
  private readonly format: Intl.DateTimeFormat;

  constructor(name: string, abbreviations: readonly ZoneOffset[]) {
    this.name = name;
    this.abbreviations = abbreviations;
    this.format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  }

  lookup(unixSeconds: number): ZoneOffset {
    const moment = Math.min(Math.max(unixSeconds, -largestDate), largestDate) * 1000;
    const text = this.format.formatToParts(moment).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
    const match = /GMT([+-])(\d+):?(\d*):?(\d*)/.exec(text);
    const size = match ? Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]) : 0;
    const seconds = match?.[1] === "-" ? -size : size;
    const known = this.abbreviations.find((offset) => offset.seconds === seconds);
    if (known) return known;
    // Before standard time, zones kept the sun's time.
    return { name: seconds % 60 === 0 ? numericName(seconds) : "LMT", seconds };
  }
}

const loaded = new Map<string, TimeZone | undefined>();

/** `time.LoadLocation` for IANA names, as they are spelled; undefined for unknown ones. */
export function loadTimeZone(name: string): TimeZone | undefined {
  if (name === "" || name === "UTC") return utc;
  if (!loaded.has(name)) loaded.set(name, openZone(name));
  return loaded.get(name);
}

/** The zone a process runs in, by its IANA name, as the variable TZ gives it to Go. An unknown name is UTC. */
export function localTimeZone(ianaName: string): TimeZone {
  return loadTimeZone(ianaName) ?? utc;
}

function openZone(name: string): TimeZone | undefined {
  const abbreviations = knownZones().get(name);
  if (!abbreviations) return undefined;
  try {
    return new IanaZone(name, abbreviations);
  } catch (error) {
    // The engine's own zone data may be older or leave out old names.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
