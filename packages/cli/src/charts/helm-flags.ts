/*
 * The flags of `helm template` (Helm 4.3.1), read as spf13/pflag reads them: any order, `--name=value` or `--name value`,
 * shorthands joined, lists by comma. Errors have pflag's words.
 */

/** How a flag takes its value. */
type FlagKind =
  | "bool"
  | "string"
  /** Each use adds one item. */
  | "array"
  /** Each use adds items, separated by commas as in CSV. */
  | "slice"
  /** `key=value` pairs separated by commas. */
  | "pairs"
  | "duration"
  | "number";

interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  readonly shorthand?: string;
  /** The value when the flag stands alone. */
  readonly alone?: string;
  /** Help text. */
  readonly help: string;
  readonly deprecated?: string;
  /** Why the flag cannot be served here; giving it ends the command. */
  readonly refused?: string;
}

const noEffectHere = "this flag has no effect for 'helm template' and will be removed in Helm 5";

/** Every flag, in the order of `helm template --help`. */
export const helmTemplateFlags: readonly Flag[] = [
  {
    name: "api-versions",
    shorthand: "a",
    kind: "slice",
    help: "Kubernetes api versions used for Capabilities.APIVersions (multiple can be specified)",
  },
  { name: "atomic", kind: "bool", help: "deprecated", deprecated: "use --rollback-on-failure instead" },
  { name: "ca-file", kind: "string", help: "verify certificates of HTTPS-enabled servers using this CA bundle" },
  { name: "cert-file", kind: "string", help: "identify HTTPS client using this SSL certificate file" },
  { name: "create-namespace", kind: "bool", help: "create the release namespace if not present" },
  {
    name: "dependency-update",
    kind: "bool",
    help: "update dependencies if they are missing before installing the chart",
  },
  { name: "description", kind: "string", help: "add a custom description" },
  {
    name: "devel",
    kind: "bool",
    help: "use development versions, too. Equivalent to version '>0.0.0-0'. If --version is set, this is ignored",
  },
  { name: "disable-openapi-validation", kind: "bool", help: "no effect: nothing is validated against a cluster" },
  { name: "dry-run", kind: "string", alone: "unset", help: 'must be "client" (the default); a cluster is never asked' },
  {
    name: "enable-dns",
    kind: "bool",
    help: "refused: rendering never looks names up",
    refused: "rendering never looks names up",
  },
  { name: "force", kind: "bool", help: "deprecated", deprecated: "use --force-replace instead" },
  { name: "force-conflicts", kind: "bool", help: "no effect" },
  { name: "force-replace", kind: "bool", help: "no effect" },
  { name: "generate-name", shorthand: "g", kind: "bool", help: "generate the name (and omit the NAME parameter)" },
  { name: "hide-notes", kind: "bool", help: "deprecated", deprecated: noEffectHere },
  { name: "include-crds", kind: "bool", help: "include CRDs in the templated output" },
  { name: "insecure-skip-tls-verify", kind: "bool", help: "skip tls certificate checks for the chart download" },
  { name: "is-upgrade", kind: "bool", help: "set .Release.IsUpgrade instead of .Release.IsInstall" },
  { name: "key-file", kind: "string", help: "identify HTTPS client using this SSL key file" },
  { name: "keyring", kind: "string", help: "location of public keys used for verification" },
  { name: "kube-version", kind: "string", help: "Kubernetes version used for Capabilities.KubeVersion" },
  { name: "labels", shorthand: "l", kind: "pairs", help: "labels that would be added to release metadata" },
  { name: "name-template", kind: "string", help: "specify template used to name the release" },
  { name: "no-hooks", kind: "bool", help: "prevent hooks from running during install" },
  {
    name: "output-dir",
    kind: "string",
    help: "writes the executed templates to files in output-dir instead of stdout",
  },
  { name: "pass-credentials", kind: "bool", help: "pass credentials to all domains" },
  { name: "password", kind: "string", help: "chart repository password where to locate the requested chart" },
  { name: "plain-http", kind: "bool", help: "use insecure HTTP connections for the chart download" },
  {
    name: "post-renderer",
    kind: "string",
    help: "refused: post-renderers are programs",
    refused: "post-renderers run other programs",
  },
  {
    name: "post-renderer-args",
    kind: "array",
    help: "refused: see --post-renderer",
    refused: "post-renderers run other programs",
  },
  { name: "release-name", kind: "bool", help: "use release name in the output-dir path" },
  { name: "render-subchart-notes", kind: "bool", help: "deprecated", deprecated: noEffectHere },
  { name: "replace", kind: "bool", help: "no effect" },
  { name: "repo", kind: "string", help: "chart repository url where to locate the requested chart" },
  { name: "rollback-on-failure", kind: "bool", help: "no effect" },
  { name: "server-side", kind: "bool", help: "no effect" },
  { name: "set", kind: "array", help: "set values on the command line (key1=val1,key2=val2)" },
  { name: "set-file", kind: "array", help: "set values from respective files (key1=path1,key2=path2)" },
  { name: "set-json", kind: "array", help: 'set JSON values (key1=jsonval1,key2=jsonval2 or {"key1": jsonval1})' },
  { name: "set-literal", kind: "array", help: "set a literal STRING value on the command line" },
  { name: "set-string", kind: "array", help: "set STRING values on the command line (key1=val1,key2=val2)" },
  { name: "show-only", shorthand: "s", kind: "array", help: "only show manifests rendered from the given templates" },
  { name: "skip-crds", kind: "bool", help: "no effect: CRDs are printed only with --include-crds" },
  { name: "skip-schema-validation", kind: "bool", help: "disables JSON schema validation" },
  { name: "skip-tests", kind: "bool", help: "skip tests from templated output" },
  { name: "take-ownership", kind: "bool", help: "no effect" },
  { name: "timeout", kind: "duration", help: "no effect" },
  { name: "username", kind: "string", help: "chart repository username where to locate the requested chart" },
  {
    name: "validate",
    kind: "bool",
    help: "deprecated",
    deprecated: "use '--dry-run=server' instead",
    refused: "a cluster is never asked",
  },
  {
    name: "values",
    shorthand: "f",
    kind: "slice",
    help: "specify values in a YAML file (can specify multiple); - reads standard input",
  },
  {
    name: "verify",
    kind: "bool",
    help: "refused: provenance files are not checked",
    refused: "provenance files are not checked",
  },
  { name: "version", kind: "string", help: "a version or range for a chart from a repository" },
  { name: "wait", kind: "string", alone: "watcher", help: "no effect" },
  { name: "wait-for-jobs", kind: "bool", help: "no effect" },
  { name: "burst-limit", kind: "number", help: "no effect" },
  { name: "color", kind: "string", help: "no effect" },
  { name: "colour", kind: "string", help: "no effect" },
  { name: "content-cache", kind: "string", help: "no effect" },
  { name: "debug", kind: "bool", help: "print invalid YAML too" },
  { name: "kube-apiserver", kind: "string", help: "no effect" },
  { name: "kube-as-group", kind: "array", help: "no effect" },
  { name: "kube-as-user", kind: "string", help: "no effect" },
  { name: "kube-ca-file", kind: "string", help: "no effect" },
  { name: "kube-context", kind: "string", help: "no effect" },
  { name: "kube-insecure-skip-tls-verify", kind: "bool", help: "no effect" },
  { name: "kube-tls-server-name", kind: "string", help: "no effect" },
  { name: "kube-token", kind: "string", help: "no effect" },
  { name: "kubeconfig", kind: "string", help: "no effect" },
  { name: "namespace", shorthand: "n", kind: "string", help: "namespace scope for this request" },
  { name: "qps", kind: "number", help: "no effect" },
  { name: "registry-config", kind: "string", help: "no effect" },
  { name: "repository-cache", kind: "string", help: "no effect" },
  { name: "repository-config", kind: "string", help: "no effect" },
];

