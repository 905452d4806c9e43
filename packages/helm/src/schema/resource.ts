import { quoteGo, type GoValue } from "@tiphys/gotemplate";
import type { NumberTexts } from "./number-texts.ts";
import { SchemaError, type Draft } from "./schema-node.ts";

/* root.go, roots.go and draft.go of santhosh-tekuri/jsonschema 6.0.2: what can be referred to in a document. */

/** A schema object with its own identity: the document's root, or a subschema with an id. */
export interface Resource {
  readonly pointer: string;
  readonly id: string;
  readonly draft: Draft;
  /** Name of an anchor → JSON pointer. */
  readonly anchors: Map<string, string>;
  readonly dynamicAnchors: Set<string>;
}

/** A document with its resources by JSON pointer. */
export interface SchemaDocument {
  readonly url: string;
  readonly value: GoValue;
  readonly resources: Map<string, Resource>;
  /** Pointers of the values that are known to be schemas: under keywords of their drafts, or referred to. */
  readonly schemas: Set<string>;
  /** Of documents that come from a chart. */
  readonly numberTexts?: NumberTexts;
}

const draftUrls: readonly (readonly [string, Draft])[] = [
  ["json-schema.org/schema", 2020],
  ["json-schema.org/draft/2020-12/schema", 2020],
  ["json-schema.org/draft/2019-09/schema", 2019],
  ["json-schema.org/draft-07/schema", 7],
  ["json-schema.org/draft-06/schema", 6],
  ["json-schema.org/draft-04/schema", 4],
];

/** URL of a draft's metaschema. */
export function metaschemaUrl(draft: Draft): string {
  if (draft >= 2019) return `https://json-schema.org/draft/${draft === 2019 ? "2019-09" : "2020-12"}/schema`;
  return `http://json-schema.org/draft-0${draft}/schema`;
}

