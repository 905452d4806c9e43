import { FunctionError, quoteGo, type GoValue } from "@tiphys/gotemplate";
import { decodeJson, decodeJsonAt, type JsonWording } from "@tiphys/gotemplate/sprig";
import { formats } from "./formats.ts";
import { metaschemas } from "./metaschemas.ts";
import { compilePattern, PatternError } from "./pattern.ts";
import { NumberTexts } from "./number-texts.ts";
import { isPlainlyValid } from "./plainly-valid.ts";
import {
  addSchema,
  decodePercent,
  escapePointer,
  lookupPointer,
  metaschemaUrl,
  readDocument,
  resolveUrl,
  resourceAt,
  resourceById,
  splitFragment,
  type Resource,
  type SchemaDocument,
} from "./resource.ts";
import { SchemaError, type Draft, type SchemaNode } from "./schema-node.ts";
import { validate } from "./validate.ts";
import { printValidation } from "./validation-error.ts";

/* compiler.go and objcompiler.go of santhosh-tekuri/jsonschema 6.0.2. */

/** A schema ready to validate with. */
export interface CompiledSchema {
  readonly root: SchemaNode;
  /** `urn:` references that nothing resolves; they accept everything, with a warning. */
  readonly unresolvedUrns: readonly string[];
}

/** Helm's address for values.schema.json. */
const schemaUrl = "file:///values.schema.json";

/** Compiles values.schema.json (a byte string). Throws `SchemaError` with the library's text. */
export function compileSchema(text: string, wording: JsonWording): CompiledSchema {
  const compiler = new SchemaCompiler();
  const root = compiler.compileDocument(schemaUrl, parseJson(text, wording), new NumberTexts(text));
  return { root, unresolvedUrns: compiler.unresolvedUrns };
}

/** The library's `UnmarshalJSON`: one value and nothing behind it. */
function parseJson(text: string, wording: JsonWording): GoValue {
  try {
    const decoded = decodeJsonAt(text, 0, { wording, makeNumber: Number });
    if (decoded === undefined) throw new SchemaError("EOF", true);
    if (!/^[ \n\r\t]*$/.test(text.slice(decoded.end)))
      throw new SchemaError("invalid character after top-level value", true);
    return decoded.value;
  } catch (error) {
    if (error instanceof FunctionError) throw new SchemaError(error.message, true);
    throw error;
  }
}

/** A schema to be compiled. */
interface SchemaPlace {
  readonly node: SchemaNode;
  readonly document: SchemaDocument;
  readonly pointer: string;
  /** What stands at the pointer, where it is known. */
  readonly value: GoValue | undefined;
}

class SchemaCompiler {
  readonly unresolvedUrns: string[] = [];
  readonly #documents = new Map<string, SchemaDocument>();
  readonly #nodes = new Map<string, SchemaNode>();
  readonly #queue: SchemaPlace[] = [];

  /** The root schema of a document, checked against its metaschema. */
  compileDocument(url: string, value: GoValue, numberTexts?: NumberTexts): SchemaNode {
    const document = this.#addDocument(url, value, numberTexts);
    const node = this.enqueue(document, "", value);
    this.#drain();
    return node;
  }

