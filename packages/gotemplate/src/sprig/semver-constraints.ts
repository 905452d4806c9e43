import { FunctionError } from "../function.ts";
import { quoteGo } from "../strconv/quote.ts";
import { comparePrereleaseParts, parseVersion, type SemverRelease, type Version } from "./semver-version.ts";

/** Masterminds/semver 3.5.0 constraints.go. */

const longestConstraint = 512;
const mostGroups = 32;

const space = "[\\t\\n\\f\\r ]";
/** In upstream's order, which decides which one is taken. */
const operators = "=||!=|>|<|>=|=>|<=|=<|~|~>|\\^";
const someOperator = "=|!=|>|<|>=|=>|<=|=<|~|~>|\\^";
const looseVersion =
  "v?([0-9|x|X|\\*]+)(\\.[0-9|x|X|\\*]+)?(\\.[0-9|x|X|\\*]+)?" +
  "(-([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?(\\+([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?";

const oneConstraint = new RegExp(`^${space}*(${operators})${space}*(${looseVersion})${space}*$`);
const hyphenRange = new RegExp(`${space}*(${looseVersion})${space}+-${space}+(${looseVersion})${space}*`, "g");
const eachConstraint = new RegExp(`(?:${operators})${space}*(?:${looseVersion})`, "g");
/** Upstream's pattern in a form that can be read in one way only, so that it cannot backtrack for long. */
const validConstraint = new RegExp(
  `^${space}*(?:${operators})${space}*${looseVersion}` +
    `(?:(?:${space}*,${space}*|${space}+)(?:(?:${someOperator})${space}*)?${looseVersion})*${space}*$`,
);

interface Constraint {
  readonly operator: string;
  readonly version: Version;
  /** Some of the three numbers is missing or a wildcard. */
  readonly dirty: boolean;
  readonly minorDirty: boolean;
  readonly patchDirty: boolean;
  /** The version as written, for `String()`. */
  readonly original: string;
}

/** Alternatives (`||`) of constraints that hold together. */
export class Constraints {
  private readonly alternatives: readonly (readonly Constraint[])[];
  /** Lets prereleases meet constraints that name none. */
  includePrerelease = false;

  constructor(alternatives: readonly (readonly Constraint[])[]) {
    this.alternatives = alternatives;
  }

  /** Whether `version` meets one of the alternatives. A prerelease needs a constraint in it that names one. */
  check(version: Version): boolean {
    return this.alternatives.some((all) => {
      const prerelease = this.includePrerelease || all.some((constraint) => constraint.version.prerelease !== "");
      if (version.prerelease !== "" && !prerelease) return false;
      return all.every((constraint) => checks[constraint.operator]!(version, constraint));
    });
  }

  toString(): string {
    return this.alternatives.map((all) => all.map((c) => c.operator + c.original).join(" ")).join(" || ");
  }
}

function isWildcard(text: string): boolean {
  return text === "x" || text === "X" || text === "*";
}

function improper(text: string, release: SemverRelease): FunctionError {
  return new FunctionError(`improper constraint: ${release === "3.4" ? text : quoteGo(text)}`);
}

function readConstraint(text: string, release: SemverRelease): Constraint {
  const match = oneConstraint.exec(text);
  if (!match) throw improper(text, release);
  const [, operator = "", original = "", major = "", minor = "", patch = "", prerelease = ""] = match;
  let version = original;
  let [dirty, minorDirty, patchDirty] = [true, false, false];
  if (isWildcard(major)) version = `0.0.0${prerelease}`;
  else if (minor === "" || isWildcard(minor.slice(1))) {
    minorDirty = true;
    version = `${major}.0.0${prerelease}`;
  } else if (patch === "" || isWildcard(patch.slice(1))) {
    patchDirty = true;
    version = `${major}${minor}.0${prerelease}`;
  } else dirty = false;
  try {
    return { operator, version: parseVersion(version, release), dirty, minorDirty, patchDirty, original };
  } catch (error) {
    if (error instanceof FunctionError) throw new FunctionError("constraint parser error");
    throw error;
  }
}

