import type { GoValue } from "@tiphys/gotemplate";
import { readYaml, YamlError } from "@tiphys/source";
import { isMap, nested, nestedString, type Unstructured } from "../unstructured.ts";

/** What argocd-cm says about one kind. Mirrors Argo CD v3.6.1 ResourceOverride and util/settings/settings.go GetResourceOverrides. */
export interface ResourceOverride {
  readonly healthLua: string;
  readonly useOpenLibs: boolean;
  readonly ignoreDifferences: IgnoreRules;
  readonly knownTypeFields: readonly KnownTypeField[];
}

export interface IgnoreRules {
  readonly jsonPointers: readonly string[];
  readonly jqPathExpressions: readonly string[];
  readonly managedFieldsManagers: readonly string[];
}

export interface KnownTypeField {
  readonly field: string;
  readonly type: string;
}

/** By `group/Kind`, `Kind` for the core group, or a glob. */
export type ResourceOverrides = ReadonlyMap<string, ResourceOverride>;

/** A setting of argocd-cm that cannot be used. `key` is the key of its data. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly key: string;
  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}

export const noIgnoreRules: IgnoreRules = { jsonPointers: [], jqPathExpressions: [], managedFieldsManagers: [] };
const noOverride: ResourceOverride = {
  healthLua: "",
  useOpenLibs: false,
  ignoreDifferences: noIgnoreRules,
  knownTypeFields: [],
};

const customizations = "resource.customizations";
const compareOptionsKey = "resource.compareoptions";

function read(key: string, text: string): GoValue {
  try {
    return readYaml(text).value;
  } catch (error) {
    if (error instanceof YamlError) throw new SettingsError(key, `error unmarshaling ${key}: ${error.message}`);
    throw error;
  }
}

function strings(key: string, value: GoValue | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new SettingsError(key, `${key}: a list of strings is wanted`);
  return value.map((item) => {
    if (typeof item === "string") return item;
    if (item === null) return "";
    throw new SettingsError(key, `${key}: a list of strings is wanted`);
  });
}

function ignoreRules(key: string, text: string): IgnoreRules {
  const value = read(key, text);
  if (value !== null && !isMap(value)) throw new SettingsError(key, `${key}: a map is wanted`);
  return {
    jsonPointers: strings(key, nested(value, "jsonPointers")),
    jqPathExpressions: strings(key, nested(value, "jqPathExpressions")),
    managedFieldsManagers: strings(key, nested(value, "managedFieldsManagers")),
  };
}

function knownTypeFields(value: GoValue | undefined): readonly KnownTypeField[] {
  if (!Array.isArray(value)) return [];
  return value.map((item) => ({ field: nestedString(item, "field"), type: nestedString(item, "type") }));
}

function wholeOverride(key: string, value: GoValue): ResourceOverride {
  return {
    healthLua: nestedString(value, "health.lua"),
    useOpenLibs: nested(value, "health.lua.useOpenLibs") === true,
    ignoreDifferences: ignoreRules(key, nestedString(value, "ignoreDifferences")),
    knownTypeFields: knownTypeFields(nested(value, "knownTypeFields")),
  };
}

function overrideKey(key: string, groupKind: string): string {
  const parts = groupKind.split("_");
  if (parts.length === 2) return `${parts[0]}/${parts[1]}`;
  if (parts.length !== 1 || groupKind === "") {
    const wanted = "`resource.customizations.<type>.<group_kind>` or resource.customizations.<type>.<kind>`";
    throw new SettingsError(key, `group kind should be in format ${wanted}, got group kind: '${groupKind}'`);
  }
  return groupKind === "all" ? "*/*" : groupKind;
}

const trueTexts = ["1", "t", "T", "true", "TRUE", "True"];
const falseTexts = ["0", "f", "F", "false", "FALSE", "False"];

function splitOverride(key: string, type: string, text: string, before: ResourceOverride): ResourceOverride {
  switch (type) {
    case "health":
      return { ...before, healthLua: text };
    case "useOpenLibs":
      if (!trueTexts.includes(text) && !falseTexts.includes(text)) {
        throw new SettingsError(key, `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
      }
      return { ...before, useOpenLibs: trueTexts.includes(text) };
    case "ignoreDifferences":
      return { ...before, ignoreDifferences: ignoreRules(key, text) };
    case "knownTypeFields":
      return { ...before, knownTypeFields: knownTypeFields(read(key, text)) };
    case "actions":
    case "ignoreResourceUpdates":
      return before;
    default:
      throw new SettingsError(key, `resource customization type ${type} not supported`);
  }
}

export interface CompareOptions {
  readonly ignoreAggregatedRoles: boolean;
  /** `all`, `crd` or `none`; anything else counts as `all`. */
  readonly ignoreResourceStatusField: string;
}

/** The settings of `resource.compareoptions`. Throws `SettingsError`. */
export function compareOptions(argocdCm: Unstructured | undefined): CompareOptions {
  const value = read(compareOptionsKey, nestedString(argocdCm, "data", compareOptionsKey));
  const status = nested(value, "ignoreResourceStatusField");
  return {
    ignoreAggregatedRoles: nested(value, "ignoreAggregatedRoles") === true,
    ignoreResourceStatusField: status === false ? "none" : typeof status === "string" ? status : "all",
  };
}

/** All `resource.customizations` of an argocd-cm (none: the defaults), with the rule that ignores status. Throws `SettingsError`. */
export function resourceOverrides(argocdCm: Unstructured | undefined): ResourceOverrides {
  const overrides = new Map<string, ResourceOverride>();
  const data = nested(argocdCm, "data");
  if (isMap(data)) {
    const whole = read(customizations, nestedString(data, customizations));
    if (whole !== null && !isMap(whole)) throw new SettingsError(customizations, `${customizations}: a map is wanted`);
    for (const [key, value] of whole ?? []) overrides.set(key, wholeOverride(customizations, value));
    for (const key of [...data.keys()].sort()) {
      const parts = /^resource\.customizations[^.]*\.([^.]*)\.(.*)$/s.exec(key);
      if (parts === null) continue;
      const target = overrideKey(key, parts[2] as string);
      overrides.set(
        target,
        splitOverride(key, parts[1] as string, nestedString(data, key), overrides.get(target) ?? noOverride),
      );
    }
  }
  const { ignoreResourceStatusField } = compareOptions(argocdCm);
  if (!["none", "off", "false"].includes(ignoreResourceStatusField)) {
    addStatusRule(
      overrides,
      ignoreResourceStatusField === "crd" ? "apiextensions.k8s.io/CustomResourceDefinition" : "*/*",
    );
  }
  return overrides;
}

function addStatusRule(overrides: Map<string, ResourceOverride>, key: string): void {
  const before = overrides.get(key) ?? noOverride;
  const { ignoreDifferences } = before;
  overrides.set(key, {
    ...before,
    ignoreDifferences: { ...ignoreDifferences, jsonPointers: [...ignoreDifferences.jsonPointers, "/status"] },
  });
}
