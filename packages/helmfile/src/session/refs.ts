import { formatGo, goTypeName } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { HelmfileError } from "../state/error.ts";
import { isMap } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { YamlCodec } from "./yaml-codec.ts";
import { parseReference } from "./reference.ts";
import type { Reference } from "./reference.ts";
import type { Answer, Asker, Session } from "./session.ts";

/** Reads what a reference of an unknown scheme points to: text, or a map when the reference has a fragment. */
export type RefReader = (reference: Reference) => Answer<string | ValueMap>;

/* github.com/helmfile/vals 0.46.1: pkg/expansion/expand_match.go and vals.go. */

const target = /((secret)?ref)\+([^+:]*:\/\/[^+\n ]+[^+\n ",])\+?/;
const prefix = /(?:secret)?ref\+/g;
const maxNesting = 10;

/** Replaces `ref+provider://…` in values. Without permission each becomes a withheld marker. */
export class RefExpander {
  readonly #session: Session;
  readonly #cache = new Map<string, GoValue>();
  constructor(session: Session) {
    this.#session = session;
  }

  /** A copy of the map with every string expanded. */
  expandMap(map: ValueMap, asker: Asker): ValueMap {
    return this.#expand(map, asker) as ValueMap;
  }

  /** A whole-string reference keeps the type of what it points to; one inside text becomes text. */
  expandValue(text: string, asker: Asker): GoValue {
    if (!text.includes("ref+")) return text;
    const resolved = this.#resolveInner(text, asker, 0);
    const match = target.exec(resolved);
    if (match === null) return resolved;
    return match.index === 0 && match[0].length === resolved.length
      ? this.#lookup(match[3]!, asker)
      : this.#inText(resolved, asker);
  }

  #expand(value: GoValue, asker: Asker): GoValue {
    if (typeof value === "string") return this.expandValue(value, asker);
    if (Array.isArray(value)) return value.map((item) => this.#expand(item, asker));
    if (!isMap(value)) return value;
    const out: ValueMap = new Map();
    const extensions: ValueMap = new Map();
    for (const [key, item] of value) {
      const extension = isMap(item) ? this.#extension(key, item, asker) : undefined;
      if (extension === undefined) out.set(key, this.#expand(item, asker));
      for (const [name, added] of extension ?? []) extensions.set(name, added);
    }
    for (const [name, added] of extensions) out.set(name, added);
    return out;
  }

  /** What stands in place of a key that is a reference to YAML text, and of the map below it: the keys of that text. */
  #extension(key: string, below: ValueMap, asker: Asker): ValueMap | undefined {
    const text = this.expandValue(key, asker);
    if (typeof text !== "string" || text === key) return undefined;
    return this.#session.permissions.refs === undefined
      ? new Map([[text, this.#expand(below, asker)]])
      : new YamlCodec(true).unmarshalMap(text);
  }

  #inText(text: string, asker: Asker): string {
    let rest = text;
    let out = "";
    for (;;) {
      const match = target.exec(rest);
      if (match === null) return out + rest;
      const value = this.#lookup(match[3]!, asker);
      out += rest.slice(0, match.index) + print(value);
      rest = rest.slice(match.index + match[0].length);
    }
  }

  #resolveInner(text: string, asker: Asker, depth: number): string {
    if (depth >= maxNesting) throw new HelmfileError(`maximum nesting depth (${maxNesting}) exceeded`);
    const positions = [...text.matchAll(prefix)];
    for (let i = positions.length - 1; i >= 1; i--) {
      const before = positions[i - 1]!;
      const start = positions[i]!.index;
      if (/[ \n\r\t",]/.test(text.slice(before.index + before[0].length, start))) continue;
      const match = target.exec(text.slice(start));
      if (match === null) continue;
      const value = this.#lookup(match[3]!, asker);
      if (value === null) throw new HelmfileError(`nested ref ${match[3]} resolved to nil`);
      if (isMap(value) || Array.isArray(value)) {
        throw new HelmfileError(
          `nested ref ${match[3]} resolved to ${goTypeName(value)}; nested refs must resolve to scalar values`,
        );
      }
      const at = start + match.index;
      return this.#resolveInner(text.slice(0, at) + print(value) + text.slice(at + match[0].length), asker, depth + 1);
    }
    return text;
  }

  #lookup(key: string, asker: Asker): GoValue {
    const reader = this.#session.permissions.refs;
    if (reader === undefined)
      return this.#session.withheld.add({ code: "secret-reference", what: `ref+${key}`, asker });
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    try {
      const value = this.#read(parseReference(key), reader);
      this.#cache.set(key, value);
      return value;
    } catch (error) {
      if (!(error instanceof HelmfileError)) throw error;
      throw new HelmfileError(`expand ${key}: ${error.message}`, { code: "reference-failed", origin: error.origin });
    }
  }

  #read(reference: Reference, reader: RefReader): GoValue {
    if (reference.fragment === "") {
      const text = this.#readText(reference, reader);
      if (typeof text !== "string") throw new HelmfileError(`reference ${reference.key} is a map`);
      return text;
    }
    let current = this.#readMap(reference, reader);
    const keys = reference.fragment.split("/");
    for (const [index, key] of keys.entries()) {
      const found = current.get(key);
      if (found === undefined) {
        const strict = ["1", "t", "T", "TRUE", "true", "True"].includes(
          (this.#session.environment.get("HELMFILE_VALS_FAIL_ON_MISSING_KEY_IN_MAP") ?? "").trim(),
        );
        if (strict) throw new HelmfileError(`no value found for key ${reference.fragment}`);
        return null;
      }
      if (index === keys.length - 1) return found;
      if (!isMap(found)) {
        throw new HelmfileError(
          `unexpected type of value for key at ${index}=${key} in ${formatGo("%v", [keys])}: expected a map, got ${formatGo("%v(%T)", [found, found])}`,
        );
      }
      current = found;
    }
    return null;
  }

  #readText(reference: Reference, reader: RefReader): string | ValueMap {
    switch (reference.scheme) {
      case "echo":
        return reference.path.replace(/\/+$/, "");
      case "file": {
        const content = this.#session.readFile(reference.path.replace(/\/$/, ""));
        const encode = reference.query.get("encode") ?? "raw";
        if (encode === "raw") return content;
        if (encode === "base64") return btoa(content);
        throw new HelmfileError(`Unsupported encode parameter: '${encode}'.`);
      }
      case "envsubst":
        return substitute(reference.path.replace(/\/$/, "").trim(), this.#session.environment);
      default: {
        const answer = reader(reference);
        if (answer.kind === "failed") throw new HelmfileError(answer.message, { code: "reference-failed" });
        return answer.value;
      }
    }
  }

  #readMap(reference: Reference, reader: RefReader): ValueMap {
    if (reference.scheme === "echo") return echoMap(reference.path);
    const content = this.#readText({ ...reference, query: new Map() }, reader);
    return typeof content === "string" ? this.#session.yaml.unmarshalMap(content) : content;
  }
}

function echoMap(path: string): ValueMap {
  const keys = path.split("/");
  if (keys.length < 2)
    throw new HelmfileError(`key must have two or more components separated by "/": got ${formatGo("%q", [path])}`);
  const last = keys.pop()!;
  return keys.reduceRight<GoValue>((value, key) => new Map([[key, value]]), last) as ValueMap;
}

/** a8m/envsubst: `$A`, `${A}`, `${A:-default}`, `${A-default}`; unset is empty. */
function substitute(text: string, environment: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-=+])([^}]*))?\}|([A-Za-z_][A-Za-z0-9_]*))/g,
    (
      _all,
      braced: string | undefined,
      operator: string | undefined,
      fallback: string | undefined,
      bare: string | undefined,
    ) => {
      const value = environment.get(braced ?? bare ?? "");
      if (operator === undefined) return value ?? "";
      const isSet = value !== undefined && (!operator.startsWith(":") || value !== "");
      if (operator.endsWith("+")) return isSet ? (fallback ?? "") : "";
      return isSet ? (value ?? "") : (fallback ?? "");
    },
  );
}

function print(value: GoValue): string {
  return typeof value === "string" ? value : formatGo("%v", [value]);
}