/** `1.2 - 1.4` becomes `>= 1.2, <= 1.4 `. */
function rewriteRanges(text: string): string {
  let out = text;
  for (const match of text.matchAll(hyphenRange)) {
    out = out.replace(match[0], () => `>= ${match[1]}, <= ${match[11]} `);
  }
  return out;
}

/** `semver.NewConstraint`; 3.4 has no limits and does not quote. Throws FunctionError with upstream's text. */
export function parseConstraints(text: string, release: SemverRelease = "3.5"): Constraints {
  const isLimited = release !== "3.4";
  if (isLimited && text.length > longestConstraint) {
    throw new FunctionError(`constraint string is too long (max ${longestConstraint} bytes)`);
  }
  const groups = rewriteRanges(text).split("||");
  if (isLimited && groups.length > mostGroups)
    throw new FunctionError(`too many constraint groups (max ${mostGroups})`);
  return new Constraints(
    groups.map((group) => {
      if (!validConstraint.test(group)) throw improper(group, release);
      return (group.match(eachConstraint) ?? [group]).map((one) => readConstraint(one, release));
    }),
  );
}

type Check = (version: Version, constraint: Constraint) => boolean;

const notEqual: Check = (version, constraint) => {
  const wanted = constraint.version;
  if (constraint.dirty) {
    if (wanted.major !== version.major) return true;
    if (wanted.minor !== version.minor && !constraint.minorDirty) return true;
    if (constraint.minorDirty) return false;
    if (wanted.patch !== version.patch && !constraint.patchDirty) return true;
    if (constraint.patchDirty) {
      if (version.prerelease === "" && wanted.prerelease === "") return false;
      return comparePrereleaseParts(version.prerelease, wanted.prerelease) !== 0;
    }
  }
  return version.compare(wanted) !== 0;
};

const greaterThan: Check = (version, { version: wanted, dirty, minorDirty, patchDirty }) => {
  if (!dirty) return version.compare(wanted) > 0;
  if (version.major !== wanted.major) return version.major > wanted.major;
  if (minorDirty) return false;
  if (patchDirty) return version.minor > wanted.minor;
  return version.compare(wanted) > 0;
};

const lessThanOrEqual: Check = (version, { version: wanted, dirty, minorDirty }) => {
  if (!dirty) return version.compare(wanted) <= 0;
  if (version.major > wanted.major) return false;
  return !(version.major === wanted.major && version.minor > wanted.minor && !minorDirty);
};

const tilde: Check = (version, { version: wanted, minorDirty, patchDirty }) => {
  if (version.compare(wanted) < 0) return false;
  // `~0.0.0` and a lone wildcard take everything.
  const isZero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n;
  if (isZero && !minorDirty && !patchDirty) return true;
  return version.major === wanted.major && (version.minor === wanted.minor || minorDirty);
};

const tildeOrEqual: Check = (version, constraint) =>
  constraint.dirty ? tilde(version, constraint) : version.compare(constraint.version) === 0;

const caret: Check = (version, { version: wanted, minorDirty, patchDirty }) => {
  if (version.compare(wanted) < 0) return false;
  if (wanted.major > 0n || minorDirty) return version.major === wanted.major;
  if (version.major > 0n) return false;
  if (wanted.minor > 0n || patchDirty) return version.minor === wanted.minor;
  if (version.minor > 0n) return false;
  return wanted.patch === version.patch;
};

const greaterThanOrEqual: Check = (version, { version: wanted }) => version.compare(wanted) >= 0;

const checks: Readonly<Record<string, Check>> = {
  "": tildeOrEqual,
  "=": tildeOrEqual,
  "!=": notEqual,
  ">": greaterThan,
  "<": (version, { version: wanted }) => version.compare(wanted) < 0,
  ">=": greaterThanOrEqual,
  "=>": greaterThanOrEqual,
  "<=": lessThanOrEqual,
  "=<": lessThanOrEqual,
  "~": tilde,
  "~>": tilde,
  "^": caret,
};
