import { bytesToByteString, FunctionError, type GoValue } from "@tiphys/gotemplate";
import { decodeJson } from "@tiphys/gotemplate/sprig";
import type { Origin } from "@tiphys/source";
import { HelmError } from "../error.ts";
import type { SetFlag, ValuesLayer } from "../installation.ts";
import { defaultProfile, type Profile } from "../profile.ts";
import { checkValuesSize, loadValues } from "./load-values.ts";
import { parseSet, SetParseError, type SetMode } from "./strvals.ts";
import { copyTable, isTable, mergeMaps, type Table } from "./values.ts";

/** Reads a values file's text; `HelmEngine` gives one that remembers. The table is not changed by anybody. */
export type ValuesReader = (text: string) => Table;

/** Helm's order of the flags, whatever their order on the command line (pkg/cli/values/options.go). */
const setOrder: readonly SetFlag["kind"][] = ["set-json", "set", "set-string", "set-file", "set-literal"];

/**
 * `MergeValues`: the files in order, then all `--set-json`, `--set`, `--set-string`, `--set-file` and `--set-literal`.
 * `readSetFile` gives a file for `--set-file NAME=PATH`; without it the content stands in the expression already.
 * Throws `HelmError`.
 */
export function mergeLayers(
  layers: readonly ValuesLayer[],
  sets: readonly SetFlag[],
  readValues: ValuesReader,
  readSetFile?: (path: string) => GoValue,
): Table {
  let base: Table = new Map();
  for (const layer of layers) base = mergeMaps(base, readLayer(layer, readValues));
  if (sets.length === 0) return base;
  // From here on values are changed in place, and what was read may be shared.
  base = copyTable(base);
  for (const kind of setOrder) {
    for (const flag of sets) {
      if (flag.kind === kind) base = applySet(base, flag, readSetFile);
    }
  }
  return base;
}

/** The user's values of one `helm template` call, as data of its own. Throws `HelmError`. */
export function mergeUserValues(
  layers: readonly ValuesLayer[],
  sets: readonly SetFlag[],
  options: { readonly profile?: Profile; readonly readSetFile?: (path: string) => GoValue } = {},
): Table {
  const { profile = defaultProfile, readSetFile } = options;
  return copyTable(mergeLayers(layers, sets, (text) => loadValues(text, profile), readSetFile));
}

function readLayer(layer: ValuesLayer, readValues: ValuesReader): Table {
  if (layer.kind === "inline") return layer.values;
  checkValuesSize(layer.name, layer.content.length, layer.origin.file);
  try {
    return readValues(textOf(layer.content));
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    const line = error.place?.line;
    throw new HelmError("values-file-invalid", `failed to parse ${layer.name}: ${error.message}`, {
      cause: error,
      place: { file: layer.origin.file, ...(line === undefined ? {} : { line }) },
    });
  }
}

function textOf(bytes: Uint8Array): string {
  const buffer = bytes as { latin1Slice?: (start: number, end: number) => string };
  return typeof buffer.latin1Slice === "function" ? buffer.latin1Slice(0, bytes.length) : bytesToByteString(bytes);
}

function applySet(base: Table, flag: SetFlag, readSetFile: ((path: string) => GoValue) | undefined): Table {
  const { kind, expression, origin } = flag;
  if (kind === "set-json") return applySetJson(base, expression, origin);
  const modes: Record<Exclude<SetFlag["kind"], "set-json">, SetMode> = {
    set: "typed",
    "set-string": "string",
    "set-file": readSetFile ?? "file-content",
    "set-literal": "literal",
  };
  try {
    parseSet(expression, base, modes[kind]);
  } catch (error) {
    if (!(error instanceof SetParseError)) throw error;
    throw invalidSet(`failed parsing --${kind} data: ${error.message}`, origin, error);
  }
  return base;
}

function applySetJson(base: Table, expression: string, origin: Origin): Table {
  const trimmed = expression.trim();
  if (trimmed.startsWith("{")) {
    const object = readJsonObject(trimmed);
    if (!object) throw invalidSet(`failed parsing --set-json data JSON: ${expression}`, origin);
    return mergeMaps(base, object);
  }
  try {
    parseSet(expression, base, "json");
  } catch (error) {
    if (!(error instanceof SetParseError)) throw error;
    throw invalidSet(`failed parsing --set-json data ${expression}`, origin, error);
  }
  return base;
}

function readJsonObject(text: string): Table | undefined {
  try {
    const { value, error } = decodeJson(text);
    return error === undefined && isTable(value) ? value : undefined;
  } catch (error) {
    if (error instanceof FunctionError) return undefined;
    throw error;
  }
}

function invalidSet(message: string, origin: Origin, cause?: Error): HelmError {
  return new HelmError("set-flag-invalid", message, { place: { file: origin.file }, cause });
}
