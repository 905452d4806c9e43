import { applicationSetTypes } from "./application-set-types.ts";
import { applicationTypes } from "./application-types.ts";
import { metaTypes } from "./meta-types.ts";

/**
 * A Go type of Argo CD's API, as far as encoding/json, reflection and strategic merge patches look at it.
 *
 * Notation of the tables: a line without indent is a struct's name or `Alias = type`; an indented line is a field:
 * its JSON name, `?` for omitempty, `?0` for omitzero too, its Go type, and the struct tags `strategy=` and `key=` of
 * patchStrategy and patchMergeKey. Fields stand in order of declaration, embedded ones spelled out.
 * `JSON` is apiextensionsv1.JSON, `RawObject` runtime.RawExtension, `Opaque` anything that is only carried along.
 */
export type GoType = ScalarType | PointerType | SliceType | MapType | StructType;

export interface ScalarType {
  readonly kind: "string" | "bool" | "int64" | "intOrString" | "time" | "json" | "rawObject" | "opaque";
  /** Go's own name of the type, as error messages print it. */
  readonly goName: string;
}

export interface PointerType {
  readonly kind: "pointer";
  readonly element: GoType;
  readonly goName: string;
}

export interface SliceType {
  readonly kind: "slice";
  readonly element: GoType;
  readonly goName: string;
}

export interface MapType {
  readonly kind: "map";
  readonly element: GoType;
  readonly goName: string;
}

export interface StructType {
  readonly kind: "struct";
  /** Without package: `ApplicationSpec`. */
  readonly name: string;
  readonly goName: string;
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
}

export interface Field {
  readonly name: string;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
  readonly type: GoType;
  readonly patchStrategy: string;
  readonly patchMergeKey: string;
}

const scalars: ReadonlyMap<string, ScalarType> = new Map([
  ["string", { kind: "string", goName: "string" }],
  ["bool", { kind: "bool", goName: "bool" }],
  ["int64", { kind: "int64", goName: "int64" }],
  ["UID", { kind: "string", goName: "types.UID" }],
  ["IntOrString", { kind: "intOrString", goName: "intstr.IntOrString" }],
  ["Time", { kind: "time", goName: "v1.Time" }],
  ["JSON", { kind: "json", goName: "v1.JSON" }],
  ["RawObject", { kind: "rawObject", goName: "runtime.RawExtension" }],
  ["Opaque", { kind: "opaque", goName: "interface {}" }],
]);

const structs = new Map<string, StructType>();
const aliases = new Map<string, { readonly type: string; readonly goName: string }>();

function declare(table: string, goPackage: string): void {
  let fields: Field[] = [];
  let byName = new Map<string, Field>();
  for (const line of table.split("\n")) {
    if (line === "") continue;
    const field = /^ {2}(\w+)(\?)?(0)? (\S+)(?: strategy=(\w+))?(?: key=(\w+))?$/.exec(line);
    if (field) {
      const declared = new DeclaredField(field);
      fields.push(declared);
      byName.set(declared.name, declared);
      continue;
    }
    const alias = /^(\w+) = (\S+)$/.exec(line);
    if (alias) {
      aliases.set(alias[1]!, { type: alias[2]!, goName: `${goPackage}.${alias[1]!}` });
      continue;
    }
    fields = [];
    byName = new Map();
    structs.set(line, { kind: "struct", name: line, goName: `${goPackage}.${line}`, fields, byName });
  }
}

/** A field as its line says; the types of other tables are looked up when they are first asked for. */
class DeclaredField implements Field {
  readonly name: string;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
  readonly patchStrategy: string;
  readonly patchMergeKey: string;
  private readonly expression: string;
  private known: GoType | undefined;

  constructor([, name, omitEmpty, omitZero, expression, strategy, key]: RegExpExecArray) {
    this.name = name!;
    this.omitEmpty = omitEmpty !== undefined;
    this.omitZero = omitZero !== undefined;
    this.patchStrategy = strategy ?? "";
    this.patchMergeKey = key ?? "";
    this.expression = expression!;
    this.known = undefined;
  }

  get type(): GoType {
    return (this.known ??= goType(this.expression));
  }
}

/** The type that a Go type expression of the tables names. */
export function goType(expression: string): GoType {
  if (expression.startsWith("*")) {
    const element = goType(expression.slice(1));
    return { kind: "pointer", element, goName: `*${element.goName}` };
  }
  if (expression.startsWith("[]")) {
    const element = goType(expression.slice(2));
    return { kind: "slice", element, goName: `[]${element.goName}` };
  }
  if (expression.startsWith("map[string]")) {
    const element = goType(expression.slice("map[string]".length));
    return { kind: "map", element, goName: `map[string]${element.goName}` };
  }
  const alias = aliases.get(expression);
  if (alias) return { ...goType(alias.type), goName: alias.goName };
  const found = scalars.get(expression) ?? structs.get(expression);
  if (!found) throw new Error(`no such type in the tables: ${expression}`);
  return found;
}

/** A struct of the tables by its name. */
export function structType(name: string): StructType {
  const found = structs.get(name);
  if (!found) throw new Error(`no such struct in the tables: ${name}`);
  return found;
}

/** The field that encoding/json takes for `key`: the exact name, else one that differs in letter case only. */
export function findField(type: StructType, key: string): Field | undefined {
  const exact = type.byName.get(key);
  if (exact) return exact;
  const lower = key.toLowerCase();
  return type.fields.find((field) => field.name.toLowerCase() === lower);
}

/** The type behind any number of pointers. */
export function dereference(type: GoType): Exclude<GoType, PointerType> {
  let inner = type;
  while (inner.kind === "pointer") inner = inner.element;
  return inner;
}

declare(metaTypes, "v1");
declare(applicationTypes, "v1alpha1");
declare(applicationSetTypes, "v1alpha1");
// Terminal generators of a nested matrix or merge (applicationset_types.go, NestedMatrixGenerator and NestedMergeGenerator).
declare(
  `
NestedMatrixGenerator
  generators []ApplicationSetTerminalGenerator
NestedMergeGenerator
  generators []ApplicationSetTerminalGenerator
  mergeKeys []string
ApplicationSetTerminalGenerator
  list? *ListGenerator
  clusters? *ClusterGenerator
  git? *GitGenerator
  scmProvider? *SCMProviderGenerator
  clusterDecisionResource? *DuckTypeGenerator
  pullRequest? *PullRequestGenerator
  plugin? *PluginGenerator
  selector? *LabelSelector
  oci? *OciGenerator
`,
  "v1alpha1",
);