  #addDocument(url: string, value: GoValue, numberTexts?: NumberTexts): SchemaDocument {
    const document = readDocument(url, value, numberTexts);
    this.#documents.set(url, document);
    if (!metaschemas.has(url)) checkSchema(document, "");
    return document;
  }

  #drain(): void {
    // Compiling one adds those that it refers to.
    for (const place of this.#queue) {
      this.#ensureSchema(place);
      new ObjectCompiler(this, place).compile();
    }
    this.#queue.length = 0;
  }

  /** What something refers to may stand under a keyword that its draft does not know. */
  #ensureSchema({ node, document, pointer }: SchemaPlace): void {
    if (document.schemas.has(pointer)) return;
    addSchema(document, pointer);
    checkSchema(document, pointer);
    node.draft = resourceAt(document, pointer).draft;
  }

  /** The node of a schema; it is filled when its turn comes. */
  enqueue(document: SchemaDocument, pointer: string, value?: GoValue): SchemaNode {
    const location = `${document.url}#${encodePointer(pointer)}`;
    let node = this.#nodes.get(location);
    if (!node) {
      const resource = resourceAt(document, pointer);
      const fresh: Omit<SchemaNode, "resource"> = { location, draft: resource.draft };
      node = fresh as SchemaNode;
      this.#nodes.set(location, node);
      this.#queue.push({ node, document, pointer, value });
    }
    return node;
  }

  /** The schema that a reference names. Throws `SchemaError`. */
  resolve(reference: string, from: { document: SchemaDocument; resource: Resource }): SchemaNode {
    const [address, fragment] = splitFragment(reference);
    const url = resolveUrl(from.resource.id, address);
    const local = url === from.document.url ? from.document.resources.get("")! : resourceById(from.document, url);
    if (local) return this.#fragmentIn(from.document, local, fragment);
    const document = this.#documents.get(url) ?? this.#load(url);
    return this.#fragmentIn(document, document.resources.get("")!, fragment);
  }

  #fragmentIn(document: SchemaDocument, resource: Resource, fragment: string): SchemaNode {
    let pointer: string;
    if (fragment === "" || fragment.startsWith("/")) {
      pointer = resource.pointer + fragment;
    } else {
      const anchored = resource.anchors.get(fragment);
      if (anchored === undefined) {
        const reference = `${resource.id}#${encodePointer(fragment)}`;
        throw new SchemaError(`anchor in ${quoteGo(reference)} not found in schema ${quoteGo(document.url)}`);
      }
      pointer = anchored;
    }
    if (pointer !== "" && lookupPointer(document.value, pointer) === undefined) {
      throw new SchemaError(`json-pointer in ${quoteGo(`${document.url}#${encodePointer(pointer)}`)} not found`);
    }
    return this.enqueue(document, pointer);
  }

  #load(url: string): SchemaDocument {
    const known =
      metaschemas.get(url) ??
      metaschemas.get(url.replace(/^https:/, "http:")) ??
      metaschemas.get(url.replace(/^http:/, "https:"));
    if (known !== undefined) return this.#addDocument(url, decodeJson(known).value);
    if (url.startsWith("urn:")) {
      this.unresolvedUrns.push(url);
      return this.#addDocument(url, true);
    }
    if (url.startsWith("file:")) {
      const path = decodePercent(url.replace(/^file:(?:\/\/[^/]*)?|[?].*$/g, ""));
      throw new SchemaError(`failing loading ${quoteGo(url)}: open ${path}: no such file or directory`);
    }
    if (!/^https?:/.test(url)) {
      throw new SchemaError(`failing loading ${quoteGo(url)}: no URLLoader registered for ${quoteGo(url)}`);
    }
    throw new SchemaError(`unsupported: schema ${quoteGo(url)} is not in the chart`);
  }
}

const metaschemaNodes = new Map<Draft, SchemaNode>();

/** Throws `SchemaError` where a schema is not valid against the metaschema of its draft. */
function checkSchema(document: SchemaDocument, pointer: string): void {
  const { draft } = resourceAt(document, pointer);
  if (!isPlainlyValid(lookupPointer(document.value, pointer)!, draft)) checkAgainstMetaschema(document, pointer);
}

/** The same by the validator, whatever the plain rules say. */
export function checkAgainstMetaschema(document: SchemaDocument, pointer = ""): void {
  const { draft } = resourceAt(document, pointer);
  const url = metaschemaUrl(draft);
  let meta = metaschemaNodes.get(draft);
  if (!meta) {
    meta = new SchemaCompiler().compileDocument(url, decodeJson(metaschemas.get(url)!).value);
    metaschemaNodes.set(draft, meta);
  }
  const failure = validate(meta, lookupPointer(document.value, pointer)!);
  if (failure) {
    throw new SchemaError(
      `${quoteGo(`${document.url}#${encodePointer(pointer)}`)} is not valid against metaschema: ${printValidation(meta.location, failure)}`,
    );
  }
}

/** Compiles the object at one place. */
class ObjectCompiler {
  readonly #compiler: SchemaCompiler;
  readonly #node: SchemaNode;
  readonly #document: SchemaDocument;
  readonly #pointer: string;
  readonly #resource: Resource;
  readonly #value: GoValue | undefined;
  #object: ReadonlyMap<string, GoValue> = new Map();

  constructor(compiler: SchemaCompiler, place: SchemaPlace) {
    this.#compiler = compiler;
    this.#node = place.node;
    this.#document = place.document;
    this.#pointer = place.pointer;
    this.#resource = resourceAt(place.document, place.pointer);
    this.#value = place.value ?? lookupPointer(place.document.value, place.pointer);
  }

