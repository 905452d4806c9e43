import type { GoValue } from "@tiphys/gotemplate";
import { encodeJson } from "@tiphys/gotemplate/sprig";
import { compileGobwas, GlobError, readYaml, YamlError } from "@tiphys/source";
import { ArgoError, NotKnownOffline } from "../fault.ts";
import type { IgnoreRules, ResourceOverrides } from "../settings/resource-overrides.ts";
import {
  annotationsOf,
  deepCopy,
  groupOf,
  isMap,
  kindOf,
  nameOf,
  namespaceOf,
  nestedSlice,
  nestedString,
  type Unstructured,
} from "../unstructured.ts";
import { JqSyntaxError } from "./jq/lex.ts";
import { JqTimeout } from "./jq/machine.ts";
import { compileJq, JqUnsupported, type JqProgram } from "./jq/program.ts";
import { JqError } from "./jq/value.ts";
import { removeByPointer } from "./json-pointer.ts";

/** One entry of `spec.ignoreDifferences`, of argocd-cm or of an annotation. */
export interface IgnoreDifference extends IgnoreRules {
  /** Globs. */
  readonly group: string;
  readonly kind: string;
  /** "" means any. */
  readonly name: string;
  readonly namespace: string;
  /** Where the rule stands, for messages. */
  readonly from: string;
}

/** A rule that could not be applied to an object: Argo CD only logs it and compares without it. */
export interface IgnoreWarning {
  readonly from: string;
  readonly expression: string;
  readonly message: string;
}

const annotationKey = "argocd.argoproj.io/ignore-differences";

function texts(value: GoValue, field: string): readonly string[] {
  return nestedSlice(value, field).filter((item): item is string => typeof item === "string");
}

/** The list of an Application's `spec.ignoreDifferences`. */
export function readIgnoreDifferences(list: readonly GoValue[]): IgnoreDifference[] {
  return list.map((item, index) => ({
    group: nestedString(item, "group"),
    kind: nestedString(item, "kind"),
    name: nestedString(item, "name"),
    namespace: nestedString(item, "namespace"),
    jsonPointers: texts(item, "jsonPointers"),
    jqPathExpressions: texts(item, "jqPathExpressions"),
    managedFieldsManagers: texts(item, "managedFieldsManagers"),
    from: `spec.ignoreDifferences[${index}]`,
  }));
}

/** The rules that a desired object brings itself; undefined when it has none that can be read. */
export function annotatedRules(target: Unstructured | undefined): IgnoreDifference | undefined {
  const text = target === undefined ? "" : (annotationsOf(target).get(annotationKey) ?? "");
  if (target === undefined || text === "") return undefined;
  let value: GoValue;
  try {
    value = readYaml(text).value;
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
  const jsonPointers = texts(value, "jsonPointers");
  if (jsonPointers.length === 0) return undefined;
  const [group, kind, name, namespace] = [groupOf(target), kindOf(target), nameOf(target), namespaceOf(target)];
  return {
    group,
    kind,
    name,
    namespace,
    jsonPointers,
    jqPathExpressions: [],
    managedFieldsManagers: [],
    from: `annotation ${annotationKey}`,
  };
}

/** The rules of argocd-cm, in order of their keys; upstream's order is random. */
export function overrideRules(overrides: ResourceOverrides): IgnoreDifference[] {
  return [...overrides.keys()].sort().flatMap((key) => {
    const rules = overrides.get(key)?.ignoreDifferences;
    if (rules === undefined || (rules.jsonPointers.length === 0 && rules.jqPathExpressions.length === 0)) return [];
    const parts = key.split("/");
    const [group = "", kind = ""] = parts.length === 2 ? parts : parts.length === 1 ? ["", key] : [];
    return [{ ...rules, group, kind, name: "", namespace: "", from: `argocd-cm ${key}` }];
  });
}

/** Glob match as Argo CD does it: a pattern that does not compile matches nothing. */
export function matchesGlob(pattern: string, text: string): boolean {
  try {
    return compileGobwas(pattern)(text);
  } catch (error) {
    if (error instanceof GlobError) return false;
    throw error;
  }
}

export function appliesTo(rule: IgnoreDifference, object: Unstructured): boolean {
  return (
    matchesGlob(rule.group, groupOf(object)) &&
    matchesGlob(rule.kind, kindOf(object)) &&
    (rule.name === "" || rule.name === nameOf(object)) &&
    (rule.namespace === "" || rule.namespace === namespaceOf(object))
  );
}

interface CompiledRule {
  readonly rule: IgnoreDifference;
  readonly programs: readonly { readonly expression: string; readonly program: JqProgram }[];
}

/** Removes ignored fields. Mirrors Argo CD v3.6.1 util/argo/normalizers/diff_normalizer.go. */
export class IgnoreNormalizer {
  readonly warnings: IgnoreWarning[] = [];
  private readonly rules: readonly CompiledRule[];

  /** Throws `ArgoError` for a jq expression that does not parse, `NotKnownOffline` for jq functions that are not here. */
  constructor(rules: readonly IgnoreDifference[]) {
    this.rules = rules.map((rule) => ({
      rule,
      programs: rule.jqPathExpressions.map((expression) => ({ expression, program: compileRule(rule, expression) })),
    }));
  }

  /** A copy without the ignored fields. Throws `ArgoError` when a rule leaves no object behind. */
  normalize(object: Unstructured): Unstructured {
    const matching = this.rules.filter(({ rule }) => appliesTo(rule, object));
    if (matching.length === 0) return object;
    let out: GoValue = deepCopy(object);
    for (const { rule, programs } of matching) {
      for (const pointer of rule.jsonPointers) removeByPointer(out, pointer);
      for (const { expression, program } of programs) out = this.applyProgram(rule, expression, program, out);
    }
    if (!isMap(out) || kindOf(out) === "") throw new ArgoError(`Object 'Kind' is missing in '${encodeJson(out)}'`);
    return out;
  }

  private applyProgram(rule: IgnoreDifference, expression: string, program: JqProgram, value: GoValue): GoValue {
    const warn = (message: string): GoValue => {
      if (
        !this.warnings.some(
          (known) => known.from === rule.from && known.expression === expression && known.message === message,
        )
      ) {
        this.warnings.push({ from: rule.from, expression, message });
      }
      return value;
    };
    try {
      const [first, second] = program.run(value, 2);
      if (first === undefined) return warn("JQ patch did not return any data");
      return second === undefined ? first : warn("JQ patch returned multiple objects");
    } catch (error) {
      if (error instanceof JqError) return warn(`JQ patch returned error: ${error.message}`);
      if (error instanceof JqTimeout) return warn(error.message);
      throw error;
    }
  }
}

function compileRule(rule: IgnoreDifference, expression: string): JqProgram {
  try {
    return compileJq(`del(${expression})`);
  } catch (error) {
    if (error instanceof JqSyntaxError) throw new ArgoError(error.message);
    if (error instanceof JqUnsupported) throw new NotKnownOffline(`${error.message} (${rule.from})`);
    throw error;
  }
}
