import { define, FunctionError } from "../function.ts";
import { type GoFunction, type GoKind, GoNumber, GoObject, type GoValue } from "../value.ts";
import { parseUint } from "./cast.ts";
import type { JsonMarshaler } from "./json-encode.ts";
import { quoteJson } from "./json-encode.ts";

/** Masterminds/semver 3.5.0 version.go. */

/** The releases that tools are built with: Helm has 3.5, Argo CD 3.6 has 3.4. */
export type SemverRelease = "3.4" | "3.5";

const longestVersion = 256;
const looseVersion =
  /^v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?(-([0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?(\+([0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?$/;
const largestSegment = 0xffffffffffffffffn;

const invalidVersion = "invalid semantic version";
const segmentStartsWithZero = "version segment starts with 0";

interface VersionParts {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
}

/** A semantic version; in templates a `*semver.Version` or, from `IncMajor` and its like, a `semver.Version`. */
export class Version extends GoObject implements VersionParts, JsonMarshaler {
  readonly goType: string;
  readonly goKind: GoKind;
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** The text it was read from. */
  readonly original: string;

  constructor(parts: VersionParts, original: string, isPointer = true) {
    super();
    this.goType = isPointer ? "*semver.Version" : "semver.Version";
    this.goKind = isPointer ? "ptr" : "struct";
    this.major = parts.major;
    this.minor = parts.minor;
    this.patch = parts.patch;
    this.prerelease = parts.prerelease;
    this.metadata = parts.metadata;
    this.original = original;
  }

  /** The normal form: three numbers, prerelease, metadata. */
  override goString(): string {
    return formatParts(this);
  }

  goMarshalJson(): string {
    return quoteJson(this.goString());
  }

  override goMethod(name: string): GoFunction | undefined {
    return valueMethods[name]?.(this) ?? (this.goKind === "ptr" ? pointerMethods[name]?.(this) : undefined);
  }

  /** -1, 0 or 1; metadata does not count. */
  compare(other: Version): number {
    return (
      compareSegments(this.major, other.major) ||
      compareSegments(this.minor, other.minor) ||
      compareSegments(this.patch, other.patch) ||
      comparePrereleases(this.prerelease, other.prerelease)
    );
  }

  /** The next version after `change`, which keeps a leading `v` in `original`. */
  next(change: Partial<VersionParts>): Version {
    const { major, minor, patch, prerelease, metadata } = this;
    const parts = { major, minor, patch, prerelease, metadata, ...change };
    return new Version(parts, (this.original.startsWith("v") ? "v" : "") + formatParts(parts), false);
  }
}

function formatParts(parts: VersionParts): string {
  const prerelease = parts.prerelease === "" ? "" : `-${parts.prerelease}`;
  const metadata = parts.metadata === "" ? "" : `+${parts.metadata}`;
  return `${parts.major}.${parts.minor}.${parts.patch}${prerelease}${metadata}`;
}

function compareSegments(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A version without prerelease comes after every one with it. */
function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  return comparePrereleaseParts(a, b);
}

/** Prerelease identifiers from left to right: numbers by value and before words, a missing one first. */
export function comparePrereleaseParts(a: string, b: string): number {
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i] ?? "", right[i] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return -1;
  if (b === "") return 1;
  const left = parseUint(a, 10);
  const right = parseUint(b, 10);
  if (typeof left === "string" && typeof right === "string") return a > b ? 1 : -1;
  if (typeof right === "string") return -1;
  if (typeof left === "string") return 1;
  return left > right ? 1 : -1;
}

function readSegment(text: string | undefined): bigint {
  if (text === undefined) return 0n;
  const digits = text.replace(".", "");
  const parsed = parseUint(digits, 10);
  if (typeof parsed === "bigint") return parsed;
  throw new FunctionError(`error parsing version segment: strconv.ParseUint: parsing "${digits}": ${parsed}`);
}

function validatePrerelease(prerelease: string): void {
  for (const part of prerelease.split(".")) {
    if (part === "" || /[^0-9A-Za-z-]/.test(part)) throw new FunctionError("invalid prerelease string");
    if (/^0[0-9]+$/.test(part)) throw new FunctionError(segmentStartsWithZero);
  }
}

function validateMetadata(metadata: string): void {
  for (const part of metadata.split(".")) {
    if (part === "" || /[^0-9A-Za-z-]/.test(part)) throw new FunctionError("invalid metadata string");
  }
}

/**
 * `semver.NewVersion`: one to three numbers, leading `v` and zeros allowed.
 * Throws FunctionError with upstream's text.
 */
export function parseVersion(text: string, release: SemverRelease = "3.5"): Version {
  if (release !== "3.4" && text.length > longestVersion)
    throw new FunctionError(`version string is too long (max ${longestVersion} bytes)`);
  const match = looseVersion.exec(text);
  if (!match) throw new FunctionError(invalidVersion);
  const parts = {
    major: readSegment(match[1]),
    minor: readSegment(match[2]),
    patch: readSegment(match[3]),
    prerelease: match[5] ?? "",
    metadata: match[8] ?? "",
  };
  if (parts.prerelease !== "") validatePrerelease(parts.prerelease);
  return new Version(parts, text);
}

/** `semver.StrictNewVersion`: exactly three numbers, no `v`, no leading zeros. Throws FunctionError with upstream's text. */
export function parseStrictVersion(text: string): Version {
  if (text === "") throw new FunctionError("version string empty");
  if (text.length > longestVersion) throw new FunctionError(`version string is too long (max ${longestVersion} bytes)`);
  const match = /^([^.]*)\.([^.]*)\.([^+]*?)(?:\+(.*))?$/s.exec(text);
  if (!match) throw new FunctionError(invalidVersion);
  const [patch, ...rest] = match[3]!.split("-") as [string, ...string[]];
  const prerelease = rest.join("-");
  if (match[4] !== undefined) validateMetadata(match[4]);
  if (rest.length > 0) validatePrerelease(prerelease);
  for (const part of [match[1]!, match[2]!, patch]) {
    if (/[^0-9]/.test(part)) throw new FunctionError("invalid characters in version");
    if (/^0./.test(part)) throw new FunctionError(segmentStartsWithZero);
  }
  const segments = [match[1]!, match[2]!, patch].map((part) => {
    const parsed = parseUint(part, 10);
    if (typeof parsed === "bigint") return parsed;
    throw new FunctionError(`strconv.ParseUint: parsing "${part}": ${parsed}`);
  });
  const [major = 0n, minor = 0n, patchNumber = 0n] = segments;
  return new Version({ major, minor, patch: patchNumber, prerelease, metadata: match[4] ?? "" }, text);
}

type Method = (version: Version) => GoFunction;

function uint64(value: bigint): GoNumber {
  return new GoNumber("uint64", value);
}

function getter(name: string, type: string, get: (version: Version) => GoValue): Method {
  return (version) => define(name, `func() ${type}`, () => get(version));
}

function incrementer(name: string, part: "major" | "minor" | "patch"): Method {
  return (version) =>
    define(name, "func() semver.Version", () => {
      if (version[part] === largestSegment) {
        throw new FunctionError(`${part} version increment would overflow uint64`);
      }
      const reset = { prerelease: "", metadata: "" };
      if (part === "major") return version.next({ ...reset, major: version.major + 1n, minor: 0n, patch: 0n });
      if (part === "minor") return version.next({ ...reset, minor: version.minor + 1n, patch: 0n });
      // A prerelease comes before its own patch version.
      return version.next({ ...reset, patch: version.patch + (version.prerelease === "" ? 1n : 0n) });
    });
}

function comparison(name: string, holds: (order: number) => boolean): Method {
  return (version) => define(name, "func(*semver.Version) bool", (_, other: Version) => holds(version.compare(other)));
}

const valueMethods: Readonly<Record<string, Method>> = Object.assign(Object.create(null), {
  Major: getter("Major", "uint64", (version) => uint64(version.major)),
  Minor: getter("Minor", "uint64", (version) => uint64(version.minor)),
  Patch: getter("Patch", "uint64", (version) => uint64(version.patch)),
  Prerelease: getter("Prerelease", "string", (version) => version.prerelease),
  Metadata: getter("Metadata", "string", (version) => version.metadata),
  String: getter("String", "string", (version) => version.goString()),
  IncMajor: incrementer("IncMajor", "major"),
  IncMinor: incrementer("IncMinor", "minor"),
  IncPatch: incrementer("IncPatch", "patch"),
  SetPrerelease: (version: Version) =>
    define("SetPrerelease", "func(string) semver.Version", (_, prerelease: string) => {
      if (prerelease !== "") validatePrerelease(prerelease);
      return version.next({ prerelease });
    }),
  SetMetadata: (version: Version) =>
    define("SetMetadata", "func(string) semver.Version", (_, metadata: string) => {
      if (metadata !== "") validateMetadata(metadata);
      return version.next({ metadata });
    }),
});

const pointerMethods: Readonly<Record<string, Method>> = Object.assign(Object.create(null), {
  Original: getter("Original", "string", (version) => version.original),
  Compare: (version: Version) =>
    define("Compare", "func(*semver.Version) int", (_, other: Version) => BigInt(version.compare(other))),
  Equal: comparison("Equal", (order) => order === 0),
  LessThan: comparison("LessThan", (order) => order < 0),
  LessThanEqual: comparison("LessThanEqual", (order) => order <= 0),
  GreaterThan: comparison("GreaterThan", (order) => order > 0),
  GreaterThanEqual: comparison("GreaterThanEqual", (order) => order >= 0),
});
