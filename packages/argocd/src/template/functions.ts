import {
  type CallContext,
  define,
  FunctionError,
  type FunctionTable,
  type GoValue,
  toByteString,
} from "@tiphys/gotemplate";
import { semverFunctions, sprigFunctions } from "@tiphys/gotemplate/sprig";
import { readYaml, writeYamlV2, YamlError } from "@tiphys/source";
import { decodeYamlList, decodeYamlMap } from "./sigs-yaml.ts";
import { makeSlug } from "./slug.ts";

/** What a running template hands to `tpl`: the engine slot of the call context. */
export interface TplScope {
  /** How many `tpl` calls are open. */
  depth: number;
  /** Parses and executes `text` under the options of the template that runs. */
  readonly render: (text: string, data: GoValue) => string;
}

/** applicationset/utils/template_functions.go, TPL_FUNC_MAX_RECURSION_DEPTH. */
const maximumTplDepth = 3;

/**
 * The functions of a goTemplate ApplicationSet: sprig without those that look at the machine, and Argo CD's own
 * (applicationset/utils/utils.go and template_functions.go, 3.6.1).
 */
export function applicationSetFunctions(hasTpl: boolean): FunctionTable {
  const table = new Map(sprigFunctions());
  for (const older of semverFunctions("3.4")) table.set(older.name, older);
  for (const name of ["env", "expandenv", "getHostByName"]) table.delete(name);
  for (const own of ownFunctions) if (own.name !== "tpl" || hasTpl) table.set(own.name, own);
  return table;
}

/** `fromYaml` and `fromYamlArray` read into what is there already, which sigs.k8s.io/yaml leaves as it is when it reads nothing. */
const ownFunctions = [
  define("normalize", "func(string) string", (_, name: string) => sanitizeName(name)),
  define("slugify", "func(...interface {}) string", (_, ...args: GoValue[]) => slugify(args)),
  define("toYaml", "func(interface {}) string", (_, value: GoValue) => toYaml(value)),
  define("fromYaml", "func(string) map[string]interface {}", (_, text: string) =>
    guarded(() => decodeYamlMap(readYaml(text).value ?? new Map<string, GoValue>())),
  ),
  define("fromYamlArray", "func(string) []interface {}", (_, text: string) =>
    guarded(() => decodeYamlList(readYaml(text).value ?? [])),
  ),
  define("tpl", "func(string, interface {}) string", callTpl),
];

function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof YamlError) throw new FunctionError(error.message);
    throw error;
  }
}

function toYaml(value: GoValue): string {
  const text = guarded(() => writeYamlV2(value));
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

function callTpl(context: CallContext, text: string, data: GoValue): string {
  const scope = context.engine as TplScope;
  if (scope.depth >= maximumTplDepth) {
    throw new FunctionError(`maximum recursion depth ${maximumTplDepth} exceeded in tpl function`);
  }
  scope.depth++;
  try {
    return scope.render(text, data).replaceAll("<no value>", "");
  } finally {
    scope.depth--;
  }
}

/** A DNS name: lower case, everything else than `a-z0-9.-` becomes `-`, at most 253 bytes, no `-` or `.` at the ends. */
export function sanitizeName(name: string): string {
  const lowered = toLower(name)
    .replace(/[^\x00-\x7f]+|[^-a-z0-9.]/g, replaceInvalid)
    .slice(0, 253);
  return lowered.replace(/^[-.]+|[-.]+$/g, "");
}

/** One `-` for each character, not for each byte. */
function replaceInvalid(match: string): string {
  return "-".repeat([...decode(match)].length);
}

function decode(bytes: string): string {
  if (bytes.charCodeAt(0) < 128) return bytes;
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
}

function toLower(bytes: string): string {
  const isAscii = !/[^\x00-\x7f]/.test(bytes);
  return isAscii ? bytes.toLowerCase() : toByteString(decodeAll(bytes).toLowerCase());
}

function decodeAll(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
}

/** utils.go, SlugifyName: the name is the last argument, before it the size and whether words stay whole. */
function slugify(args: readonly GoValue[]): string {
  let maximum = 50;
  let wholeWords = true;
  let name = "";
  args.forEach((argument, index) => {
    if (index === args.length - 1) name = asserted(argument, "string") as string;
    else if (index === 0) maximum = Number(asserted(argument, "int"));
    else if (index === 1) wholeWords = asserted(argument, "bool") as boolean;
  });
  return makeSlug(sanitizeName(name), maximum, wholeWords);
}

function asserted(value: GoValue, wanted: "string" | "int" | "bool"): GoValue {
  const kinds = { string: "string", int: "bigint", bool: "boolean" } as const;
  if (typeof value === kinds[wanted]) return value;
  throw new FunctionError(`interface conversion: interface {} is ${typeName(value)}, not ${wanted}`);
}

function typeName(value: GoValue): string {
  if (value === null) return "nil";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "float64";
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "[]interface {}" : typeof value === "string" ? "string" : "map[string]interface {}";
}