  compile(): void {
    const node = this.#node;
    node.resource = this.#compiler.enqueue(this.#document, this.#resource.pointer);
    if (node.draft >= 2020 && this.#resource.pointer === this.#pointer) {
      for (const anchor of this.#resource.dynamicAnchors) {
        const pointer = this.#resource.anchors.get(anchor)!;
        (node.dynamicAnchors ??= new Map()).set(anchor, this.#compiler.enqueue(this.#document, pointer));
      }
    }
    if (typeof this.#value === "boolean") node.bool = this.#value;
    if (!(this.#value instanceof Map)) return;
    if (this.#value.size === 0) {
      node.bool = true;
      return;
    }
    this.#object = this.#value;
    this.#compileDraft4();
    // What later drafts have is compiled beside a reference, too.
    if (node.draft >= 6) this.#compileDraft6And7();
    if (node.draft >= 2019) this.#compileDraft2019();
    if (node.draft >= 2020) this.#compileDraft2020();
  }

  #compileDraft4(): void {
    const node = this.#node;
    node.ref = this.#reference("$ref");
    if (node.draft < 2019 && node.ref) return;
    node.allOf = this.#schemas("allOf");
    node.anyOf = this.#schemas("anyOf");
    node.oneOf = this.#schemas("oneOf");
    node.not = this.#schema("not");
    if (node.draft < 2020 && this.#object.has("items")) {
      const list = this.#schemas("items");
      node.items = list ?? this.#schema("items");
      if (list) node.additionalItems = this.#additional("additionalItems");
    }
    node.properties = this.#schemaMap("properties");
    const patterns = this.#schemaMap("patternProperties");
    if (patterns) {
      node.patternProperties = [...patterns].map(([source, schema]) => ({
        pattern: this.#compilePattern(source, "patternProperties"),
        node: schema,
      }));
    }
    node.additionalProperties = this.#additional("additionalProperties");
    this.#compileDependencies();
    this.#compileValidation();
    this.#compileFormat();
  }

  #compileDependencies(): void {
    const dependencies = this.#object.get("dependencies");
    if (!(dependencies instanceof Map)) return;
    this.#node.dependencies = new Map(
      [...dependencies].map(([name, value]) => [
        name,
        Array.isArray(value) ? strings(value) : this.#at(`/dependencies/${escapePointer(name)}`, value),
      ]),
    );
  }

  #compileValidation(): void {
    const node = this.#node;
    const types = this.#object.get("type");
    if (types !== undefined)
      node.types = typeNames(Array.isArray(types) ? strings(types) : typeof types === "string" ? [types] : []);
    const values = this.#object.get("enum");
    if (Array.isArray(values)) node.enum = values;
    const texts = this.#document.numberTexts;
    if (texts !== undefined && (node.enum !== undefined || this.#object.has("const")))
      node.numberText = (pointer) => texts.at(this.#pointer + pointer);
    node.multipleOf = this.#number("multipleOf");
    node.maximum = this.#number("maximum");
    node.exclusiveMaximum = this.#number("exclusiveMaximum");
    if (this.#object.get("exclusiveMaximum") === true) {
      node.exclusiveMaximum = node.maximum;
      node.maximum = undefined;
    }
    node.minimum = this.#number("minimum");
    node.exclusiveMinimum = this.#number("exclusiveMinimum");
    if (this.#object.get("exclusiveMinimum") === true) {
      node.exclusiveMinimum = node.minimum;
      node.minimum = undefined;
    }
    node.minLength = this.#integer("minLength");
    node.maxLength = this.#integer("maxLength");
    const pattern = this.#object.get("pattern");
    if (typeof pattern === "string") node.pattern = this.#compilePattern(pattern, "pattern");
    node.minItems = this.#integer("minItems");
    node.maxItems = this.#integer("maxItems");
    node.uniqueItems = this.#object.get("uniqueItems") === true;
    node.maxProperties = this.#integer("maxProperties");
    node.minProperties = this.#integer("minProperties");
    const required = this.#object.get("required");
    if (Array.isArray(required)) node.required = strings(required);
  }

  /** Formats are asserted before draft 2019 only, and in metaschemas. */
  #compileFormat(): void {
    const format = this.#object.get("format");
    if (typeof format !== "string" || (this.#node.draft >= 2019 && !metaschemas.has(this.#document.url))) return;
    this.#node.format = formats.get(format);
  }

  #compileDraft6And7(): void {
    const node = this.#node;
    node.contains = this.#schema("contains");
    node.propertyNames = this.#schema("propertyNames");
    const constant = this.#object.get("const");
    if (constant !== undefined) node.const = { value: constant };
    if (node.draft < 7) return;
    node.if = this.#schema("if");
    if (node.if) {
      const condition = this.#object.get("if");
      if (condition !== false) node.then = this.#schema("then");
      if (condition !== true) node.else = this.#schema("else");
    }
  }

  #compileDraft2019(): void {
    const node = this.#node;
    node.recursiveRef = this.#reference("$recursiveRef");
    node.recursiveAnchor = this.#object.get("$recursiveAnchor") === true;
    if (node.contains) {
      node.minContains = this.#integer("minContains");
      node.maxContains = this.#integer("maxContains");
    }
    const required = this.#object.get("dependentRequired");
    if (required instanceof Map) {
      node.dependentRequired = new Map(
        [...required]
          .filter(([, names]) => Array.isArray(names))
          .map(([name, names]) => [name, strings(names as GoValue[])]),
      );
    }
    node.dependentSchemas = this.#schemaMap("dependentSchemas");
    node.unevaluatedItems = this.#schema("unevaluatedItems");
    node.unevaluatedProperties = this.#schema("unevaluatedProperties");
  }

  #compileDraft2020(): void {
    const node = this.#node;
    const dynamic = this.#reference("$dynamicRef");
    if (dynamic) {
      const [, fragment] = splitFragment(this.#object.get("$dynamicRef") as string);
      node.dynamicRef = { node: dynamic, anchor: fragment.startsWith("/") ? "" : fragment };
    }
    const anchor = this.#object.get("$dynamicAnchor");
    if (typeof anchor === "string") node.dynamicAnchor = anchor;
    node.prefixItems = this.#schemas("prefixItems");
    node.items2020 = this.#schema("items");
  }

  #at(below: string, value: GoValue): SchemaNode {
    return this.#compiler.enqueue(this.#document, this.#pointer + below, value);
  }

  #reference(keyword: string): SchemaNode | undefined {
    const reference = this.#object.get(keyword);
    if (typeof reference !== "string") return undefined;
    return this.#compiler.resolve(reference, { document: this.#document, resource: this.#resource });
  }

