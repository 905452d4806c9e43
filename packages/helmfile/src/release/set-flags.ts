import { formatGo } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { encodeJson } from "@tiphys/gotemplate/sprig";
import type { ReleaseSpec, SetValue } from "../spec/release-spec.ts";
import { HelmfileError, wrapError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { normalizePath } from "../state/storage.ts";

/* pkg/state/state.go of helmfile 1.8.0: `setFlags`, `setStringFlags` and the old `env`. */

/** One `--set…` with its `name=value`. */
export interface SetArgument {
  readonly flag: "--set" | "--set-file" | "--set-string";
  readonly expression: string;
  /** The list of the release that it stands in, and its place there. */
  readonly field: "set" | "setString" | "env";
  readonly index: number;
}

/** The flags of `set`, `setString` and `env`, in Helm's order of arguments. Throws `HelmfileError`. */
export function setArguments(state: HelmState, release: ReleaseSpec): SetArgument[] {
  const failure = (what: string): string =>
    `Failed to render ${what} entry in ${state.filePath} for release ${release.name}`;
  return [
    ...chartSetArguments(state, release, failure("set value")),
    ...argumentsOf(state, release.setString, {
      flag: "--set-string",
      field: "setString",
      failure: failure("set string value"),
    }),
    ...environmentArgument(state, release),
  ];
}

/** The flags of `set` alone. Throws `HelmfileError` with `failure` before its message. */
export function chartSetArguments(state: HelmState, release: ReleaseSpec, failure: string): SetArgument[] {
  return argumentsOf(state, release.set, { flag: "--set", field: "set", failure });
}

function argumentsOf(
  state: HelmState,
  values: readonly SetValue[] | undefined,
  { failure, ...place }: Pick<SetArgument, "flag" | "field"> & { readonly failure: string },
): SetArgument[] {
  try {
    return (values ?? []).flatMap((value, index) => setArgument(state, value, { ...place, index }));
  } catch (error) {
    throw wrapError(failure, error);
  }
}

function setArgument(
  state: HelmState,
  value: SetValue,
  place: Pick<SetArgument, "flag" | "field" | "index">,
): SetArgument[] {
  const { flag } = place;
  const name = escapeSet(value.name);
  if (value.value !== "") return [{ ...place, expression: `${name}=${escapeSet(expand(state, value.value))}` }];
  if (value.file !== "" && flag === "--set")
    return [{ ...place, flag: "--set-file", expression: `${name}=${normalizePath(state, value.file)}` }];
  if ((value.values ?? []).length === 0) return [];
  const items = value.values!.map((item) =>
    escapeSet(typeof item === "string" ? expand(state, item) : encodeJson(item)),
  );
  return [{ ...place, expression: `${name}={${items.join(",")}}` }];
}

function expand(state: HelmState, text: string): string {
  const place = { file: state.session.workspace.displayPath(state.filePath), line: 1 };
  const value: GoValue = state.session.refs.expandValue(text, { function: "ref", place });
  return typeof value === "string" ? value : formatGo("%v", [value]);
}

/** What `--set` would take apart. */
export function escapeSet(text: string): string {
  return text.replaceAll("{", "\\{").replaceAll("}", "\\}").replaceAll(",", "\\,");
}

function environmentArgument(state: HelmState, release: ReleaseSpec): SetArgument[] {
  if ((release.env ?? []).length === 0) return [];
  const assignments: string[] = [];
  const missing: string[] = [];
  for (const { name, value: variable } of release.env!) {
    const value = state.session.environment.get(variable);
    if (value === undefined) missing.push(`\t${variable}`);
    else assignments.push(`${escapeSet(name)}=${escapeSet(value)}`);
  }
  if (missing.length > 0) {
    throw new HelmfileError(
      `Environment Variables not found. Please make sure they are set and try again:\n${missing.join("\n")}`,
      { code: "environment-variable-missing" },
    );
  }
  return [{ flag: "--set", field: "env", index: 0, expression: assignments.join(",") }];
}
