import { closest } from "@tiphys/estate";
import { UserError } from "./command.ts";

const mostListed = 20;

/** The error for a name of the command line that nothing has: with the nearest known one, or all while they are few. */
export function unknownName(what: string, name: string, known: Iterable<string>): UserError {
  const names = [...new Set(known)];
  const nearest = closest(name, names);
  const fix = names.includes(name)
    ? "\n  fix: the selectors leave it out"
    : nearest !== undefined
      ? `\n  fix: did you mean "${nearest}"?`
      : names.length > 0 && names.length <= mostListed
        ? `\n  fix: take one of ${names.join(", ")}`
        : "";
  return new UserError(`error: there is no ${what} "${name}"${fix}`);
}

/** Throws `UserError` for the first name that is not among the known ones. */
export function assertKnown(what: string, names: readonly string[], known: Iterable<string>): void {
  const all = new Set(known);
  const unknown = names.find((name) => !all.has(name));
  if (unknown !== undefined) throw unknownName(what, unknown, all);
}
