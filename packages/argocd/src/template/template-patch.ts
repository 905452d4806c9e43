import { FunctionError, type GoValue, quoteGo } from "@tiphys/gotemplate";
import { decodeJson } from "@tiphys/gotemplate/sprig";
import { readYaml, YamlError } from "@tiphys/source";
import { DecodeError, decodeStruct } from "../api/decode.ts";
import { encodeStruct } from "../api/encode.ts";
import { cloneJson, marshalJson } from "../api/json.ts";
import { structType } from "../api/schema.ts";
import { ArgoError, wrapError } from "../fault.ts";
import { mergeMap } from "./strategic-merge-patch.ts";

/**
 * The rendered templatePatch on a decoded Application: a strategic merge patch with Application's Go type; the project stays
 * (applicationset/controllers/template/patch.go). Throws `ArgoError`.
 */
export function applyTemplatePatch(
  application: Map<string, GoValue>,
  patch: string,
  known: KnownPatches = new Map(),
): Map<string, GoValue> {
  const { value, json } = knownPatch(patch, known);
  const patched = merged(encodeStruct(application, structType("Application")), value, json);
  const result = decodePatched(patched);
  const project = specOf(application).get("project");
  const spec = specOf(result);
  if (project === undefined) spec.delete("project");
  else spec.set("project", project);
  return result.set("spec", spec);
}

/** Patches that were read and found good, by their text: many Applications often have the same one. Undefined stands for one that was met once. */
export type KnownPatches = Map<string, Patch | undefined>;

const mostKnownPatches = 64;

/** A patch of its own to use up. */
function knownPatch(text: string, known: KnownPatches): Patch {
  const kept = known.get(text);
  if (kept) return { value: cloneJson(kept.value), json: kept.json };
  const patch = readPatch(text);
  assertApplication(patch);
  if (known.has(text)) known.set(text, { value: cloneJson(patch.value), json: patch.json });
  else if (known.size < mostKnownPatches) known.set(text, undefined);
  return patch;
}

function assertApplication({ value, json }: Patch): void {
  try {
    decodeStruct(value, structType("Application"));
  } catch (error) {
    if (error instanceof DecodeError) throw wrapError(`invalid templatePatch ${quoteGo(json())}`, error);
    throw error;
  }
}

function specOf(application: Map<string, GoValue>): Map<string, GoValue> {
  const spec = application.get("spec");
  return spec instanceof Map ? spec : new Map<string, GoValue>();
}

function merged(original: Map<string, GoValue>, patch: GoValue, json: () => string): Map<string, GoValue> {
  // A patch that says nothing is `null` in JSON: it changes nothing.
  if (patch === null) return original;
  if (!(patch instanceof Map))
    throw new ArgoError(
      `error while applying templatePatch template to json ${quoteGo(json())}: invalid JSON document`,
    );
  try {
    return mergeMap(original, patch, structType("Application"));
  } catch (error) {
    throw wrapError(`error while applying templatePatch template to json ${quoteGo(json())}`, error);
  }
}

function decodePatched(patched: Map<string, GoValue>): Map<string, GoValue> {
  try {
    return decodeStruct(patched, structType("Application"));
  } catch (error) {
    if (error instanceof DecodeError) throw wrapError("error while unmarhsalling patched application", error);
    throw error;
  }
}

export interface Patch {
  readonly value: GoValue;
  /** The patch as JSON text, for messages. */
  readonly json: () => string;
}

/** Text that starts with `{` is JSON, anything else YAML (utils.go, ConvertYAMLToJSON). */
function readPatch(patch: string): Patch {
  if (patch.trim().startsWith("{")) {
    try {
      const { value, error } = decodeJson(patch);
      if (error) throw error;
      return { value, json: () => patch };
    } catch (error) {
      if (error instanceof FunctionError)
        throw new ArgoError(`invalid templatePatch ${quoteGo(patch)}: ${newerText(error.message)}`);
      throw error;
    }
  }
  try {
    const { value } = readYaml(patch);
    // Merging uses the value up, so a message reads the text once more.
    return { value, json: () => marshalJson(readYaml(patch).value) };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ArgoError(
      `error while converting template to json ${quoteGo(patch)}: ${error.message.replace(/^error converting YAML to JSON: /, "")}`,
    );
  }
}

/** Argo CD 3.6.1 is built with Go 1.27, whose encoding/json words a few syntax errors anew. */
function newerText(message: string): string {
  return message
    .replace(/^invalid character '(.+)' in string escape code$/, "invalid escape sequence `\\$1` in string")
    .replace(/ in string literal$/, " in string")
    .replace(/ (?:after decimal point in|in exponent of) numeric literal$/, " in numeric literal");
}