  #schema(keyword: string): SchemaNode | undefined {
    const value = this.#object.get(keyword);
    return value === undefined ? undefined : this.#at(`/${keyword}`, value);
  }

  #schemas(keyword: string): SchemaNode[] | undefined {
    const list = this.#object.get(keyword);
    return Array.isArray(list) ? list.map((item, index) => this.#at(`/${keyword}/${index}`, item)) : undefined;
  }

  #schemaMap(keyword: string): Map<string, SchemaNode> | undefined {
    const map = this.#object.get(keyword);
    if (!(map instanceof Map)) return undefined;
    return new Map([...map].map(([name, value]) => [name, this.#at(`/${keyword}/${escapePointer(name)}`, value)]));
  }

  #additional(keyword: string): boolean | SchemaNode | undefined {
    const value = this.#object.get(keyword);
    return typeof value === "boolean" ? value : this.#schema(keyword);
  }

  #number(keyword: string): number | undefined {
    const value = this.#object.get(keyword);
    return typeof value === "number" ? value : undefined;
  }

  #integer(keyword: string): number | undefined {
    const value = this.#number(keyword);
    return value !== undefined && Number.isInteger(value) ? value : undefined;
  }

  #compilePattern(source: string, keyword: string): ReturnType<typeof compilePattern> {
    try {
      return compilePattern(source);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      const place = `${this.#document.url}#${encodePointer(this.#pointer)}/${keyword}`;
      throw new SchemaError(`invalid regex ${quoteGo(source)} at ${quoteGo(place)}: ${error.message}`);
    }
  }
}

const typeOrder = ["null", "boolean", "number", "integer", "string", "array", "object"];

function typeNames(names: readonly string[]): readonly string[] | undefined {
  const known = typeOrder.filter((name) => names.includes(name));
  return known.length > 0 ? known : undefined;
}

function strings(values: readonly GoValue[]): string[] {
  return values.filter((value) => typeof value === "string");
}

/** Go's PathEscape on each part. */
function encodePointer(pointer: string): string {
  return pointer.replace(/[^A-Za-z0-9\-_.~$&+:=@/]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  });
}