/** Flags of our own, which helm does not have. */
export const ownTemplateFlags: readonly Flag[] = [
  { name: "engine", kind: "string", help: "`tiphys` (the default) or `helm`, which runs the binary on PATH" },
  {
    name: "helm-version",
    kind: "string",
    help: "the Helm version to print like: 4.3.1 (default), 4.2.4, 4.2.3, 3.19.4",
  },
];

/** A command line that pflag refuses; the message is pflag's. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}

/** Flags by name. `lists` has arrays, slices and pairs. */
export interface ParsedFlags {
  readonly positional: readonly string[];
  readonly switches: ReadonlyMap<string, boolean>;
  readonly texts: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Lines for stderr about deprecated flags, in order. */
  readonly notices: readonly string[];
  /** Flags that cannot be served, with the reason. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/** Reads the words after `template`. Throws `FlagError`. */
export function parseHelmFlags(words: readonly string[]): ParsedFlags {
  return new FlagReader(words).read();
}

const flagsByName: ReadonlyMap<string, Flag> = new Map(
  [...helmTemplateFlags, ...ownTemplateFlags].map((flag) => [flag.name, flag]),
);
const flagsByShorthand: ReadonlyMap<string, Flag> = new Map(
  helmTemplateFlags.flatMap((flag) => (flag.shorthand === undefined ? [] : [[flag.shorthand, flag]])),
);

class FlagReader {
  readonly #words: readonly string[];
  #at = 0;
  readonly #positional: string[] = [];
  readonly #switches = new Map<string, boolean>();
  readonly #texts = new Map<string, string>();
  readonly #lists = new Map<string, string[]>();
  readonly #notices: string[] = [];
  readonly #refused: { name: string; reason: string }[] = [];

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  read(): ParsedFlags {
    while (this.#at < this.#words.length) {
      const word = this.#words[this.#at++]!;
      if (word === "--") {
        this.#positional.push(...this.#words.slice(this.#at));
        break;
      }
      if (word.startsWith("--")) this.#long(word);
      else if (word.startsWith("-") && word.length > 1) this.#short(word);
      else this.#positional.push(word);
    }
    return {
      positional: this.#positional,
      switches: this.#switches,
      texts: this.#texts,
      lists: this.#lists,
      notices: this.#notices,
      refused: this.#refused,
    };
  }