function draftOf(url: string): Draft | undefined {
  const [address, fragment] = splitFragment(url);
  if (fragment !== "") return undefined;
  const bare = address.replace(/^https?:\/\//, "");
  return draftUrls.find(([known]) => known === bare)?.[1];
}

/** Keywords whose value is a schema, a list of schemas or both, since which draft. */
const schemaKeywords: readonly { readonly keyword: string; readonly since: Draft }[] = [
  { keyword: "not", since: 4 },
  { keyword: "allOf", since: 4 },
  { keyword: "anyOf", since: 4 },
  { keyword: "oneOf", since: 4 },
  { keyword: "additionalProperties", since: 4 },
  { keyword: "items", since: 4 },
  { keyword: "additionalItems", since: 4 },
  { keyword: "propertyNames", since: 6 },
  { keyword: "contains", since: 6 },
  { keyword: "if", since: 7 },
  { keyword: "then", since: 7 },
  { keyword: "else", since: 7 },
  { keyword: "unevaluatedProperties", since: 2019 },
  { keyword: "unevaluatedItems", since: 2019 },
  { keyword: "contentSchema", since: 2019 },
  { keyword: "prefixItems", since: 2020 },
];

/** Keywords whose values are schemas by name. */
const schemaMapKeywords: readonly { readonly keyword: string; readonly since: Draft }[] = [
  { keyword: "definitions", since: 4 },
  { keyword: "properties", since: 4 },
  { keyword: "patternProperties", since: 4 },
  { keyword: "dependencies", since: 4 },
  { keyword: "$defs", since: 2019 },
  { keyword: "dependentSchemas", since: 2019 },
];

/** Finds ids and anchors of the document. Throws `SchemaError`. */
export function readDocument(url: string, value: GoValue, numberTexts?: NumberTexts): SchemaDocument {
  const document: SchemaDocument = {
    url,
    value,
    resources: new Map(),
    schemas: new Set(),
    ...(numberTexts && { numberTexts }),
  };
  collect(document, { value, pointer: "", base: url, resource: undefined, draft: 2020, depth: 0 });
  if (!document.resources.has("")) document.resources.set("", newResource("", url, 2020));
  return document;
}

interface Place {
  readonly value: GoValue;
  readonly pointer: string;
  readonly base: string;
  /** That of `base`, where it is known. */
  readonly resource: Resource | undefined;
  readonly draft: Draft;
  readonly depth: number;
}

function newResource(pointer: string, id: string, draft: Draft): Resource {
  return { pointer, id, draft, anchors: new Map(), dynamicAnchors: new Set() };
}

/** Finds ids and anchors of a schema under a keyword that its draft does not know, when something refers to it. Throws `SchemaError`. */
export function addSchema(document: SchemaDocument, pointer: string): void {
  const resource = resourceAt(document, pointer);
  const value = lookupPointer(document.value, pointer)!;
  collect(document, { value, pointer, base: resource.id, resource, draft: resource.draft, depth: 0 });
}

function collect(document: SchemaDocument, place: Place): void {
  const { value, pointer } = place;
  document.schemas.add(pointer);
  if (!(value instanceof Map)) return;
  if (place.depth > 2000) throw new SchemaError("schema is nested too deeply");
  let draft = ownDraft(value, document.url, pointer, place.draft);
  let id = idOf(value, draft);
  if (id === "" && pointer !== "") {
    draft = place.draft;
    id = idOf(value, draft);
  }
  let base = place.base;
  if (id !== "" || pointer === "") {
    if (id !== "") base = resolveUrl(base, id);
    for (const other of document.resources.values()) {
      if (other.id === base && other.pointer !== pointer) {
        throw new SchemaError(
          `duplicate id ${quoteGo(base)} in ${quoteGo(document.url)} at ${quoteGo(pointer)} and ${quoteGo(other.pointer)}`,
        );
      }
    }
    document.resources.set(pointer, newResource(pointer, base, draft));
  }
  const known = base === place.base ? place.resource : undefined;
  const resource = known ?? resourceById(document, base) ?? document.resources.get("")!;
  collectAnchors(value, pointer, resource);
  const collectChild = (child: GoValue, at: string): void =>
    collect(document, { value: child, pointer: at, base, resource, draft: resource.draft, depth: place.depth + 1 });
  for (const { keyword, since } of schemaKeywords) {
    const child = value.get(keyword);
    if (child === undefined || draft < since) continue;
    const at = `${pointer}/${keyword}`;
    if (Array.isArray(child)) child.forEach((item, index) => collectChild(item, `${at}/${index}`));
    else collectChild(child, at);
  }
  for (const { keyword, since } of schemaMapKeywords) {
    const children = value.get(keyword);
    if (draft < since || !(children instanceof Map)) continue;
    for (const [name, child] of children) collectChild(child, `${pointer}/${keyword}/${escapePointer(name)}`);
  }
}

function ownDraft(schema: ReadonlyMap<string, GoValue>, url: string, pointer: string, fallback: Draft): Draft {
  const declared = schema.get("$schema");
  if (typeof declared !== "string" || (pointer !== "" && idOf(schema, fallback) === "")) return fallback;
  const draft = draftOf(declared.endsWith("#") ? declared.slice(0, -1) : declared);
  if (draft !== undefined) return draft;
  throw new SchemaError(`unsupported: $schema ${quoteGo(declared)} in ${quoteGo(url)}: a metaschema of its own`);
}

function idOf(schema: ReadonlyMap<string, GoValue>, draft: Draft): string {
  if (draft < 2019 && schema.has("$ref")) return "";
  const id = schema.get(draft === 4 ? "id" : "$id");
  return typeof id === "string" ? splitFragment(id)[0] : "";
}

function collectAnchors(schema: ReadonlyMap<string, GoValue>, pointer: string, resource: Resource): void {
  if (resource.draft < 2019) {
    if (schema.has("$ref")) return;
    const id = schema.get(resource.draft === 4 ? "id" : "$id");
    const fragment = typeof id === "string" ? splitFragment(id)[1] : "";
    if (fragment !== "" && !fragment.startsWith("/")) resource.anchors.set(fragment, pointer);
    return;
  }
  const anchor = schema.get("$anchor");
  if (typeof anchor === "string") resource.anchors.set(anchor, pointer);
  const dynamic = schema.get("$dynamicAnchor");
  if (resource.draft >= 2020 && typeof dynamic === "string") {
    resource.anchors.set(dynamic, pointer);
    resource.dynamicAnchors.add(dynamic);
  }
}

/** The resource with that id, if the document has one. */
export function resourceById(document: SchemaDocument, id: string): Resource | undefined {
  for (const resource of document.resources.values()) if (resource.id === id) return resource;
  return undefined;
}

/** The resource that the schema at `pointer` belongs to. */
export function resourceAt(document: SchemaDocument, pointer: string): Resource {
  if (document.resources.size === 1) return document.resources.get("")!;
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
    const resource = document.resources.get(at);
    if (resource) return resource;
    if (!at.includes("/")) return document.resources.get("")!;
  }
}

/** `a#b` → [`a`, `b`], the fragment decoded. */
export function splitFragment(reference: string): [address: string, fragment: string] {
  const hash = reference.indexOf("#");
  if (hash < 0) return [reference, ""];
  const fragment = reference.slice(hash + 1);
  return [reference.slice(0, hash), decodePercent(fragment)];
}

/** A part of a URL without its escapes. */
export function decodePercent(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** A reference without fragment, resolved against `base`. Throws `SchemaError`. */
export function resolveUrl(base: string, reference: string): string {
  if (reference === "") return base;
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(reference) && !/^https?:/.test(reference)) return reference;
  try {
    const url = new URL(reference, base.startsWith("urn:") ? undefined : base).href;
    return url.endsWith("/") && !reference.endsWith("/") && new URL(url).pathname === "/" ? url.slice(0, -1) : url;
  } catch {
    throw new SchemaError(`error in parsing ${quoteGo(reference)}: parse ${quoteGo(reference)}: invalid URL`);
  }
}

/** A name as part of a JSON pointer. */
export function escapePointer(name: string): string {
  return name.includes("~") || name.includes("/") ? name.replaceAll("~", "~0").replaceAll("/", "~1") : name;
}

/** The value at a JSON pointer; undefined when there is none. */
export function lookupPointer(value: GoValue, pointer: string): GoValue | undefined {
  let current: GoValue | undefined = value;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (current instanceof Map) current = current.get(name);
    else if (Array.isArray(current) && /^\d+$/.test(name)) current = current[Number(name)];
    else return undefined;
    if (current === undefined) return undefined;
  }
  return current;
}
