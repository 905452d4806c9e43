import { fromByteString, toByteString } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import type { Session } from "../session/session.ts";
import { HelmfileError } from "../state/error.ts";
import type { ValueMap } from "../values/mergo.ts";
import { at } from "./expression.ts";
import { parseHcl } from "./parse-body.ts";
import type { Definition, HclFile } from "./parse-body.ts";
import { HclError, isList, isObject } from "./value.ts";
import type { HclObject, HclValue } from "./value.ts";
import { deepest, Work } from "./work.ts";

/* pkg/hcllang/hcl_loader.go of helmfile 1.8.0. */

/** The `values` blocks of HCL files, later ones merged over earlier ones. Throws `HelmfileError`. */
export function loadHcl(session: Session, paths: readonly string[]): ValueMap {
  const files = paths.map((path) => readFile(session, path));
  const work = new Work();
  const locals = new Map(
    files.map((file) => [file, evaluateAll(session, file.locals, { root: "local", localsOf: () => undefined, work })]),
  );
  const definitions = new Map<string, Definition[]>();
  for (const file of files)
    for (const [name, list] of file.values) definitions.set(name, [...(definitions.get(name) ?? []), ...list]);
  if (definitions.size === 0)
    throw new HelmfileError(`no variable in a values block of ${paths.join(", ")}: helmfile 1.8.0 panics`, {
      code: "hcl-invalid",
      origin: { file: session.workspace.displayPath(paths[0]!) },
    });
  const values = evaluateAll(session, definitions, {
    root: "hv",
    localsOf: (definition) => locals.get(definition.file),
    work,
  });
  if ([...values.values()].some(hasInfinity))
    throw new HelmfileError(
      "could not marshal cty value : failed to serialize value: cannot serialize infinity as JSON",
      { code: "hcl-invalid" },
    );
  return new Map([...values].map(([name, value]) => [toByteString(name), goValueOf(value)]));
}

function readFile(session: Session, path: string): HclFile {
  const text = session.readFile(path, (message) => `<nil>: ${message}; could not read file`);
  try {
    return parseHcl(fromByteString(text), path);
  } catch (error) {
    throw asHelmfileError(session, error, { path, prefix: "" });
  }
}

interface Evaluation {
  /** How the definitions name each other. */
  readonly root: "hv" | "local";
  readonly localsOf: (definition: Definition) => HclObject | undefined;
  readonly work: Work;
}

/** Evaluates what the others need first. */
function evaluateAll(
  session: Session,
  definitions: ReadonlyMap<string, readonly Definition[]>,
  { root, localsOf, work }: Evaluation,
): HclObject {
  const done = new Map<string, HclValue>();
  const open: string[] = [];
  const evaluate = (name: string): void => {
    if (done.has(name)) return;
    if (open.includes(name))
      throw new HelmfileError(
        `error while building the DAG variable graph : cycle detected: ${[...open, name].join(" -> ")}`,
        { code: "hcl-cycle", origin: placeOf(session, definitions.get(name)![0]!) },
      );
    if (open.length >= deepest)
      throw new HelmfileError(`unsupported: more than ${deepest} variables that need each other one after the other`, {
        code: "hcl-invalid",
        origin: placeOf(session, definitions.get(name)![0]!),
      });
    const own = definitions.get(name)!;
    open.push(name);
    for (const definition of own)
      for (const needed of neededBy(session, definition, root)) {
        requireDefined(needed, name);
        evaluate(needed);
      }
    open.pop();
    done.set(name, own.map((definition) => evaluateOne(definition, own.length > 1)).reduce(mergeHcl));
  };
  const requireDefined = (needed: string, dependent: string): void => {
    if (!definitions.has(needed))
      throw new HelmfileError(
        `variables ${JSON.stringify(toByteString(dependent))} depend(s) on undefined vars ${JSON.stringify(toByteString(needed))}`,
        { code: "hcl-undefined", origin: placeOf(session, definitions.get(dependent)![0]!) },
      );
  };
  const evaluateOne = (definition: Definition, isOneOfMany: boolean): HclValue => {
    const variables = new Map<string, HclValue>();
    if (done.size > 0) variables.set(root, done);
    const locals = localsOf(definition);
    if (locals !== undefined && locals.size > 0) variables.set("local", locals);
    try {
      return at(definition.expression.range, () => {
        const value = definition.expression.evaluate({ variables, work });
        work.made(value);
        return value;
      });
    } catch (error) {
      const { name, range, file } = definition;
      const place = isOneOfMany ? ` at ${file.path}:${range.line}` : "";
      throw asHelmfileError(session, error, {
        path: file.path,
        prefix: `error when trying to evaluate variable ${toByteString(name)}${place} : `,
      });
    }
  };
  for (const name of definitions.keys()) evaluate(name);
  return done;
}

function placeOf(session: Session, { file, range }: Definition): Origin {
  return { file: session.workspace.displayPath(file.path), line: range.line, column: range.column };
}

/** The names that a definition refers to; locals are there before values. */
function neededBy(session: Session, definition: Definition, root: "hv" | "local"): string[] {
  const { path } = definition.file;
  return definition.expression.references.flatMap((reference) => {
    if (reference.root === "local" && root !== "local") return [];
    const refuse = (detail: string): Error =>
      asHelmfileError(session, new HclError(`Invalid reference; ${detail}`, reference.range), {
        path,
        prefix: "",
      }) as Error;
    if (reference.step === undefined)
      throw refuse(
        `The "${reference.root}" object cannot be accessed directly. Instead, access it from one of its root.`,
      );
    if (reference.step === "index") throw refuse(`The "${reference.root}" object does not support this operation.`);
    return [reference.attribute];
  });
}

/** Objects merge by key; everything else of the later file wins, save null. */
function mergeHcl(base: HclValue, override: HclValue): HclValue {
  if (override === null) return base;
  if (base === null || !isObject(base) || !isObject(override)) return override;
  const merged = new Map(base);
  for (const [key, value] of override) merged.set(key, merged.has(key) ? mergeHcl(merged.get(key)!, value) : value);
  return merged;
}

function hasInfinity(value: HclValue): boolean {
  if (isList(value)) return value.some(hasInfinity);
  return isObject(value) ? [...value.values()].some(hasInfinity) : typeof value === "number" && !Number.isFinite(value);
}

function goValueOf(value: HclValue): GoValue {
  if (typeof value === "string") return toByteString(value);
  if (isList(value)) return value.map(goValueOf);
  if (isObject(value)) return new Map([...value].map(([key, item]) => [toByteString(key), goValueOf(item)]));
  return value;
}

function asHelmfileError(
  session: Session,
  error: unknown,
  { path, prefix }: { readonly path: string; readonly prefix: string },
): unknown {
  if (!(error instanceof HclError)) return error;
  const { range } = error;
  const file = session.workspace.displayPath(path);
  if (range === undefined)
    return new HelmfileError(prefix + toByteString(error.message), { code: "hcl-invalid", origin: { file } });
  const end = range.endLine === range.line ? String(range.endColumn) : `${range.endLine},${range.endColumn}`;
  const place = `${path}:${range.line},${range.column}-${end}`;
  return new HelmfileError(`${prefix}${place}: ${toByteString(error.message)}`, {
    code: "hcl-invalid",
    origin: { file, line: range.line, column: range.column },
  });
}