  #long(word: string): void {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    if (name === "" || name.startsWith("-")) throw new FlagError(`bad flag syntax: ${word}`);
    const flag = flagsByName.get(name);
    if (!flag) throw new FlagError(`unknown flag: --${name}`);
    if (equals >= 0) return this.#set(flag, word.slice(equals + 1));
    const alone = flag.kind === "bool" ? "true" : flag.alone;
    if (alone !== undefined) return this.#set(flag, alone);
    if (this.#at >= this.#words.length) throw new FlagError(`flag needs an argument: --${name}`);
    this.#set(flag, this.#words[this.#at++]!);
  }

  #short(word: string): void {
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!;
      const flag = flagsByShorthand.get(letter);
      if (!flag) throw new FlagError(`unknown shorthand flag: '${letter}' in -${word.slice(i)}`);
      const rest = word.slice(i + 1);
      if (rest.startsWith("=")) return this.#set(flag, rest.slice(1));
      if (flag.kind === "bool") {
        this.#set(flag, "true");
        continue;
      }
      if (rest !== "") return this.#set(flag, rest);
      if (this.#at >= this.#words.length)
        throw new FlagError(`flag needs an argument: '${letter}' in -${word.slice(i)}`);
      return this.#set(flag, this.#words[this.#at++]!);
    }
  }

  #set(flag: Flag, value: string): void {
    const { name } = flag;
    switch (flag.kind) {
      case "bool":
        this.#switches.set(name, parseBool(flag, value));
        break;
      case "array":
        this.#add(name, [value]);
        break;
      case "slice":
        this.#add(name, splitCommas(value));
        break;
      case "pairs":
        this.#add(name, parsePairs(flag, value));
        break;
      case "duration":
        if (!/^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(value)) {
          throw invalid(flag, value, `time: invalid duration ${JSON.stringify(value)}`);
        }
        this.#texts.set(name, value);
        break;
      case "number":
        if (Number.isNaN(Number(value)))
          throw invalid(flag, value, `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
        this.#texts.set(name, value);
        break;
      case "string":
        this.#texts.set(name, value);
        break;
    }
    if (flag.deprecated !== undefined) this.#notices.push(`Flag --${name} has been deprecated, ${flag.deprecated}`);
    if (flag.refused !== undefined && this.#switches.get(name) !== false)
      this.#refused.push({ name, reason: flag.refused });
  }

  #add(name: string, items: readonly string[]): void {
    const list = this.#lists.get(name);
    if (list) list.push(...items);
    else this.#lists.set(name, [...items]);
  }
}

function invalid(flag: Flag, value: string, reason: string): FlagError {
  const shown = flag.shorthand === undefined ? `--${flag.name}` : `-${flag.shorthand}, --${flag.name}`;
  return new FlagError(`invalid argument ${JSON.stringify(value)} for "${shown}" flag: ${reason}`);
}

/** strconv.ParseBool. */
function parseBool(flag: Flag, value: string): boolean {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(value)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(value)) return false;
  throw invalid(flag, value, `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
}

/** One line of CSV: commas part, double quotes hold together. */
function splitCommas(value: string): string[] {
  if (value === "") return [];
  const items: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/gy;
  while (pattern.lastIndex < value.length) {
    const match = pattern.exec(value);
    if (!match) return value.split(",");
    items.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'));
  }
  if (value.endsWith(",")) items.push("");
  return items;
}

function parsePairs(flag: Flag, value: string): string[] {
  const pairs = splitCommas(value);
  for (const pair of pairs) {
    if (!pair.includes("=")) throw invalid(flag, value, `${pair} must be formatted as key=value`);
  }
  return pairs;
}
